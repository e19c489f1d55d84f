"""Requests to change what is sold, pauses, and bids that point at versions."""

import json

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    _make_tables()
    for table in ('article', 'offering'):
        with op.batch_alter_table(f'{table}_version') as batch_op:
            batch_op.add_column(sa.Column('change_request_id', sa.Integer(), nullable=True))
            batch_op.create_foreign_key(f'fk_{table}_version_change_request_id_change_request', 'change_request', ['change_request_id'], ['id'])
            batch_op.create_index(f'ix_{table}_version_change_request_id', ['change_request_id'])
    with op.batch_alter_table('tender_price_row') as batch_op:
        batch_op.add_column(sa.Column('article_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('article_version', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_tender_price_row_article_version', 'article_version', ['article_id', 'article_version'], ['article_id', 'number'])
    with op.batch_alter_table('promise') as batch_op:
        batch_op.add_column(sa.Column('offering_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('offering_version', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_promise_offering_version', 'offering_version', ['offering_id', 'offering_version'], ['offering_id', 'number'])
    _keep_places()


def downgrade() -> None:
    with op.batch_alter_table('promise') as batch_op:
        batch_op.drop_constraint('fk_promise_offering_version', type_='foreignkey')
        batch_op.drop_column('offering_version')
        batch_op.drop_column('offering_id')
    with op.batch_alter_table('tender_price_row') as batch_op:
        batch_op.drop_constraint('fk_tender_price_row_article_version', type_='foreignkey')
        batch_op.drop_column('article_version')
        batch_op.drop_column('article_id')
    for table in ('offering', 'article'):
        with op.batch_alter_table(f'{table}_version') as batch_op:
            batch_op.drop_index(f'ix_{table}_version_change_request_id')
            batch_op.drop_constraint(f'fk_{table}_version_change_request_id_change_request', type_='foreignkey')
            batch_op.drop_column('change_request_id')
    for table in ('offering_pause', 'change_action', 'change_request'):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table('change_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Integer(), nullable=True),
    sa.Column('offering_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('by_colleague', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.CheckConstraint('(article_id IS NULL) <> (offering_id IS NULL)', name=op.f('ck_change_request_one_subject')),
    sa.CheckConstraint('base_version > 0', name=op.f('ck_change_request_base_published')),
    sa.CheckConstraint('revision > 0', name=op.f('ck_change_request_revision_positive')),
    sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_change_request_article_id_article'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_change_request_made_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_change_request_member_id_member'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_change_request_offering_id_offering'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_request'))
    )
    op.create_index(op.f('ix_change_request_article_id'), 'change_request', ['article_id'])
    op.create_index(op.f('ix_change_request_offering_id'), 'change_request', ['offering_id'])
    op.create_index('ix_change_request_state', 'change_request', ['state', 'id'])
    op.create_index('ix_change_request_member', 'change_request', ['member_id', 'state'])
    op.create_table('change_action',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['change_request.id'], name=op.f('fk_change_action_request_id_change_request'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_action')),
    sa.UniqueConstraint('request_id', 'position', name=op.f('uq_change_action_request_id_position'))
    )
    op.create_table('offering_pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('offering_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.CheckConstraint('last_day >= first_day', name=op.f('ck_offering_pause_in_order')),
    sa.ForeignKeyConstraint(['offering_id'], ['offering.id'], name=op.f('fk_offering_pause_offering_id_offering'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offering_pause'))
    )
    op.create_index('ix_offering_pause_offering', 'offering_pause', ['offering_id', 'last_day'])


def _keep_places() -> None:
    """Where a member delivers is published from now on, so the version that holds gets it too."""
    connection = op.get_bind()
    found = sa.text(f"""SELECT offering.id, offering_version.number, offering_version.content FROM offering
        JOIN offering_version ON offering_version.offering_id = offering.id AND offering_version.number = offering.version
        WHERE offering.id > :above ORDER BY offering.id LIMIT {BATCH}""")
    places = sa.text('SELECT offering_id, municipality FROM offering_area WHERE offering_id BETWEEN :first AND :last ORDER BY municipality')
    keep = sa.text('UPDATE offering_version SET content = :content WHERE offering_id = :id AND number = :number')
    above = 0
    while rows := connection.execute(found, {'above': above}).all():
        served: dict[int, list[str]] = {}
        for offering_id, municipality in connection.execute(places, {'first': rows[0].id, 'last': rows[-1].id}):
            served.setdefault(offering_id, []).append(municipality)
        above = rows[-1].id
        connection.execute(keep, [
            {'id': row.id, 'number': row.number, 'content': json.dumps(
                {**(json.loads(row.content) if isinstance(row.content, str) else row.content), 'municipalities': served.get(row.id, [])},
                ensure_ascii=False,
            )}
            for row in rows
        ])
