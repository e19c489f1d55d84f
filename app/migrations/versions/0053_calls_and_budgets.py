"""Calls for project funding, how long an answer may be, budgets of projects, and Word files on their way to a PDF."""

import sqlalchemy as sa
from alembic import op

revision = '0053'
down_revision = '0052'
branch_labels = None
depends_on = None

KIND = sa.Enum('procurement', 'call', name='tenderkind', native_enum=False, length=40)
BUDGET = sa.Enum(
    'staff', 'travel', 'material', 'external', 'other', 'indirect', 'own', 'public', 'private', 'in_kind',
    name='budgetkind', native_enum=False, length=40,
)
PER_CENT = sa.BigInteger()


def upgrade() -> None:
    with op.batch_alter_table('tender') as batch_op:
        batch_op.add_column(sa.Column('kind', KIND, nullable=False, server_default='procurement'))
        batch_op.add_column(sa.Column('project_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('project_to', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('most_rate', PER_CENT, nullable=True))
        batch_op.add_column(sa.Column('most_indirect', PER_CENT, nullable=True))
        batch_op.add_column(sa.Column('least_grant', sa.BigInteger(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_tender_rate_within_whole'), 'most_rate BETWEEN 0 AND 100000')
        batch_op.create_check_constraint(op.f('ck_tender_indirect_within_whole'), 'most_indirect BETWEEN 0 AND 100000')
    with op.batch_alter_table('tender_requirement') as batch_op:
        batch_op.add_column(sa.Column('most_characters', sa.Integer(), nullable=False, server_default='0'))
    op.create_table(
        'budget_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('bid_id', sa.Integer(), nullable=False),
        sa.Column('party_id', sa.Integer(), nullable=True),
        sa.Column('kind', BUDGET, nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=True),
        sa.Column('percent', PER_CENT, nullable=True),
        sa.Column('appendix_id', sa.Integer(), nullable=True),
        sa.Column('declined', sa.Boolean(), nullable=False),
        sa.Column('signed_by', sa.String(), nullable=False),
        sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('entered_by', sa.String(), nullable=False),
        sa.CheckConstraint('amount >= 0', name=op.f('ck_budget_entry_amount_not_negative')),
        sa.CheckConstraint('percent >= 0 AND percent <= 100000', name=op.f('ck_budget_entry_percent_within_whole')),
        sa.CheckConstraint('amount IS NULL OR percent IS NULL', name=op.f('ck_budget_entry_amount_or_percent')),
        sa.ForeignKeyConstraint(
            ['bid_id'], ['bid.id'], name=op.f('fk_budget_entry_bid_id_bid'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['party_id'], ['bid_party.id'], name=op.f('fk_budget_entry_party_id_bid_party'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['appendix_id'], ['appendix.id'], name=op.f('fk_budget_entry_appendix_id_appendix'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_entry')),
    )
    op.create_index(op.f('ix_budget_entry_bid_id'), 'budget_entry', ['bid_id'])
    op.create_index(op.f('ix_budget_entry_party_id'), 'budget_entry', ['party_id'])
    op.create_table(
        'word_file',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('bid_id', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('file_id', sa.Integer(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('job_id', sa.Integer(), nullable=True),
        sa.Column('problem', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_word_file_bid_id_bid'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_word_file_file_id_stored_file')),
        sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_word_file_by_id_user'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_word_file_job_id_job'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_word_file')),
    )
    op.create_index(op.f('ix_word_file_bid_id'), 'word_file', ['bid_id'])


def downgrade() -> None:
    op.drop_table('word_file')
    op.drop_table('budget_entry')
    with op.batch_alter_table('tender_requirement') as batch_op:
        batch_op.drop_column('most_characters')
    with op.batch_alter_table('tender') as batch_op:
        batch_op.drop_constraint(op.f('ck_tender_indirect_within_whole'), type_='check')
        batch_op.drop_constraint(op.f('ck_tender_rate_within_whole'), type_='check')
        for name in ('least_grant', 'most_indirect', 'most_rate', 'project_to', 'project_from', 'kind'):
            batch_op.drop_column(name)
