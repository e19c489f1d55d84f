"""Which price a customer gets, and why. Pure: prices, lists and a day in, one price with its reason out.

The order of precedence, in the words we give a customer who asks:

1. A member buys from the other members at the member price, whatever lists say.
2. Else a framework agreement binds both sides. Its price holds also when something else is cheaper.
3. Else the customer's own price list.
4. Else the price list of a group to which the customer belongs.
5. Else what everybody pays: the article's own price, a list for everybody (volume steps) or a campaign, whichever is
   lowest. Nothing on this level makes an article dearer than its own price.

Within the level that wins, the lowest price that holds for the quantity; equal prices are decided by the lists' and
rows' numbers, so that the same question always has the same answer. A list has a say only for quantities that it
has a row for.

The day is the day of ordering, for lists and for agreements alike. It is the day on which the customer sees the price
and says yes, the catalogue can show it before any day of delivery is known, and a call-off belongs to the agreement
under which it was made, however late it is delivered. (The rate of VAT follows the day of supply instead.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.catalog.pricing.prior import Shown, lowest_shown
from app.catalog.pricing.steps import Step
from app.formats import swedish_day
from app.money import Money
from app.units import figure

ONE = Decimal(1)


class ListKind(StrEnum):
    """For whom a price list is."""

    STANDARD = "standard"
    """For everybody, as volume steps are."""
    CAMPAIGN = "campaign"
    """For everybody, for a time."""
    GROUP = "group"
    CUSTOMER = "customer"
    FRAMEWORK = "framework"
    """For those who may call off from a framework agreement."""


OPEN = frozenset({ListKind.STANDARD, ListKind.CAMPAIGN})
"""The kinds whose prices everybody can see and get."""
RANK = {
    ListKind.FRAMEWORK: 3,
    ListKind.CUSTOMER: 2,
    ListKind.GROUP: 1,
    ListKind.CAMPAIGN: 0,
    ListKind.STANDARD: 0,
}


class ListState(StrEnum):
    """Where a price list stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A price list: who it is for, and when."""

    id: int
    kind: ListKind
    name: str
    first: date
    last: date | None
    state: ListState = ListState.ACTIVE
    customers: frozenset[int] = frozenset()
    """Whose list it is, or who may call off."""
    group: int | None = None
    group_name: str = ""
    agreement: str = ""
    """The number of the framework agreement."""
    only_listed: bool = False
    """Whether the agreement lets its buyers buy nothing but what stands in it."""
    in_use_since: date | None = None
    """The day on which it was taken into use, which may be later than its first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of a price list that might give the price."""

    list: ListFacts
    row_id: int
    min_quantity: Decimal
    """It holds from this quantity on; nought for any."""
    price: Money
    cost: Money | None = None
    """What the member is paid instead of its usual price, where that is agreed for this list."""
    set_on: date | None = None
    """The day on which the row was written, which may be later than the list's first."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who asks. Nobody in particular belongs to nothing."""

    customer_id: int | None = None
    groups: frozenset[int] = frozenset()
    member_id: int | None = None
    """The member that it is, if it is one."""


ANYBODY = Buyer()


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants how much, on which day of ordering."""

    buyer: Buyer
    quantity: Decimal
    day: date
    member_price: Money | None = None
    """For a buyer that is a member: the most that another member is paid for a unit; None when no other makes it."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """What must be said where a price is lowered for a time."""

    name: str
    last: date | None
    before: Money | None
    """The lowest price of the 30 days before, also where the campaign is no lower than that; None without a past."""


@dataclass(frozen=True, slots=True)
class Priced:
    """The answer: a price without VAT per unit, and why."""

    unit_price: Money
    because: str
    """In Swedish, naming the list: it is kept with the order and shown to the customer and to staff."""
    standard: Money
    """The article's own price."""
    kind: ListKind | None = None
    """The kind of the list that gave the price; None for the article's own."""
    agreement: str = ""
    row_id: int | None = None
    steps: tuple[Step, ...] = ()
    """Larger quantities at which a unit costs less."""
    campaign: Campaign | None = None
    cost: Money | None = None
    is_members: bool = False
    """Whether it is the member price, at which members buy from each other."""

    @property
    def is_own(self) -> bool:
        """Whether it is this customer's price and not everybody's."""
        return self.is_members or (self.kind is not None and self.kind not in OPEN)


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate, and why it did not give the price; nothing for the one that did."""

    candidate: Candidate
    why_not: str


def price(standard: Money, candidates: Sequence[Candidate], history: Iterable[Shown], asked: Asked) -> Priced:
    """The price per unit for what is asked, and why. There always is one: at least the article's own.

    The history is what everybody could pay before; it is asked only when a campaign gives the price.
    """
    if asked.member_price is not None:
        return Priced(asked.member_price, "Medlemspris", standard, is_members=True)
    winner = _winner(standard, candidates, asked)
    steps = _steps(standard, candidates, asked)
    if winner is None:
        return Priced(standard, "Standardpris", standard, steps=steps)
    return Priced(
        winner.price,
        _because(winner, asked.day),
        standard,
        kind=winner.list.kind,
        agreement=winner.list.agreement,
        row_id=winner.row_id,
        steps=steps,
        campaign=_campaign(winner, history, asked.quantity),
        cost=winner.cost,
    )


def judge(standard: Money, candidates: Sequence[Candidate], asked: Asked) -> list[Judged]:
    """Every candidate with the reason why it did not give the price, the one that did first."""
    winner = _winner(standard, candidates, asked) if asked.member_price is None else None
    judged = [Judged(one, "" if one == winner else _beaten(one, winner, asked)) for one in candidates]
    return sorted(judged, key=lambda one: (bool(one.why_not), -RANK[one.candidate.list.kind], _order(one.candidate)))


def why_not(candidate: Candidate, asked: Asked) -> str:
    """Why a row has no say in the question at all, in Swedish; nothing when it has."""
    about, day = candidate.list, asked.day
    if about.state != ListState.ACTIVE:
        return "Listan är ett utkast." if about.state == ListState.DRAFT else "Listan är avslutad."
    if day < about.first:
        return f"Listan gäller först från {swedish_day(about.first, day)}."
    if about.last is not None and day > about.last:
        return f"Listan gällde till och med {swedish_day(about.last, day)}."
    if not _is_for(about, asked.buyer):
        return _NOT_FOR[about.kind]
    if asked.quantity < candidate.min_quantity:
        return f"Raden gäller från {figure(candidate.min_quantity)}."
    return ""


def _winner(standard: Money, candidates: Iterable[Candidate], asked: Asked) -> Candidate | None:
    """The row that gives the price; None when the article's own price holds."""
    holding = [one for one in candidates if not why_not(one, asked)]
    level = max((RANK[one.list.kind] for one in holding), default=0)
    best = min((one for one in holding if RANK[one.list.kind] == level), key=_order, default=None)
    return None if best is not None and level == 0 and best.price >= standard else best


def _order(one: Candidate) -> tuple[int, bool, int, int]:
    """The lowest first; at the same price what is no campaign, then the older list and row."""
    return one.price.ore, one.list.kind == ListKind.CAMPAIGN, one.list.id, one.row_id


def _steps(standard: Money, candidates: Sequence[Candidate], asked: Asked) -> tuple[Step, ...]:
    lowest = _unit_price(standard, candidates, asked)
    steps = []
    for quantity in sorted({one.min_quantity for one in candidates if one.min_quantity > asked.quantity}):
        there = _unit_price(standard, candidates, replace(asked, quantity=quantity))
        if there < lowest:
            steps.append(Step(quantity, there))
            lowest = there
    return tuple(steps)


def _unit_price(standard: Money, candidates: Iterable[Candidate], asked: Asked) -> Money:
    winner = _winner(standard, candidates, asked)
    return standard if winner is None else winner.price


_NOT_FOR = {
    ListKind.CUSTOMER: "Listan är en annan kunds.",
    ListKind.GROUP: "Kunden är inte med i gruppen.",
    ListKind.FRAMEWORK: "Kunden får inte avropa på avtalet.",
}


def _is_for(about: ListFacts, buyer: Buyer) -> bool:
    if about.kind in OPEN:
        return True
    if about.kind == ListKind.GROUP:
        return about.group in buyer.groups
    return buyer.customer_id in about.customers


def _beaten(one: Candidate, winner: Candidate | None, asked: Asked) -> str:
    reason = why_not(one, asked)
    if reason:
        return reason
    if asked.member_price is not None:
        return "Medlemspriset går före."
    if winner is None:
        return "Den är inte lägre än standardpriset."
    if RANK[one.list.kind] < RANK[winner.list.kind]:
        return f"{_STRONGER[winner.list.kind]} går före."
    return "Det finns ett lägre pris på samma nivå." if one.price > winner.price else "Samma pris som raden som vann."


_STRONGER = {
    ListKind.GROUP: "Gruppens prislista",
    ListKind.CUSTOMER: "Kundens egen prislista",
    ListKind.FRAMEWORK: "Ramavtalet",
}


def _because(winner: Candidate, day: date) -> str:
    about = winner.list
    until = f", till och med {swedish_day(about.last, day)}" if about.last else ""
    words = {
        ListKind.FRAMEWORK: f"Pris enligt avtal {about.agreement} (prislistan {about.name})",
        ListKind.CUSTOMER: f"Eget pris enligt prislistan {about.name}",
        ListKind.GROUP: f"Pris för gruppen {about.group_name} enligt prislistan {about.name}",
        ListKind.CAMPAIGN: f"Kampanjpris, {about.name}{until}",
        ListKind.STANDARD: f"Pris enligt prislistan {about.name}",
    }[about.kind]
    return f"{words}, från {figure(winner.min_quantity)}" if winner.min_quantity > ONE else words


def _campaign(winner: Candidate, history: Iterable[Shown], quantity: Decimal) -> Campaign | None:
    if winner.list.kind != ListKind.CAMPAIGN:
        return None
    first, later = winner.list.first, (winner.list.in_use_since, winner.set_on)
    begins = max([first, *(day for day in later if day is not None)])
    before = lowest_shown(history, quantity, before=begins, without=winner.list.id)
    return Campaign(winner.list.name, winner.list.last, before)
