"""Buyers' own forms, what has been taken in of them, and answers to look at again."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

NEW = (
    ('tender_requirement', sa.Column('followed_up', sa.Boolean(), nullable=False, server_default=sa.false())),
    ('tender_requirement', sa.Column('withdrawn', sa.Boolean(), nullable=False, server_default=sa.false())),
    ('tender_requirement', sa.Column('earlier_text', sa.String(), nullable=False, server_default='')),
    ('bid_answer', sa.Column('look_again', sa.Boolean(), nullable=False, server_default=sa.false())),
)


def upgrade() -> None:
    for table, column in NEW:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(column)
    for table, column in NEW:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column.name, server_default=None)
    op.create_table('buyer_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('read_file_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_buyer_form_file_id_stored_file')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_buyer_form_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['read_file_id'], ['stored_file.id'], name=op.f('fk_buyer_form_read_file_id_stored_file')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_buyer_form_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buyer_form')),
    sa.UniqueConstraint('ticket', name=op.f('uq_buyer_form_ticket'))
    )
    op.create_index(op.f('ix_buyer_form_tender_id'), 'buyer_form', ['tender_id'])
    op.create_table('form_table',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('takes', sa.String(40), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=True),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('replaced', sa.Boolean(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['form_id'], ['buyer_form.id'], name=op.f('fk_form_table_form_id_buyer_form'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['lot_id'], ['tender_lot.id'], name=op.f('fk_form_table_lot_id_tender_lot'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_table')),
    sa.UniqueConstraint('form_id', 'position', name=op.f('uq_form_table_form_id_position'))
    )
    op.create_table('form_place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('table_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('requirement_id', sa.Integer(), nullable=True),
    sa.Column('price_row_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(requirement_id IS NULL) <> (price_row_id IS NULL)', name=op.f('ck_form_place_one_thing')),
    sa.ForeignKeyConstraint(['price_row_id'], ['tender_price_row.id'], name=op.f('fk_form_place_price_row_id_tender_price_row'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['requirement_id'], ['tender_requirement.id'], name=op.f('fk_form_place_requirement_id_tender_requirement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['table_id'], ['form_table.id'], name=op.f('fk_form_place_table_id_form_table'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_place'))
    )
    op.create_index('ix_form_place_table_id_line', 'form_place', ['table_id', 'line'])
    op.create_index(op.f('ix_form_place_requirement_id'), 'form_place', ['requirement_id'])
    op.create_index(op.f('ix_form_place_price_row_id'), 'form_place', ['price_row_id'])
    op.create_table('filled_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_filled_form_file_id_stored_file')),
    sa.ForeignKeyConstraint(['form_id'], ['buyer_form.id'], name=op.f('fk_filled_form_form_id_buyer_form'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['bid_version.id'], name=op.f('fk_filled_form_version_id_bid_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filled_form')),
    sa.UniqueConstraint('version_id', 'form_id', name=op.f('uq_filled_form_version_id_form_id'))
    )
    op.create_index(op.f('ix_filled_form_form_id'), 'filled_form', ['form_id'])


def downgrade() -> None:
    """What the buyer has withdrawn comes back: before, there was nothing that told it from the rest."""
    for table in ('filled_form', 'form_place', 'form_table', 'buyer_form'):
        op.drop_table(table)
    for table, column in reversed(NEW):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column.name)
