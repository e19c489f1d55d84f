"""Each member is a customer too, so that it can buy from the others."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

_BIND = """UPDATE customer SET member_id = (
               SELECT member.id FROM member WHERE member.kind = 'member' AND member.org_number = customer.org_number)
           WHERE org_number IS NOT NULL"""
_ENTER = """INSERT INTO customer (kind, name, org_number, email, phone, street, postcode, city, municipality,
                                  payment_days, needs_order_reference, needs_buyer_reference, member_id)
            SELECT 'company', name, org_number, email, phone, street, postcode, city, municipality,
                   30, false, false, id
            FROM member WHERE kind = 'member'
            AND NOT EXISTS (SELECT 1 FROM customer WHERE customer.member_id = member.id)
            ORDER BY id"""


def upgrade() -> None:
    with op.batch_alter_table('customer') as batch_op:
        batch_op.add_column(sa.Column('member_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_customer_member_id_member'), 'member', ['member_id'], ['id'], ondelete='SET NULL')
        batch_op.create_unique_constraint(batch_op.f('uq_customer_member_id'), ['member_id'])
    op.execute(_BIND)
    op.execute(_ENTER)


def downgrade() -> None:
    """What was entered stays as ordinary customers: they may have orders, and are found again by their numbers."""
    with op.batch_alter_table('customer') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_customer_member_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('fk_customer_member_id_member'), type_='foreignkey')
        batch_op.drop_column('member_id')
