"""Thresholds that staff enter, choices to bid or not, the days of a tender, and who is reminded of them."""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('threshold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('euro', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('entered_by', sa.String(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_threshold_amount_positive')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_threshold_dates_in_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_threshold')),
    sa.UniqueConstraint('kind', 'valid_from', name=op.f('uq_threshold_kind_valid_from'))
    )
    op.create_table('tender_choice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(40), nullable=False),
    sa.Column('main_ground', sa.String(40), nullable=True),
    sa.Column('because', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_choice_tender_id_tender'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_tender_choice_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_choice'))
    )
    op.create_index(op.f('ix_tender_choice_tender_id'), 'tender_choice', ['tender_id'])
    op.create_table('choice_ground',
    sa.Column('choice_id', sa.Integer(), nullable=False),
    sa.Column('ground', sa.String(40), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('says', sa.String(40), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['choice_id'], ['tender_choice.id'], name=op.f('fk_choice_ground_choice_id_tender_choice'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('choice_id', 'ground', name=op.f('pk_choice_ground'))
    )
    op.create_table('tender_dates',
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('questions_on', sa.Date(), nullable=True),
    sa.Column('is_urgent', sa.Boolean(), nullable=False),
    sa.Column('notice_sent_on', sa.Date(), nullable=True),
    sa.Column('notice_sent_how', sa.String(40), nullable=True),
    sa.Column('report_asked_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_dates_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tender_id', name=op.f('pk_tender_dates'))
    )
    op.create_table('tender_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.Time(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_entry_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_entry'))
    )
    op.create_index(op.f('ix_tender_entry_tender_id'), 'tender_entry', ['tender_id'])
    op.create_index(op.f('ix_tender_entry_day'), 'tender_entry', ['day'])
    op.create_table('reminder_wish',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('days_ahead', sa.Integer(), nullable=False),
    sa.Column('looked_on', sa.Date(), nullable=True),
    sa.CheckConstraint('days_ahead BETWEEN 0 AND 30', name=op.f('ck_reminder_wish_days_within_a_month')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_reminder_wish_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_reminder_wish'))
    )
    op.create_table('tender_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_tender_reminder_user_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_reminder_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_reminder')),
    sa.UniqueConstraint('user_id', 'about', 'day', name=op.f('uq_tender_reminder_user_id_about_day'))
    )
    op.create_index(op.f('ix_tender_reminder_tender_id'), 'tender_reminder', ['tender_id'])
    op.create_table('tender_calendar',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_tender_calendar_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_tender_calendar')),
    sa.UniqueConstraint('mark', name=op.f('uq_tender_calendar_mark'))
    )
    # The calendar asks for tenders by their days.
    op.create_index('ix_tender_deadline', 'tender', ['deadline'])
    op.create_index('ix_tender_required_validity', 'tender', ['required_validity'])


def downgrade() -> None:
    op.drop_index('ix_tender_required_validity', table_name='tender')
    op.drop_index('ix_tender_deadline', table_name='tender')
    for table in ('tender_calendar', 'tender_reminder', 'reminder_wish', 'tender_entry', 'tender_dates',
                  'choice_ground', 'tender_choice', 'threshold'):
        op.drop_table(table)
