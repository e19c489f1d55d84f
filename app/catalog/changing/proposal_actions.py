"""What a member does with its own proposals until we say yes: puts them right."""

from __future__ import annotations

from datetime import datetime

from app import audit
from app.accounts.models import User
from app.catalog.drafts import Draft, Terms, check_price, draft_of, suggested_price
from app.catalog.indexing import reindex
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.rows import agree, checked, must_be, write
from app.catalog.versions import mark_of
from app.errors import Refused
from app.money import Money

AGAIN = (ApprovalState.DECLINED, ApprovalState.WITHDRAWN)
"""What may come again."""


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
    put_right(offering, draft, terms, member_price, by=by, now=now)
    reindex(article)
    return article


def rewrite_offering(
    offering: Offering, terms: Terms, member_price: Money, *, by: User | None, now: datetime
) -> Offering:
    """The member writes anew on what terms it would make something that we sell already. Raises Refused."""
    must_be(offering, ApprovalState.PROPOSED)
    put_right(offering, draft_of(offering.article), terms, member_price, by=by, now=now)
    reindex(offering.article)
    return offering


def put_right(
    offering: Offering, draft: Draft, terms: Terms, member_price: Money, *, by: User | None, now: datetime
) -> None:
    """The same, whatever is proposed; the caller sees to the search index. Raises Refused.

    What is written about an article that is there already is not the member's to propose.
    """
    article = offering.article
    if is_new(offering):
        draft = checked(draft, article)
        if article.price == suggested_price(offering.member_price):
            article.price = suggested_price(check_price(member_price))
        write(article, draft)
        article.state, article.declined_because = ApprovalState.PROPOSED, None
    elif draft != draft_of(article):
        raise Refused("Artikeln finns redan, och det som står om den kan inte ändras i ett förslag.")
    _write(offering, terms, member_price)
    audit.record(offering, "proposal rewritten", by=by, now=now, member_price=member_price.ore)


def _write(offering: Offering, terms: Terms, member_price: Money) -> None:
    offering.member_price = check_price(member_price)
    agree(offering, terms.checked(offering.article.unit))
    offering.state, offering.declined_because = ApprovalState.PROPOSED, None


def check_read(offering: Offering, mark: str) -> None:
    """Raises Refused when we have put the proposal right since the member opened it. `mark` names what was read."""
    if mark != mark_of(offering):
        raise Refused("Förslaget har ändrats sedan du öppnade sidan. Inget är sparat. Öppna sidan igen och jämför.")
