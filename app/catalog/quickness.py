"""What can come by a day, by the postings of lead times (see leads.py).

It is held against the words' postings at once, where the offerings of each hit had to be looked through before. Pauses
hold at once and change no token: whose makers rest is asked for beside, and looked at one by one. Where that would be
very many, everybody is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from app.catalog import vocabulary
from app.catalog.filters import Due, days_of_rest
from app.catalog.models import Offering, OfferingPause
from app.db import db
from app.shelf import remember

MOST_PAUSES = 2000
"""So many are read for one question; where there are more, each hit is looked at instead."""


@dataclass(frozen=True, slots=True)
class Soon:
    """What comes in time by its tokens, and of which articles more must be known."""

    tokens: tuple[str, ...]
    """Any of them is enough."""
    articles: int
    """How many have one."""
    besides: frozenset[int]
    """Bundles that fit; what they are made of tells, and no token."""
    doubtful: frozenset[int] | None
    """The articles of which a maker rests meanwhile; None where they are too many to be named."""


def soon(due: Due, municipality: str | None, bundles: Iterable[int], edition: int) -> Soon:
    """What the postings say of a day, for what somebody can bring to a place or, without one, anywhere."""
    place = municipality or ""
    quick = {lead: articles for lead, articles in _leads(place, edition).items() if lead <= due.lead_days}
    asked = tuple(f"q{place}d{lead}" for lead in sorted(quick))
    return Soon(asked, sum(quick.values()), frozenset(bundles), resting(due))


_LATE = (
    select(OfferingPause.offering_id, OfferingPause.first_day)
    .where(OfferingPause.last_day >= bindparam("last"))
    .order_by(OfferingPause.last_day)
    .limit(bindparam("most"))
    .subquery()
)
_RESTING = select(_LATE.c.first_day, Offering.article_id).join(Offering, Offering.id == _LATE.c.offering_id)
"""Read no further than is said, however many pauses there are."""


def resting(due: Due) -> frozenset[int] | None:
    """The articles of which a maker may rest on all days on which it could come by then; None for very many."""
    first, last = days_of_rest(due)
    found = db.session.connection().execute(_RESTING, {"last": last, "most": MOST_PAUSES + 1}).all()
    if len(found) > MOST_PAUSES:
        return None
    return frozenset(article_id for begins, article_id in found if begins <= first)


@remember
def _leads(municipality: str, _edition: int) -> dict[int, int]:
    """How many sold articles come to a place within each number of days, and no sooner."""
    return {int(days): articles for days, articles in vocabulary.going_on(f"q{municipality}d").items()}
