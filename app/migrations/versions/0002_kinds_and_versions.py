"""What sorts of things are sold, and a first version of all that is."""

import json

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def _columns() -> tuple[sa.Column, ...]:
    # Defaults stay in the database: the code before this migration knows nothing of the columns and may still write.
    return (
        sa.Column('kind', sa.String(40), nullable=False, server_default='goods'),
        sa.Column('min_quantity', sa.BigInteger(), nullable=True),
        sa.Column('quantity_step', sa.BigInteger(), nullable=True),
        sa.Column('pack_size', sa.BigInteger(), nullable=True),
        sa.Column('content', sa.BigInteger(), nullable=True),
        sa.Column('content_unit', sa.String(), nullable=True),
        sa.Column('ingredients', sa.String(), nullable=False, server_default=''),
        sa.Column('allergens', sa.JSON(), nullable=False, server_default='[]'),
        sa.Column('withdrawal', sa.String(40), nullable=False, server_default='right'),
        sa.Column('deposit', sa.BigInteger(), nullable=False, server_default='0'),
        sa.Column('rut', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('version', sa.Integer(), nullable=False, server_default='0'),
    )


CHECKS = {
    'min_quantity_positive': 'min_quantity > 0',
    'quantity_step_positive': 'quantity_step > 0',
    'pack_size_positive': 'pack_size > 0',
    'deposit_not_negative': 'deposit >= 0',
    'content_whole': '(content IS NULL) = (content_unit IS NULL)',
}
WRITTEN = 'name description category_id unit unit_text vat_class cpv'.split()
BATCH = 1000


def upgrade() -> None:
    _make_version_tables()
    with op.batch_alter_table('article') as batch_op:
        for column in _columns():
            batch_op.add_column(column)
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f'ck_article_{name}'), condition)
    with op.batch_alter_table('offering') as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('assignment_line') as batch_op:
        batch_op.add_column(sa.Column('offering_version', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_assignment_line_offering_version', 'offering_version', ['offering_id', 'offering_version'], ['offering_id', 'number'])
    with op.batch_alter_table('order_line') as batch_op:
        batch_op.add_column(sa.Column('article_version', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_order_line_article_version', 'article_version', ['article_id', 'article_version'], ['article_id', 'number'])
    _publish('article', f'{", ".join(WRITTEN)}, number, price', _article_content)
    _publish('offering', 'member_price, (SELECT unit FROM article WHERE article.id = article_id) AS unit', dict)


def downgrade() -> None:
    with op.batch_alter_table('order_line') as batch_op:
        batch_op.drop_constraint('fk_order_line_article_version', type_='foreignkey')
        batch_op.drop_column('article_version')
    with op.batch_alter_table('assignment_line') as batch_op:
        batch_op.drop_constraint('fk_assignment_line_offering_version', type_='foreignkey')
        batch_op.drop_column('offering_version')
    with op.batch_alter_table('offering') as batch_op:
        batch_op.drop_column('version')
    with op.batch_alter_table('article') as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f'ck_article_{name}'), type_='check')
        for column in reversed(_columns()):
            batch_op.drop_column(column.name)
    for table in ('offering_version', 'bundle_part', 'article_version'):
        op.drop_table(table)


def _make_version_tables() -> None:
    for table in ('article', 'offering'):
        op.create_table(f'{table}_version',
        sa.Column(f'{table}_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('published_by', sa.String(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint([f'{table}_id'], [f'{table}.id'], name=op.f(f'fk_{table}_version_{table}_id_{table}')),
        sa.PrimaryKeyConstraint(f'{table}_id', 'number', name=op.f(f'pk_{table}_version'))
        )
    op.create_table('bundle_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bundle_id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('to_next', sa.Boolean(), nullable=False),
    sa.CheckConstraint('bundle_id <> article_id', name=op.f('ck_bundle_part_not_itself')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_bundle_part_quantity_positive')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_bundle_part_article_id_article')),
    sa.ForeignKeyConstraint(['bundle_id'], ['article.id'], name=op.f('fk_bundle_part_bundle_id_article'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bundle_part'))
    )
    op.create_index(op.f('ix_bundle_part_article_id'), 'bundle_part', ['article_id'])
    op.create_index(op.f('ix_bundle_part_bundle_id'), 'bundle_part', ['bundle_id'])


def _article_content(row):
    return {
        **row, 'kind': 'goods', 'min_quantity': None, 'quantity_step': None, 'pack_size': None, 'content': None,
        'content_unit': None, 'ingredients': '', 'allergens': [], 'withdrawal': 'right', 'deposit': 0, 'rut': False,
        'parts': [],
    }


def _publish(table, columns, content_of) -> None:
    """What customers see already becomes version 1 of itself, published when it was made."""
    connection = op.get_bind()
    found = sa.text(f"""SELECT id, created_at, {columns} FROM {table}
        WHERE id > :above AND state IN ('approved', 'withdrawn') ORDER BY id LIMIT {BATCH}""")
    keep = sa.text(f"""INSERT INTO {table}_version ({table}_id, number, published_at, published_by, content)
        VALUES (:id, 1, :at, 'Samsälj', :content)""")
    above = 0
    while rows := [dict(row._mapping) for row in connection.execute(found, {'above': above})]:
        above = rows[-1]['id']
        connection.execute(keep, [
            {'id': row.pop('id'), 'at': row.pop('created_at'), 'content': json.dumps(content_of(row), ensure_ascii=False)}
            for row in rows
        ])
    connection.execute(sa.text(f"UPDATE {table} SET version = 1 WHERE state IN ('approved', 'withdrawn')"))
