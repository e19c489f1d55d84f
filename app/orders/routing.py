"""Which members carry an order: hard limits, then as few members as possible, then the one that has had least.

Pure: the same demands and candidates always give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import combinations

from app.units import figure

MOST_LINES_WEIGHED = 12
"""Up to so many lines every combination of members is weighed; beyond that the widest member is taken first."""
MOST_MEMBERS_WEIGHED = 12
"""Among so many members every way of dividing one line is weighed."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One order line, or the part of it that is to be placed."""

    line: int
    quantity: Decimal
    decimals: int = 0
    """How finely the unit may be divided."""
    unit: str = "st"
    step: Decimal | None = None
    """Only whole so many may be given to one member: a package, or what a bundle holds."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member's ability to take a line, with all that decides whether it may."""

    line: int
    offering: int
    member: int
    name: str
    free: Decimal
    """Units left of its capacity in the week of delivery."""
    lead_days: int
    days_left: int
    """Working days from today to the delivery."""
    serves: bool
    absent: bool = False
    paused: bool = False
    """It makes none of the article that day."""
    refused: bool = False
    """It has said no to this line, or let it lie, or had it taken back."""
    work: Fraction = Fraction(0)
    """Work this year in öre, divided by the member's share of the common work."""

    @property
    def obstacle(self) -> str | None:
        """The hard limit that stops this member, in words; None when nothing does."""
        if self.refused:
            return "har redan tillfrågats"
        if not self.serves:
            return "levererar inte till kommunen"
        if self.absent:
            return "är frånvarande den dagen"
        if self.paused:
            return "gör uppehåll med artikeln den dagen"
        if self.lead_days > self.days_left:
            return f"behöver {self.lead_days} arbetsdagar"
        return "är fullbokad den veckan" if self.free <= 0 else None


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a line goes to a member, and why."""

    line: int
    offering: int
    member: int
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Routing:
    """The answer: who carries what, what nobody could take, and what stopped the others."""

    shares: tuple[Share, ...]
    unplaced: Mapping[int, Decimal]
    obstacles: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Per line, one sentence for each member that could not."""


def route(demands: Sequence[Demand], candidates: Iterable[Candidate]) -> Routing:
    """Place every demand. What is shared out and what is left over always add up to what was asked for."""
    everybody = sorted(candidates, key=lambda one: (one.line, one.work, one.member))
    able = {demand.line: [one for one in everybody if one.line == demand.line and _free(one, demand) > 0]
            for demand in demands}  # fmt: skip
    divided = [demand for demand in demands if not _whole(demand, able[demand.line])]
    whole = [demand for demand in demands if _whole(demand, able[demand.line])]
    shares = [share for demand in divided for share in _divide(demand, able[demand.line])]
    chosen = _fewest(whole, able, {share.member for share in shares})
    shares += [_give(demand, able[demand.line], chosen, whole, able) for demand in whole]
    placed = {demand.line: sum((s.quantity for s in shares if s.line == demand.line), Decimal(0)) for demand in demands}
    return Routing(
        shares=tuple(shares),
        unplaced={demand.line: demand.quantity - placed[demand.line] for demand in demands},
        obstacles={demand.line: _obstacles(demand.line, everybody) for demand in demands},
    )


def together(answers: Sequence[Routing]) -> Routing:
    """Several answers about different lines as one."""
    return Routing(
        shares=tuple(share for answer in answers for share in answer.shares),
        unplaced={line: left for answer in answers for line, left in answer.unplaced.items()},
        obstacles={line: why for answer in answers for line, why in answer.obstacles.items()},
    )


def _free(one: Candidate, demand: Demand) -> Decimal:
    """What the member can take of the line, in whole steps of the unit; nought when a hard limit stops it."""
    step = demand.step or Decimal(1).scaleb(-demand.decimals)
    return Decimal(0) if one.obstacle else (one.free / step).to_integral_value(ROUND_FLOOR) * step


def _whole(demand: Demand, able: Sequence[Candidate]) -> list[Candidate]:
    """Those that can take all of it alone."""
    return [one for one in able if _free(one, demand) >= demand.quantity]


def _divide(demand: Demand, able: Sequence[Candidate]) -> list[Share]:
    """Between as few as can carry it; among equally few, those that have had least."""
    team = _team(demand, able)
    shares, left = [], demand.quantity
    for one in sorted(team, key=lambda one: (one.work, one.member)):
        part = min(left, _free(one, demand))
        left -= part
        words = f"Ingen kan ta alla {figure(demand.quantity)} {demand.unit} ensam; delas mellan {len(team)}."
        if len(team) == 1:
            words = "Den enda som kan ta något den veckan, men inte allt."
        if part > 0:
            shares.append(Share(demand.line, one.offering, one.member, part, words))
    return shares


def _team(demand: Demand, able: Sequence[Candidate]) -> list[Candidate]:
    by_size = sorted(able, key=lambda one: (-_free(one, demand), one.work, one.member))
    total = Decimal(0)
    for count, one in enumerate(by_size, start=1):
        total += _free(one, demand)
        if total >= demand.quantity:
            return _least_worked_team(demand, by_size, count)
    return by_size


def _least_worked_team(demand: Demand, by_size: Sequence[Candidate], count: int) -> list[Candidate]:
    if len(by_size) > MOST_MEMBERS_WEIGHED:
        return list(by_size[:count])
    teams = (
        team for team in combinations(by_size, count) if sum(_free(one, demand) for one in team) >= demand.quantity
    )
    return list(min(teams, key=lambda team: (sum(one.work for one in team), sorted(one.member for one in team))))


def _fewest(whole: Sequence[Demand], able: Mapping[int, Sequence[Candidate]], already: set[int]) -> set[int]:
    """The smallest set of members that can carry these lines alone, each line by one of them."""
    masks, works = _masks(whole, able)
    everything = (1 << len(whole)) - 1
    covered = 0
    for member in already:
        covered |= masks.get(member, 0)
    if len(whole) > MOST_LINES_WEIGHED:
        return already | _widest_first(masks, works, covered, everything)
    return already | set(_weigh_all(masks, works, covered, everything))


def _masks(
    whole: Sequence[Demand], able: Mapping[int, Sequence[Candidate]]
) -> tuple[dict[int, int], dict[int, Fraction]]:
    """Per member, the lines it can carry alone as bits, and the work it has had."""
    masks: dict[int, int] = {}
    works: dict[int, Fraction] = {}
    for bit, demand in enumerate(whole):
        for one in _whole(demand, able[demand.line]):
            masks[one.member] = masks.get(one.member, 0) | 1 << bit
            works[one.member] = one.work
    return masks, works


def _weigh_all(
    masks: Mapping[int, int], works: Mapping[int, Fraction], covered: int, everything: int
) -> tuple[int, ...]:
    """Cover by cover, keep the best set: fewest members, then least work, then lowest ids."""
    best_of_kind: dict[int, int] = {}
    for member in sorted(masks, key=lambda member: (works[member], member)):
        best_of_kind.setdefault(masks[member], member)
    best: dict[int, tuple[int, Fraction, tuple[int, ...]]] = {covered: (0, Fraction(0), ())}
    for mask, member in sorted(best_of_kind.items()):
        for cover, (count, work, team) in list(best.items()):
            wider = cover | mask
            option = (count + 1, work + works[member], tuple(sorted((*team, member))))
            if wider != cover and (wider not in best or option < best[wider]):
                best[wider] = option
    return best[everything][2]


def _widest_first(masks: Mapping[int, int], works: Mapping[int, Fraction], covered: int, everything: int) -> set[int]:
    chosen: set[int] = set()
    while covered != everything:
        member = min(masks, key=lambda m: (-(masks[m] & ~covered).bit_count(), works[m], m))
        chosen.add(member)
        covered |= masks[member]
    return chosen


def _give(
    demand: Demand,
    able: Sequence[Candidate],
    chosen: set[int],
    whole: Sequence[Demand],
    able_by_line: Mapping[int, Sequence[Candidate]],
) -> Share:
    """The line goes to the one among the chosen that has had least."""
    could = _whole(demand, able)
    winner = next(one for one in could if one.member in chosen)
    return Share(
        demand.line, winner.offering, winner.member, demand.quantity, _reason(winner, could, whole, able_by_line)
    )


def _reason(
    winner: Candidate, could: Sequence[Candidate], whole: Sequence[Demand], able: Mapping[int, Sequence[Candidate]]
) -> str:
    if len(could) == 1:
        return "Den enda som kan ta allt den dagen."
    if could[0].member == winner.member:
        return f"Har fått minst av sin andel av årets arbete, av {len(could)} som kunde."
    others = sum(
        any(one.member == winner.member for one in _whole(demand, able[demand.line]))
        for demand in whole
        if demand.line != winner.line
    )
    return f"Kan även ta {others} {'annan rad' if others == 1 else 'andra rader'}, så att färre medlemmar behövs."


def _obstacles(line: int, everybody: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(f"{one.name} {one.obstacle}." for one in everybody if one.line == line and one.obstacle)
