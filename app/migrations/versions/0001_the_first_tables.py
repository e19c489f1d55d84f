"""The first tables."""

import sqlalchemy as sa
from alembic import op

from app.catalog.indexing import create_index, drop_index

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('catalog_edition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalog_edition'))
    )
    op.create_table('category',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name_sv', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('illustration', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category')),
    sa.UniqueConstraint('slug', name=op.f('uq_category_slug'))
    )
    op.create_table('cpv_code',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('label_sv', sa.String(), nullable=False),
    sa.Column('label_en', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_cpv_code'))
    )
    op.create_table('customer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('org_number', sa.String(), nullable=True),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('street', sa.String(), nullable=False),
    sa.Column('postcode', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('payment_days', sa.Integer(), nullable=False),
    sa.Column('electronic_address', sa.String(), nullable=True),
    sa.Column('needs_order_reference', sa.Boolean(), nullable=False),
    sa.Column('needs_buyer_reference', sa.Boolean(), nullable=False),
    sa.CheckConstraint('payment_days BETWEEN 0 AND 30', name=op.f('ck_customer_payment_days_lawful')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer')),
    sa.UniqueConstraint('org_number', name=op.f('uq_customer_org_number'))
    )
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_name'), ['name'], unique=False)

    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('args', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('run_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.String(), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_state_run_after', ['state', 'run_after'], unique=False)

    op.create_table('member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('org_number', sa.String(), nullable=False),
    sa.Column('legal_form', sa.String(), nullable=False),
    sa.Column('vat_number', sa.String(), nullable=True),
    sa.Column('f_tax', sa.Boolean(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('street', sa.String(), nullable=False),
    sa.Column('postcode', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('contact_name', sa.String(), nullable=False),
    sa.Column('signatories', sa.String(), nullable=False),
    sa.Column('bankgiro', sa.String(), nullable=True),
    sa.Column('work_share', sa.Integer(), nullable=False),
    sa.CheckConstraint('work_share > 0', name=op.f('ck_member_work_share_positive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member')),
    sa.UniqueConstraint('org_number', name=op.f('uq_member_org_number')),
    sa.UniqueConstraint('slug', name=op.f('uq_member_slug'))
    )
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_municipality'), ['municipality'], unique=False)
        batch_op.create_index(batch_op.f('ix_member_name'), ['name'], unique=False)
        batch_op.create_index('uq_member_one_sales_company', ['kind'], unique=True, sqlite_where=sa.text("kind = 'sales_company'"), postgresql_where=sa.text("kind = 'sales_company'"))

    op.create_table('number_series',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_number_series'))
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('routine_run',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('ran_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_routine_run'))
    )
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file'))
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_file_sha256'), ['sha256'], unique=False)

    op.create_table('user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password', sa.String(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('email', name=op.f('uq_user_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_user_fs_uniquifier'))
    )
    op.create_table('vat_rate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vat_class', sa.String(40), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vat_rate')),
    sa.UniqueConstraint('vat_class', 'valid_from', name=op.f('uq_vat_rate_vat_class_valid_from'))
    )
    op.create_table('worker',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('host', sa.String(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worker'))
    )
    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.CheckConstraint('last_day >= first_day', name=op.f('ck_absence_in_order')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_absence_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_member_id'), ['member_id'], unique=False)

    op.create_table('article',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('sort_name', sa.String().with_variant(sa.String(collation='C'), 'postgresql'), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('cpv', sa.String(), nullable=True),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('unit_text', sa.String(), nullable=False),
    sa.Column('vat_class', sa.String(40), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declined_because', sa.String(), nullable=True),
    sa.CheckConstraint('price > 0', name=op.f('ck_article_price_positive')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_article_category_id_category')),
    sa.ForeignKeyConstraint(['cpv'], ['cpv_code.code'], name=op.f('fk_article_cpv_cpv_code')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['member.id'], name=op.f('fk_article_proposed_by_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article')),
    sa.UniqueConstraint('number', name=op.f('uq_article_number')),
    sa.UniqueConstraint('slug', name=op.f('uq_article_slug'))
    )
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_article_cpv'), ['cpv'], unique=False)
        batch_op.create_index(batch_op.f('ix_article_proposed_by_id'), ['proposed_by_id'], unique=False)
        batch_op.create_index('ix_article_state_category_sort_name', ['state', 'category_id', 'sort_name', 'id'], unique=False)
        batch_op.create_index('ix_article_state_sort_name', ['state', 'sort_name', 'id'], unique=False)

    op.create_table('audit_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('subject_kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_audit_event_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index('ix_audit_event_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('head_count',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('occupied', sa.Integer(), nullable=False),
    sa.Column('target_group', sa.Integer(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.CheckConstraint('occupied > 0', name=op.f('ck_head_count_occupied_positive')),
    sa.CheckConstraint('target_group >= 0 AND target_group <= occupied', name=op.f('ck_head_count_target_group_within_occupied')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_head_count_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_head_count')),
    sa.UniqueConstraint('member_id', 'counted_on', name=op.f('uq_head_count_member_id_counted_on'))
    )
    with op.batch_alter_table('head_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_head_count_member_id'), ['member_id'], unique=False)

    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('to_address', sa.String(), nullable=False),
    sa.Column('to_name', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attachment_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['attachment_id'], ['stored_file.id'], name=op.f('fk_letter_attachment_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('message_id', name=op.f('uq_letter_message_id'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_state'), ['state'], unique=False)

    op.create_table('member_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_member_document_file_id_stored_file')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_document_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_document'))
    )
    with op.batch_alter_table('member_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_document_member_id'), ['member_id'], unique=False)

    op.create_table('member_year',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('turnover', sa.BigInteger(), nullable=False),
    sa.Column('employees', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_year_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_year')),
    sa.UniqueConstraint('member_id', 'year', name=op.f('uq_member_year_member_id_year'))
    )
    with op.batch_alter_table('member_year', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_year_member_id'), ['member_id'], unique=False)

    op.create_table('order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('placed_by_id', sa.Integer(), nullable=True),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('delivery_day', sa.Date(), nullable=False),
    sa.Column('delivery_name', sa.String(), nullable=False),
    sa.Column('street', sa.String(), nullable=False),
    sa.Column('postcode', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('buyer_reference', sa.String(), nullable=False),
    sa.Column('order_reference', sa.String(), nullable=False),
    sa.Column('cost_centre', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_order_customer_id_customer')),
    sa.ForeignKeyConstraint(['placed_by_id'], ['user.id'], name=op.f('fk_order_placed_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order')),
    sa.UniqueConstraint('number', name=op.f('uq_order_number')),
    sa.UniqueConstraint('ticket', name=op.f('uq_order_ticket'))
    )
    with op.batch_alter_table('order', schema=None) as batch_op:
        batch_op.create_index('ix_order_customer_placed', ['customer_id', 'placed_at'], unique=False)
        batch_op.create_index('ix_order_state_day', ['state', 'delivery_day'], unique=False)

    op.create_table('seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(member_id IS NULL) <> (customer_id IS NULL)', name=op.f('ck_seat_one_organisation')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_seat_customer_id_customer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_seat_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_seat_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat')),
    sa.UniqueConstraint('user_id', 'member_id', 'customer_id', name=op.f('uq_seat_user_id_member_id_customer_id'))
    )
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_seat_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_seat_user_id'), ['user_id'], unique=False)

    op.create_table('site',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('street', sa.String(), nullable=False),
    sa.Column('postcode', sa.String(), nullable=False),
    sa.Column('city', sa.String(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.Column('buyer_reference', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_site_customer_id_customer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site'))
    )
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_site_customer_id'), ['customer_id'], unique=False)

    op.create_table('tender',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('buyer_name', sa.String(), nullable=False),
    sa.Column('buyer_org_number', sa.String(), nullable=False),
    sa.Column('diary_number', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('procedure', sa.String(), nullable=False),
    sa.Column('cpv', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=True),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('zone_as_written', sa.String(), nullable=False),
    sa.Column('required_validity', sa.Date(), nullable=True),
    sa.Column('ceiling', sa.BigInteger(), nullable=True),
    sa.Column('term_years', sa.Integer(), nullable=False),
    sa.Column('options', sa.String(), nullable=False),
    sa.Column('reserved', sa.Boolean(), nullable=False),
    sa.Column('reserved_execution', sa.Boolean(), nullable=False),
    sa.Column('above_threshold', sa.Boolean(), nullable=False),
    sa.Column('award_basis', sa.String(40), nullable=False),
    sa.Column('documents_url', sa.String(), nullable=False),
    sa.Column('submission_url', sa.String(), nullable=False),
    sa.Column('system', sa.String(), nullable=False),
    sa.Column('notice_id', sa.String(), nullable=False),
    sa.Column('notice_file_id', sa.Integer(), nullable=True),
    sa.Column('missing_facts', sa.String(), nullable=False),
    sa.Column('declined_because', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('term_years >= 0', name=op.f('ck_tender_term_not_negative')),
    sa.ForeignKeyConstraint(['notice_file_id'], ['stored_file.id'], name=op.f('fk_tender_notice_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender'))
    )
    with op.batch_alter_table('tender', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_notice_id'), ['notice_id'], unique=False)
        batch_op.create_index('ix_tender_state_deadline', ['state', 'deadline'], unique=False)

    op.create_table('user_role',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_user_role_role_id_role'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_user_role_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'role_id', name=op.f('pk_user_role'))
    )
    op.create_table('assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('delivery_day', sa.Date(), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_because', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_assignment_member_id_member')),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_assignment_order_id_order'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index('ix_assignment_member_day', ['member_id', 'delivery_day'], unique=False)
        batch_op.create_index('ix_assignment_member_state', ['member_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_order_id'), ['order_id'], unique=False)
        batch_op.create_index('ix_assignment_state_answer_before', ['state', 'answer_before'], unique=False)

    op.create_table('bid',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(40), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('offered_validity', sa.Date(), nullable=True),
    sa.Column('fee_percent', sa.BigInteger(), nullable=False),
    sa.Column('margin_percent', sa.BigInteger(), nullable=False),
    sa.Column('letter', sa.String(), nullable=False),
    sa.Column('delivery_plan', sa.String(), nullable=False),
    sa.Column('quality_plan', sa.String(), nullable=False),
    sa.Column('price_terms', sa.String(), nullable=False),
    sa.Column('social_commitments', sa.String(), nullable=False),
    sa.Column('contact_name', sa.String(), nullable=False),
    sa.Column('contact_email', sa.String(), nullable=False),
    sa.Column('contact_phone', sa.String(), nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=True),
    sa.Column('winner', sa.String(), nullable=False),
    sa.Column('winner_price', sa.BigInteger(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('outcome_note', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('fee_percent + margin_percent < 100000', name=op.f('ck_bid_percent_under_whole')),
    sa.CheckConstraint('fee_percent >= 0 AND margin_percent >= 0', name=op.f('ck_bid_percent_not_negative')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_bid_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid')),
    sa.UniqueConstraint('tender_id', name=op.f('uq_bid_tender_id'))
    )
    op.create_table('invoice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('net', sa.BigInteger(), nullable=False),
    sa.Column('vat', sa.BigInteger(), nullable=False),
    sa.Column('gross', sa.BigInteger(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('letter_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_invoice_customer_id_customer')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_invoice_file_id_stored_file')),
    sa.ForeignKeyConstraint(['letter_id'], ['letter.id'], name=op.f('fk_invoice_letter_id_letter')),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_invoice_order_id_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice')),
    sa.UniqueConstraint('number', name=op.f('uq_invoice_number')),
    sa.UniqueConstraint('order_id', name=op.f('uq_invoice_order_id'))
    )
    with op.batch_alter_table('invoice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invoice_customer_id'), ['customer_id'], unique=False)

    op.create_table('offering',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('member_price', sa.BigInteger(), nullable=False),
    sa.Column('capacity_per_week', sa.BigInteger(), nullable=False),
    sa.Column('lead_days', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declined_because', sa.String(), nullable=True),
    sa.CheckConstraint('capacity_per_week > 0', name=op.f('ck_offering_capacity_positive')),
    sa.CheckConstraint('lead_days BETWEEN 0 AND 365', name=op.f('ck_offering_lead_days_sane')),
    sa.CheckConstraint('member_price > 0', name=op.f('ck_offering_member_price_positive')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_offering_article_id_article'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_offering_member_id_member'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offering')),
    sa.UniqueConstraint('article_id', 'member_id', name=op.f('uq_offering_article_id_member_id'))
    )
    with op.batch_alter_table('offering', schema=None) as batch_op:
        batch_op.create_index('ix_offering_article_state_lead_days', ['article_id', 'state', 'lead_days', 'member_id'], unique=False)
        batch_op.create_index('ix_offering_member_state', ['member_id', 'state'], unique=False)

    op.create_table('order_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('member_name', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('for_customer', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_order_event_order_id_order'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_event'))
    )
    with op.batch_alter_table('order_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_event_order_id'), ['order_id'], unique=False)

    op.create_table('order_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('unit_text', sa.String(), nullable=False),
    sa.Column('unit_price', sa.BigInteger(), nullable=False),
    sa.Column('vat_class', sa.String(40), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('unassigned', sa.BigInteger(), nullable=False),
    sa.Column('called_off', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_line_quantity_positive')),
    sa.CheckConstraint('unassigned + called_off <= quantity', name=op.f('ck_order_line_parts_within_quantity')),
    sa.CheckConstraint('unassigned >= 0 AND called_off >= 0', name=op.f('ck_order_line_parts_not_negative')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_order_line_article_id_article')),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_order_line_order_id_order'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_line'))
    )
    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_line_order_id'), ['order_id'], unique=False)

    op.create_table('tender_criterion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('lot_ref', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('weight', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_criterion_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_criterion'))
    )
    with op.batch_alter_table('tender_criterion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_criterion_tender_id'), ['tender_id'], unique=False)

    op.create_table('tender_deduction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('requirement_ref', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('max_amount', sa.BigInteger(), nullable=False),
    sa.Column('share_percent', sa.Integer(), nullable=False),
    sa.CheckConstraint('share_percent >= 0 AND share_percent <= 100', name=op.f('ck_tender_deduction_share_within_whole')),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_deduction_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_deduction'))
    )
    with op.batch_alter_table('tender_deduction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_deduction_tender_id'), ['tender_id'], unique=False)

    op.create_table('tender_lot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('cpv', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_lot_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_lot'))
    )
    with op.batch_alter_table('tender_lot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_lot_tender_id'), ['tender_id'], unique=False)

    op.create_table('assignment_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('order_line_id', sa.Integer(), nullable=False),
    sa.Column('offering_id', sa.Integer(), nullable=False),
    sa.Column('offered', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('member_price', sa.BigInteger(), nullable=False),
    sa.Column('chosen_because', sa.String(), nullable=False),
    sa.CheckConstraint('offered > 0', name=op.f('ck_assignment_line_offered_positive')),
    sa.CheckConstraint('quantity >= 0 AND quantity <= offered', name=op.f('ck_assignment_line_quantity_within_offered')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignment.id'], name=op.f('fk_assignment_line_assignment_id_assignment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_assignment_line_offering_id_offering')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_assignment_line_order_line_id_order_line'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_line'))
    )
    with op.batch_alter_table('assignment_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_line_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index('ix_assignment_line_offering', ['offering_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_line_order_line_id'), ['order_line_id'], unique=False)

    op.create_table('bid_lot',
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_lot_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['lot_id'], ['tender_lot.id'], name=op.f('fk_bid_lot_lot_id_tender_lot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('bid_id', 'lot_id', name=op.f('pk_bid_lot'))
    )
    op.create_table('bid_party',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(40), nullable=False),
    sa.Column('does', sa.String(), nullable=False),
    sa.Column('why_not_alone', sa.String(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_because', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_party_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_bid_party_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_party')),
    sa.UniqueConstraint('bid_id', 'member_id', name=op.f('uq_bid_party_bid_id_member_id'))
    )
    with op.batch_alter_table('bid_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_party_bid_id'), ['bid_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bid_party_member_id'), ['member_id'], unique=False)

    op.create_table('bid_preview',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('offer_json', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('pdf_id', sa.Integer(), nullable=True),
    sa.Column('problem', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_preview_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_bid_preview_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['pdf_id'], ['stored_file.id'], name=op.f('fk_bid_preview_pdf_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_preview'))
    )
    with op.batch_alter_table('bid_preview', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_preview_bid_id'), ['bid_id'], unique=False)

    op.create_table('bid_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('offer_json', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_name', sa.String(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('pdf_id', sa.Integer(), nullable=True),
    sa.Column('pdf_sha256', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_version_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_bid_version_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['pdf_id'], ['stored_file.id'], name=op.f('fk_bid_version_pdf_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_version')),
    sa.UniqueConstraint('bid_id', 'number', name=op.f('uq_bid_version_bid_id_number'))
    )
    with op.batch_alter_table('bid_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_version_bid_id'), ['bid_id'], unique=False)

    op.create_table('offering_area',
    sa.Column('offering_id', sa.Integer(), nullable=False),
    sa.Column('municipality', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_offering_area_offering_id_offering'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('offering_id', 'municipality', name=op.f('pk_offering_area'))
    )
    with op.batch_alter_table('offering_area', schema=None) as batch_op:
        batch_op.create_index('ix_offering_area_municipality', ['municipality', 'offering_id'], unique=False)

    op.create_table('tender_price_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=True),
    sa.Column('ref', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('unit_text', sa.String(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_tender_price_row_quantity_positive')),
    sa.ForeignKeyConstraint(['lot_id'], ['tender_lot.id'], name=op.f('fk_tender_price_row_lot_id_tender_lot'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_price_row_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_price_row'))
    )
    with op.batch_alter_table('tender_price_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_price_row_lot_id'), ['lot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tender_price_row_tender_id'), ['tender_id'], unique=False)

    op.create_table('tender_requirement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tender_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=True),
    sa.Column('ref', sa.String(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('stage', sa.String(40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('proof_required', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['tender_lot.id'], name=op.f('fk_tender_requirement_lot_id_tender_lot'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tender_id'], ['tender.id'], name=op.f('fk_tender_requirement_tender_id_tender'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tender_requirement'))
    )
    with op.batch_alter_table('tender_requirement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tender_requirement_lot_id'), ['lot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tender_requirement_tender_id'), ['tender_id'], unique=False)

    op.create_table('appendix',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_appendix_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['document_id'], ['member_document.id'], name=op.f('fk_appendix_document_id_member_document'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_appendix_file_id_stored_file')),
    sa.ForeignKeyConstraint(['party_id'], ['bid_party.id'], name=op.f('fk_appendix_party_id_bid_party'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appendix'))
    )
    with op.batch_alter_table('appendix', schema=None) as batch_op:
        batch_op.create_index('ix_appendix_bid_number', ['bid_id', 'number'], unique=False)
        batch_op.create_index(batch_op.f('ix_appendix_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appendix_party_id'), ['party_id'], unique=False)

    op.create_table('bid_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('requirement_id', sa.Integer(), nullable=False),
    sa.Column('says', sa.Boolean(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('responsible_id', sa.Integer(), nullable=True),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('confidential_reason', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('saved_by', sa.String(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_answer_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['requirement_id'], ['tender_requirement.id'], name=op.f('fk_bid_answer_requirement_id_tender_requirement'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['responsible_id'], ['bid_party.id'], name=op.f('fk_bid_answer_responsible_id_bid_party'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_answer')),
    sa.UniqueConstraint('bid_id', 'requirement_id', name=op.f('uq_bid_answer_bid_id_requirement_id'))
    )
    with op.batch_alter_table('bid_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_answer_bid_id'), ['bid_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bid_answer_requirement_id'), ['requirement_id'], unique=False)

    op.create_table('bid_reference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('customer', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('period', sa.String(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.Column('contact', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_bid_reference_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['party_id'], ['bid_party.id'], name=op.f('fk_bid_reference_party_id_bid_party'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bid_reference'))
    )
    with op.batch_alter_table('bid_reference', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bid_reference_bid_id'), ['bid_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bid_reference_party_id'), ['party_id'], unique=False)

    op.create_table('promise',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('member_price', sa.BigInteger(), nullable=True),
    sa.Column('yearly_capacity', sa.BigInteger(), nullable=True),
    sa.Column('signed_by', sa.String(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entered_by', sa.String(), nullable=False),
    sa.CheckConstraint('member_price > 0', name=op.f('ck_promise_price_positive')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_promise_quantity_positive')),
    sa.CheckConstraint('yearly_capacity >= 0', name=op.f('ck_promise_capacity_not_negative')),
    sa.ForeignKeyConstraint(['party_id'], ['bid_party.id'], name=op.f('fk_promise_party_id_bid_party'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['row_id'], ['tender_price_row.id'], name=op.f('fk_promise_row_id_tender_price_row'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise')),
    sa.UniqueConstraint('party_id', 'row_id', name=op.f('uq_promise_party_id_row_id'))
    )
    with op.batch_alter_table('promise', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promise_party_id'), ['party_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promise_row_id'), ['row_id'], unique=False)

    op.create_table('row_price',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bid_id', sa.Integer(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('margin_percent', sa.BigInteger(), nullable=True),
    sa.Column('fixed_unit_price', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['bid_id'], ['bid.id'], name=op.f('fk_row_price_bid_id_bid'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['row_id'], ['tender_price_row.id'], name=op.f('fk_row_price_row_id_tender_price_row'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_row_price')),
    sa.UniqueConstraint('bid_id', 'row_id', name=op.f('uq_row_price_bid_id_row_id'))
    )
    with op.batch_alter_table('row_price', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_row_price_bid_id'), ['bid_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_row_price_row_id'), ['row_id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('appendix_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['answer_id'], ['bid_answer.id'], name=op.f('fk_evidence_answer_id_bid_answer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['appendix_id'], ['appendix.id'], name=op.f('fk_evidence_appendix_id_appendix'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_answer_id'), ['answer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_appendix_id'), ['appendix_id'], unique=False)

    create_index(op.get_bind())


def downgrade() -> None:
    drop_index(op.get_bind())
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_appendix_id'))
        batch_op.drop_index(batch_op.f('ix_evidence_answer_id'))

    op.drop_table('evidence')
    with op.batch_alter_table('row_price', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_row_price_row_id'))
        batch_op.drop_index(batch_op.f('ix_row_price_bid_id'))

    op.drop_table('row_price')
    with op.batch_alter_table('promise', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_promise_row_id'))
        batch_op.drop_index(batch_op.f('ix_promise_party_id'))

    op.drop_table('promise')
    with op.batch_alter_table('bid_reference', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bid_reference_party_id'))
        batch_op.drop_index(batch_op.f('ix_bid_reference_bid_id'))

    op.drop_table('bid_reference')
    with op.batch_alter_table('bid_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bid_answer_requirement_id'))
        batch_op.drop_index(batch_op.f('ix_bid_answer_bid_id'))

    op.drop_table('bid_answer')
    with op.batch_alter_table('appendix', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appendix_party_id'))
        batch_op.drop_index(batch_op.f('ix_appendix_document_id'))
        batch_op.drop_index('ix_appendix_bid_number')

    op.drop_table('appendix')
    with op.batch_alter_table('tender_requirement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tender_requirement_tender_id'))
        batch_op.drop_index(batch_op.f('ix_tender_requirement_lot_id'))

    op.drop_table('tender_requirement')
    with op.batch_alter_table('tender_price_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tender_price_row_tender_id'))
        batch_op.drop_index(batch_op.f('ix_tender_price_row_lot_id'))

    op.drop_table('tender_price_row')
    with op.batch_alter_table('offering_area', schema=None) as batch_op:
        batch_op.drop_index('ix_offering_area_municipality')

    op.drop_table('offering_area')
    with op.batch_alter_table('bid_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bid_version_bid_id'))

    op.drop_table('bid_version')
    with op.batch_alter_table('bid_preview', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bid_preview_bid_id'))

    op.drop_table('bid_preview')
    with op.batch_alter_table('bid_party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bid_party_member_id'))
        batch_op.drop_index(batch_op.f('ix_bid_party_bid_id'))

    op.drop_table('bid_party')
    op.drop_table('bid_lot')
    with op.batch_alter_table('assignment_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_line_order_line_id'))
        batch_op.drop_index('ix_assignment_line_offering')
        batch_op.drop_index(batch_op.f('ix_assignment_line_assignment_id'))

    op.drop_table('assignment_line')
    with op.batch_alter_table('tender_lot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tender_lot_tender_id'))

    op.drop_table('tender_lot')
    with op.batch_alter_table('tender_deduction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tender_deduction_tender_id'))

    op.drop_table('tender_deduction')
    with op.batch_alter_table('tender_criterion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tender_criterion_tender_id'))

    op.drop_table('tender_criterion')
    with op.batch_alter_table('order_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_order_line_order_id'))

    op.drop_table('order_line')
    with op.batch_alter_table('order_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_order_event_order_id'))

    op.drop_table('order_event')
    with op.batch_alter_table('offering', schema=None) as batch_op:
        batch_op.drop_index('ix_offering_member_state')
        batch_op.drop_index('ix_offering_article_state_lead_days')

    op.drop_table('offering')
    with op.batch_alter_table('invoice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invoice_customer_id'))

    op.drop_table('invoice')
    op.drop_table('bid')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index('ix_assignment_state_answer_before')
        batch_op.drop_index(batch_op.f('ix_assignment_order_id'))
        batch_op.drop_index('ix_assignment_member_state')
        batch_op.drop_index('ix_assignment_member_day')

    op.drop_table('assignment')
    op.drop_table('user_role')
    with op.batch_alter_table('tender', schema=None) as batch_op:
        batch_op.drop_index('ix_tender_state_deadline')
        batch_op.drop_index(batch_op.f('ix_tender_notice_id'))

    op.drop_table('tender')
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_site_customer_id'))

    op.drop_table('site')
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seat_user_id'))
        batch_op.drop_index(batch_op.f('ix_seat_member_id'))
        batch_op.drop_index(batch_op.f('ix_seat_customer_id'))

    op.drop_table('seat')
    with op.batch_alter_table('order', schema=None) as batch_op:
        batch_op.drop_index('ix_order_state_day')
        batch_op.drop_index('ix_order_customer_placed')

    op.drop_table('order')
    with op.batch_alter_table('member_year', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_year_member_id'))

    op.drop_table('member_year')
    with op.batch_alter_table('member_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_document_member_id'))

    op.drop_table('member_document')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_state'))
        batch_op.drop_index(batch_op.f('ix_letter_created_at'))

    op.drop_table('letter')
    with op.batch_alter_table('head_count', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_head_count_member_id'))

    op.drop_table('head_count')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_event_subject')

    op.drop_table('audit_event')
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.drop_index('ix_article_state_sort_name')
        batch_op.drop_index('ix_article_state_category_sort_name')
        batch_op.drop_index(batch_op.f('ix_article_proposed_by_id'))
        batch_op.drop_index(batch_op.f('ix_article_cpv'))

    op.drop_table('article')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absence_member_id'))

    op.drop_table('absence')
    op.drop_table('worker')
    op.drop_table('vat_rate')
    op.drop_table('user')
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stored_file_sha256'))

    op.drop_table('stored_file')
    op.drop_table('routine_run')
    op.drop_table('role')
    op.drop_table('number_series')
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.drop_index('uq_member_one_sales_company', sqlite_where=sa.text("kind = 'sales_company'"), postgresql_where=sa.text("kind = 'sales_company'"))
        batch_op.drop_index(batch_op.f('ix_member_name'))
        batch_op.drop_index(batch_op.f('ix_member_municipality'))

    op.drop_table('member')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_state_run_after')

    op.drop_table('job')
    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_customer_name'))

    op.drop_table('customer')
    op.drop_table('cpv_code')
    op.drop_table('category')
    op.drop_table('catalog_edition')
