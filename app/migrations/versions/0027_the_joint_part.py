"""What parties may have of a bid, what rows cost beside the member price, and rivals whose prices we assume."""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('party_limit',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('smallest', sa.BigInteger(), nullable=True),
    sa.Column('largest', sa.BigInteger(), nullable=True),
    sa.Column('wish', sa.BigInteger(), nullable=True),
    sa.Column('under_line', sa.Boolean(), nullable=False),
    sa.CheckConstraint('smallest BETWEEN 0 AND 100000 AND largest BETWEEN 0 AND 100000 AND wish BETWEEN 0 AND 100000', name=op.f('ck_party_limit_within_whole')),
    sa.CheckConstraint('smallest <= largest', name=op.f('ck_party_limit_in_order')),
    sa.ForeignKeyConstraint(['party_id'], ['bid_party.id'], name=op.f('fk_party_limit_party_id_bid_party'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('party_id', name=op.f('pk_party_limit'))
    )
    op.create_table('party_area',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['tender_lot.id'], name=op.f('fk_party_area_lot_id_tender_lot'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['party_id'], ['party_limit.party_id'], name=op.f('fk_party_area_party_id_party_limit'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('party_id', 'lot_id', name=op.f('pk_party_area'))
    )
    with op.batch_alter_table('party_area') as batch_op:
        batch_op.create_index(batch_op.f('ix_party_area_lot_id'), ['lot_id'], unique=False)

    op.create_table('bid_reckoning',
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('labour_floor', sa.BigInteger(), nullable=True),
    sa.Column('index_name', sa.String(), nullable=False),
    sa.Column('index_base', sa.BigInteger(), nullable=True),
    sa.Column('index_threshold', sa.BigInteger(), nullable=False),
    sa.Column('index_part', sa.BigInteger(), nullable=False),
    sa.Column('index_fixed_years', sa.Integer(), nullable=False),
    sa.Column('index_values', sa.String(), nullable=False),
    sa.Column('model', sa.String(40), nullable=False),
    sa.Column('price_weight', sa.BigInteger(), nullable=False),
    sa.Column('full_at', sa.BigInteger(), nullable=True),
    sa.Column('none_at', sa.BigInteger(), nullable=True),
    sa.Column('our_quality', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('labour_floor > 0', name=op.f('ck_bid_reckoning_labour_positive')),
    sa.CheckConstraint('index_base > 0', name=op.f('ck_bid_reckoning_index_positive')),
    sa.CheckConstraint('price_weight BETWEEN 0 AND 100000', name=op.f('ck_bid_reckoning_weight_within_whole')),
    sa.CheckConstraint('our_quality BETWEEN 0 AND 100000', name=op.f('ck_bid_reckoning_quality_within_whole')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_reckoning_bid_id_bid'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('bid_id', name=op.f('pk_bid_reckoning'))
    )
    op.create_table('bid_rival',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('deductions', sa.BigInteger(), nullable=False),
    sa.Column('quality', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('price > 0', name=op.f('ck_bid_rival_price_positive')),
    sa.CheckConstraint('deductions >= 0', name=op.f('ck_bid_rival_deductions_not_negative')),
    sa.CheckConstraint('quality BETWEEN 0 AND 100000', name=op.f('ck_bid_rival_quality_within_whole')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_rival_bid_id_bid'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_rival'))
    )
    with op.batch_alter_table('bid_rival') as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_rival_bid_id'), ['bid_id'], unique=False)

    with op.batch_alter_table('row_price') as batch_op:
        batch_op.add_column(sa.Column('transport', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('hours', sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('row_price') as batch_op:
        batch_op.drop_column('hours')
        batch_op.drop_column('transport')
    for table in ('bid_rival', 'bid_reckoning', 'party_area', 'party_limit'):
        op.drop_table(table)
