"""The law in a joint bid: the buyer's figures, reasons lot by lot, verified head counts, who saw prices, who left."""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _what_is_said_of_members()
    _figures()
    _kept_for_the_law()


def _what_is_said_of_members() -> None:
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.add_column(sa.Column('insured', sa.BigInteger(), nullable=True))
    with op.batch_alter_table('head_count') as batch_op:
        batch_op.add_column(sa.Column('counted_by', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('evidence_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('verified_by', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_head_count_evidence_id_stored_file'), 'stored_file', ['evidence_id'], ['id'])
    with op.batch_alter_table('bid') as batch_op:
        batch_op.add_column(sa.Column('found_beside', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('looked_beside_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('bid_party') as batch_op:
        batch_op.add_column(sa.Column('lot_reasons', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('bids_too', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('bids_too_words', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('bids_too_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('bids_too_by', sa.String(), nullable=False, server_default=''))


def _figures() -> None:
    op.create_table('tender_figure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('years', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(), nullable=False),
    sa.Column('each', sa.Boolean(), nullable=False),
    sa.Column('contract_value', sa.BigInteger(), nullable=True),
    sa.Column('document', sa.String(40), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_tender_figure_amount_positive')),
    sa.CheckConstraint('number >= 0', name=op.f('ck_tender_figure_number_not_negative')),
    sa.CheckConstraint('years BETWEEN 1 AND 10', name=op.f('ck_tender_figure_years_possible')),
    sa.CheckConstraint('contract_value > 0', name=op.f('ck_tender_figure_contract_value_positive')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_figure_tender_id_tender'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['lot_id'], ['tender_lot.id'], name=op.f('fk_tender_figure_lot_id_tender_lot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_figure'))
    )
    with op.batch_alter_table('tender_figure') as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_figure_lot_id'), ['lot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tender_figure_tender_id'), ['tender_id'], unique=False)


def _kept_for_the_law() -> None:
    op.create_table('price_sight',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hour', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('bid_name', sa.String(), nullable=False),
    sa.Column('page', sa.String(), nullable=False),
    sa.Column('whose', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_price_sight_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_price_sight_bid_id_bid'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_sight')),
    sa.UniqueConstraint('hour', 'by_id', 'bid_id', 'page', name=op.f('uq_price_sight_hour_by_id_bid_id_page'))
    )
    with op.batch_alter_table('price_sight') as batch_op:
        batch_op.create_index(batch_op.f('ix_price_sight_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_price_sight_bid_id'), ['bid_id'], unique=False)

    op.create_table('withdrawal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('promised', sa.JSON(), nullable=False),
    sa.Column('opened', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_withdrawal_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_withdrawal_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawal'))
    )
    with op.batch_alter_table('withdrawal') as batch_op:
        batch_op.create_index(batch_op.f('ix_withdrawal_bid_id'), ['bid_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_withdrawal_member_id'), ['member_id'], unique=False)

    op.create_table('share_warning',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('trouble', sa.String(40), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_share_warning_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_share_warning_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_warning')),
    sa.UniqueConstraint('bid_id', 'member_id', 'trouble', 'counted_on', name=op.f('uq_share_warning_bid_id_member_id_trouble_counted_on'))
    )
    with op.batch_alter_table('share_warning') as batch_op:
        batch_op.create_index('ix_share_warning_member_id', ['member_id'], unique=False)


def downgrade() -> None:
    op.drop_table('share_warning')
    op.drop_table('withdrawal')
    op.drop_table('price_sight')
    op.drop_table('tender_figure')
    with op.batch_alter_table('bid_party') as batch_op:
        for column in ('bids_too_by', 'bids_too_at', 'bids_too_words', 'bids_too', 'lot_reasons'):
            batch_op.drop_column(column)
    with op.batch_alter_table('bid') as batch_op:
        batch_op.drop_column('looked_beside_at')
        batch_op.drop_column('found_beside')
    with op.batch_alter_table('head_count') as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_head_count_evidence_id_stored_file'), type_='foreignkey')
        for column in ('verified_at', 'verified_by', 'evidence_id', 'counted_by'):
            batch_op.drop_column(column)
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.drop_column('insured')
