"""Papers that parties sign on screen, what secrecy is asked for, and what is printed of it."""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('tender') as batch_op:
        batch_op.add_column(sa.Column('joint_liability', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('tender') as batch_op:
        batch_op.alter_column('joint_liability', server_default=None)
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.add_column(sa.Column('signed_text', sa.String(), nullable=False, server_default=''))
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.alter_column('signed_text', server_default=None)
    _signing()
    _secrecy()


def _signing() -> None:
    op.create_table('party_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('text_json', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('needs', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('needs BETWEEN 1 AND 2', name=op.f('ck_party_paper_one_or_two_sign')),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_party_paper_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_party_paper_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['document_id'], ['member_document.id'], name=op.f('fk_party_paper_document_id_member_document'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_paper')),
    sa.UniqueConstraint('bid_id', 'member_id', 'kind', 'sha256', name=op.f('uq_party_paper_bid_id_member_id_kind_sha256')),
    sa.UniqueConstraint('document_id', name=op.f('uq_party_paper_document_id'))
    )
    with op.batch_alter_table('party_paper') as batch_op:
        batch_op.create_index(batch_op.f('ix_party_paper_member_id'), ['member_id'], unique=False)
    op.create_table('paper_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('right', sa.String(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['paper_id'], ['party_paper.id'], name=op.f('fk_paper_signature_paper_id_party_paper'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_paper_signature_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_signature')),
    sa.UniqueConstraint('paper_id', 'name_key', name=op.f('uq_paper_signature_paper_id_name_key'))
    )
    with op.batch_alter_table('paper_signature') as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_signature_signed_at'), ['signed_at'], unique=False)
    op.create_table('signing_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_signing_link_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_signing_link_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_link'))
    )
    with op.batch_alter_table('signing_link') as batch_op:
        batch_op.create_index(batch_op.f('ix_signing_link_bid_id'), ['bid_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signing_link_member_id'), ['member_id'], unique=False)


def _secrecy() -> None:
    with op.batch_alter_table('bid') as batch_op:
        batch_op.add_column(sa.Column('secrecy', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('bid_answer') as batch_op:
        batch_op.add_column(sa.Column('confidential_until', sa.Date(), nullable=True))
    op.create_table('secrecy_print',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('offer_json', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('problem', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_secrecy_print_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['bid_version.id'], name=op.f('fk_secrecy_print_version_id_bid_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_secrecy_print_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_secrecy_print_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_secrecy_print')),
    sa.UniqueConstraint('version_id', 'kind', name=op.f('uq_secrecy_print_version_id_kind'))
    )
    with op.batch_alter_table('secrecy_print') as batch_op:
        batch_op.create_index(batch_op.f('ix_secrecy_print_bid_id'), ['bid_id'], unique=False)


def downgrade() -> None:
    op.drop_table('secrecy_print')
    with op.batch_alter_table('bid_answer') as batch_op:
        batch_op.drop_column('confidential_until')
    with op.batch_alter_table('bid') as batch_op:
        batch_op.drop_column('secrecy')
    for table in ('signing_link', 'paper_signature', 'party_paper'):
        op.drop_table(table)
    with op.batch_alter_table('member_document') as batch_op:
        batch_op.drop_column('signed_text')
    with op.batch_alter_table('tender') as batch_op:
        batch_op.drop_column('joint_liability')
