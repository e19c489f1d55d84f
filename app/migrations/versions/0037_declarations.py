"""Buyers' ESPD requests, parties' declarations with what was signed, and what is known of each legal entity."""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _requests()
    _declarations()
    _facts()
    _versions()
    with op.batch_alter_table('appendix') as batch_op:
        batch_op.add_column(sa.Column('declaration_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_appendix_declaration_id_declaration'), 'declaration', ['declaration_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index(batch_op.f('ix_appendix_declaration_id'), ['declaration_id'], unique=False)


def _requests() -> None:
    op.create_table('espd_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('read_file_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('buyer', sa.String(), nullable=False),
    sa.Column('criteria', sa.Integer(), nullable=False),
    sa.Column('unknown', sa.Integer(), nullable=False),
    sa.Column('taken_at', MOMENT, nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('left_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_espd_request_file_id_stored_file')),
    sa.ForeignKeyConstraint(['read_file_id'], ['stored_file.id'], name=op.f('fk_espd_request_read_file_id_stored_file')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_espd_request_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_espd_request')),
    sa.UniqueConstraint('tender_id', 'sha256', name=op.f('uq_espd_request_tender_id_sha256'))
    )


def _declarations() -> None:
    op.create_table('declaration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('form', sa.String(40), nullable=True),
    sa.Column('role', sa.String(40), nullable=True),
    sa.Column('signed_by', sa.String(), nullable=False),
    sa.Column('signed_at', MOMENT, nullable=True),
    sa.Column('entered_by', sa.String(), nullable=False),
    sa.Column('signed_json', sa.String(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('uuid', sa.String(), nullable=False),
    sa.Column('xml_id', sa.Integer(), nullable=True),
    sa.Column('pdf_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_declaration_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_declaration_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_declaration_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['pdf_id'], ['stored_file.id'], name=op.f('fk_declaration_pdf_id_stored_file')),
    sa.ForeignKeyConstraint(['request_id'], ['espd_request.id'], name=op.f('fk_declaration_request_id_espd_request'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['xml_id'], ['stored_file.id'], name=op.f('fk_declaration_xml_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_declaration')),
    sa.UniqueConstraint('bid_id', 'member_id', 'kind', name=op.f('uq_declaration_bid_id_member_id_kind'))
    )
    with op.batch_alter_table('declaration') as batch_op:
        batch_op.create_index(batch_op.f('ix_declaration_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_declaration_request_id'), ['request_id'], unique=False)


def _facts() -> None:
    op.create_table('party_fact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('said_at', MOMENT, nullable=False),
    sa.Column('said_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_party_fact_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_fact')),
    sa.UniqueConstraint('member_id', 'key', name=op.f('uq_party_fact_member_id_key'))
    )


def _versions() -> None:
    op.create_table('version_declaration',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('pdf_id', sa.Integer(), nullable=False),
    sa.Column('xml_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_version_declaration_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['pdf_id'], ['stored_file.id'], name=op.f('fk_version_declaration_pdf_id_stored_file')),
    sa.ForeignKeyConstraint(['version_id'], ['bid_version.id'], name=op.f('fk_version_declaration_version_id_bid_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['xml_id'], ['stored_file.id'], name=op.f('fk_version_declaration_xml_id_stored_file')),
    sa.PrimaryKeyConstraint('version_id', 'member_id', 'kind', name=op.f('pk_version_declaration'))
    )
    with op.batch_alter_table('version_declaration') as batch_op:
        batch_op.create_index(batch_op.f('ix_version_declaration_member_id'), ['member_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('appendix') as batch_op:
        batch_op.drop_index(batch_op.f('ix_appendix_declaration_id'))
        batch_op.drop_constraint(batch_op.f('fk_appendix_declaration_id_declaration'), type_='foreignkey')
        batch_op.drop_column('declaration_id')
    for table in ('version_declaration', 'party_fact', 'declaration', 'espd_request'):
        op.drop_table(table)
