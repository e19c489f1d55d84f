"""The newest orders under a reference that many have, and missed visits that wait: found by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = '0067'
down_revision = '0066'
branch_labels = None
depends_on = None

OPEN = sa.text('choice IS NULL')


def upgrade() -> None:
    op.create_index('ix_order_reference_number', 'order', ['order_reference', 'number'])
    op.drop_index('ix_order_order_reference', 'order')
    op.create_index('ix_missed_visit_open', 'missed_visit', ['id'], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index('ix_missed_visit_open', 'missed_visit')
    op.create_index('ix_order_order_reference', 'order', ['order_reference'])
    op.drop_index('ix_order_reference_number', 'order')
