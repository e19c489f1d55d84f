"""Files that go with an order's invoice, and letters with more than one file."""

import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'order_attachment',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('order_id', sa.Integer(), nullable=False),
        sa.Column('file_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('about', sa.String(), nullable=False),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('added_by', sa.String(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ['order_id'], ['order.id'], name='fk_order_attachment_order_id_order', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name='fk_order_attachment_file_id_stored_file'),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name='fk_order_attachment_invoice_id_invoice'),
        sa.PrimaryKeyConstraint('id', name='pk_order_attachment'),
        sa.UniqueConstraint('order_id', 'name', name='uq_order_attachment_order_id_name'),
    )
    op.create_index('ix_order_attachment_invoice_id', 'order_attachment', ['invoice_id'])
    op.create_table(
        'letter_enclosure',
        sa.Column('letter_id', sa.Integer(), nullable=False),
        sa.Column('file_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['letter_id'], ['letter.id'], name='fk_letter_enclosure_letter_id_letter', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name='fk_letter_enclosure_file_id_stored_file'),
        sa.PrimaryKeyConstraint('letter_id', 'place', name='pk_letter_enclosure'),
    )


def downgrade() -> None:
    op.drop_table('letter_enclosure')
    op.drop_index('ix_order_attachment_invoice_id', 'order_attachment')
    op.drop_table('order_attachment')
