"""What each event of an order did to its lines, in figures, what members ask customers, and complaints."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('order_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('order_line_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('ordered', sa.BigInteger(), nullable=False),
    sa.Column('called_off', sa.BigInteger(), nullable=False),
    sa.Column('delivered', sa.BigInteger(), nullable=False),
    sa.Column('charged', sa.BigInteger(), nullable=False),
    sa.Column('earned', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['order_event.id'], name=op.f('fk_order_entry_event_id_order_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_order_entry_member_id_member')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_order_entry_order_line_id_order_line'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_entry'))
    )
    op.create_index(op.f('ix_order_entry_event_id'), 'order_entry', ['event_id'])
    op.create_index(op.f('ix_order_entry_order_line_id'), 'order_entry', ['order_line_id'])
    op.create_table('order_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('order_line_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('offering_id', sa.Integer(), nullable=True),
    sa.Column('new_quantity', sa.BigInteger(), nullable=True),
    sa.Column('unit_price', sa.BigInteger(), nullable=True),
    sa.Column('member_price', sa.BigInteger(), nullable=True),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_question_quantity_positive')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_order_question_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_order_question_offering_id_offering')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_order_question_order_line_id_order_line'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_question'))
    )
    op.create_index(op.f('ix_order_question_assignment_id'), 'order_question', ['assignment_id'])
    op.create_index(op.f('ix_order_question_order_line_id'), 'order_question', ['order_line_id'])
    op.create_table('complaint',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('order_line_id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('borne', sa.BigInteger(), nullable=False),
    sa.Column('new_line_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_complaint_quantity_positive')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_complaint_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['new_line_id'], ['order_line.id'], name=op.f('fk_complaint_new_line_id_order_line'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_complaint_order_line_id_order_line'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint'))
    )
    op.create_index('ix_complaint_state', 'complaint', ['state', 'made_at'])
    op.create_index(op.f('ix_complaint_order_line_id'), 'complaint', ['order_line_id'])
    op.create_index(op.f('ix_complaint_assignment_id'), 'complaint', ['assignment_id'])
    op.create_table('complaint_picture',
    sa.Column('complaint_id', sa.Integer(), nullable=False),
    sa.Column('picture_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_picture_complaint_id_complaint'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['picture_id'], ['picture.id'], name=op.f('fk_complaint_picture_picture_id_picture')),
    sa.PrimaryKeyConstraint('complaint_id', 'picture_id', name=op.f('pk_complaint_picture'))
    )
    op.create_index(op.f('ix_complaint_picture_picture_id'), 'complaint_picture', ['picture_id'])
    op.create_table('credit_due',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invoice_id', sa.Integer(), nullable=False),
    sa.Column('order_line_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('credited_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name=op.f('fk_credit_due_invoice_id_invoice')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_credit_due_order_line_id_order_line')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_due'))
    )
    op.create_index(op.f('ix_credit_due_invoice_id'), 'credit_due', ['invoice_id'])
    op.create_index(op.f('ix_credit_due_credited_at'), 'credit_due', ['credited_at'])
    _enter_what_has_happened()


def downgrade() -> None:
    op.drop_table('credit_due')
    op.drop_table('complaint_picture')
    op.drop_table('complaint')
    op.drop_table('order_question')
    op.drop_table('order_entry')


PLACED = sa.text(
    'INSERT INTO order_entry (event_id, order_line_id, ordered, called_off, delivered, charged, earned)'
    ' SELECT (SELECT min(e.id) FROM order_event e WHERE e.order_id = l.order_id), l.id, l.quantity, l.called_off, 0, 0, 0'
    ' FROM order_line l WHERE EXISTS (SELECT 1 FROM order_event e WHERE e.order_id = l.order_id)'
)
DELIVERED = sa.text(
    'SELECT l.id, a.member_id, s.quantity, s.member_price, l.unit_price, l.priced_per, e.id'
    ' FROM assignment a JOIN assignment_line s ON s.assignment_id = a.id JOIN order_line l ON l.id = s.order_line_id'
    ' JOIN member m ON m.id = a.member_id'
    " JOIN order_event e ON e.order_id = a.order_id AND e.kind = 'delivered' AND e.member_name = m.name"
    " WHERE a.state = 'delivered' AND s.quantity > 0 AND e.at = a.delivered_at ORDER BY l.id, e.id"
)


def _enter_what_has_happened() -> None:
    """Orders that are going on are invoiced by their entries, so those placed before must have theirs."""
    connection = op.get_bind()
    connection.execute(PLACED)
    rows = []
    taken: dict[tuple[int, int], int] = defaultdict(int)
    for line, member, quantity, pay, price, per, event in connection.execute(DELIVERED):
        taken[line, event] += 1
        if taken[line, event] == 1:
            charged, earned = _ore(price, Decimal(quantity) / per), _ore(pay, Decimal(quantity) / 1000)
            rows.append(
                {'event': event, 'line': line, 'member': member, 'quantity': quantity, 'charged': charged, 'earned': earned}
            )
    if rows:
        connection.execute(
            sa.text(
                'INSERT INTO order_entry'
                ' (event_id, order_line_id, member_id, ordered, called_off, delivered, charged, earned)'
                ' VALUES (:event, :line, :member, 0, 0, :quantity, :charged, :earned)'
            ),
            rows,
        )


def _ore(price: int, factor: Decimal) -> int:
    """As money is rounded: half away from nought."""
    return int((price * factor).quantize(Decimal(1), ROUND_HALF_UP))
