"""What a bid keeps back of its parties' weeks, and what comes in one way only."""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bid_hold',
    sa.Column('hold_id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_hold_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['hold_id'], ['capacity_hold.id'], name=op.f('fk_bid_hold_hold_id_capacity_hold'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('hold_id', name=op.f('pk_bid_hold'))
    )
    with op.batch_alter_table('bid_hold') as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_hold_bid_id'), ['bid_id'], unique=False)

    op.create_table('only_way',
    sa.Column('offering_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.CheckConstraint("kind <> 'carried'", name=op.f('ck_only_way_own_or_collect')),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_only_way_offering_id_offering'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('offering_id', name=op.f('pk_only_way'))
    )


def downgrade() -> None:
    """What was kept for bids is kept no longer: nobody could let it go when they are decided."""
    op.drop_table('only_way')
    op.execute('DELETE FROM capacity_hold WHERE id IN (SELECT hold_id FROM bid_hold)')
    with op.batch_alter_table('bid_hold') as batch_op:
        batch_op.drop_index(batch_op.f('ix_bid_hold_bid_id'))
    op.drop_table('bid_hold')
