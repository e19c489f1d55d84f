"""Price lists with their rows, groups of customers, and which row gave an order line its price."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_groups()
    _make_lists()
    _make_rows()
    with op.batch_alter_table('order_line') as batch_op:
        # Defaults stay in the database: the code before this migration may still write.
        batch_op.add_column(sa.Column('price_row_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('price_because', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('agreed_cost', sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_order_line_price_row_id_price_row'), 'price_row', ['price_row_id'], ['id'])
        batch_op.create_index(op.f('ix_order_line_price_row_id'), ['price_row_id'])


def downgrade() -> None:
    with op.batch_alter_table('order_line') as batch_op:
        batch_op.drop_index(op.f('ix_order_line_price_row_id'))
        batch_op.drop_constraint(op.f('fk_order_line_price_row_id_price_row'), type_='foreignkey')
        for column in ('agreed_cost', 'price_because', 'price_row_id'):
            batch_op.drop_column(column)
    for table in ('price_row', 'price_list_customer', 'price_list', 'customer_group_member', 'customer_group'):
        op.drop_table(table)


def _make_groups() -> None:
    op.create_table(
        'customer_group',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_customer_group')),
        sa.UniqueConstraint('name', name=op.f('uq_customer_group_name')),
    )
    op.create_table(
        'customer_group_member',
        sa.Column('group_id', sa.Integer(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['group_id'], ['customer_group.id'], name=op.f('fk_customer_group_member_group_id_customer_group'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_customer_group_member_customer_id_customer'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('group_id', 'customer_id', name=op.f('pk_customer_group_member')),
    )
    op.create_index(op.f('ix_customer_group_member_customer_id'), 'customer_group_member', ['customer_id'])


def _make_lists() -> None:
    op.create_table(
        'price_list',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('state', sa.String(40), nullable=False),
        sa.Column('valid_from', sa.Date(), nullable=False),
        sa.Column('valid_to', sa.Date(), nullable=True),
        sa.Column('group_id', sa.Integer(), nullable=True),
        sa.Column('agreement', sa.String(), nullable=False),
        sa.Column('only_listed', sa.Boolean(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_on', sa.Date(), nullable=True),
        sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_price_list_dates_in_order')),
        sa.CheckConstraint("(kind = 'group') = (group_id IS NOT NULL)", name=op.f('ck_price_list_group_of_its_own')),
        sa.CheckConstraint("(kind = 'framework') = (agreement <> '')", name=op.f('ck_price_list_agreement_has_number')),
        sa.ForeignKeyConstraint(['group_id'], ['customer_group.id'], name=op.f('fk_price_list_group_id_customer_group')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_price_list')),
        sa.UniqueConstraint('name', name=op.f('uq_price_list_name')),
    )
    op.create_index(op.f('ix_price_list_group_id'), 'price_list', ['group_id'])
    op.create_index('ix_price_list_state_kind', 'price_list', ['state', 'kind'])
    op.create_table(
        'price_list_customer',
        sa.Column('price_list_id', sa.Integer(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_price_list_customer_price_list_id_price_list'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_price_list_customer_customer_id_customer'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('price_list_id', 'customer_id', name=op.f('pk_price_list_customer')),
    )
    op.create_index(op.f('ix_price_list_customer_customer_id'), 'price_list_customer', ['customer_id'])


def _make_rows() -> None:
    op.create_table(
        'price_row',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('price_list_id', sa.Integer(), nullable=False),
        sa.Column('article_id', sa.Integer(), nullable=False),
        sa.Column('article_version', sa.Integer(), nullable=True),
        sa.Column('min_quantity', sa.BigInteger(), nullable=False),
        sa.Column('price', sa.BigInteger(), nullable=False),
        sa.Column('member_price', sa.BigInteger(), nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('price > 0', name=op.f('ck_price_row_price_positive')),
        sa.CheckConstraint('member_price > 0', name=op.f('ck_price_row_member_price_positive')),
        sa.CheckConstraint('min_quantity >= 0', name=op.f('ck_price_row_min_quantity_not_negative')),
        sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_price_row_price_list_id_price_list'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_price_row_article_id_article')),
        sa.ForeignKeyConstraint(['article_id', 'article_version'], ['article_version.article_id', 'article_version.number'], name='fk_price_row_article_version'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_price_row')),
    )
    op.create_index('ix_price_row_article_list', 'price_row', ['article_id', 'price_list_id'])
    op.create_index(
        'uq_price_row_now', 'price_row', ['price_list_id', 'article_id', 'min_quantity'], unique=True,
        sqlite_where=sa.text('gone_at IS NULL'), postgresql_where=sa.text('gone_at IS NULL'),
    )
