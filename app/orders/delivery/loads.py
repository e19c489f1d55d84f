"""What each member has for the customer, what it weighs and costs, and in which ways it can come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from app import clock, places
from app.catalog.models import Article
from app.formats import swedish_day
from app.money import Money
from app.orders.delivery import ways
from app.orders.delivery.ways import Answer, Load, Obstacle, Way, WayKind
from app.orders.handing import next_of
from app.orders.models import Assignment, OrderLine
from app.workdays import is_working_day

LOOK_AHEAD = 28
"""Days in which another day is looked for."""
IN_KILOGRAMS = {code: Decimal(each) for code, each in
                {"KGM": "1", "HGM": "0.1", "TNE": "1000", "LTR": "1", "DLT": "0.1"}.items()}  # fmt: skip
"""A litre of what is eaten or drunk weighs about a kilogram."""
Part = tuple[OrderLine, Decimal]
Hand = tuple[int, date | None]
"""A member, and the day of the batch for what is made in one: a batch comes by itself, and may yet be called off."""


@dataclass(frozen=True, slots=True)
class Parcelled:
    """What comes at once from one member, and the ways in which it can."""

    hand: Hand
    parts: tuple[Part, ...]
    load: Load
    answer: Answer
    other_day: date | None
    """The first later day on which somebody brings it, where nobody does on this one."""

    @property
    def member(self) -> int:
        """Who makes it."""
        return self.hand[0]

    @property
    def batch(self) -> date | None:
        """The day of the batch, where it is made in one."""
        return self.hand[1]

    @property
    def key(self) -> str:
        """What the customer's choice for it is known by: ``12``, or ``12.2026-12-11`` for a batch."""
        return f"{self.member}.{self.batch.isoformat()}" if self.batch else str(self.member)


def batch_of(line: OrderLine) -> date | None:
    """The day of the batch in which the line was ordered, if it was."""
    return line.window.delivery_day if line.window is not None else None


def parts_of(assignments: Iterable[Assignment]) -> dict[Hand, list[Part]]:
    """What the customer gets from each hand."""
    found: dict[Hand, list[Part]] = {}
    for assignment in assignments:
        for share in assignment.lines:
            if share.quantity and next_of(share.order_line) is None:
                hand = assignment.member_id, batch_of(share.order_line)
                found.setdefault(hand, []).append((share.order_line, share.quantity))
    return found


def parcelled(
    hand: Hand,
    parts: Sequence[Part],
    known: Sequence[Way],
    *,
    municipality: str,
    day: date,
    articles: Mapping[int, Article],
    now: datetime,
) -> Parcelled:
    """Weigh what lies in a hand, and ask each of the member's ways. A batch comes on its own day."""
    day = hand[1] or day
    weight = sum((weight_of(articles[line.article_id], quantity) for line, quantity in parts), Decimal(0))
    value = Money.total(line.price_of(quantity) for line, quantity in parts)
    load = Load(municipality, day, weight, value, frozenset(line.article_id for line, _quantity in parts))
    found = ways.answer(known, load)
    later = None if found.comes else ways.next_day(known, load, _later(day, clock.local_date(now)))
    return Parcelled(hand, tuple(parts), load, found, later)


def weight_of(article: Article, quantity: Decimal) -> Decimal:
    """Kilograms of so much of an article, as far as the catalogue says; services weigh nothing."""
    if article.unit in IN_KILOGRAMS:
        return quantity * IN_KILOGRAMS[article.unit]
    if article.content is None:
        return Decimal(0)
    return quantity * article.content * IN_KILOGRAMS.get(article.content_unit or "", Decimal(0))


def why_not(one: Parcelled, today: date) -> str:
    """Why nobody brings it there that day and what would be possible, for whoever tries to order it so."""
    names = ", ".join(dict.fromkeys(line.name for line, _quantity in one.parts))
    place = places.municipality(one.load.municipality).name
    reasons = {each.why for each in one.answer.impossible}
    collected, brought = _named(one, WayKind.OWN), _named(one, WayKind.COLLECT)
    if collected and brought and not one.answer.possible:
        return f"{collected} kan bara hämtas, och {brought} levereras bara. Beställ dem var för sig."
    if collected:
        why = f"{collected} kan bara hämtas."
    elif Obstacle.WEIGHT in reasons:
        why = f"{names} är för tungt för att köras till {place}."
    elif Obstacle.DAY in reasons:
        why = f"{names} kan inte levereras till {place} {swedish_day(one.load.day, today)}."
    else:
        why = f"{names} levereras inte till {place}."
    instead = [f"Det går {swedish_day(one.other_day, today)}."] if one.other_day else []
    if one.answer.possible:
        instead.append("Du kan hämta det. Välj det i så fall.")
    return " ".join([why, *(instead or ["Ta bort det ur varukorgen, eller välj en annan plats."])])


def _named(one: Parcelled, kind: WayKind) -> str:
    """What in the parcel never comes in the member's ways of a kind."""
    closed = frozenset[int]().union(*(each.way.closed for each in one.answer.impossible if each.way.kind == kind))
    return ", ".join(dict.fromkeys(line.name for line, _quantity in one.parts if line.article_id in closed))


def _later(day: date, today: date) -> Iterable[date]:
    start = max(day, today) + timedelta(days=1)
    return (one for one in (start + timedelta(days=n) for n in range(LOOK_AHEAD)) if is_working_day(one))
