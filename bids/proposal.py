"""A proposed sharing of the rows beside the one that stands: what each party has of the bid before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from app.money import NOUGHT, Money
from bids import capacity, pricing
from bids.capacity import Allocation, Limit, Need, Pool, Problem
from bids.offer import Offer, PriceRow, Share
from bids.pricing import PartyValue
from bids.swedish import percent

ROUNDS = 4
"""Who carries a row decides its price, and its price what a part of it is worth; so the parts are counted anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row that would be shared in another way: party and quantity before, and after."""

    ref: str
    lot_ref: str | None
    before: tuple[tuple[str, Decimal], ...]
    after: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The allocation with what stands beside it. Costs are a year's, at the members' prices.

    ``mark`` is the same as long as the proposal and what it would change are.
    """

    allocation: Allocation
    problems: tuple[Problem, ...]
    cost_before: Money
    cost_after: Money
    before: dict[str, PartyValue]
    after: dict[str, PartyValue]
    changes: tuple[RowChange, ...]

    @property
    def mark(self) -> str:
        """A fingerprint, by which whoever takes the proposal over is held to the one that was shown."""
        return sha256(repr((self.allocation.parts, self.changes, self.cost_after)).encode()).hexdigest()


def propose(offer: Offer, needs: Sequence[Need], limits: Sequence[Limit], pools: Sequence[Pool] = ()) -> Proposal:
    """The cheapest sharing that carries every row, with parts counted at the prices that it leads to.

    Raises ValueError as `capacity.allocate` does.
    """
    found = capacity.allocate(needs, limits, pools)
    shared = with_parts(offer, needs, found)
    for _round in range(ROUNDS if any(_says_something(limit) for limit in limits) else 0):
        needs = [replace(need, worth=worth) for need, worth in zip(needs, _worths(needs, shared), strict=True)]
        before, found = found.parts, capacity.allocate(needs, limits, pools)
        if found.parts == before:
            break
        shared = with_parts(offer, needs, found)
    over = _over(limits, shared)
    return Proposal(
        allocation=found,
        problems=(*found.problems, *over),
        cost_before=_cost(offer),
        cost_after=_cost(shared),
        before=pricing.value_per_party(offer),
        after=pricing.value_per_party(shared),
        changes=tuple(_changes(offer, shared)),
    )


def with_parts(offer: Offer, needs: Sequence[Need], allocation: Allocation) -> Offer:
    """The offer with the rows shared as proposed; rows that nobody was sought for stay as they are."""
    prices = {
        (need.lot_ref, need.ref, one.party_key): (one.price, one.most) for need in needs for one in need.candidates
    }
    shares: dict[tuple[str | None, str], list[Share]] = {(need.lot_ref, need.ref): [] for need in needs}
    for part in allocation.parts:
        price, most = prices[part.lot_ref, part.ref, part.party_key]
        shares[part.lot_ref, part.ref].append(
            Share(party_key=part.party_key, quantity=part.quantity, member_price=price, yearly_capacity=most)
        )
    return replace(offer, rows=tuple(_shared(row, shares) for row in offer.rows))


def _shared(row: PriceRow, shares: dict[tuple[str | None, str], list[Share]]) -> PriceRow:
    key = row.lot_ref, row.ref
    return replace(row, shares=tuple(shares[key])) if key in shares else row


def _says_something(limit: Limit) -> bool:
    return any(part is not None for part in (limit.smallest, limit.ceiling, limit.wish))


def _worths(needs: Sequence[Need], offer: Offer) -> list[Money]:
    """What a unit of each row is worth at the price that it has in the offer."""
    rows = {(row.lot_ref, row.ref): row for row in offer.rows}
    return [pricing.unit_price(rows[need.lot_ref, need.ref]) or need.worth for need in needs]


def _over(limits: Sequence[Limit], offer: Offer) -> list[Problem]:
    """The parties that have more of the bid's value than they may, as the bid itself counts it."""
    values = pricing.value_per_party(offer)
    return [
        Problem(
            f"{limit.name} får {percent(values[limit.party_key].percent)} av anbudets värde, mer än de "
            f"{percent(limit.ceiling)} som parten får ha. Det går inte att räkna jämnt, eftersom raden får ett annat "
            "pris när den delas på ett annat sätt. Sänk partens största del lite och föreslå igen.",
            party_key=limit.party_key,
        )
        for limit in limits
        if limit.ceiling is not None and limit.party_key in values and values[limit.party_key].percent > limit.ceiling
    ]


def _cost(offer: Offer) -> Money:
    return Money.total(
        (share.member_price or NOUGHT).times(share.quantity) for row in offer.rows for share in row.shares
    )


def _changes(before: Offer, after: Offer) -> list[RowChange]:
    found = []
    for old, new in zip(before.rows, after.rows, strict=True):
        was, becomes = _parts(old), _parts(new)
        if was != becomes:
            found.append(RowChange(ref=old.ref, lot_ref=old.lot_ref, before=was, after=becomes))
    return found


def _parts(row: PriceRow) -> tuple[tuple[str, Decimal], ...]:
    return tuple(sorted((share.party_key, share.quantity) for share in row.shares if share.quantity > 0))
