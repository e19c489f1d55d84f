"""A single used piece: whoever orders it first has it, and it comes back when that order is called off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from app import audit
from app.accounts.models import User
from app.audit import Actor
from app.catalog.indexing import reindex
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article
from app.db import db
from app.errors import Refused


def take(article: Article, *, by: User | None, now: datetime) -> Article:
    """Take the piece out of the catalogue for the order that is being placed. Raises Refused when it is gone.

    One statement looks and takes: of two orders at the same moment the second waits, and then finds nothing.
    """
    still_there = (Article.id == article.id, Article.state == ApprovalState.APPROVED)
    taken = db.session.execute(
        update(Article).where(*still_there).values(state=ApprovalState.SOLD).returning(Article.id)
    )
    if taken.first() is None:
        raise Refused(gone(article))
    db.session.refresh(article, ["state"])
    audit.record(article, "sold", by=by, now=now)
    reindex(article)
    return article


def give_back(article: Article, *, by: Actor | None, now: datetime) -> Article:
    """The order was called off: the piece is for sale again. Anything else is left as it is."""
    if article.kind == ArticleKind.SECOND_HAND and article.state == ApprovalState.SOLD:
        article.state = ApprovalState.APPROVED
        audit.record(article, "for sale again", by=by, now=now)
        reindex(article)
    return article


def gone(article: Article) -> str:
    """What the second buyer reads."""
    return f"{article.name} är redan såld. Det fanns bara ett exemplar, och någon hann före. Ta bort det ur varukorgen."
