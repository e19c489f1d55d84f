"""Reading how members deliver, as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import Offering
from app.db import Question, db, several
from app.errors import NotYours
from app.members.models import Member
from app.orders.delivery.models import DeliveryWay, OnlyWay
from app.orders.delivery.ways import FREELY, Way, WayKind, closed_to


def ways_of(members: Collection[int], articles: Collection[int]) -> dict[int, tuple[Way, ...]]:
    """Each member's ways for the articles, by its id: three statements at most. Whoever has said nothing is left out.

    One statement is enough where nobody has. Such a member brings what it makes itself, and what comes in one way only
    comes so.
    """
    rows = _rows(members)
    carriers = _carrying({row.carrier_id for row in rows if row.carrier_id is not None})
    found: dict[int, list[Way]] = defaultdict(list)
    for row in rows:
        found[row.member_id].extend(_carried(row, carriers) if row.kind == WayKind.CARRIED else [_way(row)])
    only = _only(found, articles) if found else {}
    return {member: closed_to(ways, only.get(member, {})) for member, ways in found.items()}


def of_member(known: Mapping[int, Sequence[Way]], member: int) -> Sequence[Way]:
    """What the member has said, or else that it delivers freely."""
    return known.get(member, (FREELY,))


def rows_of(member: Member) -> Sequence[DeliveryWay]:
    """What the member has said, as its own page shows it."""
    return _rows([member.id])


def way_of(member: Member, way_id: int, *, lock: bool = False) -> DeliveryWay:
    """One of the member's ways. Raises NotYours."""
    query = select(DeliveryWay).where(DeliveryWay.id == way_id, DeliveryWay.member_id == member.id)
    found = db.session.scalar(query.with_for_update(of=DeliveryWay) if lock else query)
    if found is None:
        raise NotYours
    return found


def carriers_for(member: Member) -> Sequence[Member]:
    """The other members that carry for others, by name."""
    own = select(DeliveryWay).where(DeliveryWay.kind == WayKind.OWN).options(joinedload(DeliveryWay.member))
    rows = db.session.scalars(own).unique()
    found = {row.member for row in rows if row.terms.carries and row.member_id != member.id}
    return sorted(found, key=lambda one: one.name)


def carries(member: Member) -> bool:
    """Whether the member carries for others."""
    return any(row.terms.carries for row in rows_of(member) if row.kind == WayKind.OWN)


def _rows(members: Collection[int]) -> Sequence[DeliveryWay]:
    if not members:
        return []
    return db.session.scalars(_ways(), {"members": list(members)}).unique().all()


@cache
def _ways() -> Question:
    """Put together once: each order asks it."""
    query = select(DeliveryWay).where(DeliveryWay.member_id.in_(several("members"))).order_by(DeliveryWay.id)
    return query.options(
        selectinload(DeliveryWay.member), selectinload(DeliveryWay.workplace), selectinload(DeliveryWay.carrier)
    )


def _only(members: Collection[int], articles: Collection[int]) -> dict[int, dict[int, WayKind]]:
    """Which of the articles each member lets come in one way only."""
    query = (
        select(Offering.member_id, Offering.article_id, OnlyWay.kind)
        .join(OnlyWay.offering)
        .where(Offering.member_id.in_(members), Offering.article_id.in_(articles))
    )
    found: dict[int, dict[int, WayKind]] = defaultdict(dict)
    for member, article, kind in db.session.execute(query):
        found[member][article] = kind
    return found


def _carrying(carriers: Collection[int]) -> dict[int, list[DeliveryWay]]:
    found: dict[int, list[DeliveryWay]] = defaultdict(list)
    for row in _rows(carriers):
        if row.kind == WayKind.OWN and row.terms.carries:
            found[row.member_id].append(row)
    return found


def _way(row: DeliveryWay) -> Way:
    if row.kind != WayKind.COLLECT:
        return Way(str(row.id), row.kind, row.terms)
    place = f"{place_words(row)}. {row.terms.hours.rstrip('. ')}"
    return Way(str(row.id), row.kind, row.terms, place=place, municipality=(row.workplace or row.member).municipality)


def _carried(row: DeliveryWay, carriers: Mapping[int, Iterable[DeliveryWay]]) -> list[Way]:
    """One way for each of the carrier's own, as it drives to some places on other days than to others."""
    return [
        Way(f"{row.id}.{own.id}", WayKind.CARRIED, own.terms, carrier=own.member_id)
        for own in carriers.get(row.carrier_id or 0, ())
    ]


def place_words(row: DeliveryWay) -> str:
    """The address at which it is collected, or from which it is driven."""
    place = row.workplace or row.member
    return f"{place.name}, {place.street}, {place.postcode} {place.city}"
