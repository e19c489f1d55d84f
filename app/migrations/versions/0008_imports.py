"""Assortments that are on their way in, and members' own article numbers."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('pictures_file_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('phase', sa.String(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('problem', sa.String(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_import_batch_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_import_batch_file_id_stored_file')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_import_batch_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['pictures_file_id'], ['stored_file.id'], name=op.f('fk_import_batch_pictures_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch')),
    sa.UniqueConstraint('ticket', name=op.f('uq_import_batch_ticket'))
    )
    op.create_index('ix_import_batch_member_id_id', 'import_batch', ['member_id', 'id'])
    op.create_table('import_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('heading', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_import_note_batch_id_import_batch'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_note'))
    )
    op.create_index('ix_import_note_batch_id_kind_position', 'import_note', ['batch_id', 'kind', 'position'])
    op.create_table('import_picture',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('picture_id', sa.Integer(), nullable=True),
    sa.Column('problem', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_import_picture_batch_id_import_batch'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_import_picture_picture_id_picture')),
    sa.PrimaryKeyConstraint('batch_id', 'source', name=op.f('pk_import_picture'))
    )
    op.create_index(op.f('ix_import_picture_picture_id'), 'import_picture', ['picture_id'])
    op.create_table('own_number',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_own_number_article_id_article'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_own_number_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('member_id', 'article_id', name=op.f('pk_own_number')),
    sa.UniqueConstraint('member_id', 'number', name=op.f('uq_own_number_member_id_number'))
    )
    op.create_index(op.f('ix_own_number_article_id'), 'own_number', ['article_id'])


def downgrade() -> None:
    for table in ('own_number', 'import_picture', 'import_note', 'import_batch'):
        op.drop_table(table)
