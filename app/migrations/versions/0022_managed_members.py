"""How each member is reached, and the letters that go by post."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('member') as batch_op:
        batch_op.add_column(sa.Column('reached_by', sa.String(40), nullable=False, server_default='connected'))
    with op.batch_alter_table('member') as batch_op:
        batch_op.alter_column('reached_by', server_default=None)
    op.create_table('paper_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_run'))
    )
    op.create_index(op.f('ix_paper_run_sent_at'), 'paper_run', ['sent_at'])
    op.create_table('paper_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('contact_name', sa.String(), nullable=False),
    sa.Column('street', sa.String(), nullable=False),
    sa.Column('postcode', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_paper_letter_letter_id_letter')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_paper_letter_member_id_member')),
    sa.ForeignKeyConstraint(['run_id'], ['paper_run.id'], name=op.f('fk_paper_letter_run_id_paper_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_letter')),
    sa.UniqueConstraint('letter_id', name=op.f('uq_paper_letter_letter_id'))
    )
    op.create_index(op.f('ix_paper_letter_member_id'), 'paper_letter', ['member_id'])
    op.create_index(op.f('ix_paper_letter_run_id'), 'paper_letter', ['run_id'])


def downgrade() -> None:
    """A letter that waits to be printed cannot wait in that state any longer: staff see it, and decide."""
    op.execute("UPDATE letter SET state = 'uncertain' WHERE state = 'paper'")
    op.drop_table('paper_letter')
    op.drop_table('paper_run')
    with op.batch_alter_table('member') as batch_op:
        batch_op.drop_column('reached_by')
