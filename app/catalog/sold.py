"""One article as its own page shows it, and who makes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog import bundles
from app.catalog.models import ON_SALE, ApprovalState, Article, CpvCode, Offering, OfferingPause
from app.catalog.pausing import earliest
from app.db import db
from app.errors import NotYours

_SLUG = re.compile("[a-z0-9-]{1,100}")


@dataclass(frozen=True, slots=True)
class Sold:
    """An article as its own page shows it, with the approved offerings behind it, the quickest first."""

    article: Article
    cpv: CpvCode | None
    offerings: Sequence[Offering]
    """Empty for a bundle: its parts are made by those who make them."""

    def earliest(self, today: date) -> date:
        """The first working day on which a member can deliver, or the last of those who make a bundle."""
        if not self.offerings:
            return bundles.as_value(self.article).earliest(today)
        return min(earliest(today, one.lead_days, bundles.pauses_of(one)) for one in self.offerings)

    def coming_pauses(self, offering: Offering, today: date) -> list[OfferingPause]:
        """When the maker of one of the offerings rests, from today on."""
        return sorted((one for one in offering.pauses if one.last_day >= today), key=lambda one: one.first_day)

    @property
    def is_gone(self) -> bool:
        """Whether it is a single piece that somebody has ordered."""
        return self.article.state == ApprovalState.SOLD

    @property
    def is_shared(self) -> bool:
        """Whether it is for members only."""
        return self.article.state == ApprovalState.MEMBERS


# To put a statement together takes longer than to run it, and an article's page must be quick.
_ARTICLE = (
    select(Article, CpvCode)
    .outerjoin(CpvCode, CpvCode.code == Article.cpv)
    .where(Article.slug == bindparam("slug"))
    .where(Article.state.in_((*ON_SALE, ApprovalState.SOLD)))
)
_OFFERINGS = (
    select(Offering)
    .options(joinedload(Offering.member), selectinload(Offering.pauses))
    .where(Offering.article_id == bindparam("article_id"), Offering.state == ApprovalState.APPROVED)
    .order_by(Offering.lead_days, Offering.id)
)


def sold_article(slug: str, *, inside: bool = False, to_staff: bool = False) -> Sold:
    """The approved article with this address that at least one member makes, or NotYours (shown as 404).

    What is for members only is there for those who look from `inside`: members and staff. What stands in an agreement
    alone is there for staff: it has the bid's price, which other members are not to see.
    A single piece keeps its page when it is sold; a bundle is there while each of its parts is.
    """
    if not _SLUG.fullmatch(slug):  # PostgreSQL would break on some of what an address can hold.
        raise NotYours
    article = db.session.execute(_ARTICLE, {"slug": slug}).first()
    offerings = _approved_offerings(article[0].id) if article else []
    if article is None or not (offerings or bundles.is_complete(article[0])):
        raise NotYours
    found = Sold(article[0], article[1], offerings)
    if (found.is_shared and not inside) or (found.article.state == ApprovalState.AGREED and not to_staff):
        raise NotYours
    return found


def _approved_offerings(article_id: int) -> Sequence[Offering]:
    return db.session.scalars(_OFFERINGS, {"article_id": article_id}).all()
