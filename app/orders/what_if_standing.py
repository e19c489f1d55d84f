"""What standing orders will want of members that are closed: who would have had it, and who would take it instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.catalog.models import ApprovalState, Article, BundlePart, Offering
from app.catalog.pricing.rules import Priced
from app.db import db
from app.orders import actions as orders
from app.orders import handing, queries
from app.orders.delivery.preview import Wanted, Whither, draft
from app.orders.handing import Stage
from app.orders.models import Order, OrderLine
from app.orders.pricing import price_cart
from app.orders.routing import route
from app.orders.routing_values import Candidate, Share
from app.orders.situation import Situation, read_situation
from app.orders.standing.models import TO_ORDER, StandingLine, StandingOccurrence, StandingOrder, StandingVersion
from app.orders.what_if_values import Move, Moved


@dataclass(frozen=True, slots=True)
class Given:
    """What has been thought to go to whom already."""

    shares: Sequence[Share]
    candidates: Sequence[Candidate]
    order: Order
    day: date


@dataclass(frozen=True, slots=True)
class Draft:
    """One time as an order that is never saved."""

    standing: StandingOrder
    order: Order


def standing_moves(
    members: Collection[int],
    days: tuple[date, date],
    given: Sequence[Given],
    without: Collection[int],
    *,
    most: int,
    now: datetime,
) -> tuple[list[Moved], bool]:
    """Share out what comes again in those days, first as always and then without the members; nothing is saved.

    Returns what would move, and whether there was more than `most` times. `given` is what others have got meanwhile
    instead of the assignments `without`.
    """
    found = _occurrences(members, days, most + 1)
    looked_at = found[:most]
    if not looked_at:
        return [], False
    drafts = _drafts(looked_at, now)
    lines = [line for one in drafts for line in one.order.lines]
    leads = queries.lead_times([line.article_id for line in lines])
    for one in drafts:
        orders.plan(one.order, leads, now=now)
    scene = read_situation(
        lines,
        days=(min(line.day for line in lines), looked_at[-1].day),
        now=now,
        customers={one.standing.customer_id for one in drafts},
        without=without,
        lock=False,
    )
    for past in given:
        scene.give(past.shares, past.candidates, past.order, past.day)
    today, closed = clock.local_date(now), frozenset(members)
    rows = [row for one in drafts for row in _moves(one, scene, closed, today)]
    return rows, len(found) > most


def as_closed(one: Candidate, closed: Collection[int], holder: int = 0) -> Candidate:
    """The closed are away; that the holder has been asked for the line already is no news."""
    if one.member not in closed:
        return one
    return replace(one, absent=True, refused=one.refused and one.member != holder)


def _moves(one: Draft, scene: Situation, closed: Collection[int], today: date) -> Iterator[Moved]:
    order = one.order
    for stage in handing.stages(order, order.lines, today=today):
        candidates = scene.candidates(stage, order)
        usual = route([scene.demand(line, line.quantity) for line in stage.lines], candidates)
        scene.give([share for share in usual.shares if share.member not in closed], candidates, order, stage.day)
        lost = [share for share in usual.shares if share.member in closed]
        if lost:
            yield from _instead(one, stage, lost, scene, closed)


def _instead(
    one: Draft, stage: Stage, lost: Sequence[Share], scene: Situation, closed: Collection[int]
) -> Iterator[Moved]:
    missing: dict[int, Decimal] = defaultdict(Decimal)
    for share in lost:
        missing[share.line] += share.quantity
    lines: dict[int, OrderLine] = {line.id: line for line in stage.lines}
    candidates = scene.candidates(stage, one.order)
    names = {each.member: each.name for each in candidates}
    demands = [scene.demand(lines[id_], quantity) for id_, quantity in missing.items()]
    answer = route(demands, [as_closed(each, closed) for each in candidates])
    scene.give(answer.shares, candidates, one.order, stage.day)
    for id_, quantity in missing.items():
        got = [share for share in answer.shares if share.line == id_]
        moves = tuple(Move(names[share.member], share.quantity, share.reason) for share in got)
        origin = ", ".join(dict.fromkeys(names[share.member] for share in lost if share.line == id_))
        left = answer.unplaced[id_]
        why = answer.obstacles[id_] if left else ()
        yield Moved(None, lines[id_], stage.day, origin, quantity, moves, left, why, one.standing)


def _occurrences(members: Collection[int], days: tuple[date, date], most: int) -> Sequence[StandingOccurrence]:
    """The times that are not ordered yet, of what the members make."""
    made = select(Offering.article_id).where(Offering.member_id.in_(members), Offering.state == ApprovalState.APPROVED)
    bundles = select(BundlePart.bundle_id).where(BundlePart.article_id.in_(made))
    of_theirs = StandingVersion.lines.any(StandingLine.article_id.in_(made) | StandingLine.article_id.in_(bundles))
    articles = selectinload(StandingVersion.lines).joinedload(StandingLine.article)
    parts = selectinload(Article.parts).joinedload(BundlePart.article)
    query = (
        select(StandingOccurrence)
        .join(StandingOccurrence.version)
        .where(StandingOccurrence.state.in_(TO_ORDER), StandingOccurrence.day.between(*days), of_theirs)
        .options(joinedload(StandingOccurrence.standing_order).joinedload(StandingOrder.customer))
        .options(joinedload(StandingOccurrence.version).options(articles.options(parts)))
        .order_by(StandingOccurrence.day, StandingOccurrence.id)
    )
    return db.session.scalars(query.limit(most)).all()


def _drafts(looked_at: Sequence[StandingOccurrence], now: datetime) -> list[Draft]:
    """Each time as an order, at the prices of today."""
    prices: dict[int, Mapping[int, Priced]] = {}
    made: list[Draft] = []
    for one in looked_at:
        version, standing = one.version, one.standing_order
        if version.id not in prices:
            articles = [line.article for line in version.lines]
            cart = {line.article_id: line.quantity for line in version.lines}
            prices[version.id] = price_cart(articles, cart, standing.customer, clock.local_date(now))
        wanted = [Wanted(each.article, each.quantity, prices[version.id][each.article_id]) for each in version.lines]
        whither = Whither(one.day, version.municipality, version.street, version.postcode, standing.customer_id)
        order = draft(wanted, whither, first=1 + sum(len(before.order.lines) for before in made))
        order.standing_order_id = standing.id
        made.append(Draft(standing, order))
    return made
