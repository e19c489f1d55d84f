"""What the bid gives: sums, parts and our result, on these lots only, and when margin or volume turns out otherwise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.money import NOUGHT, Money
from bids import pricing
from bids.offer import Offer, PriceRow
from bids.pricing import PartyValue

MARGINS = (Decimal(-2), Decimal(-1), Decimal(1))
"""Percentage points."""
VOLUMES = (Decimal(-20), Decimal(20))
"""Per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A year: what the buyer pays, and where it goes. ``margin`` is the sales company's; the four add up to the total.

    ``lots`` are the sums of the lots, with None for rows of the whole tender. ``unpriced`` are the rows that count for
    nothing as they have no price; ``losing`` those under their lowest price.
    """

    total: Money
    members: Money
    transport: Money
    fee: Money
    margin: Money
    parties: dict[str, PartyValue]
    lots: dict[str | None, Money]
    unpriced: int
    losing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What becomes of it when the margin is so many points, or the volume so many per cent, more or less."""

    margin: Decimal = Decimal(0)
    volume: Decimal = Decimal(0)
    result: Result


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with what is the same at any margin and volume: its member price, and who carries which part of it."""

    row: PriceRow
    members: Money | None
    """A unit."""
    paid: Money
    """All of it."""
    keys: tuple[str, ...]
    weights: list[int]


def result(offer: Offer) -> Result:
    """What the bid gives as it stands. Raises ValueError when fee and margin of a row leave nothing."""
    return _result(offer, _rows(offer))


def sensitivity(
    offer: Offer, margins: Sequence[Decimal] = MARGINS, volumes: Sequence[Decimal] = VOLUMES
) -> tuple[Turn, ...]:
    """The same bid at other margins and volumes. A row with a fixed price keeps it, so only its volume matters."""
    rows = _rows(offer)
    return (
        *(Turn(margin=points, result=_result(offer, rows, points=points)) for points in margins),
        *(Turn(volume=percent, result=_result(offer, rows, factor=(100 + percent) / 100)) for percent in volumes),
    )


def _rows(offer: Offer) -> list[_Row]:
    found = []
    for row in offer.rows:
        carrying = [share for share in row.shares if share.quantity > 0]
        weights = pricing.whole_weights([share.quantity for share in carrying]) if carrying else []
        paid = pricing.paid_to_members(row)
        found.append(_Row(row, pricing.member_price(row), paid, tuple(share.party_key for share in carrying), weights))
    return found


def _result(offer: Offer, rows: Sequence[_Row], points: Decimal = Decimal(0), factor: Decimal = Decimal(1)) -> Result:
    members = transport = fee = whole = NOUGHT
    unpriced = losing = 0
    lots: dict[str | None, Money] = {}
    amounts = {party.key: NOUGHT for party in offer.parties}
    for one in rows:
        row, price = one.row, _price(one, points)
        if price is None:
            unpriced += 1
            continue
        quantity, charged = row.quantity * factor, price.percent(row.fee_percent)
        total = price.times(quantity)
        whole, members = whole + total, members + one.paid.times(factor)
        transport, fee = transport + row.transport.times(quantity), fee + charged.times(quantity)
        lots[row.lot_ref] = lots.get(row.lot_ref, NOUGHT) + total
        losing += price - charged < (one.members or NOUGHT) + row.transport
        for key, part in zip(one.keys, total.share(one.weights) if one.weights else (), strict=True):
            amounts[key] = amounts.get(key, NOUGHT) + part
    return Result(
        total=whole,
        members=members,
        transport=transport,
        fee=fee,
        margin=whole - members - transport - fee,
        parties=pricing.in_per_cent(amounts),
        lots=lots,
        unpriced=unpriced,
        losing=losing,
    )


def _price(one: _Row, points: Decimal) -> Money | None:
    """The unit price as `pricing.unit_price` counts it, at so many points more margin.

    The margin is never under nought, and never so large that nothing is left for the members.
    """
    row = one.row
    taken = pricing.taken_percent(row)
    if row.fixed_unit_price is not None:
        return row.fixed_unit_price if row.fixed_unit_price > NOUGHT else None
    if one.members is None:
        return None
    most = max(taken, Decimal(99))
    taken = min(max(row.fee_percent, taken + points), most)
    return (one.members + row.transport).times(100).divided_by(100 - taken)


def on_lots(offer: Offer, lot_refs: Collection[str]) -> Offer:
    """The bid with these lots only; rows of the whole tender stay. Lots it does not cover cannot be added."""
    return replace(
        offer,
        lots=tuple(lot for lot in offer.lots if lot.ref in lot_refs),
        rows=tuple(row for row in offer.rows if row.lot_ref is None or row.lot_ref in lot_refs),
    )


def one_lot(offer: Offer, lot_ref: str) -> Offer:
    """One lot by itself, without the rows of the whole tender."""
    return replace(
        offer,
        lots=tuple(lot for lot in offer.lots if lot.ref == lot_ref),
        rows=tuple(row for row in offer.rows if row.lot_ref == lot_ref),
    )
