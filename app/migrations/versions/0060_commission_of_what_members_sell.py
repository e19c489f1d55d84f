"""Invoices to members for commission, and from whose hand came what complaints, credits and new prices are about."""

import sqlalchemy as sa
from alembic import op

revision = '0060'
down_revision = '0059'
branch_labels = None
depends_on = None

KIND = sa.Enum('invoice', 'credit_note', name='documentkind', native_enum=False, length=40)
ONLY_MAKER = """
    UPDATE order_entry SET member_id = (
        SELECT min(made.member_id) FROM order_entry made
        WHERE made.order_line_id = order_entry.order_line_id AND made.delivered > 0)
    WHERE member_id IS NULL AND charged <> 0 AND (
        SELECT count(DISTINCT made.member_id) FROM order_entry made
        WHERE made.order_line_id = order_entry.order_line_id AND made.delivered > 0) = 1"""
"""Where several made a line nothing was written of whose it was, and nothing is guessed."""


def upgrade() -> None:
    op.create_table(
        'commission_invoice',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('kind', KIND, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('credits_id', sa.Integer(), nullable=True),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('net', sa.BigInteger(), nullable=False),
        sa.Column('vat', sa.BigInteger(), nullable=False),
        sa.Column('gross', sa.BigInteger(), nullable=False),
        sa.Column('document', sa.JSON(), nullable=False),
        sa.Column('file_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['credits_id'], ['commission_invoice.id'], name=op.f('fk_commission_invoice_credits_id_commission_invoice')),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_commission_invoice_file_id_stored_file')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_commission_invoice_member_id_member')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commission_invoice')),
        sa.UniqueConstraint('number', name=op.f('uq_commission_invoice_number')),
    )
    for column in ('member_id', 'credits_id', 'issued_at'):
        op.create_index(op.f(f'ix_commission_invoice_{column}'), 'commission_invoice', [column])
    op.create_table(
        'commission_claim',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('entry_id', sa.Integer(), nullable=True),
        sa.Column('charge_id', sa.Integer(), nullable=True),
        sa.Column('net', sa.BigInteger(), nullable=False),
        sa.Column('vat', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('(entry_id IS NULL) <> (charge_id IS NULL)', name=op.f('ck_commission_claim_of_one')),
        sa.ForeignKeyConstraint(['charge_id'], ['order_charge.id'], name=op.f('fk_commission_claim_charge_id_order_charge')),
        sa.ForeignKeyConstraint(['entry_id'], ['order_entry.id'], name=op.f('fk_commission_claim_entry_id_order_entry')),
        sa.ForeignKeyConstraint(['invoice_id'], ['commission_invoice.id'], name=op.f('fk_commission_claim_invoice_id_commission_invoice')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commission_claim')),
        sa.UniqueConstraint('charge_id', name=op.f('uq_commission_claim_charge_id')),
        sa.UniqueConstraint('entry_id', name=op.f('uq_commission_claim_entry_id')),
    )
    op.create_index(op.f('ix_commission_claim_invoice_id'), 'commission_claim', ['invoice_id'])
    op.execute(ONLY_MAKER)


def downgrade() -> None:
    op.drop_table('commission_claim')
    op.drop_table('commission_invoice')
