"""A vocabulary beside the search index, and words that mean the same."""

import sqlalchemy as sa
from alembic import op

from app.catalog.indexing import create_index, drop_index

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def _exact() -> sa.String:
    return sa.String().with_variant(sa.String(collation='C'), 'postgresql')


def upgrade() -> None:
    # The index holds other tokens now. It lies empty until `migrate` fills it, and can be made anew at any time.
    drop_index(op.get_bind())
    create_index(op.get_bind())
    op.create_table('search_term',
    sa.Column('term', _exact(), nullable=False),
    sa.Column('articles', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('term', name=op.f('pk_search_term'))
    )
    op.create_table('search_variant',
    sa.Column('variant', _exact(), nullable=False),
    sa.Column('word', _exact(), nullable=False),
    sa.PrimaryKeyConstraint('variant', 'word', name=op.f('pk_search_variant'))
    )
    op.create_table('synonym_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_synonym_group'))
    )


def downgrade() -> None:
    for table in ('synonym_group', 'search_variant', 'search_term'):
        op.drop_table(table)
