"""Standing orders with their versions, pauses and times; windows in which articles made in batches are ordered."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('standing_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('placed_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('notice_days', sa.Integer(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('planned_to', sa.Date(), nullable=False),
    sa.CheckConstraint('notice_days BETWEEN 0 AND 90', name=op.f('ck_standing_order_notice_sane')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_standing_order_customer_id_customer')),
    sa.ForeignKeyConstraint(['placed_by_id'], ['user.id'], name=op.f('fk_standing_order_placed_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_order')),
    sa.UniqueConstraint('ticket', name=op.f('uq_standing_order_ticket'))
    )
    op.create_index('ix_standing_order_customer', 'standing_order', ['customer_id', 'last_day'])
    op.create_table('standing_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standing_order_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('every', sa.String(40), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('anchor', sa.Date(), nullable=False),
    sa.Column('weekdays', sa.JSON(), nullable=False),
    sa.Column('month_day', sa.Integer(), nullable=False),
    sa.Column('nth', sa.Integer(), nullable=False),
    sa.Column('season_first', sa.Integer(), nullable=True),
    sa.Column('season_last', sa.Integer(), nullable=True),
    sa.Column('holiday', sa.String(40), nullable=False),
    sa.Column('delivery_name', sa.String(), nullable=False),
    sa.Column('street', sa.String(), nullable=False),
    sa.Column('postcode', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('buyer_reference', sa.String(), nullable=False),
    sa.Column('order_reference', sa.String(), nullable=False),
    sa.Column('cost_centre', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('consent', sa.String(), nullable=False),
    sa.CheckConstraint('step BETWEEN 1 AND 52', name=op.f('ck_standing_version_step_sane')),
    sa.CheckConstraint('(season_first IS NULL) = (season_last IS NULL)', name=op.f('ck_standing_version_season_whole')),
    sa.ForeignKeyConstraint(['standing_order_id'], ['standing_order.id'], name=op.f('fk_standing_version_standing_order_id_standing_order'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_version'))
    )
    op.create_index(op.f('ix_standing_version_standing_order_id'), 'standing_version', ['standing_order_id'])
    op.create_table('standing_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_standing_line_quantity_positive')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_standing_line_article_id_article')),
    sa.ForeignKeyConstraint(['version_id'], ['standing_version.id'], name=op.f('fk_standing_line_version_id_standing_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_line')),
    sa.UniqueConstraint('version_id', 'article_id', name=op.f('uq_standing_line_version_id_article_id'))
    )
    op.create_index(op.f('ix_standing_line_article_id'), 'standing_line', ['article_id'])
    op.create_table('standing_pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standing_order_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.CheckConstraint('last_day >= first_day', name=op.f('ck_standing_pause_in_order')),
    sa.ForeignKeyConstraint(['standing_order_id'], ['standing_order.id'], name=op.f('fk_standing_pause_standing_order_id_standing_order'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_pause'))
    )
    op.create_index(op.f('ix_standing_pause_standing_order_id'), 'standing_pause', ['standing_order_id'])
    op.create_table('standing_occurrence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standing_order_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('nominal', sa.Date(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('place_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('handed_over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('order_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_standing_occurrence_order_id_order'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['standing_order_id'], ['standing_order.id'], name=op.f('fk_standing_occurrence_standing_order_id_standing_order'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['standing_version.id'], name=op.f('fk_standing_occurrence_version_id_standing_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_occurrence')),
    sa.UniqueConstraint('standing_order_id', 'nominal', name=op.f('uq_standing_occurrence_standing_order_id_nominal')),
    sa.UniqueConstraint('order_id', name=op.f('uq_standing_occurrence_order_id'))
    )
    op.create_index('ix_standing_occurrence_state_place_on', 'standing_occurrence', ['state', 'place_on'])
    op.create_index('ix_standing_occurrence_state_day', 'standing_occurrence', ['state', 'day'])
    op.create_index(op.f('ix_standing_occurrence_version_id'), 'standing_occurrence', ['version_id'])
    op.create_table('order_window',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivery_day', sa.Date(), nullable=False),
    sa.Column('least', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why', sa.String(), nullable=False),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_order_window_in_order')),
    sa.CheckConstraint('least >= 0', name=op.f('ck_order_window_least_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_window'))
    )
    op.create_index('ix_order_window_state_closes', 'order_window', ['state', 'closes_at'])
    op.create_table('window_article',
    sa.Column('window_id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_window_article_article_id_article'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['window_id'], ['order_window.id'], name=op.f('fk_window_article_window_id_order_window'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('window_id', 'article_id', name=op.f('pk_window_article'))
    )
    op.create_index(op.f('ix_window_article_article_id'), 'window_article', ['article_id'])
    op.create_table('batch_article',
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_batch_article_article_id_article'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('article_id', name=op.f('pk_batch_article'))
    )
    with op.batch_alter_table('order') as batch_op:
        batch_op.add_column(sa.Column('standing_order_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_order_standing_order_id_standing_order'), 'standing_order', ['standing_order_id'], ['id'])
        batch_op.create_index(op.f('ix_order_standing_order_id'), ['standing_order_id'])
    with op.batch_alter_table('order_line') as batch_op:
        batch_op.add_column(sa.Column('window_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_order_line_window_id_order_window'), 'order_window', ['window_id'], ['id'])
        batch_op.create_index(op.f('ix_order_line_window_id'), ['window_id'])


def downgrade() -> None:
    with op.batch_alter_table('order_line') as batch_op:
        batch_op.drop_index(op.f('ix_order_line_window_id'))
        batch_op.drop_constraint(op.f('fk_order_line_window_id_order_window'), type_='foreignkey')
        batch_op.drop_column('window_id')
    with op.batch_alter_table('order') as batch_op:
        batch_op.drop_index(op.f('ix_order_standing_order_id'))
        batch_op.drop_constraint(op.f('fk_order_standing_order_id_standing_order'), type_='foreignkey')
        batch_op.drop_column('standing_order_id')
    for table in ('batch_article', 'window_article', 'order_window', 'standing_occurrence', 'standing_pause', 'standing_line', 'standing_version', 'standing_order'):
        op.drop_table(table)
