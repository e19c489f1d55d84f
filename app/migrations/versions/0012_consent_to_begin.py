"""What a private person has consented to with an order, and when."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added without building the table anew: on SQLite that would take all that points at an order with it.
    op.add_column('order', sa.Column('consent', sa.String(), nullable=False, server_default=''))
    op.add_column('order', sa.Column('consent_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('order', 'consent_at')
    op.drop_column('order', 'consent')
