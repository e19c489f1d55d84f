"""Printed catalogues, and in which edition each article last changed."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('article_change',
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_change_article_id_article'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('article_id', name=op.f('pk_article_change'))
    )
    op.create_index('ix_article_change_edition_article_id', 'article_change', ['edition', 'article_id'])
    op.create_index('ix_article_change_changed_at_edition', 'article_change', ['changed_at', 'edition'])
    op.create_table('catalogue_print',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(40), nullable=False),
    sa.Column('prices', sa.String(40), nullable=False),
    sa.Column('municipality', sa.String(), nullable=True),
    sa.Column('category_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('articles', sa.Integer(), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=True),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('done >= 0 AND done <= total', name=op.f('ck_catalogue_print_done_within_total')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_catalogue_print_category_id_category')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_catalogue_print_file_id_stored_file')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_catalogue_print_job_id_job'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_print'))
    )
    op.create_index('ix_catalogue_print_audience_published_at', 'catalogue_print', ['audience', 'published_at'])
    for column in ('category_id', 'file_id', 'job_id'):
        op.create_index(op.f(f'ix_catalogue_print_{column}'), 'catalogue_print', [column])


def downgrade() -> None:
    op.drop_table('catalogue_print')
    op.drop_table('article_change')
