"""A sharing that keeps its parties' limits to the öre, at the prices that it leads to itself.

The solver keeps limits at prices that were known before rows were shared, and a row costs something else when others
carry it. What a party then has too much is moved to whoever may have it, at the least cost; what is over a largest part
and nobody else may have is carried by nobody. Smallest parts and wishes are mended where that breaks nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from math import ceil

from app.money import NOUGHT, Money
from bids import pricing
from bids.capacity_counts import Counts, in_steps, steps_of
from bids.capacity_model import drawn_from_pools
from bids.capacity_values import Limit, Need, Part, Pool
from bids.offer import Offer, PriceRow, Share

TRIES = 60
"""So many moves are tried to mend one limit before it is given up."""


class Rule(StrEnum):
    """What a limit says; in the order in which they are mended."""

    LARGEST = "largest"
    SMALLEST = "smallest"
    WISH = "wish"


Broken = dict[tuple[Rule, str], Decimal]
"""By how many öre which rule of which party is broken."""
Move = tuple[int, int, int, int]
"""A row, the place of the candidate that has something of it, the place of one that may have it, and how many steps."""


def broken(limits: Sequence[Limit], amounts: dict[str, Money], whole: Money) -> Broken:
    """The limits that are not kept, exactly: nothing is rounded to per cent."""
    found: Broken = {}
    for limit in limits:
        has = Decimal(amounts.get(limit.party_key, NOUGHT).ore)
        for rule, percent in _rules(limit):
            by = (percent * whole.ore / 100 - has) * (1 if rule is Rule.SMALLEST else -1)
            if by > 0:
                found[rule, limit.party_key] = by
    return found


def whole_of(offer: Offer, needs: Sequence[Need]) -> Money:
    """What a year of all rows is worth: a row that nobody carries has no price yet, and is worth what was reckoned."""
    worths = {(need.lot_ref, need.ref): need.worth for need in needs}
    return Money.total(_total(row, worths.get((row.lot_ref, row.ref), NOUGHT)) for row in offer.rows)


def _total(row: PriceRow, worth: Money) -> Money:
    return pricing.row_total(row) if pricing.unit_price(row) is not None else worth.times(row.quantity)


def _rules(limit: Limit) -> Iterator[tuple[Rule, Decimal]]:
    for rule, percent in ((Rule.LARGEST, limit.ceiling), (Rule.SMALLEST, limit.smallest), (Rule.WISH, limit.wish)):
        if percent is not None:
            yield rule, percent


def keep_within(
    offer: Offer, needs: Sequence[Need], limits: Sequence[Limit], pools: Sequence[Pool], parts: Sequence[Part]
) -> tuple[Part, ...]:
    """The parts with as few moved as mend the limits. A largest part is always kept."""
    counts = in_steps(needs, limits, pools)
    sharing = _Sharing(offer, counts, [list(row) for row in steps_of(counts, parts)])
    for rule in Rule:
        for limit in limits:
            sharing.mend(rule, limit.party_key)
    while any(rule is Rule.LARGEST and sharing.drop(key) for rule, key in sharing.broken()):
        pass
    return sharing.parts()


class _Sharing:
    """Steps for each row and candidate, and what each party delivers for at the prices that come of them."""

    def __init__(self, offer: Offer, counts: Counts, steps: list[list[int]]) -> None:
        self.counts, self.steps = counts, steps
        rows = {(row.lot_ref, row.ref): row for row in offer.rows}
        sought = {(need.lot_ref, need.ref) for need in counts.needs}
        self.rows = [rows[need.lot_ref, need.ref] for need in counts.needs]
        drawn = drawn_from_pools(counts, tuple(map(tuple, steps)))
        self.left = {pool.key: int(pool.free * 1000) - drawn[pool.key] for pool in counts.pools}
        self.whole = Money.total(pricing.row_total(row) for row in offer.rows if (row.lot_ref, row.ref) not in sought)
        self.places: dict[str, list[tuple[int, int]]] = {}
        for row_at, need in enumerate(counts.needs):
            for place, one in enumerate(need.candidates):
                self.places.setdefault(one.party_key, []).append((row_at, place))
        self.amounts: dict[str, Money] = {}
        for row in offer.rows:
            if (row.lot_ref, row.ref) not in sought:
                self._add(pricing.value_carried(row), 1)
        self.priced: list[tuple[int, Money, list[tuple[str, Money]]]] = []
        for place in range(len(counts.needs)):
            self.priced.append((0, NOUGHT, []))
            self._price(place)

    def _price(self, row: int) -> None:
        """Count a row anew: what a step of it is worth in thousandths of an öre, its sum, and whose it is."""
        _step, total, amounts = self.priced[row]
        self.whole -= total
        self._add(amounts, -1)
        shared = self._shared(row)
        price, total = pricing.unit_price(shared) or NOUGHT, _total(shared, self.counts.needs[row].worth)
        self.priced[row] = price.ore * self.counts.step[row], total, pricing.value_carried(shared)
        self.whole += total
        self._add(self.priced[row][2], 1)

    def _add(self, amounts: Sequence[tuple[str, Money]], sign: int) -> None:
        for key, amount in amounts:
            self.amounts[key] = self.amounts.get(key, NOUGHT) + Money(sign * amount.ore)

    def _shared(self, row: int) -> PriceRow:
        shares = tuple(
            Share(party_key=one.party_key, quantity=self.counts.quantity(row, steps), member_price=one.price)
            for one, steps in zip(self.counts.needs[row].candidates, self.steps[row], strict=True)
            if steps
        )
        return replace(self.rows[row], shares=shares)

    def broken(self) -> Broken:
        """The limits that are not kept as the rows are shared now."""
        return broken(self.counts.limits, self.amounts, self.whole)

    def mend(self, rule: Rule, key: str) -> None:
        """Move what mends a party's limit without breaking another, the cheapest first, as long as it helps."""
        for _move in range(TRIES):
            before = self.broken().get((rule, key))
            if before is None or not self._mend_some(rule, key, before):
                return

    def _mend_some(self, rule: Rule, key: str, by: Decimal) -> bool:
        before = self.broken()
        moves = sorted(self._moves(rule, key, by), key=self._dearness)
        for row, old, new, steps in islice(moves, TRIES):
            self._shift(row, old, new, steps)
            after = self.broken()
            if after.get((rule, key), 0) < by and all(after[one] <= before.get(one, 0) for one in after):
                return True
            self._shift(row, new, old, steps)
        return False

    def _moves(self, rule: Rule, key: str, by: Decimal) -> Iterator[Move]:
        """To the party where it has too little, else from it."""
        for row, place in self.places.get(key, ()):
            for other in range(len(self.counts.needs[row].candidates)):
                old, new = (other, place) if rule is Rule.SMALLEST else (place, other)
                steps = min(self._may_move(row, old, new), self._enough(row, by))
                if old != new and steps > 0:
                    yield row, old, new, steps

    def _may_move(self, row: int, old: int, new: int) -> int:
        """So many steps the one has and the other can take."""
        candidates, a_step = self.counts.needs[row].candidates, self.priced[row][0]
        may = min(self.steps[row][old], self.counts.most[row][new] - self.steps[row][new])
        pool = candidates[new].pool
        if pool in self.left and pool != candidates[old].pool:
            may = min(may, self.left[pool] // self.counts.step[row])
        slack = self._slack(candidates[new].party_key)
        return min(may, int(slack * 1000 // a_step)) if slack is not None and a_step else may

    def _slack(self, key: str) -> Decimal | None:
        """So many öre a party may have more before it is over its largest part."""
        limit = next((one for one in self.counts.limits if one.party_key == key), None)
        if limit is None or limit.ceiling is None:
            return None
        return max(limit.ceiling * self.whole.ore / 100 - self.amounts.get(key, NOUGHT).ore, Decimal(0))

    def _enough(self, row: int, by: Decimal) -> int:
        """So many steps of a row are worth that many öre."""
        a_step = self.priced[row][0]
        return -(-ceil(by * 1000) // a_step) if a_step else 0

    def _dearness(self, move: Move) -> tuple[int, int, int]:
        """What a move adds to the cost; of those that cost the same, the first row."""
        row, old, new, steps = move
        return (self.counts.price(row, new) - self.counts.price(row, old)) * steps, row, new

    def _shift(self, row: int, old: int, new: int | None, steps: int) -> None:
        """Give steps of a row to another candidate, or to nobody."""
        for place, more in ((old, -steps), (new, steps)):
            if place is not None:
                self.steps[row][place] += more
                pool = self.counts.needs[row].candidates[place].pool
                if pool in self.left:
                    self.left[pool] -= more * self.counts.step[row]
        self._price(row)

    def drop(self, key: str) -> bool:
        """Let nobody have what a party has too much, of the row where least is lost. Whether it has anything."""
        by = self.broken()[Rule.LARGEST, key]
        held = [
            (min(self.steps[row][place], self._enough(row, by)), row, place)
            for row, place in self.places.get(key, ())
            if self.steps[row][place] and self.priced[row][0]
        ]
        if not held:
            return False
        steps, row, place = min(held, key=lambda one: (one[0] * self.priced[one[1]][0] <= by * 1000, one))
        self._shift(row, place, None, steps)
        return True

    def parts(self) -> tuple[Part, ...]:
        """What each party has now."""
        return tuple(
            Part(need.ref, need.lot_ref, one.party_key, self.counts.quantity(row, steps))
            for row, need in enumerate(self.counts.needs)
            for one, steps in zip(need.candidates, self.steps[row], strict=True)
            if steps
        )
