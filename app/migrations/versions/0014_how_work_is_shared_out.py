"""Policies, customers' wishes, capacity kept back and decisions of the routing, and members' places of work."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_policies()
    _make_wishes_and_holds()
    op.create_table(
        'routing_decision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('order_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('told', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_routing_decision_order_id_order'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_decision')),
    )
    op.create_index(op.f('ix_routing_decision_order_id'), 'routing_decision', ['order_id'])
    op.create_table(
        'workplace',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('street', sa.String(), nullable=False),
        sa.Column('postcode', sa.String(), nullable=False),
        sa.Column('city', sa.String(), nullable=False),
        sa.Column('municipality', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_workplace_member_id_member'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_workplace')),
    )
    op.create_index(op.f('ix_workplace_member_id'), 'workplace', ['member_id'])


def downgrade() -> None:
    for table in ('workplace', 'routing_decision', 'capacity_hold', 'customer_wish', 'routing_place', 'routing_policy'):
        op.drop_table(table)


def _make_policies() -> None:
    op.create_table(
        'routing_policy',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('price_list_id', sa.Integer(), nullable=True),
        sa.Column('house', sa.Boolean(), nullable=True),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('only_listed', sa.Boolean(), nullable=False),
        sa.Column('near_first', sa.Boolean(), nullable=False),
        sa.CheckConstraint('(house IS NULL) = (price_list_id IS NOT NULL)', name=op.f('ck_routing_policy_house_or_agreement')),
        sa.CheckConstraint('house IS NULL OR house', name=op.f('ck_routing_policy_house_is_one')),
        sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_routing_policy_price_list_id_price_list'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_policy')),
        sa.UniqueConstraint('house', name=op.f('uq_routing_policy_house')),
        sa.UniqueConstraint('price_list_id', name=op.f('uq_routing_policy_price_list_id')),
    )
    op.create_table(
        'routing_place',
        sa.Column('policy_id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.CheckConstraint('place BETWEEN 1 AND 1000', name=op.f('ck_routing_place_place_possible')),
        sa.ForeignKeyConstraint(['policy_id'], ['routing_policy.id'], name=op.f('fk_routing_place_policy_id_routing_policy'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_routing_place_member_id_member'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('policy_id', 'member_id', name=op.f('pk_routing_place')),
    )
    op.create_index(op.f('ix_routing_place_member_id'), 'routing_place', ['member_id'])


def _make_wishes_and_holds() -> None:
    op.create_table(
        'customer_wish',
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('wish', sa.String(40), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_customer_wish_customer_id_customer'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_customer_wish_member_id_member'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('customer_id', 'member_id', name=op.f('pk_customer_wish')),
    )
    op.create_index(op.f('ix_customer_wish_member_id'), 'customer_wish', ['member_id'])
    op.create_table(
        'capacity_hold',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('offering_id', sa.Integer(), nullable=False),
        sa.Column('price_list_id', sa.Integer(), nullable=True),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('per_week', sa.BigInteger(), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.CheckConstraint('last_day >= first_day', name=op.f('ck_capacity_hold_in_order')),
        sa.CheckConstraint('per_week > 0', name=op.f('ck_capacity_hold_per_week_positive')),
        sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_capacity_hold_offering_id_offering'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['price_list_id'], ['price_list.id'], name=op.f('fk_capacity_hold_price_list_id_price_list'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_capacity_hold')),
    )
    op.create_index('ix_capacity_hold_offering_last', 'capacity_hold', ['offering_id', 'last_day'])
    op.create_index(op.f('ix_capacity_hold_price_list_id'), 'capacity_hold', ['price_list_id'])
