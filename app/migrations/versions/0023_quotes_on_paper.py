"""Quotes on paper."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('quote_version') as version:
        version.add_column(sa.Column('document', sa.JSON(), nullable=True))
        version.add_column(sa.Column('file_id', sa.Integer(), nullable=True))
        version.add_column(sa.Column('letter_id', sa.Integer(), nullable=True))
        version.create_foreign_key(version.f('fk_quote_version_file_id_stored_file'), 'stored_file', ['file_id'], ['id'])
        version.create_foreign_key(version.f('fk_quote_version_letter_id_letter'), 'letter', ['letter_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('quote_version') as version:
        version.drop_constraint(version.f('fk_quote_version_letter_id_letter'), type_='foreignkey')
        version.drop_constraint(version.f('fk_quote_version_file_id_stored_file'), type_='foreignkey')
        for name in ('letter_id', 'file_id', 'document'):
            version.drop_column(name)
