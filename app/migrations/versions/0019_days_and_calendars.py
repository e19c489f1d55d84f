"""Papers of a day that workers print, secret addresses of calendars, and what finds orders among a million."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sheet_print',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('prices', sa.Boolean(), nullable=False),
    sa.Column('labels', sa.JSON(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_sheet_print_file_id_stored_file')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_sheet_print_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_sheet_print_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_print'))
    )
    op.create_index('ix_sheet_print_member_id', 'sheet_print', ['member_id', 'id'])
    op.create_index(op.f('ix_sheet_print_job_id'), 'sheet_print', ['job_id'])
    op.create_index(op.f('ix_sheet_print_file_id'), 'sheet_print', ['file_id'])
    op.create_table('calendar_address',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.CheckConstraint('(member_id IS NULL) <> (site_id IS NULL)', name=op.f('ck_calendar_address_of_one')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_calendar_address_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_calendar_address_site_id_site'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_address')),
    sa.UniqueConstraint('mark', name=op.f('uq_calendar_address_mark')),
    sa.UniqueConstraint('member_id', name=op.f('uq_calendar_address_member_id')),
    sa.UniqueConstraint('site_id', name=op.f('uq_calendar_address_site_id'))
    )
    op.create_index('ix_order_customer_day', 'order', ['customer_id', 'delivery_day'])
    op.create_index('ix_order_state_number', 'order', ['state', 'number'])
    op.create_index('ix_order_order_reference', 'order', ['order_reference'])
    few = sa.text('unassigned > 0')
    op.create_index('ix_order_line_with_nobody', 'order_line', ['order_id'], sqlite_where=few, postgresql_where=few)
    op.drop_index('ix_assignment_member_state', 'assignment')
    op.create_index('ix_assignment_member_state', 'assignment', ['member_id', 'state', 'id'])
    op.create_index('ix_assignment_member_state_day', 'assignment', ['member_id', 'state', 'delivery_day'])
    op.create_index('ix_assignment_state_day', 'assignment', ['state', 'delivery_day'])


def downgrade() -> None:
    op.drop_index('ix_assignment_state_day', 'assignment')
    op.drop_index('ix_assignment_member_state_day', 'assignment')
    op.drop_index('ix_assignment_member_state', 'assignment')
    op.create_index('ix_assignment_member_state', 'assignment', ['member_id', 'state'])
    op.drop_index('ix_order_line_with_nobody', 'order_line')
    op.drop_index('ix_order_order_reference', 'order')
    op.drop_index('ix_order_state_number', 'order')
    op.drop_index('ix_order_customer_day', 'order')
    op.drop_table('calendar_address')
    op.drop_table('sheet_print')
