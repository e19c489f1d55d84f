"""What the bid gives: sums, parts and our result, on these lots only, and when margin or volume turns out otherwise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.money import NOUGHT, Money
from bids import pricing
from bids.offer import Offer, PriceRow, Share
from bids.pricing import PartyValue

MARGINS = (Decimal(-2), Decimal(-1), Decimal(1))
"""Percentage points."""
VOLUMES = (Decimal(-20), Decimal(20))
"""Per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A year: what the buyer pays, and where it goes. ``margin`` is the sales company's; the four add up to the total.

    ``unpriced`` are the rows that count for nothing as they have no price; ``losing`` those under their lowest price.
    """

    total: Money
    members: Money
    transport: Money
    fee: Money
    margin: Money
    parties: dict[str, PartyValue]
    unpriced: int
    losing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What becomes of it when the margin is so many points, or the volume so many per cent, more or less."""

    margin: Decimal = Decimal(0)
    volume: Decimal = Decimal(0)
    result: Result


def result(offer: Offer) -> Result:
    """What the bid gives as it stands. Raises ValueError when fee and margin of a row leave nothing."""
    sums = {"members": NOUGHT, "transport": NOUGHT, "fee": NOUGHT, "total": NOUGHT}
    unpriced = losing = 0
    for row in offer.rows:
        parts = pricing.breakdown(row)
        if parts is None:
            unpriced += 1
            continue
        sums["total"] += parts.unit_price.times(row.quantity)
        sums["members"] += parts.member.times(row.quantity)
        sums["transport"] += parts.transport.times(row.quantity)
        sums["fee"] += parts.fee.times(row.quantity)
        losing += parts.margin < NOUGHT
    margin = sums["total"] - sums["members"] - sums["transport"] - sums["fee"]
    return Result(**sums, margin=margin, parties=pricing.value_per_party(offer), unpriced=unpriced, losing=losing)


def on_lots(offer: Offer, lot_refs: Collection[str]) -> Offer:
    """The bid with these lots only; rows of the whole tender stay. Lots it does not cover cannot be added."""
    return replace(
        offer,
        lots=tuple(lot for lot in offer.lots if lot.ref in lot_refs),
        rows=tuple(row for row in offer.rows if row.lot_ref is None or row.lot_ref in lot_refs),
    )


def sensitivity(
    offer: Offer, margins: Sequence[Decimal] = MARGINS, volumes: Sequence[Decimal] = VOLUMES
) -> tuple[Turn, ...]:
    """The same bid at other margins and volumes. A row with a fixed price keeps it, so only its volume matters."""
    return (
        *(Turn(margin=points, result=result(_at_margin(offer, points))) for points in margins),
        *(Turn(volume=percent, result=result(_at_volume(offer, percent))) for percent in volumes),
    )


def _at_margin(offer: Offer, points: Decimal) -> Offer:
    return replace(offer, rows=tuple(replace(row, margin_percent=_margin(row, points)) for row in offer.rows))


def _margin(row: PriceRow, points: Decimal) -> Decimal:
    """Never under nought, and never so much that nothing is left for the members."""
    most = max(row.margin_percent, 99 - row.fee_percent)
    return min(max(Decimal(0), row.margin_percent + points), most)


def _at_volume(offer: Offer, percent: Decimal) -> Offer:
    factor = (100 + percent) / 100
    return replace(
        offer,
        rows=tuple(
            replace(row, quantity=row.quantity * factor, shares=tuple(_scaled(share, factor) for share in row.shares))
            for row in offer.rows
        ),
    )


def _scaled(share: Share, factor: Decimal) -> Share:
    return replace(share, quantity=share.quantity * factor)
