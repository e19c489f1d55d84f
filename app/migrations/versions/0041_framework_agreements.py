"""Framework agreements: ceiling and call-offs, options, members' rows, index, statistics; a line knows its agreement."""

import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=True),
    sa.Column('price_list_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('buyer_name', sa.String(), nullable=False),
    sa.Column('ceiling', sa.BigInteger(), nullable=False),
    sa.Column('called_off', sa.BigInteger(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('why_longer', sa.String(), nullable=False),
    sa.Column('index_name', sa.String(), nullable=False),
    sa.Column('index_base', sa.BigInteger(), nullable=True),
    sa.Column('index_threshold', sa.BigInteger(), nullable=False),
    sa.Column('index_part', sa.BigInteger(), nullable=False),
    sa.Column('index_first', sa.Date(), nullable=True),
    sa.Column('index_opens', sa.Integer(), nullable=False),
    sa.Column('index_closes', sa.Integer(), nullable=False),
    sa.Column('report_every', sa.Integer(), nullable=False),
    sa.Column('report_within', sa.Integer(), nullable=False),
    sa.Column('report_words', sa.String(), nullable=False),
    sa.Column('looked_on', sa.Date(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.CheckConstraint('called_off >= 0', name=op.f('ck_agreement_called_off_not_negative')),
    sa.CheckConstraint('ceiling > 0', name=op.f('ck_agreement_ceiling_positive')),
    sa.CheckConstraint('last_day >= first_day', name=op.f('ck_agreement_days_in_order')),
    sa.CheckConstraint('index_part BETWEEN 0 AND 100000', name=op.f('ck_agreement_index_part_possible')),
    sa.CheckConstraint('report_every IN (0, 1, 3, 6, 12)', name=op.f('ck_agreement_report_every_possible')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_agreement_bid_id_bid'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_agreement_price_list_id_price_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
    sa.UniqueConstraint('bid_id', name=op.f('uq_agreement_bid_id')),
    sa.UniqueConstraint('price_list_id', name=op.f('uq_agreement_price_list_id'))
    )
    op.create_index(op.f('ix_agreement_last_day'), 'agreement', ['last_day'], unique=False)

    op.create_table('agreement_list',
    sa.Column('price_list_id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_list_agreement_id_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_agreement_list_price_list_id_price_list'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('price_list_id', name=op.f('pk_agreement_list'))
    )
    op.create_index(op.f('ix_agreement_list_agreement_id'), 'agreement_list', ['agreement_id'], unique=False)

    op.create_table('agreement_option',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('use_by', sa.Date(), nullable=False),
    sa.Column('whose', sa.String(40), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_option_agreement_id_agreement'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_option')),
    sa.UniqueConstraint('agreement_id', 'last_day', name=op.f('uq_agreement_option_agreement_id_last_day'))
    )

    op.create_table('agreement_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(), nullable=False),
    sa.Column('yearly', sa.BigInteger(), nullable=False),
    sa.Column('member_price', sa.BigInteger(), nullable=True),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=True),
    sa.Column('why', sa.String(), nullable=False),
    sa.CheckConstraint('yearly > 0', name=op.f('ck_agreement_part_yearly_positive')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_part_agreement_id_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_agreement_part_article_id_article')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_agreement_part_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_part'))
    )
    op.create_index(op.f('ix_agreement_part_agreement_member'), 'agreement_part', ['agreement_id', 'member_id'], unique=False)
    op.create_index(op.f('ix_agreement_part_article_id'), 'agreement_part', ['article_id'], unique=False)
    op.create_index(op.f('ix_agreement_part_member_id'), 'agreement_part', ['member_id'], unique=False)

    op.create_table('call_off',
    sa.Column('order_line_id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('counted', sa.BigInteger(), nullable=False),
    sa.Column('credited', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('counted >= 0', name=op.f('ck_call_off_counted_not_negative')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_call_off_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_call_off_customer_id_customer')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_call_off_order_line_id_order_line'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('order_line_id', name=op.f('pk_call_off'))
    )
    op.create_index(op.f('ix_call_off_agreement_customer'), 'call_off', ['agreement_id', 'customer_id'], unique=False)
    op.create_index(op.f('ix_call_off_agreement_day'), 'call_off', ['agreement_id', 'day'], unique=False)
    op.create_index(op.f('ix_call_off_customer_id'), 'call_off', ['customer_id'], unique=False)

    op.create_table('ceiling_warning',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('called_off', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_ceiling_warning_agreement_id_agreement'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('agreement_id', 'percent', name=op.f('pk_ceiling_warning'))
    )

    op.create_table('agreement_notice',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_notice_agreement_id_agreement'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('agreement_id', 'kind', 'day', name=op.f('pk_agreement_notice'))
    )

    op.create_table('index_rise',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('base', sa.BigInteger(), nullable=False),
    sa.Column('figure', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('percent', sa.BigInteger(), nullable=False),
    sa.Column('price_list_id', sa.Integer(), nullable=True),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_index_rise_agreement_id_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_index_rise_price_list_id_price_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_index_rise')),
    sa.UniqueConstraint('agreement_id', 'from_day', name=op.f('uq_index_rise_agreement_id_from_day'))
    )
    op.create_index(op.f('ix_index_rise_price_list_id'), 'index_rise', ['price_list_id'], unique=False)

    op.create_table('agreement_leaving',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_leaving_agreement_id_agreement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_agreement_leaving_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_leaving')),
    sa.UniqueConstraint('agreement_id', 'member_id', name=op.f('uq_agreement_leaving_agreement_id_member_id'))
    )
    op.create_index(op.f('ix_agreement_leaving_member_id'), 'agreement_leaving', ['member_id'], unique=False)

    op.create_table('agreement_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_report_agreement_id_agreement'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_report')),
    sa.UniqueConstraint('agreement_id', 'first_day', name=op.f('uq_agreement_report_agreement_id_first_day'))
    )

    with op.batch_alter_table('order_line') as batch_op:
        batch_op.add_column(sa.Column('agreement_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_order_line_agreement_id_agreement'), 'agreement', ['agreement_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_order_line_agreement_id'), ['agreement_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('order_line') as batch_op:
        batch_op.drop_index(batch_op.f('ix_order_line_agreement_id'))
        batch_op.drop_constraint(batch_op.f('fk_order_line_agreement_id_agreement'), type_='foreignkey')
        batch_op.drop_column('agreement_id')
    op.drop_table('agreement_report')
    op.drop_table('agreement_leaving')
    op.drop_table('index_rise')
    op.drop_table('agreement_notice')
    op.drop_table('ceiling_warning')
    op.drop_table('call_off')
    op.drop_table('agreement_part')
    op.drop_table('agreement_option')
    op.drop_table('agreement_list')
    op.drop_table('agreement')
