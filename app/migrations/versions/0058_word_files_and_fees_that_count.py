"""Word files that become the file of a paper, a version, an addendum or a proof; fees that count under a ceiling."""

import sqlalchemy as sa
from alembic import op

revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None

OWNERS = (
    ('document_id', 'member_document'),
    ('library_version_id', 'library_version'),
    ('addendum_id', 'tender_addendum'),
)


def upgrade() -> None:
    with op.batch_alter_table('call_off') as batch_op:
        batch_op.add_column(sa.Column('fees', sa.BigInteger(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_call_off_fees_not_negative'), 'fees >= 0')
    with op.batch_alter_table('word_file') as batch_op:
        batch_op.alter_column('bid_id', existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column('answer_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('valid_to', sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_word_file_answer_id_bid_answer'), 'bid_answer', ['answer_id'], ['id'], ondelete='SET NULL'
        )
        for column, table in OWNERS:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                op.f(f'fk_word_file_{column}_{table}'), table, [column], ['id'], ondelete='CASCADE'
            )
    for column, _table in OWNERS:
        op.create_index(op.f(f'ix_word_file_{column}'), 'word_file', [column])


def downgrade() -> None:
    op.execute('DELETE FROM word_file WHERE bid_id IS NULL')
    for column, _table in OWNERS:
        op.drop_index(op.f(f'ix_word_file_{column}'), 'word_file')
    with op.batch_alter_table('word_file') as batch_op:
        for column, table in OWNERS:
            batch_op.drop_constraint(op.f(f'fk_word_file_{column}_{table}'), type_='foreignkey')
            batch_op.drop_column(column)
        batch_op.drop_constraint(op.f('fk_word_file_answer_id_bid_answer'), type_='foreignkey')
        batch_op.drop_column('valid_to')
        batch_op.drop_column('answer_id')
        batch_op.alter_column('bid_id', existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table('call_off') as batch_op:
        batch_op.drop_constraint(op.f('ck_call_off_fees_not_negative'), type_='check')
        batch_op.drop_column('fees')
