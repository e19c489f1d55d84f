"""How well a tender fits what a group of members can do, from 0 to 100, and why in words. Pure.

Half of the score is whether members sell what is asked for (CPV), a fifth whether they come where it is wanted, and 15
each how much of it they could deliver and whether a reserved tender's gate is passed. What a notice does not tell gives
half of its part: it speaks neither for nor against.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.money import Money
from bids.swedish import listing

WHAT, WHERE, HOW_MUCH, RESERVED = 50, 20, 15, 15
GATE = 30
"""Per cent of those occupied who must be of the target group where participation is reserved (LOU 4:18)."""
LIKENESS = {8: 1.0, 7: 0.9, 6: 0.8, 5: 0.7, 4: 0.6, 3: 0.4}
"""By how many first digits of two CPV codes are the same: 3 is the group, 4 the class, 5 to 8 the categories."""
LEAST_DIGITS = 3
BROADER = 0.8
"""Who sells under a broader code than is asked for may sell the thing itself."""
MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Need:
    """What a tender asks for. ``cpv`` has the main code first; ``yearly`` is its value a year, when it is known."""

    cpv: tuple[str, ...]
    places: frozenset[str] = frozenset()
    """Codes of counties; empty when the notice does not tell."""
    yearly: Money | None = None
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Skill:
    """What a member sells under one CPV code: where, and for how much a year at our prices."""

    member: str
    cpv: str
    places: frozenset[str]
    yearly: Money


@dataclass(frozen=True, slots=True)
class Fit:
    """The score, its reasons in Swedish, and who could do it."""

    score: int
    reasons: tuple[str, ...]
    members: tuple[str, ...] = field(default=())


def likeness(wanted: str, sold: str) -> float:
    """From 0, nothing in common, to 1: the same, or something within what is asked for."""
    group, ours = wanted.rstrip("0"), sold.rstrip("0")
    if sold.startswith(group) and len(group) >= LEAST_DIGITS:
        return 1.0
    if wanted.startswith(ours) and len(ours) >= LEAST_DIGITS:
        return BROADER
    same = next((n for n in range(8) if wanted[n : n + 1] != sold[n : n + 1]), 8)
    return LIKENESS.get(same, 0.0)


def fit(need: Need, skills: Sequence[Skill], shares: Mapping[str, int | None], places: Mapping[str, str]) -> Fit:
    """How well a tender fits. ``shares`` are members' shares of the target group, ``places`` names of counties."""
    if not need.cpv:
        return Fit(0, ("Upphandlingen har ingen CPV-kod, så vi kan inte säga vilka medlemmar som passar.",))
    alike = {skill: max(likeness(code, skill.cpv) for code in need.cpv) for skill in skills}
    first = sorted(alike, key=lambda skill: -likeness(need.cpv[0], skill.cpv))
    able = [skill for skill in first if alike[skill] > 0]
    if not able:
        return Fit(0, ("Ingen medlem säljer något under en CPV-kod som liknar upphandlingens.",))
    near = [skill for skill in able if not need.places or skill.places & need.places]
    parts = (
        _what(need, able),
        _where(need, able, near, places),
        _how_much(need, near),
        _reserved(need, near or able, shares),
    )
    score = round(sum(points for points, _words in parts))
    return Fit(score, tuple(words for _points, words in parts), _members(near or able))


def _what(need: Need, able: Sequence[Skill]) -> tuple[float, str]:
    """The main code counts as much as all others together."""
    best = [max(likeness(code, skill.cpv) for skill in able) for code in need.cpv]
    rest = sum(best[1:]) / len(best[1:]) if len(best) > 1 else best[0]
    covered = sum(like > 0 for like in best)
    codes = "" if len(best) == 1 else f" Det täcker {covered} av {len(best)} CPV-koder."
    doers = _members(able)
    verb = "säljer" if len(doers) == 1 else "säljer tillsammans"
    near = "det som efterfrågas" if max(best) == 1 else "något som liknar det som efterfrågas"
    return WHAT * (best[0] + rest) / 2, f"{_names(doers)} {verb} {near}.{codes}"


def _where(need: Need, able: Sequence[Skill], near: Sequence[Skill], places: Mapping[str, str]) -> tuple[float, str]:
    if not need.places:
        return WHERE / 2, "Annonsen säger inte i vilket län det ska göras."
    wanted = listing([places.get(code, code) for code in sorted(need.places)][:MOST_NAMES])
    if not near:
        return 0, f"Ingen av dem levererar till {wanted}."
    reached = frozenset[str]().union(*(skill.places for skill in near)) & need.places
    coming = len(_members(near))
    all_of = "Alla" if coming == len(_members(able)) and coming > 1 else f"{coming} av {len(_members(able))}"
    if coming == len(_members(able)) == 1:
        all_of = _names(_members(near))
    partly = "" if reached == need.places else f" ({len(reached)} av {len(need.places)} län)"
    return WHERE * len(reached) / len(need.places), f"{all_of} levererar till {wanted}{partly}."


def _how_much(need: Need, near: Sequence[Skill]) -> tuple[float, str]:
    can = Money(sum(skill.yearly.ore for skill in near))
    if need.yearly is None or need.yearly.ore <= 0:
        return HOW_MUCH / 2, f"Annonsen säger inget värde i kronor. Vi klarar högst {_rough(can)} om året."
    share = min(can.ore / need.yearly.ore, 1.0)
    enough = "räcker för" if share == 1 else f"är {share:.0%} av".replace("%", "\u00a0%")
    return (
        HOW_MUCH * share,
        f"Vi klarar högst {_rough(can)} om året, det {enough} upphandlingens {_rough(need.yearly)}.",
    )


def _reserved(need: Need, doers: Sequence[Skill], shares: Mapping[str, int | None]) -> tuple[float, str]:
    members = _members(doers)
    passing = [name for name in members if (shares.get(name) or 0) >= GATE]
    if not need.reserved:
        return RESERVED / 2, "Upphandlingen är inte reserverad."
    if not passing:
        return 0, f"Upphandlingen är reserverad, och ingen av dem visar {GATE}\u00a0procent i målgruppen."
    who = "alla" if len(passing) == len(members) and len(members) > 1 else _names(passing)
    return (
        RESERVED * len(passing) / len(members),
        f"Upphandlingen är reserverad, och {who} visar minst {GATE}\u00a0procent i målgruppen.",
    )


def _members(skills: Collection[Skill]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(skill.member for skill in skills))


def _names(names: Sequence[str]) -> str:
    if len(names) <= MOST_NAMES:
        return listing(names)
    return f"{', '.join(names[:MOST_NAMES])} och {len(names) - MOST_NAMES} till"


def _rough(amount: Money) -> str:
    """``2,6 miljoner kronor`` or ``430 000 kronor``: nobody reckons in öre here."""
    kronor = amount.ore // 100
    if kronor >= 1_000_000:
        millions = f"{kronor / 1_000_000:.1f}".replace(".", ",").removesuffix(",0")
        return f"{millions} {'miljon' if millions == '1' else 'miljoner'} kronor"
    rounded = round(kronor, -3) if kronor >= 10_000 else kronor
    return f"{rounded:,} kronor".replace(",", "\u00a0")
