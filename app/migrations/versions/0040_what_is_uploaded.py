"""What the buyer's system takes, the package for it, and the receipt that it gives."""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('tender') as batch_op:
        batch_op.add_column(sa.Column('upload_limits', sa.JSON(), nullable=False, server_default='{}'))
    op.create_table('bid_package',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('limits', sa.JSON(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['bid_version.id'], name=op.f('fk_bid_package_version_id_bid_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_bid_package_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_bid_package_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_package')),
    sa.UniqueConstraint('version_id', name=op.f('uq_bid_package_version_id'))
    )
    op.create_table('bid_receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by', sa.String(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.String(), nullable=False),
    sa.Column('withdrawn_because', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_receipt_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['bid_version.id'], name=op.f('fk_bid_receipt_version_id_bid_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_bid_receipt_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_receipt'))
    )
    with op.batch_alter_table('bid_receipt') as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_receipt_bid_id'), ['bid_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bid_receipt_version_id'), ['version_id'], unique=False)
    op.create_index(
        'uq_bid_receipt_one_that_holds', 'bid_receipt', ['bid_id'], unique=True,
        sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'),
    )


def downgrade() -> None:
    op.drop_table('bid_receipt')
    op.drop_table('bid_package')
    with op.batch_alter_table('tender') as batch_op:
        batch_op.drop_column('upload_limits')
