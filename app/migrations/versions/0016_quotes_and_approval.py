"""Quotes with their versions, saved baskets, approval, and cost centre and reference of each order line."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _mark_lines()
    _make_quotes()
    _make_drafts()
    _make_approvals()


def downgrade() -> None:
    for table in ('order_approval', 'approval_rule', 'basket_draft', 'quote_event', 'quote_line', 'quote_version', 'quote'):
        op.drop_table(table)
    with op.batch_alter_table('order_line') as order_line:
        order_line.drop_column('reference')
        order_line.drop_column('cost_centre')


def _mark_lines() -> None:
    with op.batch_alter_table('order_line') as order_line:
        for name in ('cost_centre', 'reference'):
            order_line.add_column(sa.Column(name, sa.String(), nullable=False, server_default=''))
    with op.batch_alter_table('order_line') as order_line:
        for name in ('cost_centre', 'reference'):
            order_line.alter_column(name, server_default=None)


def _make_quotes() -> None:
    op.create_table(
        'quote',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('ticket', sa.String(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(40), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('message', sa.String(), nullable=False),
        sa.Column('wished_day', sa.Date(), nullable=True),
        sa.Column('order_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_quote_customer_id_customer')),
        sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_quote_order_id_order')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quote')),
        sa.UniqueConstraint('number', name=op.f('uq_quote_number')),
        sa.UniqueConstraint('order_id', name=op.f('uq_quote_order_id')),
        sa.UniqueConstraint('ticket', name=op.f('uq_quote_ticket')),
    )
    op.create_index(op.f('ix_quote_customer_id'), 'quote', ['customer_id'])
    op.create_index('ix_quote_state_number', 'quote', ['state', 'number'])
    op.create_table(
        'quote_version',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('quote_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('valid_to', sa.Date(), nullable=False),
        sa.Column('delivery_day', sa.Date(), nullable=False),
        sa.Column('delivery_name', sa.String(), nullable=False),
        sa.Column('street', sa.String(), nullable=False),
        sa.Column('postcode', sa.String(), nullable=False),
        sa.Column('city', sa.String(), nullable=False),
        sa.Column('municipality', sa.String(), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('sent_by', sa.String(), nullable=False),
        sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('accepted_by', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['quote_id'], ['quote.id'], name=op.f('fk_quote_version_quote_id_quote'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_version')),
        sa.UniqueConstraint('quote_id', 'number', name=op.f('uq_quote_version_quote_id_number')),
    )
    op.create_table(
        'quote_line',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.Column('article_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('unit', sa.String(), nullable=False),
        sa.Column('unit_text', sa.String(), nullable=False),
        sa.Column('quantity', sa.BigInteger(), nullable=False),
        sa.Column('unit_price', sa.BigInteger(), nullable=False),
        sa.Column('usual_price', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_quote_line_quantity_positive')),
        sa.CheckConstraint('unit_price >= 0', name=op.f('ck_quote_line_unit_price_not_negative')),
        sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_quote_line_article_id_article')),
        sa.ForeignKeyConstraint(['version_id'], ['quote_version.id'], name=op.f('fk_quote_line_version_id_quote_version'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_line')),
        sa.UniqueConstraint('version_id', 'article_id', name=op.f('uq_quote_line_version_id_article_id')),
    )
    op.create_index(op.f('ix_quote_line_article_id'), 'quote_line', ['article_id'])
    op.create_table(
        'quote_event',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('quote_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('version', sa.Integer(), nullable=True),
        sa.Column('by_name', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['quote_id'], ['quote.id'], name=op.f('fk_quote_event_quote_id_quote'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quote_event')),
    )
    op.create_index(op.f('ix_quote_event_quote_id'), 'quote_event', ['quote_id'])


def _make_drafts() -> None:
    op.create_table(
        'basket_draft',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('saved_by', sa.String(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_basket_draft_customer_id_customer'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_basket_draft')),
        sa.UniqueConstraint('customer_id', 'name', name=op.f('uq_basket_draft_customer_id_name')),
    )


def _make_approvals() -> None:
    op.create_table(
        'approval_rule',
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('limit', sa.BigInteger(), nullable=False),
        sa.Column('set_by', sa.String(), nullable=False),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('"limit" >= 0', name=op.f('ck_approval_rule_limit_not_negative')),
        sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_approval_rule_customer_id_customer'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('customer_id', name=op.f('pk_approval_rule')),
    )
    op.create_table(
        'order_approval',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('order_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(40), nullable=False),
        sa.Column('limit', sa.BigInteger(), nullable=False),
        sa.Column('net', sa.BigInteger(), nullable=False),
        sa.Column('asked_by', sa.String(), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_by', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('ways', sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(['decided_by_id'], ['user.id'], name=op.f('fk_order_approval_decided_by_id_user'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_order_approval_order_id_order'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_order_approval')),
        sa.UniqueConstraint('order_id', name=op.f('uq_order_approval_order_id')),
    )
    op.create_index('ix_order_approval_state', 'order_approval', ['state'])
