"""The bid's figures as the buyer may see them: bid prices, quantities and parts of the value, no member prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.money import Money
from bids import pricing
from bids.offer import Offer, PriceRow


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A price row with its bid price and yearly sum; both None while it is not priced."""

    row: PriceRow
    price: Money | None
    total: Money | None


@dataclass(frozen=True, slots=True)
class ScheduleLot:
    """A lot's rows and yearly sum. ``title`` is empty when the tender has no lots."""

    ref: str
    title: str
    rows: tuple[ScheduleRow, ...]
    total: Money
    about: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one party delivers of a row in a year; the row's text stands only with its first party."""

    row: PriceRow
    party_key: str
    quantity: Decimal
    is_first: bool


def lots(offer: Offer) -> tuple[ScheduleLot, ...]:
    """The schedule lot by lot; rows outside every lot come first, without a title.

    A masked copy has its sums from the offer: they cannot be counted from what is left of its prices.
    """
    sums = {one.lot_ref: one.total for one in offer.mask.sums} if offer.mask else {}
    titles: dict[str | None, str] = {None: ""} | {lot.ref: f"Anbudsområde {lot.ref}. {lot.title}" for lot in offer.lots}
    by_lot = {ref: tuple(_priced(row) for row in pricing.rows_of(offer, ref)) for ref in titles}
    about = {lot.ref: ". ".join(filter(None, (lot.description, lot.place))) for lot in offer.lots}
    return tuple(
        ScheduleLot(ref or "", title, by_lot[ref], sums.get(ref, _sum(by_lot[ref])), about.get(ref or "", ""))
        for ref, title in titles.items()
        if by_lot[ref]
    )


def _sum(rows: tuple[ScheduleRow, ...]) -> Money:
    return Money.total(row.total for row in rows if row.total)


def _priced(row: PriceRow) -> ScheduleRow:
    """A draft may hold what cannot be priced; it is shown without a price, and the gap list says why."""
    try:
        price = pricing.unit_price(row)
    except ValueError:
        price = None
    return ScheduleRow(row, price, price.times(row.quantity) if price else None)


def deliveries(lot: ScheduleLot) -> list[Delivery]:
    """Who delivers what of the lot, row by row."""
    return [
        Delivery(priced.row, share.party_key, share.quantity, place == 0)
        for priced in lot.rows
        for place, share in enumerate(share for share in priced.row.shares if share.quantity > 0)
    ]


def parts_of_value(offer: Offer) -> dict[str, Decimal]:
    """Each party's part of the bid's value in per cent; nothing while the value cannot be counted, or would tell it."""
    if offer.mask is not None and offer.mask.rows:
        return {}
    try:
        return {key: value.percent for key, value in pricing.value_per_party(offer).items()}
    except ValueError:
        return {}
