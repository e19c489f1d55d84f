"""From a wish for a paper to its values: what stands on it, and for whom it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.db import db
from app.members.models import Member
from app.orders.models import Assignment
from app.orders.sheets import reading
from app.orders.sheets.labels import LabelSheet
from app.orders.sheets.reading import Asked
from app.orders.sheets.values import Parcel, Sheet, SheetKind
from app.papers import print_apart

SUMMED = (SheetKind.DAY, SheetKind.BY_ARTICLE)
DRIVEN = (SheetKind.ROUTE, SheetKind.NOTES, SheetKind.LABELS)
"""Papers about what leaves the house."""
TO_COME = (SheetKind.BY_CUSTOMER, SheetKind.ROUTE, SheetKind.LABELS)
"""Papers that need not say what has been handed over."""

PACKED = (SheetKind.BY_CUSTOMER, SheetKind.LABELS)
"""Papers about what the member makes itself."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which paper of which day."""

    kind: SheetKind
    asked: Asked
    prices: bool = False
    labels: LabelSheet | None = None


def sheet_of(wish: Wish) -> Sheet:
    """The values of one paper, of the whole day."""
    if wish.kind == SheetKind.BY_ARTICLE:
        return _sheet(wish, [])
    made = reading.parcels(reading.assignments_on(wish.asked))
    # Among all members' notes there is one already for what is carried: its maker's.
    twice = wish.kind == SheetKind.NOTES and wish.asked.member_id is None
    return _sheet(wish, made if twice else [*made, *reading.carried(wish.asked)])


def printed(sheet: Sheet, *, seconds: float | None = None) -> bytes:
    """The paper's PDF. Raises Refused as the press does."""
    slow = "Utskriften tog för lång tid. Välj en medlem eller en mindre dag."
    return print_apart("app.orders.sheets.press", sheet, slow=slow, seconds=seconds)


def note_of(assignment: Assignment, asked: Asked, *, prices: bool) -> Sheet:
    """The delivery note of a single assignment."""
    return _sheet(Wish(SheetKind.NOTES, asked, prices), reading.parcels([assignment]))


def shown(kind: SheetKind, parcels: Iterable[Parcel]) -> list[Parcel]:
    """Those of the parcels that belong on such a paper."""
    return [
        one
        for one in parcels
        if not (one.done and kind in TO_COME) and not (one.own and kind in DRIVEN)
        if not (one.how.pick_up and kind in PACKED)
    ]


def _sheet(wish: Wish, parcels: Iterable[Parcel]) -> Sheet:
    seller = reading.seller()
    member = db.session.get_one(Member, wish.asked.member_id) if wish.asked.member_id is not None else None
    return Sheet(
        kind=wish.kind,
        day=wish.asked.day,
        whose=member.name if member else seller.name,
        all_members=member is None,
        seller=seller,
        parcels=tuple(shown(wish.kind, parcels)),
        sums=tuple(reading.sums(wish.asked)) if wish.kind in SUMMED else (),
        prices=wish.prices,
        labels=wish.labels,
    )
