"""Papers that are checked, renewed and reminded of; what handed-in bids held; the answer library; the day of award."""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('tender') as batch_op:
        batch_op.add_column(sa.Column('award_on', sa.Date(), nullable=True))
    _papers()
    _what_bids_held()
    _library()


def _papers() -> None:
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.add_column(sa.Column('added_by', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('replaces_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('checked_by', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('fault', sa.String(), nullable=False, server_default=''))
        batch_op.create_unique_constraint(batch_op.f('uq_member_document_replaces_id'), ['replaces_id'])
        batch_op.create_foreign_key(batch_op.f('fk_member_document_replaces_id_member_document'), 'member_document', ['replaces_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index('ix_member_document_valid_to', ['valid_to'], unique=False)
    with op.batch_alter_table('member_document') as batch_op:
        for name in ('added_by', 'checked_by', 'fault'):
            batch_op.alter_column(name, server_default=None)
    op.create_table('document_reminder',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['member_document.id'], name=op.f('fk_document_reminder_document_id_member_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'days', name=op.f('pk_document_reminder'))
    )
    op.create_table('vault_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_vault_day'))
    )


def _what_bids_held() -> None:
    """Of versions that were handed in before, the appendices that are still there and whose bytes the offer names."""
    op.create_table('version_document',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['member_document.id'], name=op.f('fk_version_document_document_id_member_document'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['bid_version.id'], name=op.f('fk_version_document_version_id_bid_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('version_id', 'document_id', name=op.f('pk_version_document'))
    )
    with op.batch_alter_table('version_document') as batch_op:
        batch_op.create_index(batch_op.f('ix_version_document_document_id'), ['document_id'], unique=False)
    op.execute(
        "INSERT INTO version_document (version_id, document_id) SELECT DISTINCT bid_version.id, appendix.document_id"
        " FROM bid_version JOIN appendix ON appendix.bid_id = bid_version.bid_id"
        " JOIN stored_file ON stored_file.id = appendix.file_id WHERE appendix.document_id IS NOT NULL"
        " AND bid_version.offer_json LIKE '%' || stored_file.sha256 || '%'"
    )


def _library() -> None:
    op.create_table('library_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('current', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retired_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_library_entry_owner_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_entry'))
    )
    with op.batch_alter_table('library_entry') as batch_op:
        batch_op.create_index(batch_op.f('ix_library_entry_owner_id'), ['owner_id'], unique=False)
    op.create_table('library_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['library_entry.id'], name=op.f('fk_library_version_entry_id_library_entry'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_library_version_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_version')),
    sa.UniqueConstraint('entry_id', 'number', name=op.f('uq_library_version_entry_id_number'))
    )
    op.create_table('library_token',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['library_entry.id'], name=op.f('fk_library_token_entry_id_library_entry'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', 'token', name=op.f('pk_library_token'))
    )
    with op.batch_alter_table('library_token') as batch_op:
        batch_op.create_index('ix_library_token_token', ['token'], unique=False)
    op.create_table('answer_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['bid_answer.id'], name=op.f('fk_answer_source_answer_id_bid_answer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['entry_id'], ['library_entry.id'], name=op.f('fk_answer_source_entry_id_library_entry')),
    sa.ForeignKeyConstraint(['version_id'], ['library_version.id'], name=op.f('fk_answer_source_version_id_library_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_source')),
    sa.UniqueConstraint('answer_id', 'entry_id', name=op.f('uq_answer_source_answer_id_entry_id'))
    )
    with op.batch_alter_table('answer_source') as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_source_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_answer_source_version_id'), ['version_id'], unique=False)


def downgrade() -> None:
    for table in ('answer_source', 'library_token', 'library_version', 'library_entry', 'version_document', 'vault_day', 'document_reminder'):
        op.drop_table(table)
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.drop_index('ix_member_document_valid_to')
        batch_op.drop_constraint(batch_op.f('fk_member_document_replaces_id_member_document'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_member_document_replaces_id'), type_='unique')
        for name in ('fault', 'checked_by', 'checked_at', 'replaces_id', 'added_by'):
            batch_op.drop_column(name)
    with op.batch_alter_table('tender') as batch_op:
        batch_op.drop_column('award_on')
