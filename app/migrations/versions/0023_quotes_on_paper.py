"""Quotes on paper, when customers are reminded of them, a yes by telephone; how what comes again shall come."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

WISHING = ('order', 'standing_version')


def upgrade() -> None:
    with op.batch_alter_table('quote_version') as version:
        version.add_column(sa.Column('accepted_how', sa.String(40), nullable=False, server_default='online'))
        version.add_column(sa.Column('recorded_by', sa.String(), nullable=False, server_default=''))
        version.add_column(sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True))
        version.create_index(version.f('ix_quote_version_remind_at'), ['remind_at'])
        version.add_column(sa.Column('document', sa.JSON(), nullable=True))
        version.add_column(sa.Column('file_id', sa.Integer(), nullable=True))
        version.add_column(sa.Column('letter_id', sa.Integer(), nullable=True))
        version.create_foreign_key(version.f('fk_quote_version_file_id_stored_file'), 'stored_file', ['file_id'], ['id'])
        version.create_foreign_key(version.f('fk_quote_version_letter_id_letter'), 'letter', ['letter_id'], ['id'])
    with op.batch_alter_table('quote_version') as version:
        for name in ('accepted_how', 'recorded_by'):
            version.alter_column(name, server_default=None)
    for table in WISHING:
        op.add_column(table, sa.Column('wished_way', sa.String(40), nullable=True))


def downgrade() -> None:
    for table in WISHING:
        op.drop_column(table, 'wished_way')
    with op.batch_alter_table('quote_version') as version:
        version.drop_constraint(version.f('fk_quote_version_letter_id_letter'), type_='foreignkey')
        version.drop_constraint(version.f('fk_quote_version_file_id_stored_file'), type_='foreignkey')
        version.drop_index(version.f('ix_quote_version_remind_at'))
        for name in ('remind_at', 'recorded_by', 'accepted_how', 'letter_id', 'file_id', 'document'):
            version.drop_column(name)
