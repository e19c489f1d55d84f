"""Bundles in orders: what was bought as one, and the lines that are made for it. Services are called services."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


KIND_BY_UNIT = {
    'timed_service': ('HUR', 'DAY', 'E49', 'WEE', 'MON', 'ANN'),
    'dated_service': ('IE',),
    'measured_service': ('E51', 'LS'),
}
"""Before there were kinds everything was called goods; what is sold by the hour can be told from its unit."""


def upgrade() -> None:
    for kind, units in KIND_BY_UNIT.items():
        listed = ', '.join(f"'{unit}'" for unit in units)
        op.execute(f"UPDATE article SET kind = '{kind}' WHERE kind = 'goods' AND unit IN ({listed})")
    op.create_table('order_bundle',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('article_version', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('unit_text', sa.String(), nullable=False),
    sa.Column('unit_price', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_bundle_quantity_positive')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_order_bundle_article_id_article')),
    sa.ForeignKeyConstraint(['article_id', 'article_version'], ['article_version.article_id', 'article_version.number'], name='fk_order_bundle_article_version'),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_order_bundle_order_id_order'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_bundle'))
    )
    op.create_index(op.f('ix_order_bundle_order_id'), 'order_bundle', ['order_id'])
    with op.batch_alter_table('order_line') as batch_op:
        # A quantity is kept in thousandths: 1000 is one. The defaults stay for code that knows nothing of bundles.
        batch_op.add_column(sa.Column('priced_per', sa.BigInteger(), nullable=False, server_default='1000'))
        batch_op.add_column(sa.Column('indivisible', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('bundle_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('to_next', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_order_line_priced_per_positive'), 'priced_per > 0')
        batch_op.create_foreign_key(op.f('fk_order_line_bundle_id_order_bundle'), 'order_bundle', ['bundle_id'], ['id'], ondelete='CASCADE')
        batch_op.create_index(op.f('ix_order_line_bundle_id'), ['bundle_id'])


def downgrade() -> None:
    with op.batch_alter_table('order_line') as batch_op:
        batch_op.drop_index(op.f('ix_order_line_bundle_id'))
        batch_op.drop_constraint(op.f('fk_order_line_bundle_id_order_bundle'), type_='foreignkey')
        batch_op.drop_constraint(op.f('ck_order_line_priced_per_positive'), type_='check')
        for column in ('due_on', 'to_next', 'bundle_id', 'indivisible', 'priced_per'):
            batch_op.drop_column(column)
    op.drop_table('order_bundle')
