"""The routing explains itself: why this member, and why not each of the others. Pure.

What is said here is kept with the order, in the words of that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain, islice

from app.orders.routing_policies import is_whole
from app.orders.routing_values import Able, Candidate, Demand, Policy, PolicyKind, Share, Stopped, Verdict
from app.units import figure

MOST_TOLD = 25
"""So many candidates are told of for a line; nobody reads on, and orders are kept for years."""
PER_CENT = 10
"""Shares are in per mille."""


def of_place(one: Candidate, demand: Demand, could: int) -> str:
    """Why a line went to this member where places decide; `could` counts those that could take all of it."""
    policy = demand.policy
    why = _place(one, policy)
    if one.preferred and not policy.agreement:
        why = f"Kunden vill helst ha den. {why}"
    return why if could else f"{why} Ingen kan ta alla {figure(demand.quantity)} {demand.unit} ensam."


def of_turn(winner: Candidate, demand: Demand, pool: Sequence[Able], whole: Sequence[Able], also: int) -> str:
    """Why a line went to this member where the turn decides.

    The turn was asked in the `pool`, `whole` could take all of the line, and the winner can carry `also` other lines.
    """
    near = "har lika kort väg" if demand.policy.near_first and len(pool) < len(whole) else "kunde"
    first = pool[0].one.member == winner.member
    more = f"Kan även ta {also} {'annan rad' if also == 1 else 'andra rader'}" if also else "Får redan en annan rad"
    reasons = (
        (len(whole) == 1, "Den enda som kan ta allt den dagen."),
        (winner.preferred, "Kunden vill helst ha den."),
        (len(pool) == 1, f"Har kortast väg, av {len(whole)} som kunde."),
        (first, f"Har erbjudits minst av sin andel av årets arbete, av {len(pool)} som {near}."),
        (winner.kept, "Kommer ändå till kunden den dagen."),
    )
    return next((words for holds, words in reasons if holds), f"{more}, så att färre medlemmar behövs.")


def of_division(demand: Demand, count: int, each: Able, part: Decimal) -> str:
    """Why each of so many members has a part; and what the rest of its week is kept back for, where it gives all."""
    held = each.one.and_held if part == each.room else ""
    if count == 1:
        return f"Den enda som kan ta något den veckan{held}, men inte allt."
    return f"Ingen kan ta alla {figure(demand.quantity)} {demand.unit} ensam{held}; delas mellan {count}."


def verdicts(
    demand: Demand, given: Sequence[Share], able: Sequence[Able], stopped: Sequence[Stopped]
) -> tuple[Verdict, ...]:
    """What is said of each candidate: those that got something, those that could have, those that could not."""
    parts = {share.offering: share for share in given}
    winners = [each for each in able if each.one.offering in parts]
    others = (each for each in able if each.one.offering not in parts)
    told = chain(
        (_verdict(each.one, parts[each.one.offering].reason, parts[each.one.offering].quantity) for each in winners),
        (_verdict(each.one, _why_not(each, demand, winners)) for each in others),
        (_verdict(one, f"{why[0].upper()}{why[1:]}.") for one, why in stopped),
    )
    return tuple(islice(told, MOST_TOLD))


def _verdict(one: Candidate, words: str, given: Decimal = Decimal(0)) -> Verdict:
    return Verdict(one.member, one.name, one.free, given, words)


def _why_not(each: Able, demand: Demand, winners: Sequence[Able]) -> str:
    winner, one, policy = winners[0].one, each.one, demand.policy
    alone = is_whole(winners[0], demand)
    if alone and not is_whole(each, demand):
        return f"Kan bara ta {figure(each.room)} av {figure(demand.quantity)} {demand.unit}{one.and_held}."
    if winner.preferred and not one.preferred and not policy.agreement:
        return "Kunden vill hellre ha en annan."
    if policy.kind != PolicyKind.FAIR:
        return _behind(one, policy)
    return _later(winner, one, policy) if alone else "Behövdes inte: andra räcker till."


def _later(winner: Candidate, one: Candidate, policy: Policy) -> str:
    if winner.preferred and not one.preferred:
        return "Kunden vill hellre ha en annan."
    if policy.near_first and winner.way < one.way:
        return "Har längre väg."
    if winner.turn == one.turn:
        after = "men har längre väg" if winner.way < one.way else "och en måste gå först"
        return f"Har erbjudits lika mycket av sin andel av årets arbete, {after}."
    if winner.turn < one.turn:
        return f"Har erbjudits mer av sin andel av årets arbete.{_failures(one)}"
    if winner.kept and not one.kept:
        return "En annan kommer ändå till kunden den dagen."
    return "Med en annan behövs färre medlemmar."


def _failures(one: Candidate) -> str:
    if not one.failed:
        return ""
    return f" {one.failed} av {one.asked} uppdrag det senaste året blev inte av, eller blev sena."


def _place(one: Candidate, policy: Policy) -> str:
    place, whose = policy.places.get(one.member, 0), "avtalets" if policy.agreement else "vår"
    if not place:
        return f"Ingen i {whose} ordning kunde."
    if policy.kind == PolicyKind.RANKED:
        return f"Nummer {place} i {whose} ordning, den första som kunde."
    return f"Har längst kvar till sin andel, {_per_cent(place)} procent."


def _behind(one: Candidate, policy: Policy) -> str:
    place, whose = policy.places.get(one.member, 0), "avtalets" if policy.agreement else "vår"
    if not place:
        return f"Står inte i {whose} ordning."
    if policy.kind == PolicyKind.RANKED:
        return f"Nummer {place} i {whose} ordning."
    return f"Har kommit längre med sin andel, {_per_cent(place)} procent."


def _per_cent(share: int) -> str:
    return figure(Decimal(share) / PER_CENT)
