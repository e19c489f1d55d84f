"""Until when a buyer takes questions stands in one place: a moment, of which the day follows."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

SWEDEN = ZoneInfo('Europe/Stockholm')
MOMENT = sa.DateTime(timezone=True)
dates = sa.table(
    'tender_dates', sa.column('tender_id'), sa.column('questions_on', sa.Date()),
    sa.column('questions_until', MOMENT), sa.column('is_urgent', sa.Boolean()),
)
times = sa.table('tender_question_time', sa.column('tender_id'), sa.column('until', MOMENT))


def upgrade() -> None:
    with op.batch_alter_table('tender_dates') as batch_op:
        batch_op.add_column(sa.Column('questions_until', MOMENT, nullable=True))
    bind = op.get_bind()
    there = {row.tender_id: row.questions_on for row in bind.execute(sa.select(dates.c.tender_id, dates.c.questions_on))}
    moments = {row.tender_id: row.until for row in bind.execute(sa.select(times.c.tender_id, times.c.until))}
    for tender_id, day in there.items():
        moment = moments.get(tender_id) or (_end_of(day) if day else None)
        if moment is not None:
            bind.execute(dates.update().where(dates.c.tender_id == tender_id).values(questions_until=moment))
    for tender_id in moments.keys() - there.keys():
        values = {'tender_id': tender_id, 'questions_until': moments[tender_id], 'is_urgent': False}
        bind.execute(dates.insert().values(**values))
    op.drop_table('tender_question_time')
    with op.batch_alter_table('tender_dates') as batch_op:
        batch_op.drop_column('questions_on')


def downgrade() -> None:
    op.create_table(
        'tender_question_time',
        sa.Column('tender_id', sa.Integer(), nullable=False),
        sa.Column('until', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_question_time_tender_id_tender'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tender_id', name=op.f('pk_tender_question_time')),
    )
    with op.batch_alter_table('tender_dates') as batch_op:
        batch_op.add_column(sa.Column('questions_on', sa.Date(), nullable=True))
    bind = op.get_bind()
    for row in bind.execute(sa.select(dates.c.tender_id, dates.c.questions_until)).all():
        if row.questions_until is not None:
            bind.execute(times.insert().values(tender_id=row.tender_id, until=row.questions_until))
            day = _aware(row.questions_until).astimezone(SWEDEN).date()
            bind.execute(dates.update().where(dates.c.tender_id == row.tender_id).values(questions_on=day))
    with op.batch_alter_table('tender_dates') as batch_op:
        batch_op.drop_column('questions_until')


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), SWEDEN).astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    """SQLite keeps no zone; what lies there was put there in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
