"""What comes by bank for an invoice, and what was entered by mistake."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.Column("why_undone", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_bank_receipt_amount_positive")),
        sa.CheckConstraint("(undone_at IS NULL) = (why_undone = '')", name=op.f("ck_bank_receipt_undone_with_reason")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_bank_receipt_invoice_id_invoice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_receipt")),
        sa.UniqueConstraint("ticket", name=op.f("uq_bank_receipt_ticket")),
    )
    op.create_index(op.f("ix_bank_receipt_invoice_id"), "bank_receipt", ["invoice_id"])


def downgrade() -> None:
    op.drop_table("bank_receipt")
