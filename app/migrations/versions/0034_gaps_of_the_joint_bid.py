"""What is typed of an answer and not saved; files with prices; a paper's bid; references out of the library."""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('unsaved_answer',
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('typed', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_unsaved_answer_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['requirement_id'], ['tender_requirement.id'], name=op.f('fk_unsaved_answer_requirement_id_tender_requirement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_unsaved_answer_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('bid_id', 'requirement_id', 'user_id', name=op.f('pk_unsaved_answer'))
    )
    with op.batch_alter_table('unsaved_answer') as batch_op:
        batch_op.create_index(batch_op.f('ix_unsaved_answer_requirement_id'), ['requirement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_unsaved_answer_user_id'), ['user_id'], unique=False)
    with op.batch_alter_table('price_sight') as batch_op:
        batch_op.alter_column('bid_id', existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table('library_version') as batch_op:
        batch_op.add_column(sa.Column('reference', sa.JSON(), nullable=True))
    with op.batch_alter_table('bid_reference') as batch_op:
        for column, table in (('entry_id', 'library_entry'), ('version_id', 'library_version')):
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f'fk_bid_reference_{column}_{table}'), table, [column], ['id'], ondelete='SET NULL')
            batch_op.create_index(batch_op.f(f'ix_bid_reference_{column}'), [column], unique=False)
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.add_column(sa.Column('for_bid_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_member_document_for_bid_id_bid'), 'bid', ['for_bid_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index(batch_op.f('ix_member_document_for_bid_id'), ['for_bid_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('bid_reference') as batch_op:
        for column, table in (('entry_id', 'library_entry'), ('version_id', 'library_version')):
            batch_op.drop_index(batch_op.f(f'ix_bid_reference_{column}'))
            batch_op.drop_constraint(batch_op.f(f'fk_bid_reference_{column}_{table}'), type_='foreignkey')
            batch_op.drop_column(column)
    with op.batch_alter_table('library_version') as batch_op:
        batch_op.drop_column('reference')
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_document_for_bid_id'))
        batch_op.drop_constraint(batch_op.f('fk_member_document_for_bid_id_bid'), type_='foreignkey')
        batch_op.drop_column('for_bid_id')
    op.execute('DELETE FROM price_sight WHERE bid_id IS NULL')
    with op.batch_alter_table('price_sight') as batch_op:
        batch_op.alter_column('bid_id', existing_type=sa.Integer(), nullable=False)
    op.drop_table('unsaved_answer')
