"""What we let a customer off of an invoice for a rest, apart from what the tax agency's decisions credit.

What was credited before stays as it was: nobody knows whose wish it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("relief_rest") as batch_op:
        batch_op.add_column(sa.Column("given", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(
            op.f("ck_relief_rest_given_within_credited"), "given >= 0 AND given <= credited"
        )
    with op.batch_alter_table("relief_rest") as batch_op:
        batch_op.alter_column("given", server_default=None, existing_type=sa.BigInteger())


def downgrade() -> None:
    with op.batch_alter_table("relief_rest") as batch_op:
        batch_op.drop_constraint(op.f("ck_relief_rest_given_within_credited"), type_="check")
        batch_op.drop_column("given")
