"""What was applied for and what the funder gave of it; and of which programme a call is."""

import sqlalchemy as sa
from alembic import op

revision = '0057'
down_revision = '0056'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('bid') as batch_op:
        batch_op.add_column(sa.Column('applied_for', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('granted', sa.BigInteger(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_bid_granted_not_negative'), 'granted >= 0')
    with op.batch_alter_table('tender') as batch_op:
        batch_op.add_column(sa.Column('programme', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('tender') as batch_op:
        batch_op.drop_column('programme')
    with op.batch_alter_table('bid') as batch_op:
        batch_op.drop_constraint(op.f('ck_bid_granted_not_negative'), type_='check')
        batch_op.drop_column('granted')
        batch_op.drop_column('applied_for')
