"""Who sold what was delivered before the seller was changed; and which invoice a task about money is of."""

import sqlalchemy as sa
from alembic import op

revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('member', 'agreement'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('sold_before', sa.JSON(), nullable=True))
    with op.batch_alter_table('money_task') as batch_op:
        batch_op.add_column(sa.Column('invoice_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_money_task_invoice_id_invoice'), 'invoice', ['invoice_id'], ['id'])
    op.create_index(op.f('ix_money_task_invoice_id'), 'money_task', ['invoice_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_money_task_invoice_id'), 'money_task')
    with op.batch_alter_table('money_task') as batch_op:
        batch_op.drop_constraint(op.f('fk_money_task_invoice_id_invoice'), type_='foreignkey')
        batch_op.drop_column('invoice_id')
    for table in ('agreement', 'member'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column('sold_before')
