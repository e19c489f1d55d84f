"""Dispatches of an invoice that follow each other, and what the rule itself says of one that is held back."""

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None

FIRST = sa.text('replaces_id IS NULL')


def upgrade() -> None:
    with op.batch_alter_table('invoice_hold') as batch_op:
        batch_op.add_column(sa.Column('official', sa.String(), nullable=False, server_default=''))
    with op.batch_alter_table('invoice_dispatch') as batch_op:
        batch_op.add_column(sa.Column('replaces_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f('uq_invoice_dispatch_invoice_id'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_invoice_dispatch_replaces_id'), ['replaces_id'])
        batch_op.create_foreign_key(
            op.f('fk_invoice_dispatch_replaces_id_invoice_dispatch'), 'invoice_dispatch', ['replaces_id'], ['id']
        )
    op.create_index('ix_invoice_dispatch_invoice_id', 'invoice_dispatch', ['invoice_id'])
    op.create_index(
        'ix_invoice_dispatch_first',
        'invoice_dispatch',
        ['invoice_id'],
        unique=True,
        postgresql_where=FIRST,
        sqlite_where=FIRST,
    )


def downgrade() -> None:
    with op.batch_alter_table('invoice_hold') as batch_op:
        batch_op.drop_column('official')
    op.execute(
        'DELETE FROM dispatch_attempt WHERE dispatch_id IN '
        '(SELECT id FROM invoice_dispatch WHERE replaces_id IS NOT NULL)'
    )
    op.drop_index('ix_invoice_dispatch_first', table_name='invoice_dispatch')
    op.drop_index('ix_invoice_dispatch_invoice_id', table_name='invoice_dispatch')
    with op.batch_alter_table('invoice_dispatch') as batch_op:
        batch_op.drop_constraint(op.f('fk_invoice_dispatch_replaces_id_invoice_dispatch'), type_='foreignkey')
        batch_op.drop_constraint(op.f('uq_invoice_dispatch_replaces_id'), type_='unique')
    op.execute('DELETE FROM invoice_dispatch WHERE replaces_id IS NOT NULL')
    with op.batch_alter_table('invoice_dispatch') as batch_op:
        batch_op.drop_column('replaces_id')
        batch_op.create_unique_constraint(op.f('uq_invoice_dispatch_invoice_id'), ['invoice_id'])
