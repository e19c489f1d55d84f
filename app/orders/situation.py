"""Everything that decides who may carry some lines, read once for some days: for an order, and for "what if".

What is given away meanwhile can be noted here, so that the next lines see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from app import clock, places, units, workdays
from app.catalog.models import Offering
from app.db import db
from app.orders import situation_queries as read
from app.orders.agreements.gone import Gone, gone_from
from app.orders.delivery.ways import Way, can_bring
from app.orders.delivery.ways_of import of_member, ways_of
from app.orders.handing import Stage, next_of
from app.orders.holds import Hold, kept_back, kept_for
from app.orders.models import Order, OrderLine
from app.orders.routing_models import RoutingPolicy, Wish
from app.orders.routing_policies import turn, worth
from app.orders.routing_values import FAIR_TURN, Candidate, Demand, Policy, PolicyKind, Share
from app.orders.situation_known import Destination, Known, known, place_of, whole_weeks
from app.orders.situation_queries import Days, monday_of
from app.orders.standing import holding

NONE = Decimal(0)


@dataclass(slots=True)
class Situation:
    """How things stand for some articles and days."""

    now: datetime
    offerings: Mapping[int, Sequence[Offering]]
    """By article."""
    taken: dict[tuple[int, date], Decimal]
    used: Mapping[tuple[int, date], Mapping[int, Decimal]]
    """Of what is taken, or will be by standing orders, by price list."""
    holds: Mapping[int, Sequence[Hold]]
    standing: Mapping[tuple[int, date], Decimal]
    """What standing orders will take, by offering and week."""
    elsewhere: Mapping[int, Decimal]
    absent: Mapping[int, Sequence[Days]]
    resting: Mapping[int, Sequence[Days]]
    served: Mapping[int, Collection[str]]
    """The municipalities that each offering serves."""
    works: Mapping[int, Collection[str]]
    """Those in which each member works beside of its own."""
    offered: dict[int, int]
    record: Mapping[int, tuple[int, int]]
    asked: Collection[tuple[int, int]]
    wishes: Mapping[tuple[int, int], Wish]
    visits: dict[Destination, set[int]]
    agreements: Mapping[int, int]
    """The framework agreement's price list, by price row."""
    policies: Mapping[int | None, Policy]
    ways: Mapping[int, Sequence[Way]] = field(default_factory=dict)
    """How each member delivers, where it has said so."""
    gone: Gone = field(default_factory=dict)
    """Who has left a line's framework agreement, from which day."""

    def demand(self, line: OrderLine, quantity: Decimal) -> Demand:
        """So much of a line, with the rule by which it is shared out."""
        measure = units.unit(line.unit)
        policy = self.policies.get(self._agreement(line), self.policies[None])
        return Demand(
            line.id, quantity, measure.decimals, line.unit_text or measure.symbol_sv, line.indivisible, policy
        )

    def candidates(self, stage: Stage, order: Order | None = None) -> list[Candidate]:
        """Every approved offering of the stage's articles. Without an order nobody's wishes count."""
        days_left = workdays.working_days_between(stage.start, stage.day)
        coming = self.visits.get(_destination(order, stage.day), set()) if order else set()
        wishes = {member: wish for (customer, member), wish in self.wishes.items()
                  if order and customer == order.customer_id}  # fmt: skip
        buyer = read.member_who_buys(order) if order else None
        found = []
        for line in stage.lines:
            for offering in self.offerings.get(line.article_id, ()):
                member = offering.member
                asked, failed = self.record.get(member.id, (0, 0))
                found.append(
                    Candidate(
                        line=line.id,
                        offering=offering.id,
                        member=member.id,
                        name=member.name,
                        free=self._free(offering, line, stage.day),
                        held=kept_for(self.holds.get(offering.id, ()), monday_of(stage.day), self._agreement(line)),
                        lead_days=offering.lead_days,
                        days_left=days_left,
                        serves=stage.municipality in self.served.get(offering.id, ()),
                        absent=_covers(self.absent.get(member.id, ()), stage.day),
                        paused=_covers(self.resting.get(offering.id, ()), stage.day),
                        left=self.gone.get((line.id, member.id), date.max) <= stage.day,
                        refused=(line.id, member.id) in self.asked,
                        buys=member.id == buyer,
                        barred=wishes.get(member.id) == Wish.BARRED,
                        preferred=wishes.get(member.id) == Wish.PREFERRED,
                        kept=member.id in coming,
                        way=_way((member.municipality, *self.works.get(member.id, ())), stage.municipality),
                        turn=turn(self.offered.get(member.id, 0), member.work_share, asked, failed),
                        pay=(line.agreed_cost or offering.member_price).ore,
                        asked=asked,
                        failed=failed,
                    )
                )
        return self._who_can_bring(found, stage) if self.ways else found

    def _who_can_bring(self, found: list[Candidate], stage: Stage) -> list[Candidate]:
        """Where those who can bring it have room for all, nobody else is asked; else some of it is to be collected."""
        articles = {line.id: line.article_id for line in stage.lines}
        asked = {(one.member, articles[one.line]) for one in found}
        bring = {
            (member, article)
            for member, article in asked
            if can_bring(of_member(self.ways, member), stage.municipality, stage.day, article)
        }
        able = [one for one in found if (one.member, articles[one.line]) in bring and one.obstacle is None]
        brought = {
            line.id
            for line in stage.lines
            if next_of(line) is None and _room([one for one in able if one.line == line.id], line) >= line.unassigned
        }
        return [
            replace(one, away=one.line in brought and (one.member, articles[one.line]) not in bring) for one in found
        ]

    def give(self, shares: Iterable[Share], candidates: Iterable[Candidate], order: Order, day: date) -> None:
        """Note that members have this now, although it is written nowhere."""
        pay = {(one.line, one.offering): one for one in candidates}
        for share in shares:
            self.taken[share.offering, monday_of(day)] += share.quantity
            self.offered[share.member] += worth(share.quantity, pay[share.line, share.offering])
            self.visits[_destination(order, day)].add(share.member)

    def _free(self, offering: Offering, line: OrderLine, day: date) -> Decimal:
        """Units left in the week, less what is kept for others."""
        week = offering.id, monday_of(day)
        others = kept_back(self.holds.get(offering.id, ()), week[1], self._agreement(line), self.used.get(week))
        gone = self.taken.get(week, NONE) + self.standing.get(week, NONE) + self.elsewhere.get(offering.id, NONE)
        return offering.capacity_per_week - gone - others

    def _agreement(self, line: OrderLine) -> int | None:
        return self.agreements.get(line.price_row_id) if line.price_row_id is not None else None


def read_situation(
    lines: Collection[OrderLine],
    *,
    days: Days,
    now: datetime,
    customers: Collection[int] = (),
    elsewhere: Mapping[int, Decimal] | None = None,
    without: Collection[int] = (),
    lock: bool = True,
    new: bool = False,
) -> Situation:
    """How things stand for these lines on the days; at most ten statements, however many the lines.

    `customers` are those whose wishes count, by id. `elsewhere` is what is kept per offering in each of the weeks and
    stands in no table of ours. The assignments `without` are thought away. The offerings stay locked until the
    transaction ends, unless nothing will be written: two orders never take the same hour. About `new` lines nobody has
    been asked.
    """
    offerings = read.offerings({line.article_id for line in lines}, lock=lock)
    ids, members = [one.id for one in offerings], {one.member_id for one in offerings}
    by_article, own, weeks = _by_article(offerings), _standing_orders(lines), whole_weeks(*days)
    db.session.flush()  # the questions that follow know nothing of what waits to be written
    agreements = read.agreements({line.price_row_id for line in lines if line.price_row_id is not None})
    lists = {row: price_list.id for row, price_list in agreements.items()}
    goods: dict[str, Collection[int]] = {"offerings": ids, "articles": by_article, "members": members}
    besides: dict[str, Collection[int]] = {"price_lists": set(lists.values()), "besides": own, "without": without}
    stand = known(days, **goods, customers=customers, **besides, now=now)
    used = read.taken_by_agreement(ids, weeks, without) if stand.holds else {}
    held = {one.agreement for some in stand.holds.values() for one in some if one.agreement is not None}
    wanted = holding.tell_apart(stand.wanted, by_article, weeks, besides=own, agreements=held)
    planned = _planned(wanted, by_article, stand, used)
    names = {one.id: one.agreement for one in agreements.values()}
    return Situation(
        now=now,
        offerings=by_article,
        taken=stand.taken,
        used={week: holding.with_planned(used.get(week), planned.get(week, {})) for week in (*used, *planned)},
        holds=stand.holds,
        standing={week: sum(quantities.values(), NONE) for week, quantities in planned.items()},
        elsewhere=elsewhere or {},
        absent=stand.away,
        resting=stand.paused,
        served=stand.served,
        works=stand.works,
        offered=stand.offered,
        record=stand.record,
        asked=set() if new else read.asked_before({line.id for line in lines}),
        wishes=stand.wishes,
        visits=stand.visits,
        agreements=lists,
        policies=_policies(names, days[0].year) if stand.policies else {None: FAIR_TURN},
        ways=ways_of(members, by_article) if stand.ways else {},
        gone=gone_from(lines, lists),
    )


def _standing_orders(lines: Iterable[OrderLine]) -> set[int]:
    """Those of which the lines are one time."""
    return {line.order.standing_order_id for line in lines if line.order and line.order.standing_order_id}


def candidates_for(
    lines: Sequence[OrderLine], *, day: date, municipality: str, now: datetime, start: date | None = None
) -> list[Candidate]:
    """Every approved offering of the lines' articles, for a delivery to anybody in the municipality."""
    stage = Stage(tuple(lines), day, start or clock.local_date(now), municipality)
    return read_situation(lines, days=(day, day), now=now).candidates(stage)


def _planned(
    wanted: holding.Wanted,
    offerings: Mapping[int, Sequence[Offering]],
    stand: Known,
    used: Mapping[tuple[int, date], Mapping[int, Decimal]],
) -> dict[tuple[int, date], Mapping[int | None, Decimal]]:
    """What to keep of each offering's weeks for standing orders, by agreement."""
    found: dict[tuple[int, date], Mapping[int | None, Decimal]] = {}
    for (article, monday), quantities in wanted.items():
        rooms = [
            holding.Week(
                one.id,
                one.capacity_per_week,
                stand.taken.get((one.id, monday), NONE),
                stand.served.get(one.id, ()),
                stand.holds.get(one.id, ()),
                used.get((one.id, monday), {}),
            )
            for one in offerings[article]
        ]
        found |= {(offering, monday): parts for offering, parts in holding.plan(monday, quantities, rooms).items()}
    return found


def _policies(agreements: Mapping[int, str], year: int) -> dict[int | None, Policy]:
    """Per price list, and the house's own under None."""
    written = read.policies(agreements)
    found: dict[int | None, Policy] = {None: FAIR_TURN}
    for price_list, row in written.items():
        found[price_list] = _policy(row, "" if price_list is None else agreements[price_list], year)
    return found


def _policy(row: RoutingPolicy, agreement: str, year: int) -> Policy:
    order = {one.member_id: one.place for one in row.places}
    had = read.offered(order, year, agreement=row.price_list_id) if row.kind == PolicyKind.SHARES else {}
    return Policy(row.kind, order, had, row.only_listed, row.near_first, agreement)


def _by_article(offerings: Iterable[Offering]) -> dict[int, list[Offering]]:
    found: dict[int, list[Offering]] = defaultdict(list)
    for offering in offerings:
        found[offering.article_id].append(offering)
    return found


def _room(able: Iterable[Candidate], line: OrderLine) -> Decimal:
    """How much of the line they can make together, in whole steps."""
    step = line.indivisible
    return sum(((one.free // step * step if step else one.free) for one in able), Decimal(0))


def _destination(order: Order, day: date) -> Destination:
    return order.customer_id, place_of(order), day


def _covers(spans: Iterable[Days], day: date) -> bool:
    return any(first <= day <= last for first, last in spans)


def _way(starts: Iterable[str], goal: str) -> int:
    return min(places.way(start, goal) for start in starts)
