"""How much of each party's own offerings is free over the contract that a bid would lead to, week by week.

What rests, what orders and standing orders take, what is kept back, and what other open bids ask for is counted as the
routing counts it, so that no page says something else than the one beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app import clock
from app.catalog.models import Offering
from app.orders.holds import Hold, kept_back
from app.orders.standing import holding
from app.orders.week_queries import CountedOn, counted_on
from app.tenders.bid_holds import WEEKS, term, unit_word
from app.tenders.joint.elsewhere import offerings_and_asked
from app.tenders.models import Bid, BidParty, Tender, TenderPriceRow, bid_hold
from app.tenders.watching.whereabouts import municipalities_in
from bids import capacity_periods
from bids.capacity_periods import Calendar, Week, weeks_met
from bids.promised_twice import Claim

NONE, FINEST = Decimal(0), Decimal("0.001")
STANDING, ORDERS = "stående beställningar", "beställningar"
Days = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """What an offering can make and has left, in the year of the contract that has least left."""

    offering: Offering
    calendar: Calendar
    claims: tuple[Claim, ...]
    """What others count on in that year, in words."""
    rests: bool
    """Whether it makes nothing in some of its days: a pause, or the member is away."""

    @property
    def year(self) -> int:
        """Which year of the contract it is, from 1."""
        return self.calendar.weakest

    @property
    def in_all(self) -> Decimal:
        """What can be made in the year, pauses and absences taken off."""
        return self.calendar.able(self.year)

    @property
    def left(self) -> Decimal:
        """What of it nobody counts on."""
        return self.calendar.free(self.year)

    @property
    def taken(self) -> Decimal:
        """What somebody else counts on."""
        return self.in_all - self.left

    @property
    def standing(self) -> Decimal:
        """What standing orders will take."""
        return sum((one.quantity for one in self.claims if one.why == STANDING), NONE)

    @property
    def kept_for(self) -> tuple[str, ...]:
        """What other bids, agreements, orders and staff keep back, in words."""
        return tuple(one.why for one in self.claims if one.why != STANDING)

    def serves(self, municipalities: Collection[str]) -> bool:
        """Whether it is sold in one of them; where nobody has said which they are, everywhere is right."""
        return not municipalities or not self.offering.municipalities.isdisjoint(municipalities)


@dataclass(frozen=True, slots=True)
class Term:
    """The weeks of a contract: from a Monday, so many years of 52 weeks."""

    first: date
    years: int

    @property
    def days(self) -> Days:
        """The first and the last."""
        return self.first, self.first + timedelta(weeks=WEEKS * self.years) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is known of all offerings of the articles."""

    term: Term
    on: CountedOn
    holds: Mapping[int, Sequence[Hold]]
    """By offering, with what other open bids ask for."""
    standing: Mapping[int, Mapping[date, Decimal]] = field(default_factory=dict)
    """What standing orders will take, by offering and week."""

    def rests(self, one: Offering) -> Sequence[Days]:
        """When it is not made: it is paused, or its member is away."""
        return [*self.on.away.get(one.member_id, ()), *self.on.paused.get(one.id, ())]


def term_of(tender: Tender, *, now: datetime) -> Term:
    """When the contract can begin, and how long it can last with all its extensions."""
    first = term(clock.local_date(tender.deadline or now), tender.term_years)[0]
    return Term(holding.monday_of(first), capacity_periods.years_of(tender.term_years, tender.option_years))


def free_of(
    bid: Bid, rows: Sequence[TenderPriceRow], *, others: Collection[int] = (), now: datetime
) -> dict[tuple[int, int], Free]:
    """By member and article, for the articles that the rows point at; none where no row has one.

    Of the bid's parties, and of the members that are named beside them. Two statements, however many rows. What this
    bid itself keeps back does not count against it.
    """
    articles = {row.article_id for row in rows if row.article_id is not None}
    if not articles:
        return {}
    span = term_of(bid.tender, now=now)
    members = {*(party.member_id for party in bid.parties), *others}
    offerings, asked = offerings_and_asked(bid, members, articles, now=now)
    ids = [one.id for one in offerings]
    own = select(bid_hold.c.hold_id).where(bid_hold.c.bid_id == bid.id)
    on = counted_on(span.days, offerings=ids, articles=articles, members=members, besides=own)
    holds = {number: [*on.holds.get(number, ()), *asked.get(number, ())] for number in ids}
    counted = _Counted(span, on, holds)
    counted = replace(counted, standing=_planned(offerings, counted))
    return {(one.member_id, one.article_id): _free(one, counted) for one in offerings if one.member_id in members}


def _planned(offerings: Sequence[Offering], counted: _Counted) -> dict[int, dict[date, Decimal]]:
    """What standing orders will take of each offering's weeks, shared out as the routing does."""
    by_article: dict[int, list[Offering]] = defaultdict(list)
    for one in offerings:
        by_article[one.article_id].append(one)
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for (article, monday), quantities in counted.on.wanted.items():
        weeks = [
            holding.Week(
                one.id,
                one.capacity_per_week,
                counted.on.taken.get(one.id, {}).get(monday, NONE),
                one.municipalities,
                counted.holds[one.id],
                counted.on.used.get((one.id, monday), {}),
            )
            for one in by_article[article]
        ]
        for offering, parts in holding.plan(monday, quantities, weeks).items():
            found[offering][monday] = sum(parts.values(), NONE)
    return found


def _free(one: Offering, counted: _Counted) -> Free:
    span, holds, rests = counted.term, counted.holds[one.id], counted.rests(one)
    orders = (counted.on.taken.get(one.id, {}), counted.standing.get(one.id, {}))
    busy = {(monday - span.first).days // 7 for some in orders for monday in some}
    for met in (*rests, *((hold.first_day, hold.last_day) for hold in holds)):
        busy.update(weeks_met(span.first, WEEKS * span.years, met))
    weeks = {number: _week(one, number, counted, rests) for number in sorted(busy)}
    calendar = Calendar(first=span.first, years=span.years, per_week=one.capacity_per_week, weeks=weeks)
    claims = _claims(one, calendar.weakest, counted)
    return Free(offering=one, calendar=calendar, claims=claims, rests=bool(rests))


def _week(one: Offering, number: int, counted: _Counted, rests: Sequence[Days]) -> Week:
    monday = counted.term.first + timedelta(weeks=number)
    able = capacity_periods.part_of_week(one.capacity_per_week, capacity_periods.at_work(monday, rests))
    gone = counted.on.taken.get(one.id, {}).get(monday, NONE) + counted.standing.get(one.id, {}).get(monday, NONE)
    gone += kept_back(counted.holds[one.id], monday, None, counted.on.used.get((one.id, monday)))
    return Week(able, max(NONE, able - gone))


def _claims(one: Offering, year: int, counted: _Counted) -> tuple[Claim, ...]:
    """What each of the others counts on in a year of the contract."""
    first = counted.term.first + timedelta(weeks=WEEKS * (year - 1))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for hold in counted.holds[one.id]:
        sums[hold.why] += hold.per_week * len(weeks_met(first, WEEKS, (hold.first_day, hold.last_day)))
    for why, some in ((ORDERS, counted.on.taken), (STANDING, counted.standing)):
        for monday, quantity in some.get(one.id, {}).items():
            if 0 <= (monday - first).days // 7 < WEEKS:
                sums[why] += quantity
    told = {why: quantity.quantize(FINEST).normalize() + NONE for why, quantity in sums.items()}
    return tuple(Claim(why, quantity) for why, quantity in told.items() if quantity)


def source_of(party: BidParty, row: TenderPriceRow, free: Mapping[tuple[int, int], Free]) -> Free | None:
    """The party's own offering of the row's article, where both count in the same unit."""
    found = free.get((party.member_id, row.article_id or 0))
    return found if found is not None and unit_word(found.offering.article) == unit_word(row) else None


def places_of(bid: Bid) -> dict[int | None, tuple[str, frozenset[str]]]:
    """Where each lot is, as it is called and its municipalities: the tender's place for a lot that says none."""
    whole = bid.tender.place
    return {
        None: (whole, municipalities_in(whole)),
        **{lot.id: (lot.place or whole, municipalities_in(lot.place or whole)) for lot in bid.lots},
    }
