"""How a basket would come to a place on a day, before anything is ordered. Nothing is written or locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from app import clock, workdays
from app.catalog.models import Article
from app.catalog.pricing.rules import Priced
from app.money import Money
from app.orders import actions as orders
from app.orders import handing, queries
from app.orders.delivery.loads import Hand, Parcelled, Part, batch_of, parcelled
from app.orders.delivery.parcels import Choices
from app.orders.delivery.states import WayWish
from app.orders.delivery.ways import Obstacle, Possible
from app.orders.delivery.ways_of import of_member
from app.orders.lines import lines_of
from app.orders.models import Order, OrderLine
from app.orders.routing import route
from app.orders.routing_values import Candidate, Share
from app.orders.situation import Situation, read_situation
from app.orders.windows.models import OrderWindow

MOST_TRIES = 8
"""Working days that are tried; a week and a half, so that the next week with its new room is among them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article in the basket."""

    article: Article
    quantity: Decimal
    priced: Priced
    window: OrderWindow | None = None
    """The one that is open, where it is made in batches."""


@dataclass(frozen=True, slots=True)
class Whither:
    """Where and when. What is not known yet is empty."""

    day: date
    municipality: str
    street: str = ""
    postcode: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What nobody could bring or make."""

    line: OrderLine
    quantity: Decimal
    why: Obstacle | None
    """The place where nobody works there, the day where nobody is ready by then; none when all are full."""
    day: date | None
    """When it could be ready, as far as lead times say."""


@dataclass(frozen=True, slots=True)
class Preview:
    """How it would come."""

    whither: Whither
    parcels: tuple[Parcelled, ...]
    missing: tuple[Missing, ...]

    @property
    def is_plain(self) -> bool:
        """Whether everything is simply delivered, for nothing, and there is nothing to choose."""
        return not self.missing and all(
            len(one.answer.possible) == 1
            and one.answer.possible[0].way.brings
            and not one.answer.possible[0].fee
            and not one.answer.possible[0].way.terms.windows
            for one in self.parcels
        )

    @property
    def told(self) -> str:
        """What the customer has been told will not come, as a page's form carries it: place, day and articles."""
        lines = sorted({one.line.article_id for one in self.missing})
        return " ".join([self.whither.municipality, self.whither.day.isoformat(), *map(str, lines)]) if lines else ""

    def fees(self, choices: Choices, wish: WayWish | None = None) -> Money:
        """What the parcels cost in the chosen ways; where none is chosen, as it is wished if it can be, else best."""
        found = (way_of(one, choices, wish) for one in self.parcels)
        return Money.total(one.fee for one in found if one is not None)


def preview(wanted: Sequence[Wanted], whither: Whither, *, now: datetime) -> Preview:
    """Share the basket out as if it were ordered now, and ask each member's ways."""
    articles = {one.id: one for each in wanted for one in (each.article, *(p.article for p in each.article.parts))}
    return _look(draft(wanted, whither), whither, articles, now=now)


def fees_ahead(order: Order, choices: Choices | None, *, now: datetime) -> Money:
    """What an order that nobody has been asked about yet would cost to bring, without VAT."""
    whither = Whither(order.delivery_day, order.municipality, customer_id=order.customer_id)
    found = _look(order, whither, {line.article_id: line.article for line in order.lines}, now=now)
    return found.fees(choices or {}, order.wished_way if choices is None else None)


def _look(order: Order, whither: Whither, articles: Mapping[int, Article], *, now: datetime) -> Preview:
    orders.plan(order, queries.chain_leads(order), now=now)
    days = [line.day for line in order.lines]
    scene = read_situation(
        order.lines,
        days=(min(days), max(*days, whither.day)),
        now=now,
        customers=[whither.customer_id] if whither.customer_id else (),
        lock=False,
    )
    shares: list[Share] = []
    missing: list[Missing] = []
    for stage in handing.stages(order, order.lines, today=clock.local_date(now)):
        candidates = scene.candidates(stage, order if whither.customer_id else None)
        answer = route([scene.demand(line, line.quantity) for line in stage.lines], candidates)
        scene.give(answer.shares, candidates, order, stage.day)
        shares += answer.shares
        missing += [_missing(line, answer.unplaced[line.id], candidates, now) for line in stage.lines]
    parcels = _parcels(order, shares, scene, articles, now)
    return Preview(whither, tuple(parcels), tuple(one for one in missing if one.quantity))


def way_of(one: Parcelled, choices: Choices, wish: WayWish | None = None) -> Possible | None:
    """In which way a parcel comes: as chosen, else as wished where it can, else the best there is."""
    choice = choices.get(one.key)
    best = one.answer.preferring(wish == WayWish.BROUGHT) if wish else one.answer.best
    return (one.answer.by_key(choice.key) if choice else None) or best


def nearest_day(wanted: Sequence[Wanted], found: Preview, *, now: datetime) -> date | None:
    """The first later day on which everything can be made and brought; None when that is not soon, or nowhere."""
    if not found.missing or any(one.why == Obstacle.PLACE for one in found.missing):
        return None
    earliest = max((one.day for one in found.missing if one.day), default=found.whither.day)
    day = max(earliest, workdays.working_days_after(found.whither.day, 1))
    for _try in range(MOST_TRIES):
        then = preview(wanted, replace(found.whither, day=day), now=now)
        if not then.missing and all(one.answer.comes for one in then.parcels):
            return day
        day = workdays.working_days_after(day, 1)
    return None


def draft(wanted: Iterable[Wanted], whither: Whither, *, first: int = 1) -> Order:
    """An order that is never saved. Its numbers are below nought, so that no row of ours is taken for its own.

    `first` is the first of them, turned, where there are several drafts.
    """
    order = Order(
        customer_id=whither.customer_id,
        delivery_day=whither.day,
        municipality=whither.municipality,
        street=whither.street,
        postcode=whither.postcode,
    )
    for each in wanted:
        made = lines_of(each.article, each.quantity, each.priced)
        if each.window is not None:
            for line in made:
                line.window, line.due_on = each.window, each.window.delivery_day
        order.lines += made
    order.bundles = list(dict.fromkeys(line.bundle for line in order.lines if line.bundle is not None))
    for number, bundle in enumerate(order.bundles, start=first):
        bundle.id = -number
    for number, line in enumerate(order.lines, start=first):
        line.id, line.bundle_id = -number, line.bundle.id if line.bundle else None
    return order


def _parcels(
    order: Order, shares: Iterable[Share], scene: Situation, articles: Mapping[int, Article], now: datetime
) -> list[Parcelled]:
    lines = {line.id: line for line in order.lines}
    parts: dict[Hand, list[Part]] = {}
    for share in shares:
        if handing.next_of(lines[share.line]) is None:
            hand = share.member, batch_of(lines[share.line])
            parts.setdefault(hand, []).append((lines[share.line], share.quantity))
    place, day = order.municipality, order.delivery_day
    return [
        parcelled(hand, held, of_member(scene.ways, hand[0]), municipality=place, day=day, articles=articles, now=now)
        for hand, held in parts.items()
    ]


def _missing(line: OrderLine, left: Decimal, candidates: Iterable[Candidate], now: datetime) -> Missing:
    able = [one for one in candidates if one.line == line.id and one.serves]
    if not able:
        return Missing(line, left, Obstacle.PLACE, None)
    able = [one for one in able if not (one.barred or one.buys or one.absent or one.paused)]
    if able and all(one.lead_days > one.days_left for one in able):
        ready = workdays.working_days_after(clock.local_date(now), min(one.lead_days for one in able))
        return Missing(line, left, Obstacle.DAY, ready)
    return Missing(line, left, None, None)
