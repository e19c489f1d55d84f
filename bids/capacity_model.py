"""The allocation as a linear problem in whole numbers, solved by HiGHS and checked in exact arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import highspy
import numpy as np

from bids.capacity_counts import Counts
from bids.capacity_values import Limit

KRONA = 100_000
"""Thousandths of an öre: the solver sees kronor, which keeps its numbers near one another."""
SMALL = 150
"""So many choices are solved whole; of more, only the rows that come out in fractions are."""
NODES = 20
"""How long the search for whole numbers goes on. Nodes, and no seconds: a slower machine gives the same answer."""
WISH, SMALLEST, CARRIED = 10.0, 100.0, 1000.0
"""What gives way first, as multiples of the dearest that worth of a krona can cost."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Steps for each row and candidate; and whether wishes or limits had to give way."""

    steps: tuple[tuple[int, ...], ...]
    within: bool


@dataclass(slots=True)
class _Line:
    """One restriction: ``low`` <= sum of factor times column <= ``high``."""

    low: float
    high: float
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def add(self, column: int, factor: float) -> None:
        self.columns.append(column)
        self.factors.append(factor)


@dataclass(slots=True)
class _Model:
    """Columns with a cost and bounds, and lines over them."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_of: list[int] = field(default_factory=list)
    """Which price row a column belongs to; -1 for none."""
    lines: list[_Line] = field(default_factory=list)
    thorough: bool = True
    """Whether to polish the whole numbers; where something is missing anyway, it costs more time than it gains."""

    def column(self, cost: float, high: float, *, row: int = -1) -> int:
        self.cost.append(cost)
        self.low.append(0.0)
        self.high.append(high)
        self.whole.append(row >= 0)
        self.row_of.append(row)
        return len(self.cost) - 1


def solve(counts: Counts) -> Solution:
    """All rows within all limits and wishes, at the lowest cost; where that cannot be, what comes nearest to it."""
    for elastic in (False, True):
        model = _model(counts, elastic=elastic)
        values = _whole_numbers(model)
        steps = _steps(counts, values) if values is not None else None
        if steps is not None and keeps(counts, steps, all_carried=not elastic):
            return Solution(steps, within=not elastic)
    return Solution(_greedy(counts), within=False)


def keeps(counts: Counts, steps: tuple[tuple[int, ...], ...], *, all_carried: bool) -> bool:
    """Whether no limit is broken, counted exactly; with ``all_carried`` also wishes, smallest parts and every row."""
    for row, given in enumerate(steps):
        total = sum(given)
        if total > counts.wanted[row] or (all_carried and total < counts.wanted[row]):
            return False
        if any(not 0 <= amount <= most for amount, most in zip(given, counts.most[row], strict=True)):
            return False
    worth = worths(counts, steps)
    drawn = drawn_from_pools(counts, steps)
    for limit in counts.limits:
        has = worth[limit.party_key]
        if limit.ceiling is not None and has > counts.at_most(limit.ceiling):
            return False
        if all_carried and limit.wish is not None and has > counts.at_most(limit.wish):
            return False
        if all_carried and limit.smallest is not None and has < counts.at_least(limit.smallest):
            return False
    return all(drawn[pool.key] <= int(pool.free * 1000) for pool in counts.pools)


def worths(counts: Counts, steps: tuple[tuple[int, ...], ...]) -> dict[str, int]:
    """What each party carries, in thousandths of an öre."""
    worth = {limit.party_key: 0 for limit in counts.limits}
    for row, need in enumerate(counts.needs):
        for one, amount in zip(need.candidates, steps[row], strict=True):
            worth[one.party_key] = worth.get(one.party_key, 0) + amount * counts.worth(row)
    return worth


def drawn_from_pools(counts: Counts, steps: tuple[tuple[int, ...], ...]) -> dict[str, int]:
    """What is taken of each pool, in thousandths of its unit."""
    drawn = {pool.key: 0 for pool in counts.pools}
    for row, need in enumerate(counts.needs):
        for one, amount in zip(need.candidates, steps[row], strict=True):
            if one.pool in drawn:
                drawn[one.pool] += amount * counts.step[row]
    return drawn


def _model(counts: Counts, *, elastic: bool) -> _Model:
    model = _Model(thorough=not elastic)
    parties = {limit.party_key: _Line(0, 0) for limit in counts.limits}
    pools = {pool.key: _Line(-np.inf, float(pool.free)) for pool in counts.pools}
    dearest = _dearest(counts)
    for row, need in enumerate(counts.needs):
        carried = _Line(counts.wanted[row], counts.wanted[row])
        worth = counts.worth(row) / KRONA
        for place, one in enumerate(need.candidates):
            column = model.column(counts.price(row, place) / KRONA, counts.most[row][place], row=row)
            carried.add(column, 1.0)
            if one.party_key in parties:
                parties[one.party_key].add(column, worth)
            if one.pool in pools:
                pools[one.pool].add(column, counts.step[row] / 1000)
        if elastic:
            # A row without a worth must still be worth carrying.
            missing = max(worth, counts.step[row] / KRONA) * dearest * CARRIED
            carried.add(model.column(missing, counts.wanted[row], row=row), 1.0)
        model.lines.append(carried)
    model.lines.extend(pools.values())
    for limit in counts.limits:
        model.lines.extend(_party_lines(model, counts, limit, parties[limit.party_key], dearest if elastic else None))
    return model


def _party_lines(model: _Model, counts: Counts, limit: Limit, has: _Line, gives: float | None) -> Iterator[_Line]:
    """What a party has, within its limits. ``gives``: wish and smallest part may give way, at that price a krona."""
    if limit.ceiling is not None:
        yield _Line(-np.inf, counts.at_most(limit.ceiling) / KRONA, list(has.columns), list(has.factors))
    if limit.wish is not None:
        line = _Line(-np.inf, counts.at_most(limit.wish) / KRONA, list(has.columns), list(has.factors))
        if gives is not None:
            line.add(model.column(gives * WISH, np.inf), -1.0)
        yield line
    if limit.smallest is not None:
        line = _Line(counts.at_least(limit.smallest) / KRONA, np.inf, list(has.columns), list(has.factors))
        if gives is not None:
            line.add(model.column(gives * SMALLEST, np.inf), 1.0)
        yield line


def _dearest(counts: Counts) -> float:
    """The most that a krona of worth can cost."""
    ratios = [
        counts.price(row, place) / counts.worth(row)
        for row, need in enumerate(counts.needs)
        if counts.worth(row)
        for place in range(len(need.candidates))
    ]
    return max(ratios, default=1.0) or 1.0


def _whole_numbers(model: _Model) -> list[float] | None:
    """Small problems whole. Large ones first in fractions, and then only the rows that came out in fractions."""
    if len(model.cost) <= SMALL:
        return _run(model, whole=True)
    values = _run(model, whole=False)
    if values is None:
        return None
    broken = {model.row_of[i] for i, value in enumerate(values) if model.whole[i] and abs(value - round(value)) > 1e-7}
    if not broken:
        return values
    low, high = model.low, model.high
    settled = [whole and row not in broken for whole, row in zip(model.whole, model.row_of, strict=True)]
    model.low = [round(values[i]) if done else low[i] for i, done in enumerate(settled)]
    model.high = [round(values[i]) if done else high[i] for i, done in enumerate(settled)]
    near = _run(model, whole=True)
    model.low, model.high = low, high
    return near if near is not None else _run(model, whole=True)


def _run(model: _Model, *, whole: bool) -> list[float] | None:
    """The cheapest values, or None where there are none. One thread, and no clock: always the same answer."""
    if not model.cost:
        return []
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("mip_max_nodes", NODES), ("mip_rel_gap", 0.0)):
        solver.setOptionValue(option, value)
    solver.setOptionValue("mip_abs_gap", 0.001)
    for search in ("rins", "rens", "root_reduced_cost"):
        solver.setOptionValue(f"mip_heuristic_run_{search}", model.thorough)
    solver.passModel(_as_lp(model, whole=whole))
    solver.run()
    solution = solver.getSolution()
    status = solver.getModelStatus()
    found = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not found or status == highspy.HighsModelStatus.kInfeasible:
        return None
    return list(solution.col_value)


def _as_lp(model: _Model, *, whole: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.lines)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (np.array(part, float) for part in (model.cost, model.low, model.high))
    lp.row_lower_ = np.array([line.low for line in model.lines], float)
    lp.row_upper_ = np.array([line.high for line in model.lines], float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lengths = [0, *(len(line.columns) for line in model.lines)]
    lp.a_matrix_.start_ = np.cumsum(lengths).astype(np.int32)
    lp.a_matrix_.index_ = np.array([column for line in model.lines for column in line.columns], np.int32)
    lp.a_matrix_.value_ = np.array([factor for line in model.lines for factor in line.factors], float)
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[is_whole] for is_whole in model.whole]
    return lp


def _steps(counts: Counts, values: list[float]) -> tuple[tuple[int, ...], ...]:
    """The columns again as rows and candidates. What is left over of each row's columns is what nobody carries."""
    found, at = [], 0
    has_missing = len(values) > sum(len(need.candidates) for need in counts.needs)
    for need in counts.needs:
        found.append(tuple(round(value) for value in values[at : at + len(need.candidates)]))
        at += len(need.candidates) + has_missing
    return tuple(found)


def _greedy(counts: Counts) -> tuple[tuple[int, ...], ...]:
    """Row by row to the cheapest that still may: for the case that the solver finds nothing that keeps the limits."""
    steps = [[0] * len(need.candidates) for need in counts.needs]
    room = {one.party_key: counts.at_most(one.ceiling) for one in counts.limits if one.ceiling is not None}
    free = {pool.key: int(pool.free * 1000) for pool in counts.pools}
    for row, need in enumerate(counts.needs):
        left = counts.wanted[row]
        for place in sorted(range(len(need.candidates)), key=[one.price for one in need.candidates].__getitem__):
            one = need.candidates[place]
            amount = min(left, counts.most[row][place])
            if one.party_key in room and counts.worth(row):
                amount = min(amount, room[one.party_key] // counts.worth(row))
            if one.pool in free:
                amount = min(amount, free[one.pool] // counts.step[row])
                free[one.pool] -= amount * counts.step[row]
            if one.party_key in room:
                room[one.party_key] -= amount * counts.worth(row)
            steps[row][place] = amount
            left -= amount
    return tuple(tuple(given) for given in steps)
