"""Transfers to members count fees too, and the VAT that the member charges; a member's month is found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payout_entry") as batch_op:
        batch_op.alter_column("entry_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("charge_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("net", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("vat", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_foreign_key(
            op.f("fk_payout_entry_charge_id_order_charge"), "order_charge", ["charge_id"], ["id"]
        )
        batch_op.create_unique_constraint(op.f("uq_payout_entry_charge_id"), ["charge_id"])
        batch_op.create_check_constraint(op.f("ck_payout_entry_of_one"), "(entry_id IS NULL) <> (charge_id IS NULL)")
    op.execute(
        "UPDATE payout_entry SET net = (SELECT earned FROM order_entry WHERE order_entry.id = payout_entry.entry_id)"
    )
    with op.batch_alter_table("payout_entry") as batch_op:
        batch_op.alter_column("net", existing_type=sa.BigInteger(), server_default=None)
        batch_op.alter_column("vat", existing_type=sa.BigInteger(), server_default=None)
    op.create_index(op.f("ix_order_event_at"), "order_event", ["at"])
    op.create_index("ix_order_entry_member_event", "order_entry", ["member_id", "event_id"])
    op.create_index("ix_order_charge_member_event", "order_charge", ["member_id", "event_id"])


def downgrade() -> None:
    op.drop_index("ix_order_charge_member_event", "order_charge")
    op.drop_index("ix_order_entry_member_event", "order_entry")
    op.drop_index(op.f("ix_order_event_at"), "order_event")
    op.execute("DELETE FROM payout_entry WHERE entry_id IS NULL")
    with op.batch_alter_table("payout_entry") as batch_op:
        batch_op.drop_constraint(op.f("ck_payout_entry_of_one"), type_="check")
        batch_op.drop_constraint(op.f("uq_payout_entry_charge_id"), type_="unique")
        batch_op.drop_constraint(op.f("fk_payout_entry_charge_id_order_charge"), type_="foreignkey")
        for name in ("vat", "net", "charge_id"):
            batch_op.drop_column(name)
        batch_op.alter_column("entry_id", existing_type=sa.Integer(), nullable=False)
