"""What others in a tender got, why the buyer decided so, and the letters in which we asked for its papers."""

import sqlalchemy as sa
from alembic import op

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rival_result',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=True),
    sa.Column('points', sa.BigInteger(), nullable=True),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.CheckConstraint('price IS NULL OR price >= 0', name=op.f('ck_rival_result_price_not_negative')),
    sa.CheckConstraint('points IS NULL OR points >= 0', name=op.f('ck_rival_result_points_not_negative')),
    sa.CheckConstraint('place IS NULL OR place BETWEEN 1 AND 999', name=op.f('ck_rival_result_place_counted')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_rival_result_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['lot_id'], ['tender_lot.id'], name=op.f('fk_rival_result_lot_id_tender_lot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rival_result'))
    )
    op.create_index(op.f('ix_rival_result_bid_id'), 'rival_result', ['bid_id'])
    op.create_index(op.f('ix_rival_result_lot_id'), 'rival_result', ['lot_id'])
    op.create_table('given_ground',
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('ground', sa.String(40), nullable=False),
    sa.Column('for_us', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_given_ground_bid_id_bid'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('bid_id', 'ground', name=op.f('pk_given_ground'))
    )
    op.create_table('paper_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_paper_request_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_paper_request_letter_id_letter')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_request'))
    )
    op.create_index(op.f('ix_paper_request_bid_id'), 'paper_request', ['bid_id'])


def downgrade() -> None:
    op.drop_table('paper_request')
    op.drop_table('given_ground')
    op.drop_table('rival_result')
