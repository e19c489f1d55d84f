"""Each invoice's way to its receiver, every attempt, and what receivers answer."""

import sqlalchemy as sa
from alembic import op

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None

ROUTE = sa.Enum('access_point', 'folder', 'email', 'hand', name='dispatchroute', native_enum=False, length=40)
STATE = sa.Enum(
    'queued', 'sent', 'delivered', 'failed', 'by_hand', name='dispatchstate', native_enum=False, length=40
)
CODE = sa.Enum('AB', 'IP', 'UQ', 'CA', 'RE', 'AP', 'PD', name='responsecode', native_enum=False, length=40)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        'invoice_dispatch',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('route', ROUTE, nullable=False),
        sa.Column('state', STATE, nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('message_id', sa.String(), nullable=True),
        sa.Column('sender', sa.String(), nullable=True),
        sa.Column('receiver', sa.String(), nullable=True),
        sa.Column('queued_at', moment, nullable=False),
        sa.Column('next_at', moment, nullable=True),
        sa.Column('claimed_until', moment, nullable=True),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('prepared_in', sa.String(), nullable=True),
        sa.Column('sent_at', moment, nullable=True),
        sa.Column('delivered_at', moment, nullable=True),
        sa.Column('ask_at', moment, nullable=True),
        sa.Column('asked', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name='fk_invoice_dispatch_invoice_id_invoice'),
        sa.PrimaryKeyConstraint('id', name='pk_invoice_dispatch'),
        sa.UniqueConstraint('invoice_id', name='uq_invoice_dispatch_invoice_id'),
        sa.UniqueConstraint('key', name='uq_invoice_dispatch_key'),
    )
    op.create_index('ix_invoice_dispatch_state', 'invoice_dispatch', ['state', 'next_at'])
    op.create_index('ix_invoice_dispatch_ask_at', 'invoice_dispatch', ['ask_at'])
    op.create_table(
        'dispatch_attempt',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('dispatch_id', sa.Integer(), nullable=False),
        sa.Column('at', moment, nullable=False),
        sa.Column('route', ROUTE, nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('milliseconds', sa.Integer(), nullable=False),
        sa.Column('said', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ['dispatch_id'], ['invoice_dispatch.id'], name='fk_dispatch_attempt_dispatch_id_invoice_dispatch'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_dispatch_attempt'),
    )
    op.create_index('ix_dispatch_attempt_dispatch_id', 'dispatch_attempt', ['dispatch_id'])
    op.create_table(
        'invoice_response',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('inbox_id', sa.String(), nullable=False),
        sa.Column('fingerprint', sa.String(), nullable=True),
        sa.Column('invoice_id', sa.Integer(), nullable=True),
        sa.Column('received_at', moment, nullable=False),
        sa.Column('code', CODE, nullable=True),
        sa.Column('response_id', sa.String(), nullable=False),
        sa.Column('document_number', sa.String(), nullable=False),
        sa.Column('sender', sa.String(), nullable=False),
        sa.Column('said_at', sa.String(), nullable=False),
        sa.Column('effective_on', sa.Date(), nullable=True),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('clarifications', sa.JSON(), nullable=False),
        sa.Column('problem', sa.String(), nullable=False),
        sa.Column('waits', sa.Boolean(), nullable=False),
        sa.Column('handled_at', moment, nullable=True),
        sa.Column('handled_by', sa.String(), nullable=False),
        sa.Column('file_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name='fk_invoice_response_invoice_id_invoice'),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name='fk_invoice_response_file_id_stored_file'),
        sa.PrimaryKeyConstraint('id', name='pk_invoice_response'),
        sa.UniqueConstraint('inbox_id', name='uq_invoice_response_inbox_id'),
        sa.UniqueConstraint('fingerprint', name='uq_invoice_response_fingerprint'),
    )
    op.create_index('ix_invoice_response_invoice_id', 'invoice_response', ['invoice_id'])
    op.create_index('ix_invoice_response_waits', 'invoice_response', ['waits', 'id'])


def downgrade() -> None:
    for table in ('invoice_response', 'dispatch_attempt', 'invoice_dispatch'):
        op.drop_table(table)
