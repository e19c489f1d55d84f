"""In which articles each token stands, as sets that are quick to hold against one another."""

import sqlalchemy as sa
from alembic import op

from app.catalog.indexing import create_index, drop_index

revision = "0036"
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The index is written together with these rows: it lies empty until `migrate` has filled both.
    drop_index(op.get_bind())
    create_index(op.get_bind())
    op.create_table(
        "search_posting",
        sa.Column("term", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("term", "block", name=op.f("pk_search_posting")),
    )


def downgrade() -> None:
    op.drop_table("search_posting")
