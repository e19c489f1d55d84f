"""Order numbers come from a sequence on PostgreSQL: who orders need not wait for whoever else does."""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

FIRST = 1001


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    last = op.get_bind().scalar(sa.text("SELECT last FROM number_series WHERE name = 'order'"))
    op.execute(f'CREATE SEQUENCE order_number START WITH {FIRST if last is None else last + 1}')


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    drawn = op.get_bind().scalar(sa.text('SELECT CASE WHEN is_called THEN last_value END FROM order_number'))
    if drawn is not None:
        op.get_bind().execute(sa.text(
            "INSERT INTO number_series (name, last) VALUES ('order', :drawn)"
            " ON CONFLICT (name) DO UPDATE SET last = excluded.last"
        ), {'drawn': drawn})
    op.execute('DROP SEQUENCE order_number')
