"""Narrow rows of articles, by which lists are ranked and counted."""

import sqlalchemy as sa
from alembic import op

from app.catalog.indexing import create_index, drop_index

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The index is written together with these rows: it lies empty until `migrate` has filled both.
    drop_index(op.get_bind())
    create_index(op.get_bind())
    op.create_table('listed_article',
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('sort_name', sa.String().with_variant(sa.String(collation='C'), 'postgresql'), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('made', sa.String(), nullable=False),
    sa.Column('named', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_listed_article_article_id_article'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('article_id', name=op.f('pk_listed_article'))
    )


def downgrade() -> None:
    op.drop_table('listed_article')
