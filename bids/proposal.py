"""A proposed sharing of the rows beside the one that stands: what each party has of the bid before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from app.money import NOUGHT, Money
from bids import capacity, pricing
from bids.capacity import Allocation, Limit, Need, Part, Pool, Problem
from bids.capacity_words import more_than_wished, too_little
from bids.offer import Offer, PriceRow, Share
from bids.pricing import PartyValue
from bids.proposal_values import Proposal, RowChange
from bids.swedish import percent
from bids.within_limits import Broken, Rule, broken, keep_within, whole_of

ROUNDS = 2
"""Who carries a row decides its price, and its price what a part of it is worth; so the parts are counted anew."""


def propose(offer: Offer, needs: Sequence[Need], limits: Sequence[Limit], pools: Sequence[Pool] = ()) -> Proposal:
    """The cheapest sharing that carries every row, with parts counted at the prices that it leads to.

    Raises ValueError as `capacity.allocate` does.
    """
    found = capacity.allocate(needs, limits, pools)
    shared = with_parts(offer, needs, found)
    for _round in range(ROUNDS):
        if not found.carries_all or not _unforeseen(found, _beyond(limits, shared, needs)):
            break
        needs = [replace(need, worth=worth) for need, worth in zip(needs, _worths(needs, shared), strict=True)]
        found = capacity.allocate(needs, limits, pools)
        shared = with_parts(offer, needs, found)
    if _is_to_mend(found, _broken(limits, shared, needs)):
        found = capacity.as_shared(needs, limits, pools, keep_within(offer, needs, limits, pools, found.parts))
        shared = with_parts(offer, needs, found)
    waiting = tuple(_still_asked(offer, needs, found.parts))
    missing = [problem for problem in found.problems if problem.party_key is None]
    return Proposal(
        allocation=found,
        problems=(*missing, *_beyond(limits, shared, needs)),
        cost_before=_cost(offer),
        cost_after=_cost(shared),
        before=parts_of(offer, needs),
        after=parts_of(shared, needs),
        changes=tuple(_changes(offer, _with_waiting(shared, waiting))),
        waiting=waiting,
    )


def _still_asked(offer: Offer, needs: Sequence[Need], parts: Sequence[Part]) -> Iterator[Part]:
    """What nobody carries and somebody has been asked for: no letter shall take it back before there is an answer."""
    left = {(need.lot_ref, need.ref): need.quantity for need in needs}
    for part in parts:
        left[part.lot_ref, part.ref] -= part.quantity
    rows = {(row.lot_ref, row.ref): row for row in offer.rows}
    for need in needs:
        key = need.lot_ref, need.ref
        for share in rows[key].shares:
            quantity = min(share.quantity, left[key])
            if share.party_key in need.waiting and quantity > 0:
                left[key] -= quantity
                yield Part(need.ref, need.lot_ref, share.party_key, quantity)


def _with_waiting(offer: Offer, waiting: Sequence[Part]) -> Offer:
    shares: dict[tuple[str | None, str], list[Share]] = {}
    for part in waiting:
        share = Share(party_key=part.party_key, quantity=part.quantity)
        shares.setdefault((part.lot_ref, part.ref), []).append(share)
    rows = (replace(row, shares=(*row.shares, *shares.get((row.lot_ref, row.ref), ()))) for row in offer.rows)
    return replace(offer, rows=tuple(rows))


def _is_to_mend(found: Allocation, beyond: Broken) -> bool:
    """Whether prices have put something beyond a limit that the solver had kept, or beyond a largest part at all."""
    foreseen = {problem.party_key for problem in found.problems}
    return any(rule is Rule.LARGEST or key not in foreseen for rule, key in beyond)


def _broken(limits: Sequence[Limit], offer: Offer, needs: Sequence[Need]) -> Broken:
    amounts = {key: value.amount for key, value in parts_of(offer, needs).items()}
    return broken(limits, amounts, whole_of(offer, needs))


def parts_of(offer: Offer, needs: Sequence[Need] = ()) -> dict[str, PartyValue]:
    """What each party delivers of the whole bid at its prices; what nobody carries is part of the whole, not of theirs.

    As soon as every row is carried this is what `pricing.value_per_party` says, to the öre.
    """
    amounts = {party.key: NOUGHT for party in offer.parties}
    for row in offer.rows:
        for key, amount in pricing.value_carried(row):
            amounts[key] = amounts.get(key, NOUGHT) + amount
    whole = whole_of(offer, needs)
    return {key: PartyValue(amount, _per_cent(amount, whole)) for key, amount in amounts.items()}


def _per_cent(part: Money, whole: Money) -> Decimal:
    return (Decimal(part.ore) * 100 / Decimal(whole.ore)).quantize(Decimal("0.01")) if whole else Decimal(0)


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


def _worths(needs: Sequence[Need], offer: Offer) -> list[Money]:
    """What a unit of each row is worth at the price that it has in the offer."""
    rows = {(row.lot_ref, row.ref): row for row in offer.rows}
    return [pricing.unit_price(rows[need.lot_ref, need.ref]) or need.worth for need in needs]


def _unforeseen(found: Allocation, beyond: Sequence[Problem]) -> bool:
    """Whether a limit that was kept at the worths that were counted with is not at the prices that come of it."""
    foreseen = {problem.party_key for problem in found.problems}
    return any(problem.party_key not in foreseen for problem in beyond)


def _beyond(limits: Sequence[Limit], offer: Offer, needs: Sequence[Need]) -> list[Problem]:
    """The parties that have less or more than they should, counted in öre and said as the proposal shows it."""
    values = parts_of(offer, needs)
    by_key = {limit.party_key: limit for limit in limits}
    found = []
    for rule, key in _broken(limits, offer, needs):
        has = values[key].percent if key in values else Decimal(0)
        found.append(Problem(_WORDS[rule](by_key[key], percent(has)), party_key=key))
    return found


def _too_much(limit: Limit, part: str) -> str:
    return (
        f"{limit.name} har {part} av anbudets värde i rader som inte kan fördelas om, mer än de "
        f"{percent(limit.ceiling or 0)} som parten får ha. Ändra de raderna eller höj partens största del."
    )


_WORDS = {Rule.LARGEST: _too_much, Rule.SMALLEST: too_little, Rule.WISH: more_than_wished}


def _cost(offer: Offer) -> Money:
    return Money.total(pricing.paid_to_members(row) for row in offer.rows)


def _changes(before: Offer, after: Offer) -> list[RowChange]:
    found = []
    for old, new in zip(before.rows, after.rows, strict=True):
        was, becomes = _parts(old), _parts(new)
        if was != becomes:
            found.append(RowChange(ref=old.ref, lot_ref=old.lot_ref, before=was, after=becomes))
    return found


def _parts(row: PriceRow) -> tuple[tuple[str, Decimal], ...]:
    return tuple(sorted((share.party_key, share.quantity) for share in row.shares if share.quantity > 0))
