"""Takes back what a file has proposed."""

from __future__ import annotations

from datetime import datetime

from app import audit
from app.accounts.models import User
from app.catalog import indexing, review
from app.catalog.changing.proposal_actions import is_new
from app.catalog.imports import queries
from app.catalog.imports.models import ImportBatch
from app.catalog.models import ApprovalState
from app.db import db
from app.errors import Refused

AT_A_TIME = 500
"""So many rows are asked for at a time."""


def take_back_all(batch: ImportBatch, *, by: User | None, now: datetime) -> int:
    """Take back what a file has proposed and nobody has answered; returns how many. The caller holds the file's row.

    One act in the log for all of them. Raises Refused when nothing of it waits.
    """
    ids = queries.still_waiting(batch)
    articles: list[int] = []
    for start in range(0, len(ids), AT_A_TIME):
        some = review.proposals(ids[start : start + AT_A_TIME], lock=True)
        for offering in (one for one in some if one.state == ApprovalState.PROPOSED):
            new = is_new(offering)
            offering.state = ApprovalState.WITHDRAWN
            if new:
                offering.article.state = ApprovalState.WITHDRAWN
            articles.append(offering.article_id)
        db.session.flush()
    if not articles:
        raise Refused("Inget från filen väntar på svar längre. Ladda om sidan.")
    audit.record(batch, "proposals taken back", by=by, now=now, count=len(articles))
    indexing.reindex_many(articles)
    return len(articles)
