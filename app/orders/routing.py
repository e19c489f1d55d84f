"""Which members carry an order: hard limits, then the line's policy - fair turn, a ranking, or fixed shares.

Pure: the same demands and candidates always give the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from app.orders import routing_words as words
from app.orders.routing_policies import by_place, fill, in_turn, is_whole, obstacle, tiers, worth
from app.orders.routing_teams import fewest, team
from app.orders.routing_values import Able, Candidate, Demand, PolicyKind, Routing, Share, Stopped

ByLine = Mapping[int, Sequence[Able]]


def route(demands: Sequence[Demand], candidates: Iterable[Candidate]) -> Routing:
    """Place every demand. What is shared out and what is left over always add up to what was asked for.

    Where places decide, each line goes to the first that can take all of it. Where the turn decides, few members come
    first: those who carry another of the lines, or come to the customer that day anyway. What nobody can carry alone
    is divided.
    """
    everybody = _by_line(candidates)
    sorted_out = {demand.line: _sort_out(demand, everybody[demand.line]) for demand in demands}
    able = {line: could for line, (could, _stopped) in sorted_out.items()}
    placed = [demand for demand in demands if demand.policy.kind != PolicyKind.FAIR]
    fair = [demand for demand in demands if demand.policy.kind == PolicyKind.FAIR]
    shares = _by_places(placed, able)
    shares += _by_turn(fair, able, {share.member for share in shares})
    return _answer(demands, shares, able, {line: stopped for line, (_could, stopped) in sorted_out.items()})


def together(answers: Sequence[Routing]) -> Routing:
    """Several answers about different lines as one."""
    return Routing(
        shares=tuple(share for answer in answers for share in answer.shares),
        unplaced={line: left for answer in answers for line, left in answer.unplaced.items()},
        obstacles={line: why for answer in answers for line, why in answer.obstacles.items()},
        verdicts={line: said for answer in answers for line, said in answer.verdicts.items()},
    )


def _by_line(candidates: Iterable[Candidate]) -> Mapping[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = defaultdict(list)
    for one in sorted(candidates, key=lambda one: (one.turn, one.way, one.member)):
        found[one.line].append(one)
    return found


def _sort_out(demand: Demand, everybody: Sequence[Candidate]) -> tuple[list[Able], list[Stopped]]:
    """Those that nothing stops, each with what it can take in whole steps of the unit; and the others."""
    step = demand.step or Decimal(1).scaleb(-demand.decimals)
    able, stopped = [], []
    for one in everybody:
        why = obstacle(one, demand.policy)
        if why is not None:
            stopped.append(Stopped(one, why))
        elif one.free < step:
            stopped.append(Stopped(one, f"har inte rum för en hel enhet{one.and_held}"))
        else:
            able.append(Able(one, one.free // step * step))
    return able, stopped


def _by_places(demands: Sequence[Demand], able: ByLine) -> list[Share]:
    """Line by line; with fixed shares, what one line gives counts when the next is placed."""
    shares: list[Share] = []
    given: dict[tuple[str, int], int] = defaultdict(int)
    for demand in demands:
        ordered = by_place(able[demand.line], demand.policy, given)
        whole = [each for each in ordered if is_whole(each, demand)]
        for each, part in fill(demand.quantity, whole[:1] or ordered):
            shares.append(_share(demand, each, part, words.of_place(each.one, demand, len(whole))))
            given[demand.policy.agreement, each.one.member] += worth(part, each.one)
    return shares


def _by_turn(demands: Sequence[Demand], able: ByLine, already: set[int]) -> list[Share]:
    whole = {demand.line: [each for each in able[demand.line] if is_whole(each, demand)] for demand in demands}
    pools = {demand.line: next(tiers(whole[demand.line], demand.policy), []) for demand in demands}
    shares = [share for demand in demands if not pools[demand.line] for share in _divide(demand, able[demand.line])]
    carried = [demand for demand in demands if pools[demand.line]]
    coming = {each.one.member for demand in demands for each in able[demand.line] if each.one.kept}
    known = already | coming | {share.member for share in shares}
    chosen = fewest([pools[demand.line] for demand in carried], known)
    for demand in carried:
        winner = next(each for each in pools[demand.line] if each.one.member in chosen)
        also = sum(winner.one.member in _members(pools[other.line]) for other in carried) - 1
        why = words.of_turn(winner.one, demand, pools[demand.line], whole[demand.line], also)
        shares.append(_share(demand, winner, demand.quantity, why))
    return shares


def _divide(demand: Demand, able: Sequence[Able]) -> list[Share]:
    """Between as few as can carry it, whom the customer prefers first."""
    parts: list[tuple[Able, Decimal]] = []
    left = demand.quantity
    for group in tiers(able, demand.policy):
        parts += fill(left, sorted(team(left, group), key=in_turn)) if left else []
        left = demand.quantity - sum(part for _each, part in parts)
    return [_share(demand, each, part, words.of_division(demand, len(parts), each, part)) for each, part in parts]


def _share(demand: Demand, each: Able, part: Decimal, why: str) -> Share:
    return Share(demand.line, each.one.offering, each.one.member, part, why)


def _members(pool: Sequence[Able]) -> set[int]:
    return {each.one.member for each in pool}


def _answer(
    demands: Sequence[Demand], shares: Sequence[Share], able: ByLine, stopped: Mapping[int, Sequence[Stopped]]
) -> Routing:
    given = {demand.line: [share for share in shares if share.line == demand.line] for demand in demands}
    placed = {line: sum((share.quantity for share in some), Decimal(0)) for line, some in given.items()}
    return Routing(
        shares=tuple(shares),
        unplaced={demand.line: demand.quantity - placed[demand.line] for demand in demands},
        obstacles={line: tuple(f"{one.name} {why}." for one, why in some) for line, some in stopped.items()},
        verdicts={d.line: words.verdicts(d, given[d.line], able[d.line], stopped[d.line]) for d in demands},
    )
