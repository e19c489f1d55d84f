"""Notices as they came in, what they changed, how buyers decided, batches of files, and profiles of what we look for."""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None
HAS_ID = sa.text("notice_id <> ''")


def upgrade() -> None:
    _notices()
    _what_came_of_them()
    _batches()
    _profiles()
    op.execute(
        "INSERT INTO tender_notice (id, number, tender_id, notice_id, version, folder, changes, kind, issued_at,"
        " received_at, by_name, holds, words, file_id) SELECT id, -id, id, CASE WHEN EXISTS (SELECT 1 FROM tender other"
        " WHERE other.notice_id = tender.notice_id AND other.id < tender.id) THEN '' ELSE notice_id END, '', '', '',"
        " 'ContractNotice', NULL, created_at, '', true, '', notice_file_id FROM tender WHERE notice_file_id IS NOT NULL"
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("SELECT setval(pg_get_serial_sequence('tender_notice', 'id'), (SELECT coalesce(max(id), 1) FROM tender_notice))")


def _notices() -> None:
    op.create_table('tender_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('folder', sa.String(), nullable=False),
    sa.Column('changes', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_tender_notice_file_id_stored_file')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_notice_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_notice')),
    sa.UniqueConstraint('number', name=op.f('uq_tender_notice_number'))
    )
    with op.batch_alter_table('tender_notice') as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_notice_changes'), ['changes'], unique=False)
        batch_op.create_index(batch_op.f('ix_tender_notice_folder'), ['folder'], unique=False)
        batch_op.create_index(batch_op.f('ix_tender_notice_tender_id'), ['tender_id'], unique=False)
        batch_op.create_index('uq_tender_notice_notice_id_version', ['notice_id', 'version'], unique=True, sqlite_where=HAS_ID, postgresql_where=HAS_ID)


def _what_came_of_them() -> None:
    op.create_table('tender_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(), nullable=False),
    sa.Column('lot_ref', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('before', sa.String(), nullable=False),
    sa.Column('after', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['tender_notice.id'], name=op.f('fk_tender_change_notice_id_tender_notice'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_change_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_change'))
    )
    with op.batch_alter_table('tender_change') as batch_op:
        batch_op.create_index('ix_tender_change_notice_id', ['notice_id'], unique=False)
        batch_op.create_index('ix_tender_change_tender_id_seen_at', ['tender_id', 'seen_at'], unique=False)

    op.create_table('tender_outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('lot_ref', sa.String(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('winner', sa.String(), nullable=False),
    sa.Column('org_numbers', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('amount_text', sa.String(), nullable=False),
    sa.Column('received', sa.Integer(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['notice_id'], ['tender_notice.id'], name=op.f('fk_tender_outcome_notice_id_tender_notice'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_outcome_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_outcome'))
    )
    with op.batch_alter_table('tender_outcome') as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_outcome_notice_id'), ['notice_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tender_outcome_tender_id'), ['tender_id'], unique=False)


def _batches() -> None:
    op.create_table('notice_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('phase', sa.String(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_notice_batch_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_batch')),
    sa.UniqueConstraint('ticket', name=op.f('uq_notice_batch_ticket'))
    )
    with op.batch_alter_table('notice_batch') as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_batch_created_at'), ['created_at'], unique=False)

    op.create_table('notice_batch_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['notice_batch.id'], name=op.f('fk_notice_batch_file_batch_id_notice_batch'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_notice_batch_file_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_batch_file'))
    )
    with op.batch_alter_table('notice_batch_file') as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_batch_file_batch_id'), ['batch_id'], unique=False)

    op.create_table('notice_batch_line',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['notice_batch.id'], name=op.f('fk_notice_batch_line_batch_id_notice_batch'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_notice_batch_line_tender_id_tender'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('batch_id', 'position', name=op.f('pk_notice_batch_line'))
    )
    with op.batch_alter_table('notice_batch_line') as batch_op:
        batch_op.create_index('ix_notice_batch_line_batch_id_outcome_position', ['batch_id', 'outcome', 'position'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_batch_line_tender_id'), ['tender_id'], unique=False)


def _profiles() -> None:
    op.create_table('tender_profile',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('cpv', sa.String(), nullable=False),
    sa.Column('counties', sa.String(), nullable=False),
    sa.Column('least', sa.BigInteger(), nullable=True),
    sa.Column('most', sa.BigInteger(), nullable=True),
    sa.Column('only_reserved', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_profile'))
    )
    op.create_table('tender_profile_reader',
    sa.Column('profile_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['profile_id'], ['tender_profile.id'], name=op.f('fk_tender_profile_reader_profile_id_tender_profile'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_tender_profile_reader_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('profile_id', 'user_id', name=op.f('pk_tender_profile_reader'))
    )
    with op.batch_alter_table('tender_profile_reader') as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_profile_reader_user_id'), ['user_id'], unique=False)

    op.create_table('tender_hit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('profile_id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['profile_id'], ['tender_profile.id'], name=op.f('fk_tender_hit_profile_id_tender_profile'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_hit_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_hit')),
    sa.UniqueConstraint('profile_id', 'tender_id', name=op.f('uq_tender_hit_profile_id_tender_id'))
    )
    with op.batch_alter_table('tender_hit') as batch_op:
        batch_op.create_index('ix_tender_hit_found_on_score', ['found_on', 'score'], unique=False)
        batch_op.create_index(batch_op.f('ix_tender_hit_tender_id'), ['tender_id'], unique=False)

    op.create_table('tender_watch_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_tender_watch_day'))
    )


def downgrade() -> None:
    for table in (
        'tender_watch_day', 'tender_hit', 'tender_profile_reader', 'tender_profile', 'notice_batch_line',
        'notice_batch_file', 'notice_batch', 'tender_outcome', 'tender_change', 'tender_notice',
    ):
        op.drop_table(table)
    op.execute("DELETE FROM number_series WHERE name = 'notice'")
