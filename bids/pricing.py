"""Member prices + transport + framework fee + margin -> the bid's price rows and sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import lcm

from app.money import NOUGHT, Money
from bids.offer import Offer, PriceRow, Share


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a unit price consists of; the parts always add up to it. Not shown to the buyer."""

    member: Money
    transport: Money
    fee: Money
    margin: Money

    @property
    def unit_price(self) -> Money:
        """The bid price per unit."""
        return self.member + self.transport + self.fee + self.margin


@dataclass(frozen=True, slots=True)
class PartyValue:
    """What a party delivers of the bid in a year: money, and per cent of the whole with two decimals."""

    amount: Money
    percent: Decimal


def member_price(row: PriceRow) -> Money | None:
    """The members' prices weighted by quantity, rounded once to öre. None while no share has a price."""
    priced = [(share.member_price, share.quantity) for share in priced_shares(row)]
    if len(priced) < 2:
        return priced[0][0] if priced else None
    weights = whole_weights([quantity for _, quantity in priced])
    whole = sum(price.ore * weight for (price, _), weight in zip(priced, weights, strict=True) if price is not None)
    return Money(whole).divided_by(sum(weights))


def priced_shares(row: PriceRow) -> list[Share]:
    """The shares that have a price and a quantity; blank and nought are no price."""
    return [
        share
        for share in row.shares
        if share.member_price is not None and share.member_price.ore > 0 and share.quantity > 0
    ]


def unit_price(row: PriceRow) -> Money | None:
    """The bid price per unit, or None when the row is not priced.

    Purchasing bodies charge their fee on turnover, so fee and margin are per cent of the bid price itself, and what
    members and carriers get is what remains of it. Raises ValueError when fee and margin leave nothing for them.
    """
    return _unit_price(row, member_price(row) if row.fixed_unit_price is None else None)


def _unit_price(row: PriceRow, members: Money | None) -> Money | None:
    left = 100 - taken_percent(row)
    if row.fixed_unit_price is not None:
        return row.fixed_unit_price if row.fixed_unit_price > NOUGHT else None
    return None if members is None else (members + row.transport).times(100).divided_by(left)


def taken_percent(row: PriceRow) -> Decimal:
    """Fee and margin together, at least 0 and under 100. Raises ValueError for anything else."""
    if min(row.fee_percent, row.margin_percent) < 0 or row.fee_percent + row.margin_percent >= 100:
        raise ValueError(f"row {row.ref}: fee {row.fee_percent} % and margin {row.margin_percent} % cannot be taken")
    return row.fee_percent + row.margin_percent


def breakdown(row: PriceRow) -> Breakdown | None:
    """The unit price in its parts; the margin is what is left, and under nought when a fixed price is too low."""
    paid = member_price(row)
    price = _unit_price(row, paid)
    if price is None:
        return None
    members = paid or NOUGHT
    fee = price.percent(row.fee_percent)
    return Breakdown(members, row.transport, fee, price - members - row.transport - fee)


def lowest_price(row: PriceRow) -> Money | None:
    """The lowest unit price that covers member price, transport and fee; below it each unit is a loss.

    Rounded up to whole öre, so that the fee on the whole row leaves what the row costs, however many units it has.

    None while no member has given a price. Raises ValueError as `unit_price` does.
    """
    taken_percent(row)
    members = member_price(row)
    if members is None:
        return None
    costs = members + row.transport
    exact = Decimal(costs.ore) * 100 / (100 - row.fee_percent)
    return Money(int(exact.to_integral_value(ROUND_CEILING)))


def paid_to_members(row: PriceRow) -> Money:
    """What members get for the row in a year: to each its own whole öre, and for what nobody carries the mean price.

    Nought while no member has named a price. The only way in which these sums are added, so that all pages agree.
    """
    priced = priced_shares(row)
    uncarried = max(row.quantity - sum((share.quantity for share in priced), Decimal(0)), Decimal(0))
    rest = (member_price(row) or NOUGHT).times(uncarried) if uncarried else NOUGHT
    return Money.total([*((share.member_price or NOUGHT).times(share.quantity) for share in priced), rest])


def row_total(row: PriceRow) -> Money:
    """Quantity times unit price for a year; nought while the row is not priced."""
    return (unit_price(row) or NOUGHT).times(row.quantity)


def rows_of(offer: Offer, lot_ref: str | None) -> list[PriceRow]:
    """The rows of a lot, or with None those that belong to the whole tender."""
    return [row for row in offer.rows if row.lot_ref == lot_ref]


def lot_total(offer: Offer, lot_ref: str | None) -> Money:
    """The sum of a lot's rows for a year, excluding VAT."""
    return Money.total(row_total(row) for row in rows_of(offer, lot_ref))


def grand_total(offer: Offer) -> Money:
    """The sum of all rows for a year, excluding VAT."""
    return Money.total(row_total(row) for row in offer.rows)


def value_per_party(offer: Offer) -> dict[str, PartyValue]:
    """What each party delivers of the bid's value in a year, every party named.

    A row's sum is divided by the quantities promised, so the amounts add up to the grand total as soon as every row
    is carried by somebody; before that the percentages are of what is carried.
    """
    amounts: dict[str, Money] = defaultdict(lambda: NOUGHT, {party.key: NOUGHT for party in offer.parties})
    for row in offer.rows:
        for key, amount in value_of_shares(row):
            amounts[key] += amount
    return in_per_cent(amounts)


def in_per_cent(amounts: Mapping[str, Money]) -> dict[str, PartyValue]:
    """Each amount with its part of them all."""
    whole = Money.total(amounts.values())
    return {key: PartyValue(amount, _percent(amount, whole)) for key, amount in amounts.items()}


def value_of_shares(row: PriceRow) -> list[tuple[str, Money]]:
    """Which party delivers how much of the row's sum."""
    return _divided(row, [(share.party_key, share.quantity) for share in row.shares])


def value_carried(row: PriceRow) -> list[tuple[str, Money]]:
    """The same where what nobody carries is nobody's: what parties that carry only some of a row deliver of it."""
    shares = [(share.party_key, share.quantity) for share in row.shares]
    uncarried = row.quantity - sum((quantity for _key, quantity in shares), Decimal(0))
    return [(key, part) for key, part in _divided(row, [*shares, ("", uncarried)]) if key]


def _divided(row: PriceRow, shares: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Money]]:
    """The row's sum by quantity, in whole öre that add up to it."""
    carrying = [(key, quantity) for key, quantity in shares if quantity > 0]
    if not carrying:
        return []
    parts = row_total(row).share(whole_weights([quantity for _key, quantity in carrying]))
    return [(key, part) for (key, _quantity), part in zip(carrying, parts, strict=True)]


def whole_weights(quantities: Sequence[Decimal]) -> list[int]:
    """Quantities with decimals as whole numbers in the same proportion."""
    exact = [quantity.as_integer_ratio() for quantity in quantities]
    denominator = lcm(*(below for _above, below in exact))
    return [above * (denominator // below) for above, below in exact]


def _percent(part: Money, whole: Money) -> Decimal:
    if not whole:
        return Decimal(0)
    return (Decimal(part.ore) * 100 / Decimal(whole.ore)).quantize(Decimal("0.01"))
