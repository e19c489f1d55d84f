"""People with roles in a bid, tasks, comments, what each has seen, questions to the buyer, addenda, reviewed answers."""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=nullable)


def number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def key(table: str, column: str, to: str, on: str | None = 'CASCADE') -> sa.ForeignKeyConstraint:
    name = op.f(f'fk_{table}_{column}_{to}')
    return sa.ForeignKeyConstraint([column], [f'{to}.id'], name=name, **({'ondelete': on} if on else {}))


def upgrade() -> None:
    people()
    tasks()
    talk()
    with_the_buyer()
    with op.batch_alter_table('bid_answer') as answer:
        answer.add_column(sa.Column('reviewed_by', sa.String(), nullable=False, server_default=''))
        answer.add_column(moment('reviewed_at'))
    with op.batch_alter_table('bid_answer') as answer:
        answer.alter_column('reviewed_by', server_default=None)


def people() -> None:
    op.create_table(
        'bid_person',
        number('id'), number('bid_id'), number('user_id', True), number('party_id', True),
        sa.Column('duty', sa.String(40), nullable=False), words('name'), words('email'),
        sa.CheckConstraint('(user_id IS NULL) <> (party_id IS NULL)', name=op.f('ck_bid_person_staff_or_party')),
        key('bid_person', 'bid_id', 'bid'),
        key('bid_person', 'user_id', 'user'),
        key('bid_person', 'party_id', 'bid_party'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_person')),
        sa.UniqueConstraint('bid_id', 'user_id', name=op.f('uq_bid_person_bid_id_user_id')),
        sa.UniqueConstraint('party_id', name=op.f('uq_bid_person_party_id')),
    )
    op.create_index(op.f('ix_bid_person_user_id'), 'bid_person', ['user_id'])
    owns = sa.text("duty = 'owner'")
    op.create_index(
        'uq_bid_person_owner', 'bid_person', ['bid_id'], unique=True, sqlite_where=owns, postgresql_where=owns
    )
    op.create_table(
        'bid_glance',
        number('bid_id'), number('user_id'), number('upto'), moment('looked_at', False),
        key('bid_glance', 'bid_id', 'bid'),
        key('bid_glance', 'user_id', 'user'),
        sa.PrimaryKeyConstraint('bid_id', 'user_id', name=op.f('pk_bid_glance')),
    )
    op.create_index(op.f('ix_bid_glance_user_id'), 'bid_glance', ['user_id'])


def tasks() -> None:
    op.create_table(
        'bid_task',
        number('id'), number('bid_id'), number('requirement_id', True), number('user_id', True),
        number('party_id', True), words('what'), sa.Column('due_on', sa.Date(), nullable=False),
        words('made_by'), moment('made_at', False), words('done_by'), moment('done_at'), words('returned_from'),
        moment('reminded_before_at'), moment('reminded_late_at'),
        sa.Column('draft_says', sa.Boolean(), nullable=True), words('draft_text'), number('draft_revision'),
        words('draft_by'), moment('draft_at'), moment('taken_at'),
        sa.CheckConstraint('user_id IS NULL OR party_id IS NULL', name=op.f('ck_bid_task_one_person')),
        key('bid_task', 'bid_id', 'bid'),
        key('bid_task', 'requirement_id', 'tender_requirement'),
        key('bid_task', 'user_id', 'user', 'SET NULL'),
        key('bid_task', 'party_id', 'bid_party', 'SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_task')),
    )
    for column in ('requirement_id', 'user_id', 'party_id'):
        op.create_index(op.f(f'ix_bid_task_{column}'), 'bid_task', [column])
    op.create_index('ix_bid_task_bid_requirement', 'bid_task', ['bid_id', 'requirement_id'])
    op.create_index('ix_bid_task_due', 'bid_task', ['done_at', 'due_on'])
    op.create_table(
        'bid_task_paper',
        number('id'), number('task_id'), number('document_id'),
        key('bid_task_paper', 'task_id', 'bid_task'),
        key('bid_task_paper', 'document_id', 'member_document'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_task_paper')),
        sa.UniqueConstraint('task_id', 'document_id', name=op.f('uq_bid_task_paper_task_id_document_id')),
    )
    op.create_index(op.f('ix_bid_task_paper_document_id'), 'bid_task_paper', ['document_id'])


def talk() -> None:
    op.create_table(
        'bid_comment',
        number('id'), number('bid_id'), number('requirement_id', True), number('party_id', True),
        words('with_member'), number('by_id', True), words('by_name'), words('text'), moment('at', False),
        moment('erased_at'),
        key('bid_comment', 'bid_id', 'bid'),
        key('bid_comment', 'requirement_id', 'tender_requirement'),
        key('bid_comment', 'party_id', 'bid_party', 'SET NULL'),
        key('bid_comment', 'by_id', 'user', 'SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_comment')),
    )
    for column in ('requirement_id', 'party_id', 'by_id'):
        op.create_index(op.f(f'ix_bid_comment_{column}'), 'bid_comment', [column])
    op.create_index('ix_bid_comment_bid_requirement', 'bid_comment', ['bid_id', 'requirement_id'])


def with_the_buyer() -> None:
    op.create_table(
        'tender_question',
        number('id'), number('tender_id'), number('requirement_id', True),
        sa.Column('state', sa.String(40), nullable=False), sa.Column('ours', sa.Boolean(), nullable=False),
        words('text'), words('written_by'), moment('written_at', False), words('sent_by'), moment('sent_at'),
        words('sent_in'), words('answer'), moment('answered_at'), words('answer_entered_by'),
        key('tender_question', 'tender_id', 'tender'),
        key('tender_question', 'requirement_id', 'tender_requirement', 'SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_question')),
    )
    op.create_index('ix_tender_question_tender', 'tender_question', ['tender_id'])
    op.create_index(op.f('ix_tender_question_requirement_id'), 'tender_question', ['requirement_id'])
    op.create_table(
        'tender_question_time',
        number('tender_id'), moment('until', False),
        key('tender_question_time', 'tender_id', 'tender'),
        sa.PrimaryKeyConstraint('tender_id', name=op.f('pk_tender_question_time')),
    )
    op.create_table(
        'tender_addendum',
        number('id'), number('tender_id'), number('number'), words('title'), words('text'),
        moment('received_at', False), number('file_id', True), moment('new_deadline'), words('entered_by'),
        words('acknowledged_by'), moment('acknowledged_at'),
        key('tender_addendum', 'tender_id', 'tender'),
        key('tender_addendum', 'file_id', 'stored_file', None),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_addendum')),
        sa.UniqueConstraint('tender_id', 'number', name=op.f('uq_tender_addendum_tender_id_number')),
    )
    touched = (('requirement_id', 'tender_requirement'), ('row_id', 'tender_price_row'), ('lot_id', 'tender_lot'))
    counted = ' + '.join(f'(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)' for column, _to in touched)
    op.create_table(
        'addendum_touch',
        number('id'), number('addendum_id'), *(number(column, True) for column, _to in touched),
        words('confirmed_by'), moment('confirmed_at'),
        sa.CheckConstraint(f'{counted} = 1', name=op.f('ck_addendum_touch_one_thing')),
        key('addendum_touch', 'addendum_id', 'tender_addendum'),
        *(key('addendum_touch', column, to) for column, to in touched),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_addendum_touch')),
    )
    for column in ('addendum_id', *(column for column, _to in touched)):
        op.create_index(op.f(f'ix_addendum_touch_{column}'), 'addendum_touch', [column])


def downgrade() -> None:
    with op.batch_alter_table('bid_answer') as answer:
        answer.drop_column('reviewed_at')
        answer.drop_column('reviewed_by')
    for table in (
        'addendum_touch', 'tender_addendum', 'tender_question_time', 'tender_question', 'bid_comment',
        'bid_task_paper', 'bid_task', 'bid_glance', 'bid_person',
    ):
        op.drop_table(table)
