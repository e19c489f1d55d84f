"""Payments by card, what is given back, disputed and passed on to members, and what finance has to look at."""

import sqlalchemy as sa
from alembic import op

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None

TABLES = (
    'refund_line',
    'payout_entry',
    'payout_reversal',
    'payment_allocation',
    'refund',
    'payout',
    'payment_event',
    'money_task',
    'dispute',
    'payment',
    'stripe_event',
)


def upgrade() -> None:
    op.create_table('stripe_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('stripe_id', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('intent_id', sa.String(), nullable=True),
    sa.Column('payment_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dealt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stripe_event')),
    sa.UniqueConstraint('stripe_id', name=op.f('uq_stripe_event_stripe_id'))
    )
    with op.batch_alter_table('stripe_event') as batch_op:
        batch_op.create_index('ix_stripe_event_outcome', ['outcome', 'received_at'], unique=False)

    op.create_table('payment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(40), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('at_delivery', sa.Boolean(), nullable=False),
    sa.Column('to_capture', sa.BigInteger(), nullable=True),
    sa.Column('captured', sa.BigInteger(), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('session_id', sa.String(), nullable=True),
    sa.Column('session_url', sa.String(), nullable=True),
    sa.Column('intent_id', sa.String(), nullable=True),
    sa.Column('charge_id', sa.String(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('open_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ways', sa.JSON(), nullable=True),
    sa.CheckConstraint("currency = 'sek'", name=op.f('ck_payment_in_kronor')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payment_amount_positive')),
    sa.CheckConstraint('captured >= 0 AND captured <= amount', name=op.f('ck_payment_captured_within_amount')),
    sa.CheckConstraint('to_capture IS NULL OR (to_capture > 0 AND to_capture <= amount)', name=op.f('ck_payment_to_capture_within')),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_payment_order_id_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment')),
    sa.UniqueConstraint('intent_id', name=op.f('uq_payment_intent_id')),
    sa.UniqueConstraint('mark', name=op.f('uq_payment_mark')),
    sa.UniqueConstraint('session_id', name=op.f('uq_payment_session_id'))
    )
    with op.batch_alter_table('payment') as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_order_id'), ['order_id'], unique=False)
        batch_op.create_index('ix_payment_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_payment_pays', ['order_id'], unique=True, sqlite_where=sa.text("state IN ('authorised', 'capturing', 'captured')"), postgresql_where=sa.text("state IN ('authorised', 'capturing', 'captured')"))

    op.create_table('dispute',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=False),
    sa.Column('stripe_id', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_dispute_amount_positive')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_dispute_payment_id_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dispute')),
    sa.UniqueConstraint('stripe_id', name=op.f('uq_dispute_stripe_id'))
    )
    with op.batch_alter_table('dispute') as batch_op:
        batch_op.create_index(batch_op.f('ix_dispute_payment_id'), ['payment_id'], unique=False)

    op.create_table('money_task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('mark', sa.String(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_money_task_payment_id_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_money_task')),
    sa.UniqueConstraint('mark', name=op.f('uq_money_task_mark'))
    )
    with op.batch_alter_table('money_task') as batch_op:
        batch_op.create_index('ix_money_task_done_at', ['done_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_money_task_payment_id'), ['payment_id'], unique=False)

    op.create_table('payment_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_payment_event_payment_id_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_event'))
    )
    with op.batch_alter_table('payment_event') as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_event_payment_id'), ['payment_id'], unique=False)

    op.create_table('payout',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=False),
    sa.Column('account', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('reversed', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('stripe_id', sa.String(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why_not', sa.String(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payout_amount_positive')),
    sa.CheckConstraint('reversed >= 0 AND reversed <= amount', name=op.f('ck_payout_reversed_within_amount')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_payout_member_id_member')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_payout_payment_id_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout')),
    sa.UniqueConstraint('stripe_id', name=op.f('uq_payout_stripe_id'))
    )
    with op.batch_alter_table('payout') as batch_op:
        batch_op.create_index(batch_op.f('ix_payout_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payout_payment_id'), ['payment_id'], unique=False)
        batch_op.create_index('ix_payout_state', ['state', 'id'], unique=False)

    op.create_table('refund',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('source', sa.String(40), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('ticket', sa.String(), nullable=False),
    sa.Column('stripe_id', sa.String(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('credit_note_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_refund_amount_positive')),
    sa.ForeignKeyConstraint(['credit_note_id'], ['invoice.id'], name=op.f('fk_refund_credit_note_id_invoice')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_refund_payment_id_payment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refund')),
    sa.UniqueConstraint('stripe_id', name=op.f('uq_refund_stripe_id')),
    sa.UniqueConstraint('ticket', name=op.f('uq_refund_ticket'))
    )
    with op.batch_alter_table('refund') as batch_op:
        batch_op.create_index(batch_op.f('ix_refund_credit_note_id'), ['credit_note_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_refund_payment_id'), ['payment_id'], unique=False)
        batch_op.create_index('ix_refund_state', ['state', 'id'], unique=False)

    op.create_table('payment_allocation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=True),
    sa.Column('refund_id', sa.Integer(), nullable=True),
    sa.Column('invoice_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(payment_id IS NULL) <> (refund_id IS NULL)', name=op.f('ck_payment_allocation_of_one')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payment_allocation_amount_positive')),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name=op.f('fk_payment_allocation_invoice_id_invoice')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_payment_allocation_payment_id_payment')),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_payment_allocation_refund_id_refund')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_allocation'))
    )
    with op.batch_alter_table('payment_allocation') as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_allocation_invoice_id'), ['invoice_id'], unique=False)
        batch_op.create_index('uq_payment_allocation_payment', ['payment_id', 'invoice_id'], unique=True)
        batch_op.create_index('uq_payment_allocation_refund', ['refund_id', 'invoice_id'], unique=True)

    op.create_table('payout_reversal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('payout_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('stripe_id', sa.String(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payout_reversal_amount_positive')),
    sa.ForeignKeyConstraint(['payout_id'], ['payout.id'], name=op.f('fk_payout_reversal_payout_id_payout')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_reversal')),
    sa.UniqueConstraint('stripe_id', name=op.f('uq_payout_reversal_stripe_id'))
    )
    with op.batch_alter_table('payout_reversal') as batch_op:
        batch_op.create_index(batch_op.f('ix_payout_reversal_payout_id'), ['payout_id'], unique=False)

    op.create_table('payout_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('payout_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['order_entry.id'], name=op.f('fk_payout_entry_entry_id_order_entry')),
    sa.ForeignKeyConstraint(['payout_id'], ['payout.id'], name=op.f('fk_payout_entry_payout_id_payout')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_entry')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_payout_entry_entry_id'))
    )
    with op.batch_alter_table('payout_entry') as batch_op:
        batch_op.create_index(batch_op.f('ix_payout_entry_payout_id'), ['payout_id'], unique=False)

    op.create_table('refund_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('refund_id', sa.Integer(), nullable=False),
    sa.Column('order_line_id', sa.Integer(), nullable=True),
    sa.Column('invoice_line_id', sa.Integer(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('borne', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('amount > 0', name=op.f('ck_refund_line_amount_positive')),
    sa.CheckConstraint('borne >= 0', name=op.f('ck_refund_line_borne_not_negative')),
    sa.ForeignKeyConstraint(['invoice_line_id'], ['invoice_line.id'], name=op.f('fk_refund_line_invoice_line_id_invoice_line')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_refund_line_member_id_member')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_refund_line_order_line_id_order_line')),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_refund_line_refund_id_refund')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refund_line'))
    )
    with op.batch_alter_table('refund_line') as batch_op:
        batch_op.create_index(batch_op.f('ix_refund_line_invoice_line_id'), ['invoice_line_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_refund_line_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_refund_line_order_line_id'), ['order_line_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_refund_line_refund_id'), ['refund_id'], unique=False)

    with op.batch_alter_table('member') as batch_op:
        batch_op.add_column(sa.Column('stripe_account', sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('member') as batch_op:
        batch_op.drop_column('stripe_account')
    for table in TABLES:
        op.drop_table(table)
