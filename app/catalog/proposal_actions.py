"""What a member does with its own proposals until we say yes: puts them right, or takes them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app import audit
from app.accounts.models import User
from app.catalog import indexing, review
from app.catalog.drafts import Draft, Terms, check_price, suggested_price
from app.catalog.indexing import reindex
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.rows import agree, checked, must_be, write
from app.catalog.versions import mark_of
from app.errors import Refused
from app.money import Money

AGAIN = (ApprovalState.DECLINED, ApprovalState.WITHDRAWN)
"""What may come again."""
AT_A_TIME = 500
"""So many rows are asked for at a time."""


def is_new(offering: Offering) -> bool:
    """Whether the member has proposed the article itself, and nobody has ever said yes to it."""
    article = offering.article
    written = article.proposed_by_id == offering.member_id and article.version == 0
    return written and {article.state, offering.state} <= {ApprovalState.PROPOSED, *AGAIN}


def rewrite_article(
    offering: Offering, draft: Draft, terms: Terms, member_price: Money, *, by: User | None, now: datetime
) -> Article:
    """The member writes its proposed article anew; after a no, or taken back, it is proposed once more.

    The caller holds article and offering. A price that we have set stays; one that only follows from the member's
    follows it still. Raises Refused.
    """
    article = offering.article
    if not is_new(offering):
        raise Refused("Förslaget är redan avgjort. Ladda om sidan.")
    draft = checked(draft, article)
    if article.price == suggested_price(offering.member_price):
        article.price = suggested_price(check_price(member_price))
    write(article, draft)
    _write(offering, terms, member_price)
    article.state, article.declined_because = ApprovalState.PROPOSED, None
    audit.record(article, "proposal rewritten", by=by, now=now, member_price=member_price.ore)
    reindex(article)
    return article


def rewrite_offering(
    offering: Offering, terms: Terms, member_price: Money, *, by: User | None, now: datetime
) -> Offering:
    """The member writes anew on what terms it would make something that we sell already. Raises Refused."""
    must_be(offering, ApprovalState.PROPOSED)
    _write(offering, terms, member_price)
    audit.record(offering, "proposal rewritten", by=by, now=now, member_price=member_price.ore)
    reindex(offering.article)
    return offering


def _write(offering: Offering, terms: Terms, member_price: Money) -> None:
    offering.member_price = check_price(member_price)
    agree(offering, terms.checked(offering.article.unit))
    offering.state, offering.declined_because = ApprovalState.PROPOSED, None


def check_read(offering: Offering, mark: str) -> None:
    """Raises Refused when we have put the proposal right since the member opened it. `mark` names what was read."""
    if mark != mark_of(offering):
        raise Refused("Förslaget har ändrats sedan du öppnade sidan. Inget är sparat. Öppna sidan igen och jämför.")


def take_back_all(offering_ids: Iterable[int]) -> int:
    """Take back those of the proposals that still wait; returns how many. The caller notes in what act."""
    ids = sorted(offering_ids)
    articles: list[int] = []
    for start in range(0, len(ids), AT_A_TIME):
        waiting = [
            one
            for one in review.proposals(ids[start : start + AT_A_TIME], lock=True)
            if one.state == ApprovalState.PROPOSED
        ]
        for offering in waiting:
            offering.state = ApprovalState.WITHDRAWN
            if is_proposed_by(offering):
                offering.article.state = ApprovalState.WITHDRAWN
        articles += [one.article_id for one in waiting]
    indexing.reindex_many(articles)
    return len(articles)


def is_proposed_by(offering: Offering) -> bool:
    """Whether its article is only proposed, by the same member: nobody else can make it yet."""
    article = offering.article
    return article.state == ApprovalState.PROPOSED and article.proposed_by_id == offering.member_id
