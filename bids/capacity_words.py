"""Why not all rows are carried, or a limit is not kept: which row, how much is missing, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bids.capacity_counts import Counts
from bids.capacity_model import Solution, drawn_from_pools, worths
from bids.capacity_values import SANCTIONS_PERCENT, Limit, Problem
from bids.swedish import listing, much, number, percent

WHOLE = Decimal(100)


def problems(counts: Counts, solution: Solution) -> tuple[Problem, ...]:
    """Rows first, in their order; then what no sharing can keep, and parties whose smallest part or wish is not met."""
    why = _Why(counts, solution)
    return (*why.rows(), *contradictions(counts.limits), *why.parties())


def contradictions(limits: Sequence[Limit]) -> Iterator[Problem]:
    """Limits that go against one another whoever carries what: the parts of all parties are 100 per cent together."""
    smallest = [limit for limit in limits if limit.smallest]
    least = sum((limit.smallest or Decimal(0) for limit in smallest), Decimal(0))
    if least > WHOLE:
        told = listing([f"{limit.name} {percent(limit.smallest or 0)}" for limit in smallest])
        yield Problem(
            f"De minsta delarna blir tillsammans {percent(least)}: {told}. Mer än {percent(WHOLE)} finns inte att "
            "dela ut, så alla kan inte få sin minsta del. Sänk någon av dem."
        )
    for limit in smallest:
        if limit.ceiling is not None and limit.smallest is not None and limit.smallest > limit.ceiling:
            yield Problem(
                f"{limit.name} ska ha minst {percent(limit.smallest)} men får ha högst {percent(limit.ceiling)}. "
                "Ändra någon av gränserna."
            )


class _Why:
    """Finds what is in the way of what a solution leaves open."""

    def __init__(self, counts: Counts, solution: Solution) -> None:
        self.counts, self.steps = counts, solution.steps
        self.worth = worths(counts, solution.steps)
        self.limits = {limit.party_key: limit for limit in counts.limits}
        drawn = drawn_from_pools(counts, solution.steps)
        self.left_in = {pool.key: int(pool.free * 1000) - drawn[pool.key] for pool in counts.pools}
        self.pool_words = {pool.key: pool.words for pool in counts.pools}

    def rows(self) -> Iterator[Problem]:
        """The rows of which something is missing."""
        for row, need in enumerate(self.counts.needs):
            left = self.counts.wanted[row] - sum(self.steps[row])
            if left > 0:
                missing = self.counts.quantity(row, left)
                yield Problem(self._sentence(row, missing), ref=need.ref, lot_ref=need.lot_ref, missing=missing)

    def _sentence(self, row: int, missing: Decimal) -> str:
        need = self.counts.needs[row]
        named = " ".join(part for part in (need.ref, need.text) if part)
        amount = much(need.quantity, need.unit_label).strip()
        told = f"Prisrad {named} bärs inte fullt ut: {number(missing)} av {amount} per år saknas."
        reasons = [reason for place in range(len(need.candidates)) if (reason := self._reason(row, place))]
        reasons += [f"{self._name(key)} {why}" for key, why in need.out]
        if not reasons and not need.candidates:
            return f"{told} Ingen part har något pris på raden. Be en medlem om pris."
        why = " ".join(f"{reason}." for reason in reasons) or "Gränserna går inte ihop med varandra."
        return f"{told} {why} Höj en gräns, be om mer eller ta in en part till."

    def _reason(self, row: int, place: int) -> str:
        """What keeps a candidate from having more of the row; nothing where only the others' limits do."""
        counts, one = self.counts, self.counts.needs[row].candidates[place]
        limit = self.limits.get(one.party_key)
        name = self._name(one.party_key)
        if self.steps[row][place] >= counts.most[row][place] < counts.wanted[row]:
            return f"{name} klarar högst {number(one.most)} per år"
        if self.left_in.get(one.pool, counts.step[row]) < counts.step[row]:
            return f"{name} {self.pool_words[one.pool]}"
        if limit is not None and limit.ceiling is not None:
            room = counts.at_most(limit.ceiling) - self.worth[one.party_key]
            return _at_ceiling(limit) if room < counts.worth(row) else ""
        return ""

    def parties(self) -> Iterator[Problem]:
        """The parties whose smallest part or wish gave way."""
        for limit in self.counts.limits:
            has = self.worth[limit.party_key]
            if limit.smallest is not None and has < self.counts.at_least(limit.smallest):
                yield Problem(too_little(limit, self._part(has)), party_key=limit.party_key)
            if limit.wish is not None and has > self.counts.at_most(limit.wish):
                yield Problem(more_than_wished(limit, self._part(has)), party_key=limit.party_key)

    def _part(self, worth: int) -> str:
        whole = self.counts.whole
        return percent((Decimal(worth) * 100 / whole).quantize(Decimal("0.01")) if whole else 0)

    def _name(self, key: str) -> str:
        return self.limits[key].name if key in self.limits else key


def _at_ceiling(limit: Limit) -> str:
    if limit.under_line and limit.ceiling == SANCTIONS_PERCENT and limit.largest != SANCTIONS_PERCENT:
        return f"{limit.name} ska hållas på högst {percent(SANCTIONS_PERCENT)}, där sanktionsförsäkran krävs"
    return f"{limit.name} får stå för högst {percent(limit.ceiling or 0)} av anbudets värde"


def too_little(limit: Limit, part: str) -> str:
    """A party has less than its smallest part."""
    return (
        f"{limit.name} får {part} av anbudets värde, men ska ha minst {percent(limit.smallest or 0)}. Det går inte "
        "inom det som parten klarar och de andras gränser. Sänk den minsta delen eller be parten om mer."
    )


def more_than_wished(limit: Limit, part: str) -> str:
    """A party has more than it wishes."""
    return (
        f"{limit.name} får {part} av anbudets värde, mer än de {percent(limit.wish or 0)} som parten helst vill hålla "
        "sig under. Annars bärs inte alla rader. Fråga parten innan förslaget används."
    )
