"""A member that hands in another bid says in which lots, and a row may run at a loss by decision."""

import sqlalchemy as sa
from alembic import op

revision = '0044'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('bid_party') as batch_op:
        batch_op.add_column(sa.Column('bids_too_lots', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('row_price') as batch_op:
        batch_op.add_column(sa.Column('loss_from', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('loss_reason', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('row_price') as batch_op:
        batch_op.drop_column('loss_reason')
        batch_op.drop_column('loss_from')
    with op.batch_alter_table('bid_party') as batch_op:
        batch_op.drop_column('bids_too_lots')
