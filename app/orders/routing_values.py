"""What the routing is told and what it answers, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

NOTHING = Decimal(0)


class PolicyKind(StrEnum):
    """How a member is chosen among those that can."""

    FAIR = "fair"
    """As few members as possible, then the one that has been offered least of its share of the year's work."""
    RANKED = "ranked"
    """The first in a list that can."""
    SHARES = "shares"
    """The one that is furthest behind its fixed share of the agreement."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rule for a line: its framework agreement's, or the house's own."""

    kind: PolicyKind = PolicyKind.FAIR
    places: Mapping[int, int] = field(default_factory=dict)
    """Per member its rank, counted from 1, or its share in per mille."""
    had: Mapping[int, int] = field(default_factory=dict)
    """Per member what it has been offered under the policy this year, in thousandths of an öre."""
    only_listed: bool = False
    """Whether nobody else may be asked."""
    near_first: bool = False
    """Whether a shorter way goes before the turn. It says nothing where places decide."""
    agreement: str = ""
    """The agreement's number; empty for the house's own rule, before which a customer's wish goes."""


FAIR_TURN = Policy()


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
    policy: Policy = FAIR_TURN


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
    away: bool = False
    """It cannot bring it there that day, and somebody else can."""
    absent: bool = False
    paused: bool = False
    """It makes none of the article that day."""
    left: bool = False
    """It has left the line's framework agreement by that day."""
    refused: bool = False
    """It has said no to this line, or let it lie, or had it taken back."""
    buys: bool = False
    """It is the customer itself."""
    barred: bool = False
    """This customer is not to have it."""
    preferred: bool = False
    """This customer would rather have it than others."""
    kept: bool = False
    """It comes to the customer's place that day anyway."""
    way: int = 0
    """How far it has from its nearest place of work: 0 in the municipality, 1 in the county, 2 beyond."""
    turn: int = 0
    """What it has been offered this year against its share of the work, and how often it fails; the lowest is next."""
    pay: int = 0
    """Öre for one unit."""
    held: str = ""
    """What a part of that week is kept back for, from this line; empty where nothing is."""
    asked: int = 0
    """How many assignments of the last year are done with or overdue."""
    failed: int = 0
    """How many of those were declined, expired, taken back or late."""

    @property
    def obstacle(self) -> str | None:
        """The hard limit that stops this member, in words; None when nothing does."""
        stops = (
            (self.buys, "är den som beställer"),
            (self.refused, "har redan tillfrågats"),
            (self.barred, "är spärrad för kunden"),
            (self.left, "har lämnat avtalet den dagen"),
            (not self.serves, "levererar inte till kommunen"),
            (self.away, "kör inte dit den dagen"),
            (self.absent, "är frånvarande den dagen"),
            (self.paused, "gör uppehåll med artikeln den dagen"),
        )
        return next((words for holds, words in stops if holds), self._want_of_time)

    @property
    def _want_of_time(self) -> str | None:
        if self.lead_days > self.days_left:
            return f"behöver {self.lead_days} arbetsdagar"
        return f"är fullbokad den veckan{self.and_held}" if self.free <= NOTHING else None

    @property
    def and_held(self) -> str:
        """What is kept back, as the end of a sentence about what is left."""
        return f", där en del hålls undan för {self.held}" if self.held else ""


class Able(NamedTuple):
    """A candidate that nothing stops, and how much of the line it can take in whole steps."""

    one: Candidate
    room: Decimal


class Stopped(NamedTuple):
    """A candidate that something stops, and what, as the end of a sentence about it."""

    one: Candidate
    why: str


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a line goes to a member, and why."""

    line: int
    offering: int
    member: int
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of one candidate for a line."""

    member: int
    name: str
    free: Decimal
    given: Decimal
    words: str
    """Why it got so much, or nothing."""


@dataclass(frozen=True, slots=True)
class Routing:
    """The answer: who carries what, what nobody could take, and what was said of every candidate."""

    shares: tuple[Share, ...]
    unplaced: Mapping[int, Decimal]
    obstacles: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Per line, one sentence for each member that could not."""
    verdicts: Mapping[int, tuple[Verdict, ...]] = field(default_factory=dict)
    """Per line, those that got something, those that could have, those that could not; of very many only the first."""
