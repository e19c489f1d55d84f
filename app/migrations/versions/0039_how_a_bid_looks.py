"""Sections and pictures of a bid, the style of the sales company, and how far a document has come."""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('bid_version', 'bid_preview'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('done', sa.Integer(), nullable=False, server_default='0'))
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column('done', server_default=None)
    op.create_table('bid_section',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('shown', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('saved_by', sa.String(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_section_bid_id_bid'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_section')),
    sa.UniqueConstraint('bid_id', 'name', name=op.f('uq_bid_section_bid_id_name'))
    )
    op.create_table('bid_picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('picture_id', sa.Integer(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_picture_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_bid_picture_picture_id_picture')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_picture')),
    sa.UniqueConstraint('bid_id', 'number', name=op.f('uq_bid_picture_bid_id_number'))
    )
    with op.batch_alter_table('bid_picture') as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_picture_picture_id'), ['picture_id'], unique=False)
    op.create_table('house_style',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('colour', sa.String(), nullable=False),
    sa.Column('logo_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('length(colour) = 7', name=op.f('ck_house_style_colour_is_hex')),
    sa.ForeignKeyConstraint(['logo_id'], ['picture.id'], name=op.f('fk_house_style_logo_id_picture')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_house_style_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_house_style'))
    )
    with op.batch_alter_table('house_style') as batch_op:
        batch_op.create_index(batch_op.f('ix_house_style_logo_id'), ['logo_id'], unique=False)


def downgrade() -> None:
    op.drop_table('house_style')
    op.drop_table('bid_picture')
    op.drop_table('bid_section')
    for table in ('bid_version', 'bid_preview'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column('done')
