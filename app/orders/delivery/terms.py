"""What a member can say of how it delivers, and what cannot be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import func, select

from app import audit, places
from app.audit import Actor
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.errors import Refused
from app.members.models import Member, Workplace
from app.money import NOUGHT, Money
from app.orders.delivery.models import DeliveryWay, OnlyWay
from app.orders.delivery.ways import WORKING_WEEK, Terms, WayKind, WeightStep, Window

MOST_WAYS = 20
MOST_ROWS = 12
"""Windows, or steps, of one way."""
DEAREST = Money.kronor(100_000)
HEAVIEST = Decimal(100_000)
LONGEST_HOURS = 300
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def set_way(
    member: Member,
    row: DeliveryWay | None,
    kind: WayKind,
    terms: Terms,
    *,
    workplace: Workplace | None = None,
    carrier: Member | None = None,
    by: Actor | None,
    now: datetime,
) -> DeliveryWay:
    """Say one more way, or say one otherwise. Orders that are placed keep what they were promised.

    Raises Refused for terms that cannot be, a carrier that does not carry for others, and one way too many.
    """
    _check_carrier(member, kind, carrier)
    checked = check(kind, terms)
    if row is None:
        _check_room(member)
        row = DeliveryWay(member=member, kind=kind)
        db.session.add(row)
    row.terms = checked
    row.workplace = None if kind == WayKind.CARRIED else workplace
    row.carrier = carrier if kind == WayKind.CARRIED else None
    audit.record(row, "said", by=by, now=now, member=member.name, kind=kind.value)
    return row


def remove_way(row: DeliveryWay, *, by: Actor | None, now: datetime) -> None:
    """The member no longer delivers so. Orders that are placed keep what they were promised.

    Raises Refused for the last way in which something comes that comes only so.
    """
    _check_not_needed(row)
    audit.record(row, "taken away", by=by, now=now, kind=row.kind.value)
    db.session.delete(row)
    db.session.flush()


def set_only(offering: Offering, kind: WayKind | None, *, by: Actor | None, now: datetime) -> OnlyWay | None:
    """Something comes in one way only from now on, or in all that the member has. Placed orders keep their promises.

    Raises Refused for a way that the member does not have; who has said nothing delivers itself.
    """
    found = db.session.get(OnlyWay, offering.id)
    if kind is not None:
        _check_has(offering.member_id, kind)
        found = found or _added(OnlyWay(offering_id=offering.id))
        found.kind = kind
    elif found is not None:
        db.session.delete(found)
        found = None
    db.session.flush()
    audit.record(offering, "comes", by=by, now=now, only=kind.value if kind else "")
    return found


def only_of(offering: Offering) -> WayKind | None:
    """The only way in which it comes; None where it comes in any."""
    found = db.session.get(OnlyWay, offering.id)
    return found.kind if found else None


def check(kind: WayKind, terms: Terms) -> Terms:
    """The terms with only what the kind has, in order. Raises Refused for what cannot be."""
    if kind == WayKind.CARRIED:
        return Terms()  # the carrier's own hold
    weekdays = tuple(sorted(set(terms.weekdays)))
    if not weekdays or not set(weekdays) <= set(WORKING_WEEK):
        raise Refused("Välj minst en dag, från måndag till fredag.")
    if kind == WayKind.COLLECT:
        if not terms.hours.strip():
            raise Refused("Skriv när kunden kan hämta.")
        return Terms(weekdays, hours=" ".join(terms.hours.split())[:LONGEST_HOURS])
    known = {place.code for place in places.all_municipalities()}
    if not terms.everywhere and not (terms.municipalities and set(terms.municipalities) <= known):
        raise Refused("Välj minst en kommun, eller att ni levererar överallt där ni arbetar.")
    _check_fee(terms.per_stop, least=NOUGHT)
    if terms.free_from is not None:
        _check_fee(terms.free_from, least=Money(1))
    return replace(
        terms,
        weekdays=weekdays,
        windows=_windows(terms.windows),
        municipalities=() if terms.everywhere else tuple(sorted(set(terms.municipalities))),
        steps=_steps(terms.steps),
        hours="",
    )


def _windows(windows: Sequence[Window]) -> tuple[Window, ...]:
    ordered = tuple(sorted(windows, key=lambda one: one.start))
    if len(ordered) > MOST_ROWS:
        raise Refused(f"Skriv högst {MOST_ROWS} tider.")
    if any(not _TIME.fullmatch(moment) for one in ordered for moment in (one.start, one.end)):
        raise Refused("Skriv tider som 08:00.")
    if any(one.end <= one.start for one in ordered):
        raise Refused("En tid måste sluta efter att den har börjat.")
    if any(after.start < before.end for before, after in pairwise(ordered)):
        raise Refused("Två tider går in i varandra. Ändra en av dem.")
    return ordered


def _steps(steps: Sequence[WeightStep]) -> tuple[WeightStep, ...]:
    ordered = tuple(sorted(steps, key=lambda one: one.up_to))
    if len(ordered) > MOST_ROWS:
        raise Refused(f"Skriv högst {MOST_ROWS} vikter.")
    if len({one.up_to for one in ordered}) < len(ordered):
        raise Refused("Två vikter är lika. Ta bort en av dem.")
    for one in ordered:
        if not 0 < one.up_to <= HEAVIEST:
            raise Refused("Skriv vikten i kilogram, större än noll.")
        _check_fee(one.fee, least=NOUGHT)
    if any(after.fee < before.fee for before, after in pairwise(ordered)):
        raise Refused("Det som väger mer kan inte kosta mindre.")
    return ordered


def _check_fee(fee: Money, *, least: Money) -> None:
    if not least <= fee <= DEAREST:
        raise Refused(f"Skriv ett belopp från {least} till {DEAREST}.")


def _check_carrier(member: Member, kind: WayKind, carrier: Member | None) -> None:
    if kind != WayKind.CARRIED:
        return
    if carrier is None or carrier.id == member.id:
        raise Refused("Välj vilken annan medlem som kör.")
    own = db.session.scalars(
        select(DeliveryWay).where(DeliveryWay.member_id == carrier.id, DeliveryWay.kind == WayKind.OWN)
    )
    if not any(one.terms.carries for one in own):
        raise Refused(f"{carrier.name} kör inte åt andra. Fråga dem först.")


def _check_has(member_id: int, kind: WayKind) -> None:
    """The ways are held, so that none is taken away at the same moment."""
    if kind == WayKind.CARRIED:
        raise Refused("Välj att det hämtas eller att ni levererar det själva.")
    mine = select(DeliveryWay.kind).where(DeliveryWay.member_id == member_id)
    kinds = db.session.scalars(mine.with_for_update()).all()
    if kind not in kinds and (kinds or kind != WayKind.OWN):
        missing = "var och när kunden kan hämta" if kind == WayKind.COLLECT else "hur ni levererar själva"
        raise Refused(f"Skriv först {missing}, under Så levererar ni.")


def _check_not_needed(row: DeliveryWay) -> None:
    mine = select(DeliveryWay.kind).where(DeliveryWay.member_id == row.member_id, DeliveryWay.id != row.id)
    left = db.session.scalars(mine.with_for_update()).all()
    if row.kind in left or (row.kind == WayKind.OWN and not left):
        return
    query = (
        select(Article.name)
        .join(Offering, Offering.article_id == Article.id)
        .join(OnlyWay, OnlyWay.offering_id == Offering.id)
        .where(Offering.member_id == row.member_id, Offering.state == ApprovalState.APPROVED, OnlyWay.kind == row.kind)
    )
    name = db.session.scalar(query.order_by(Article.sort_name).limit(1))
    if name is not None:
        how = "kan bara hämtas" if row.kind == WayKind.COLLECT else "levereras bara av er själva"
        raise Refused(f"{name} {how}. Ändra det först, så kan det här sättet tas bort.")


def _added(row: OnlyWay) -> OnlyWay:
    db.session.add(row)
    return row


def _check_room(member: Member) -> None:
    count = db.session.scalar(select(func.count()).where(DeliveryWay.member_id == member.id)) or 0
    if count >= MOST_WAYS:
        raise Refused(f"Ni har redan {MOST_WAYS} sätt. Ta bort ett först.")
