"""E-invoices that are held back, and what is added to an invoice for its e-invoice."""

import sqlalchemy as sa
from alembic import op

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None

MEND = sa.Enum('customer', 'references', 'seller', 'invoice', name='mend', native_enum=False, length=40)


def upgrade() -> None:
    op.create_table(
        'invoice_hold',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('rule', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('element', sa.String(), nullable=False),
        sa.Column('mend', MEND, nullable=False),
        sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name='fk_invoice_hold_invoice_id_invoice'),
        sa.PrimaryKeyConstraint('id', name='pk_invoice_hold'),
    )
    op.create_index('ix_invoice_hold_invoice_id', 'invoice_hold', ['invoice_id'])
    op.create_table(
        'invoice_completion',
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('buyer_reference', sa.String(), nullable=False),
        sa.Column('order_reference', sa.String(), nullable=False),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name='fk_invoice_completion_invoice_id_invoice'),
        sa.PrimaryKeyConstraint('invoice_id', name='pk_invoice_completion'),
    )


def downgrade() -> None:
    op.drop_table('invoice_completion')
    op.drop_index('ix_invoice_hold_invoice_id', 'invoice_hold')
    op.drop_table('invoice_hold')
