"""A page of price rows, each with what its price is built of, and who carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.money import NOUGHT, Money
from app.pages.staff.tenders_room import Room
from app.tenders.models import Bid, BidParty, Promise, TenderLot, TenderPriceRow
from bids import pricing
from bids.offer import PriceRow
from bids.pricing import Breakdown


@dataclass(frozen=True, slots=True)
class CostedRow:
    """A row with what its price is built of, and who carries it."""

    row: TenderPriceRow
    value: PriceRow
    parts: Breakdown | None
    lowest: Money | None
    total: Money
    promises: tuple[tuple[BidParty, Promise], ...]

    @property
    def loses(self) -> bool:
        """Whether each unit costs more than it gives."""
        return self.parts is not None and self.parts.margin < NOUGHT


@dataclass(frozen=True, slots=True)
class CostedLot:
    """A lot's rows and sum; ``lot`` is None for rows of the whole tender."""

    lot: TenderLot | None
    rows: tuple[CostedRow, ...]
    total: Money


def costed(room: Room, bid: Bid, rows: Sequence[TenderPriceRow], sums: Mapping[str | None, Money]) -> list[CostedLot]:
    """The page's rows, each with its value, lot by lot; a lot's sum is of all its rows."""
    values = {(value.lot_ref, value.ref): value for value in room.offer.rows} if room.offer else {}
    wanted = {row.id for row in rows}
    carriers: dict[int, list[tuple[BidParty, Promise]]] = {}
    for party in bid.parties:
        for promise in party.promises:
            if promise.row_id in wanted:
                carriers.setdefault(promise.row_id, []).append((party, promise))
    lots: list[TenderLot | None] = [*bid.lots, None]
    return [
        CostedLot(lot, found, sums.get(lot.ref if lot else None, NOUGHT))
        for lot in lots
        if (found := tuple(_costed_row(row, lot, values, carriers) for row in _in(rows, lot)))
    ]


def _in(rows: Sequence[TenderPriceRow], lot: TenderLot | None) -> list[TenderPriceRow]:
    return [row for row in rows if row.lot_id == (lot.id if lot else None)]


def _costed_row(
    row: TenderPriceRow,
    lot: TenderLot | None,
    values: Mapping[tuple[str | None, str], PriceRow],
    carriers: Mapping[int, Sequence[tuple[BidParty, Promise]]],
) -> CostedRow:
    value = values[lot.ref if lot else None, row.ref]
    return CostedRow(
        row=row,
        value=value,
        parts=pricing.breakdown(value),
        lowest=pricing.lowest_price(value),
        total=pricing.row_total(value),
        promises=tuple(carriers.get(row.id, ())),
    )
