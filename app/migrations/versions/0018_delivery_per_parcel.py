"""How members deliver, what customers are promised of each parcel, and what happens at the door and afterwards."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delivery_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('house', sa.Boolean(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.Column('needs_photograph', sa.Boolean(), nullable=False),
    sa.Column('needs_name', sa.Boolean(), nullable=False),
    sa.Column('needs_signature', sa.Boolean(), nullable=False),
    sa.Column('again_fee', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('(house IS NULL) <> (customer_id IS NULL)', name=op.f('ck_delivery_rule_one_owner')),
    sa.CheckConstraint('again_fee >= 0', name=op.f('ck_delivery_rule_again_fee_not_negative')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_delivery_rule_customer_id_customer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_rule')),
    sa.UniqueConstraint('customer_id', name=op.f('uq_delivery_rule_customer_id')),
    sa.UniqueConstraint('house', name=op.f('uq_delivery_rule_house'))
    )
    op.create_table('delivery_way',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('workplace_id', sa.Integer(), nullable=True),
    sa.Column('carrier_id', sa.Integer(), nullable=True),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['carrier_id'], ['member.id'], name=op.f('fk_delivery_way_carrier_id_member')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_delivery_way_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['workplace_id'], ['workplace.id'], name=op.f('fk_delivery_way_workplace_id_workplace'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_way'))
    )
    op.create_index(op.f('ix_delivery_way_carrier_id'), 'delivery_way', ['carrier_id'])
    op.create_index(op.f('ix_delivery_way_member_id'), 'delivery_way', ['member_id'])
    op.create_table('parcel',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=True),
    sa.Column('window', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('asked_again', sa.String(), nullable=False),
    sa.CheckConstraint('fee >= 0', name=op.f('ck_parcel_fee_not_negative')),
    sa.ForeignKeyConstraint(['carrier_id'], ['member.id'], name=op.f('fk_parcel_carrier_id_member')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_parcel_member_id_member')),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_parcel_order_id_order'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel'))
    )
    open_ones = sa.text("asked_again <> ''")
    op.create_index('ix_parcel_open', 'parcel', ['id'], sqlite_where=open_ones, postgresql_where=open_ones)
    op.create_index(op.f('ix_parcel_order_id'), 'parcel', ['order_id'])
    op.create_table('carriage',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('parcel_id', sa.Integer(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=False),
    sa.Column('sender_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('delivery_day', sa.Date(), nullable=False),
    sa.Column('pay', sa.BigInteger(), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_because', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['carrier_id'], ['member.id'], name=op.f('fk_carriage_carrier_id_member')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], name=op.f('fk_carriage_parcel_id_parcel'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sender_id'], ['member.id'], name=op.f('fk_carriage_sender_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carriage'))
    )
    op.create_index('ix_carriage_carrier_state', 'carriage', ['carrier_id', 'state'])
    op.create_index(op.f('ix_carriage_parcel_id'), 'carriage', ['parcel_id'])
    op.create_index('ix_carriage_state_answer_before', 'carriage', ['state', 'answer_before'])
    op.create_table('delivery_proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('received_by', sa.String(), nullable=False),
    sa.Column('photograph_id', sa.Integer(), nullable=True),
    sa.Column('signature_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_delivery_proof_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['photograph_id'], ['picture.id'], name=op.f('fk_delivery_proof_photograph_id_picture')),
    sa.ForeignKeyConstraint(['signature_id'], ['picture.id'], name=op.f('fk_delivery_proof_signature_id_picture')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_proof')),
    sa.UniqueConstraint('assignment_id', name=op.f('uq_delivery_proof_assignment_id'))
    )
    op.create_index(op.f('ix_delivery_proof_photograph_id'), 'delivery_proof', ['photograph_id'])
    op.create_index(op.f('ix_delivery_proof_signature_id'), 'delivery_proof', ['signature_id'])
    op.create_table('missed_visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('photograph_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('choice', sa.String(40), nullable=True),
    sa.Column('new_day', sa.Date(), nullable=True),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('chosen_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_missed_visit_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_missed_visit_member_id_member')),
    sa.ForeignKeyConstraint(['photograph_id'], ['picture.id'], name=op.f('fk_missed_visit_photograph_id_picture')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_missed_visit'))
    )
    op.create_index(op.f('ix_missed_visit_assignment_id'), 'missed_visit', ['assignment_id'])
    op.create_index(op.f('ix_missed_visit_photograph_id'), 'missed_visit', ['photograph_id'])
    op.create_table('goods_return',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('order_line_id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_by', sa.String(), nullable=False),
    sa.Column('in_order', sa.BigInteger(), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_by', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('in_order >= 0 AND in_order <= quantity', name=op.f('ck_goods_return_in_order_within_quantity')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_goods_return_quantity_positive')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_goods_return_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_goods_return_order_line_id_order_line'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goods_return'))
    )
    op.create_index(op.f('ix_goods_return_assignment_id'), 'goods_return', ['assignment_id'])
    op.create_index(op.f('ix_goods_return_order_line_id'), 'goods_return', ['order_line_id'])
    op.create_index('ix_goods_return_state', 'goods_return', ['state', 'registered_at'])
    op.create_table('order_charge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('parcel_id', sa.Integer(), nullable=True),
    sa.Column('order_line_id', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('vat_class', sa.String(40), nullable=False),
    sa.Column('charged', sa.BigInteger(), nullable=False),
    sa.Column('earned', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['order_event.id'], name=op.f('fk_order_charge_event_id_order_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_order_charge_member_id_member')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_order_charge_order_line_id_order_line')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], name=op.f('fk_order_charge_parcel_id_parcel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_charge'))
    )
    op.create_index(op.f('ix_order_charge_event_id'), 'order_charge', ['event_id'])
    op.create_index('ix_order_charge_kind', 'order_charge', ['kind', 'id'])
    op.create_index(op.f('ix_order_charge_order_line_id'), 'order_charge', ['order_line_id'])
    op.create_index(op.f('ix_order_charge_parcel_id'), 'order_charge', ['parcel_id'])
    op.create_table('parcel_line',
    sa.Column('parcel_id', sa.Integer(), nullable=False),
    sa.Column('order_line_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_parcel_line_order_line_id_order_line'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], name=op.f('fk_parcel_line_parcel_id_parcel'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('parcel_id', 'order_line_id', name=op.f('pk_parcel_line'))
    )
    op.create_index(op.f('ix_parcel_line_order_line_id'), 'parcel_line', ['order_line_id'])


def downgrade() -> None:
    op.drop_index('ix_parcel_line_order_line_id', 'parcel_line')
    op.drop_table('parcel_line')
    op.drop_index('ix_order_charge_parcel_id', 'order_charge')
    op.drop_index('ix_order_charge_order_line_id', 'order_charge')
    op.drop_index('ix_order_charge_kind', 'order_charge')
    op.drop_index('ix_order_charge_event_id', 'order_charge')
    op.drop_table('order_charge')
    op.drop_index('ix_goods_return_state', 'goods_return')
    op.drop_index('ix_goods_return_order_line_id', 'goods_return')
    op.drop_index('ix_goods_return_assignment_id', 'goods_return')
    op.drop_table('goods_return')
    op.drop_index('ix_missed_visit_photograph_id', 'missed_visit')
    op.drop_index('ix_missed_visit_assignment_id', 'missed_visit')
    op.drop_table('missed_visit')
    op.drop_index('ix_delivery_proof_signature_id', 'delivery_proof')
    op.drop_index('ix_delivery_proof_photograph_id', 'delivery_proof')
    op.drop_table('delivery_proof')
    op.drop_index('ix_carriage_state_answer_before', 'carriage')
    op.drop_index('ix_carriage_parcel_id', 'carriage')
    op.drop_index('ix_carriage_carrier_state', 'carriage')
    op.drop_table('carriage')
    op.drop_index('ix_parcel_order_id', 'parcel')
    op.drop_index('ix_parcel_open', 'parcel')
    op.drop_table('parcel')
    op.drop_index('ix_delivery_way_member_id', 'delivery_way')
    op.drop_index('ix_delivery_way_carrier_id', 'delivery_way')
    op.drop_table('delivery_way')
    op.drop_table('delivery_rule')
