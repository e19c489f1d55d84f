"""Whether somebody has said that an ESPD request is the right one, and since when a tender's buyer asks by ESPD."""

import sqlalchemy as sa
from alembic import op

revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('espd_request') as batch_op:
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('confirmed_by', sa.String(), nullable=False, server_default=''))
    with op.batch_alter_table('tender') as batch_op:
        batch_op.add_column(sa.Column('espd_asked_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(
        'UPDATE tender SET espd_asked_at = (SELECT MAX(taken_at) FROM espd_request '
        'WHERE espd_request.tender_id = tender.id AND espd_request.left_at IS NULL)'
    )


def downgrade() -> None:
    with op.batch_alter_table('tender') as batch_op:
        batch_op.drop_column('espd_asked_at')
    with op.batch_alter_table('espd_request') as batch_op:
        batch_op.drop_column('confirmed_by')
        batch_op.drop_column('confirmed_at')
