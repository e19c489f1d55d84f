"""Invoices of several kinds and sellers, line by line; how each customer is invoiced, and in whose name members sell."""

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None

KIND = sa.Enum('invoice', 'credit_note', name='documentkind', native_enum=False, length=40)
RHYTHM = sa.Enum('order', 'delivery', 'month', name='invoicerhythm', native_enum=False, length=40)
ROUTE = sa.Enum('email', 'peppol', 'paper', name='invoiceroute', native_enum=False, length=40)
MODEL = sa.Enum('own_name', 'agent', name='sellermodel', native_enum=False, length=40)


def upgrade() -> None:
    with op.batch_alter_table('invoice') as batch_op:
        batch_op.add_column(sa.Column('kind', KIND, nullable=False, server_default='invoice'))
        batch_op.add_column(sa.Column('series', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('seller_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('credits_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('xml_file_id', sa.Integer(), nullable=True))
        batch_op.alter_column('order_id', existing_type=sa.Integer(), nullable=True)
        batch_op.drop_constraint('uq_invoice_number', type_='unique')
        batch_op.drop_constraint('uq_invoice_order_id', type_='unique')
        batch_op.create_unique_constraint('uq_invoice_series_number', ['series', 'number'])
        batch_op.create_foreign_key('fk_invoice_seller_id_member', 'member', ['seller_id'], ['id'])
        batch_op.create_foreign_key('fk_invoice_credits_id_invoice', 'invoice', ['credits_id'], ['id'])
        batch_op.create_foreign_key('fk_invoice_xml_file_id_stored_file', 'stored_file', ['xml_file_id'], ['id'])
        batch_op.create_index('ix_invoice_order_id', ['order_id'])
        batch_op.create_index('ix_invoice_credits_id', ['credits_id'])
        batch_op.create_index('ix_invoice_issued_at', ['issued_at'])
    op.create_table(
        'invoice_line',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('order_id', sa.Integer(), nullable=False),
        sa.Column('order_line_id', sa.Integer(), nullable=True),
        sa.Column('net', sa.BigInteger(), nullable=False),
        sa.Column('assignment_line_id', sa.Integer(), nullable=True),
        sa.Column('complaint_id', sa.Integer(), nullable=True),
        sa.Column('charge_id', sa.Integer(), nullable=True),
        sa.Column('credits_line_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name='fk_invoice_line_invoice_id_invoice'),
        sa.ForeignKeyConstraint(['order_id'], ['order.id'], name='fk_invoice_line_order_id_order'),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name='fk_invoice_line_order_line_id_order_line'),
        sa.ForeignKeyConstraint(
            ['assignment_line_id'], ['assignment_line.id'], name='fk_invoice_line_assignment_line_id_assignment_line'
        ),
        sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name='fk_invoice_line_complaint_id_complaint'),
        sa.ForeignKeyConstraint(['charge_id'], ['order_charge.id'], name='fk_invoice_line_charge_id_order_charge'),
        sa.ForeignKeyConstraint(
            ['credits_line_id'], ['invoice_line.id'], name='fk_invoice_line_credits_line_id_invoice_line'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_invoice_line'),
        sa.UniqueConstraint('invoice_id', 'place', name='uq_invoice_line_invoice_id_place'),
        sa.UniqueConstraint('assignment_line_id', name='uq_invoice_line_assignment_line_id'),
        sa.UniqueConstraint('complaint_id', name='uq_invoice_line_complaint_id'),
        sa.UniqueConstraint('charge_id', name='uq_invoice_line_charge_id'),
    )
    for column in ('order_id', 'order_line_id', 'credits_line_id'):
        op.create_index(f'ix_invoice_line_{column}', 'invoice_line', [column])
    with op.batch_alter_table('credit_due') as batch_op:
        batch_op.alter_column('order_line_id', existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column('line_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('credit_note_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_credit_due_line_id_invoice_line', 'invoice_line', ['line_id'], ['id'])
        batch_op.create_foreign_key('fk_credit_due_credit_note_id_invoice', 'invoice', ['credit_note_id'], ['id'])
        batch_op.create_index('ix_credit_due_credit_note_id', ['credit_note_id'])
    with op.batch_alter_table('customer') as batch_op:
        batch_op.add_column(sa.Column('invoice_rhythm', RHYTHM, nullable=False, server_default='order'))
        batch_op.add_column(sa.Column('invoice_route', ROUTE, nullable=False, server_default='email'))
        batch_op.add_column(sa.Column('sells_building', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('vat_number', sa.String(), nullable=True))
    with op.batch_alter_table('member') as batch_op:
        batch_op.add_column(sa.Column('seller_model', MODEL, nullable=False, server_default='own_name'))
    with op.batch_alter_table('agreement') as batch_op:
        batch_op.add_column(sa.Column('seller_model', MODEL, nullable=True))


def downgrade() -> None:
    for table, columns in (
        ('agreement', ['seller_model']),
        ('member', ['seller_model']),
        ('customer', ['vat_number', 'sells_building', 'invoice_route', 'invoice_rhythm']),
    ):
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    with op.batch_alter_table('credit_due') as batch_op:
        batch_op.drop_index('ix_credit_due_credit_note_id')
        batch_op.drop_constraint('fk_credit_due_credit_note_id_invoice', type_='foreignkey')
        batch_op.drop_constraint('fk_credit_due_line_id_invoice_line', type_='foreignkey')
        batch_op.drop_column('credit_note_id')
        batch_op.drop_column('line_id')
        batch_op.alter_column('order_line_id', existing_type=sa.Integer(), nullable=False)
    op.drop_table('invoice_line')
    with op.batch_alter_table('invoice') as batch_op:
        for index in ('ix_invoice_issued_at', 'ix_invoice_credits_id', 'ix_invoice_order_id'):
            batch_op.drop_index(index)
        batch_op.drop_constraint('fk_invoice_xml_file_id_stored_file', type_='foreignkey')
        batch_op.drop_constraint('fk_invoice_credits_id_invoice', type_='foreignkey')
        batch_op.drop_constraint('fk_invoice_seller_id_member', type_='foreignkey')
        batch_op.drop_constraint('uq_invoice_series_number', type_='unique')
        batch_op.create_unique_constraint('uq_invoice_order_id', ['order_id'])
        batch_op.create_unique_constraint('uq_invoice_number', ['number'])
        batch_op.alter_column('order_id', existing_type=sa.Integer(), nullable=False)
        for column in ('xml_file_id', 'credits_id', 'seller_id', 'series', 'kind'):
            batch_op.drop_column(column)
