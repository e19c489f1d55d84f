"""What an addendum touches, under the names that the bid has for it; and that somebody has looked at it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.accounts.models import User
from app.tenders.tender import Tender, TenderPriceRow, TenderRequirement
from app.tenders.working.addenda import AddendumTouch, TenderAddendum
from bids.offer import Touch


def touches_of(addendum: TenderAddendum, tender: Tender) -> Iterator[Touch]:
    """The touches by number. What has been removed from the tender since is touched no longer."""
    lots = {lot.id: lot.ref for lot in tender.lots}
    requirements: dict[int, TenderRequirement] = {one.id: one for one in tender.requirements}
    rows: dict[int, TenderPriceRow] = {row.id: row for row in tender.rows}
    for touch in addendum.touches:
        done = touch.confirmed_at is not None
        if touch.requirement_id in requirements:
            requirement = requirements[touch.requirement_id]
            lot_ref = lots.get(requirement.lot_id or 0)
            yield Touch(requirement_ref=requirement.ref, lot_ref=lot_ref, confirmed=done)
        elif touch.row_id in rows:
            row = rows[touch.row_id]
            yield Touch(row_ref=row.ref, lot_ref=lots.get(row.lot_id or 0), confirmed=done)
        elif touch.lot_id in lots:
            yield Touch(lot_ref=lots[touch.lot_id], confirmed=done)


def open_touches(tender: Tender, requirement: TenderRequirement) -> list[tuple[TenderAddendum, AddendumTouch]]:
    """The addenda that touch the requirement and after which nobody has confirmed its answer."""
    return [
        (addendum, touch)
        for addendum in tender.addenda
        for touch in addendum.touches
        if touch.requirement_id == requirement.id and touch.confirmed_at is None
    ]


def confirm_answer(tender: Tender, requirement: TenderRequirement, *, by: User | None, now: datetime) -> int:
    """The answer holds, or has just been written anew, after all addenda that touch it. Returns how many those were."""
    touching = open_touches(tender, requirement)
    for _addendum, touch in touching:
        confirm(touch, by=by, now=now)
    return len(touching)


def confirm(touch: AddendumTouch, *, by: User | None, now: datetime) -> None:
    """Somebody has looked at it again."""
    touch.confirmed_by, touch.confirmed_at = by.name if by else "Samsälj", now
