"""The gaps that a buyer's addenda open: not acknowledged, and not gone through for what they touch."""

from __future__ import annotations

from collections.abc import Iterator

from bids.gap import Gap
from bids.kinds import GapArea
from bids.offer import Addendum, Offer, Touch
from bids.swedish import day, local_day


def addendum_gaps(offer: Offer) -> Iterator[Gap]:
    """A late addendum reopens what it touches: each stays a blocking gap until somebody has looked at it again.

    Addenda are part of the buyer's documents; a bid that answers to older ones answers to something else (LOU 4:1).
    """
    requirements = {(one.ref, one.lot_ref) for one in offer.requirements}
    rows = {(row.ref, row.lot_ref) for row in offer.rows}
    lots = {lot.ref for lot in offer.lots}
    for addendum in offer.addenda:
        if not addendum.acknowledged:
            yield _unread(addendum, offer.zone)
        for touch in addendum.touches:
            if touch.confirmed:
                continue
            if (touch.requirement_ref, touch.lot_ref) in requirements:
                yield _requirement(addendum, touch)
            elif (touch.row_ref, touch.lot_ref) in rows:
                yield _row(addendum, touch)
            elif touch.is_lot and touch.lot_ref in lots:
                yield _lot(addendum, touch)


def _unread(addendum: Addendum, zone: str) -> Gap:
    return Gap(
        key=f"addendum:{addendum.number}:unread",
        area=GapArea.ADDENDUM,
        blocking=True,
        sentence=f"Komplettering {addendum.number}, som kom {day(local_day(addendum.received_at, zone))}, är inte "
        "kvitterad. Den hör till upphandlingens underlag och kan ändra vad köparen kräver. Läs den, ange vad den "
        "berör och kvittera.",
    )


def _requirement(addendum: Addendum, touch: Touch) -> Gap:
    return Gap(
        key=f"addendum:{addendum.number}:requirement:{touch.lot_ref or ''}:{touch.requirement_ref}",
        area=GapArea.REQUIREMENT,
        blocking=True,
        sentence=f"Komplettering {addendum.number} berör krav {touch.requirement_ref}. Svaret kan ha blivit fel. Läs "
        "kompletteringen, rätta svaret om det behövs och bekräfta det.",
        requirement_ref=touch.requirement_ref,
        lot_ref=touch.lot_ref,
    )


def _row(addendum: Addendum, touch: Touch) -> Gap:
    return Gap(
        key=f"addendum:{addendum.number}:row:{touch.lot_ref or ''}:{touch.row_ref}",
        area=GapArea.ADDENDUM,
        blocking=True,
        sentence=f"Komplettering {addendum.number} berör prisrad {touch.row_ref}. Mängd, enhet eller pris kan ha "
        "blivit fel, och parternas löften med dem. Gå igenom raden och bekräfta den.",
        row_ref=touch.row_ref,
        lot_ref=touch.lot_ref,
    )


def _lot(addendum: Addendum, touch: Touch) -> Gap:
    return Gap(
        key=f"addendum:{addendum.number}:lot:{touch.lot_ref}",
        area=GapArea.ADDENDUM,
        blocking=True,
        sentence=f"Komplettering {addendum.number} berör anbudsområde {touch.lot_ref}. Gå igenom områdets krav och "
        "priser och bekräfta att de står sig.",
        lot_ref=touch.lot_ref,
    )
