"""Pictures of articles and members, and what proves and follows from a member's work."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_picture')),
    sa.UniqueConstraint('sha256', name=op.f('uq_picture_sha256'))
    )
    op.create_table('picture_file',
    sa.Column('picture_id', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_picture_file_file_id_stored_file')),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_picture_file_picture_id_picture'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('picture_id', 'width', name=op.f('pk_picture_file'))
    )
    op.create_index('ix_picture_file_file_id', 'picture_file', ['file_id'])
    _create_albums()
    _create_proof()
    _create_maker_index()


def _album_columns() -> list[sa.Column]:
    return [
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('picture_id', sa.Integer(), nullable=False),
        sa.Column('description', sa.String(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(40), nullable=False),
        sa.Column('declined_because', sa.String(), nullable=True),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    ]


def _create_albums() -> None:
    op.create_table('article_picture',
    *_album_columns(),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('handed_in_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_article_picture_article_id_article'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['handed_in_by_id'], ['member.id'], name=op.f('fk_article_picture_handed_in_by_id_member'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_article_picture_picture_id_picture')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_picture'))
    )
    op.create_index('ix_article_picture_article_id_position', 'article_picture', ['article_id', 'position'])
    op.create_index('ix_article_picture_handed_in_by_id', 'article_picture', ['handed_in_by_id'])
    op.create_index('ix_article_picture_picture_id', 'article_picture', ['picture_id'])
    op.create_index('ix_article_picture_state', 'article_picture', ['state', 'id'])
    op.create_table('member_picture',
    *_album_columns(),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_picture_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_member_picture_picture_id_picture')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_picture'))
    )
    op.create_index('ix_member_picture_member_id_position', 'member_picture', ['member_id', 'position'])
    op.create_index('ix_member_picture_picture_id', 'member_picture', ['picture_id'])
    op.create_index('ix_member_picture_state', 'member_picture', ['state', 'id'])


def _create_proof() -> None:
    op.create_table('social_proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('criterion', sa.String(40), nullable=False),
    sa.Column('fulfilled', sa.Boolean(), nullable=False),
    sa.Column('how', sa.String(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('checked_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_social_proof_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_social_proof')),
    sa.UniqueConstraint('member_id', 'criterion', name=op.f('uq_social_proof_member_id_criterion'))
    )
    op.create_index('ix_social_proof_member_id', 'social_proof', ['member_id'])
    op.create_table('member_certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=False),
    sa.CheckConstraint('valid_to >= issued_on', name=op.f('ck_member_certificate_in_order')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_certificate_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_certificate')),
    sa.UniqueConstraint('member_id', 'number', name=op.f('uq_member_certificate_member_id_number'))
    )
    op.create_index('ix_member_certificate_member_id', 'member_certificate', ['member_id'])
    op.create_table('outcome_year',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('to_work', sa.Integer(), nullable=False),
    sa.Column('to_studies', sa.Integer(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('checked_by', sa.String(), nullable=False),
    sa.CheckConstraint('places >= 0 AND hours >= 0 AND to_work >= 0 AND to_studies >= 0', name=op.f('ck_outcome_year_not_negative')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_outcome_year_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_year')),
    sa.UniqueConstraint('member_id', 'year', name=op.f('uq_outcome_year_member_id_year'))
    )
    op.create_index('ix_outcome_year_member_id', 'outcome_year', ['member_id'])


def _create_maker_index() -> None:
    op.create_table('maker_category',
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_maker_category_category_id_category'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_maker_category_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('category_id', 'member_id', name=op.f('pk_maker_category'))
    )
    op.create_index('ix_maker_category_member_id', 'maker_category', ['member_id'])
    op.create_table('maker_place',
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_maker_place_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('municipality', 'member_id', name=op.f('pk_maker_place'))
    )
    op.create_index('ix_maker_place_member_id', 'maker_place', ['member_id'])
    op.execute("""INSERT INTO maker_category (category_id, member_id)
                  SELECT DISTINCT article.category_id, offering.member_id
                  FROM offering JOIN article ON article.id = offering.article_id
                  WHERE offering.state = 'approved' AND article.state = 'approved'""")
    op.execute("""INSERT INTO maker_place (municipality, member_id)
                  SELECT DISTINCT offering_area.municipality, offering.member_id
                  FROM offering JOIN article ON article.id = offering.article_id
                  JOIN offering_area ON offering_area.offering_id = offering.id
                  WHERE offering.state = 'approved' AND article.state = 'approved'""")


def downgrade() -> None:
    for table in ('maker_place', 'maker_category', 'outcome_year', 'member_certificate', 'social_proof', 'member_picture', 'article_picture', 'picture_file', 'picture'):
        op.drop_table(table)
