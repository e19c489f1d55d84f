"""Invoices for what the tax agency did not pay, with what is credited of them; and longer terms that a company has."""

import sqlalchemy as sa
from alembic import op

revision = '0061'
down_revision = '0060'
branch_labels = None
depends_on = None

LAWFUL = 'payment_days BETWEEN 0 AND 30'
LONGER = "payment_days BETWEEN 31 AND 90 AND kind = 'company' AND longer_terms_on IS NOT NULL AND longer_terms <> ''"


def upgrade() -> None:
    op.create_table(
        'relief_rest',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('part_id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('invoice_name', sa.String(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('credited', sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            'amount > 0 AND credited >= 0 AND credited <= amount', name=op.f('ck_relief_rest_credited_within_amount')
        ),
        sa.ForeignKeyConstraint(['part_id'], ['relief_part.id'], name=op.f('fk_relief_rest_part_id_relief_part')),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name=op.f('fk_relief_rest_invoice_id_invoice')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_relief_rest')),
        sa.UniqueConstraint('invoice_id', name=op.f('uq_relief_rest_invoice_id')),
    )
    op.create_index(op.f('ix_relief_rest_part_id'), 'relief_rest', ['part_id'])
    op.execute(
        'INSERT INTO relief_rest (part_id, invoice_id, invoice_name, amount, credited) '
        'SELECT part.id, part.supplement_id, invoice.series || CAST(invoice.number AS VARCHAR), '
        'part.amount - part.approved, 0 '
        'FROM relief_part part JOIN invoice ON invoice.id = part.supplement_id'
    )
    with op.batch_alter_table('relief_part') as batch_op:
        batch_op.drop_constraint('uq_relief_part_supplement_id', type_='unique')
        batch_op.drop_constraint('fk_relief_part_supplement_id_invoice', type_='foreignkey')
        batch_op.drop_column('supplement_id')
    with op.batch_alter_table('customer') as batch_op:
        batch_op.add_column(sa.Column('longer_terms_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('longer_terms', sa.String(), nullable=False, server_default=''))
        batch_op.drop_constraint(op.f('ck_customer_payment_days_lawful'), type_='check')
        batch_op.create_check_constraint(op.f('ck_customer_payment_days_lawful'), f'{LAWFUL} OR ({LONGER})')


def downgrade() -> None:
    op.execute('UPDATE customer SET payment_days = 30 WHERE payment_days > 30')
    with op.batch_alter_table('customer') as batch_op:
        batch_op.drop_constraint(op.f('ck_customer_payment_days_lawful'), type_='check')
        batch_op.create_check_constraint(op.f('ck_customer_payment_days_lawful'), LAWFUL)
        batch_op.drop_column('longer_terms')
        batch_op.drop_column('longer_terms_on')
    with op.batch_alter_table('relief_part') as batch_op:
        batch_op.add_column(sa.Column('supplement_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_relief_part_supplement_id_invoice', 'invoice', ['supplement_id'], ['id'])
        batch_op.create_unique_constraint('uq_relief_part_supplement_id', ['supplement_id'])
    op.execute(
        'UPDATE relief_part SET supplement_id = '
        '(SELECT MAX(invoice_id) FROM relief_rest WHERE relief_rest.part_id = relief_part.id)'
    )
    op.drop_table('relief_rest')
