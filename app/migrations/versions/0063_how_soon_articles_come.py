"""How soon articles can come, beside what lists know of them and as tokens of the search index."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from app.catalog import leads, postings

revision = '0063'
down_revision = '0061'
branch_labels = None
depends_on = None

BATCH = 1000
MADE = sa.text(
    """SELECT listed_article.article_id, listed_article.made, article.state FROM listed_article
       JOIN article ON article.id = listed_article.article_id
       WHERE listed_article.article_id BETWEEN :first AND :last AND listed_article.made <> ''"""
)
LEADS = sa.text(
    """SELECT article_id, member_id, lead_days FROM offering
       WHERE article_id BETWEEN :first AND :last AND state = 'approved'"""
)
LISTED = sa.text('UPDATE listed_article SET leads = :leads WHERE article_id = :article_id')
POSTED = sa.text('INSERT INTO search_posting (term, block, ids) VALUES (:term, :block, :ids)')
COUNTED = sa.text('INSERT INTO search_term (term, articles) VALUES (:term, :articles)')
# The letter of these tokens and a figure, or no place and then the days.
OURS = "term > 'q' AND term < 'r' AND (term LIKE 'qd%' OR term LIKE 'q____d%')"


def upgrade() -> None:
    op.add_column('listed_article', sa.Column('leads', sa.String(), nullable=False, server_default=''))
    op.create_index('ix_offering_pause_last_day', 'offering_pause', ['last_day', 'first_day', 'offering_id'])
    connection = op.get_bind()
    last = connection.scalar(sa.text('SELECT max(article_id) FROM listed_article'))
    counts: dict[str, int] = defaultdict(int)
    for block in range(0 if last is None else postings.blocks(last)):
        _fill(connection, block, counts)
    _write(connection, COUNTED, [{'term': term, 'articles': counts[term]} for term in sorted(counts)])


def _fill(connection: sa.Connection, block: int, counts: dict[str, int]) -> None:
    """One block of articles, as many as share a row of a token."""
    first = block * postings.BLOCK
    span = {'first': first, 'last': first + postings.BLOCK - 1}
    days: dict[int, dict[int, int]] = defaultdict(dict)
    for article_id, member_id, lead in connection.execute(LEADS, span):
        days[article_id][member_id] = lead
    listed, places = [], defaultdict(list)
    for article_id, made, state in connection.execute(MADE, span):
        written = leads.written(days[article_id])
        listed.append({'article_id': article_id, 'leads': written})
        for token in leads.tokens(made, written) if state == 'approved' else ():
            places[token].append(article_id - first)
    _write(connection, LISTED, listed)
    posted = [{'term': term, 'block': block, 'ids': postings.packed(places[term])} for term in sorted(places)]
    _write(connection, POSTED, posted)
    for term, articles in places.items():
        counts[term] += len(articles)


def _write(connection: sa.Connection, statement: sa.TextClause, rows: list[dict[str, object]]) -> None:
    for place in range(0, len(rows), BATCH):
        connection.execute(statement, rows[place : place + BATCH])


def downgrade() -> None:
    for table in ('search_term', 'search_posting'):
        op.execute(f'DELETE FROM {table} WHERE {OURS}')  # noqa: S608  our own words
    op.drop_index('ix_offering_pause_last_day', 'offering_pause')
    with op.batch_alter_table('listed_article') as batch_op:
        batch_op.drop_column('leads')
