"""What is credited of a deduction after it was asked for: the claim stays as it was made."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("relief_part") as batch_op:
        batch_op.add_column(sa.Column("labour_credited", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("credited", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(
            op.f("ck_relief_part_credited_within_amount"), "credited >= 0 AND credited <= amount"
        )
    with op.batch_alter_table("relief_part") as batch_op:
        batch_op.alter_column("labour_credited", server_default=None, existing_type=sa.BigInteger())
        batch_op.alter_column("credited", server_default=None, existing_type=sa.BigInteger())


def downgrade() -> None:
    with op.batch_alter_table("relief_part") as batch_op:
        batch_op.drop_constraint(op.f("ck_relief_part_credited_within_amount"), type_="check")
        batch_op.drop_column("credited")
        batch_op.drop_column("labour_credited")
