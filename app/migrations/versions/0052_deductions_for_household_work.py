"""Deductions for household work (RUT and ROT): who asks, what is taken off, what the tax agency says."""

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None

WORK = sa.Enum(
    *('building', 'electricity', 'glazing', 'ground', 'masonry', 'painting', 'plumbing', 'cleaning', 'clothes', 'snow'),
    *('garden', 'children', 'care', 'moving', 'it', 'appliances', 'furnishing', 'watching', 'to_second_hand', 'laundry'),
    name='work', native_enum=False, length=40,
)
RELIEF = sa.Enum('rut', 'rot', name='relief', native_enum=False, length=40)
STATE = sa.Enum(
    'open', 'asked', 'approved', 'partly', 'refused', 'withdrawn', name='partstate', native_enum=False, length=40
)


def upgrade() -> None:
    with op.batch_alter_table('article') as batch_op:
        batch_op.add_column(sa.Column('work', WORK, nullable=True))
        batch_op.add_column(sa.Column('labour_percent', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_article_labour_per_cent'), 'labour_percent BETWEEN 1 AND 100')
        batch_op.create_check_constraint(op.f('ck_article_work_whole'), '(work IS NULL) = (labour_percent IS NULL)')
    op.create_table(
        'relief_ask',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('order_id', sa.Integer(), nullable=False),
        sa.Column('relief', RELIEF, nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('confirmed', sa.String(), nullable=False),
        sa.Column('designation', sa.String(), nullable=False),
        sa.Column('cooperative', sa.String(), nullable=False),
        sa.Column('apartment', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['order_id'], ['order.id'], name='fk_relief_ask_order_id_order'),
        sa.PrimaryKeyConstraint('id', name='pk_relief_ask'),
        sa.UniqueConstraint('order_id', name='uq_relief_ask_order_id'),
    )
    op.create_table(
        'relief_person',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('ask_id', sa.Integer(), nullable=False),
        sa.Column('sealed', sa.String(), nullable=True),
        sa.Column('mark', sa.String(), nullable=True),
        sa.Column('last', sa.String(), nullable=False),
        sa.Column('weight', sa.Integer(), nullable=False),
        sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('weight BETWEEN 1 AND 100', name=op.f('ck_relief_person_weight_per_cent')),
        sa.ForeignKeyConstraint(['ask_id'], ['relief_ask.id'], name='fk_relief_person_ask_id_relief_ask'),
        sa.PrimaryKeyConstraint('id', name='pk_relief_person'),
    )
    op.create_index('ix_relief_person_ask_id', 'relief_person', ['ask_id'])
    op.create_index('ix_relief_person_mark', 'relief_person', ['mark'])
    op.create_table(
        'relief_line',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('ask_id', sa.Integer(), nullable=False),
        sa.Column('order_line_id', sa.Integer(), nullable=False),
        sa.Column('work', WORK, nullable=False),
        sa.Column('labour_percent', sa.Integer(), nullable=False),
        sa.CheckConstraint('labour_percent BETWEEN 1 AND 100', name=op.f('ck_relief_line_labour_per_cent')),
        sa.ForeignKeyConstraint(['ask_id'], ['relief_ask.id'], name='fk_relief_line_ask_id_relief_ask'),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name='fk_relief_line_order_line_id_order_line'),
        sa.PrimaryKeyConstraint('id', name='pk_relief_line'),
        sa.UniqueConstraint('order_line_id', name='uq_relief_line_order_line_id'),
    )
    op.create_index('ix_relief_line_ask_id', 'relief_line', ['ask_id'])
    op.create_table(
        'relief_deduction',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('ask_id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('invoice_name', sa.String(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('paid_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['ask_id'], ['relief_ask.id'], name='fk_relief_deduction_ask_id_relief_ask'),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name='fk_relief_deduction_invoice_id_invoice'),
        sa.PrimaryKeyConstraint('id', name='pk_relief_deduction'),
        sa.UniqueConstraint('invoice_id', name='uq_relief_deduction_invoice_id'),
    )
    op.create_index('ix_relief_deduction_ask_id', 'relief_deduction', ['ask_id'])
    op.create_index('ix_relief_deduction_paid_on', 'relief_deduction', ['paid_on'])
    op.create_table(
        'relief_done',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('deduction_id', sa.Integer(), nullable=False),
        sa.Column('work', WORK, nullable=False),
        sa.Column('hours', sa.Integer(), nullable=True),
        sa.Column('material', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('hours BETWEEN 0 AND 999', name=op.f('ck_relief_done_hours_possible')),
        sa.ForeignKeyConstraint(
            ['deduction_id'], ['relief_deduction.id'], name='fk_relief_done_deduction_id_relief_deduction'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_relief_done'),
        sa.UniqueConstraint('deduction_id', 'work', name='uq_relief_done_deduction_id_work'),
    )
    op.create_table(
        'relief_claim',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('relief', RELIEF, nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_by', sa.String(), nullable=False),
        sa.Column('sha256', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_relief_claim'),
    )
    op.create_table(
        'relief_part',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('deduction_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('labour', sa.BigInteger(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('state', STATE, nullable=False),
        sa.Column('claim_id', sa.Integer(), nullable=True),
        sa.Column('approved', sa.BigInteger(), nullable=False),
        sa.Column('decided_on', sa.Date(), nullable=True),
        sa.Column('supplement_id', sa.Integer(), nullable=True),
        sa.CheckConstraint(
            'amount >= 0 AND approved >= 0 AND approved <= amount', name=op.f('ck_relief_part_approved_within_amount')
        ),
        sa.CheckConstraint('labour >= amount', name=op.f('ck_relief_part_amount_within_labour')),
        sa.ForeignKeyConstraint(
            ['deduction_id'], ['relief_deduction.id'], name='fk_relief_part_deduction_id_relief_deduction'
        ),
        sa.ForeignKeyConstraint(['person_id'], ['relief_person.id'], name='fk_relief_part_person_id_relief_person'),
        sa.ForeignKeyConstraint(['claim_id'], ['relief_claim.id'], name='fk_relief_part_claim_id_relief_claim'),
        sa.ForeignKeyConstraint(['supplement_id'], ['invoice.id'], name='fk_relief_part_supplement_id_invoice'),
        sa.PrimaryKeyConstraint('id', name='pk_relief_part'),
        sa.UniqueConstraint('deduction_id', 'person_id', name='uq_relief_part_deduction_id_person_id'),
        sa.UniqueConstraint('supplement_id', name='uq_relief_part_supplement_id'),
    )
    for column in ('deduction_id', 'person_id', 'state', 'claim_id'):
        op.create_index(f'ix_relief_part_{column}', 'relief_part', [column])


def downgrade() -> None:
    for table in ('part', 'claim', 'done', 'deduction', 'line', 'person', 'ask'):
        op.drop_table(f'relief_{table}')
    with op.batch_alter_table('article') as batch_op:
        batch_op.drop_constraint(op.f('ck_article_work_whole'), type_='check')
        batch_op.drop_constraint(op.f('ck_article_labour_per_cent'), type_='check')
        batch_op.drop_column('labour_percent')
        batch_op.drop_column('work')
