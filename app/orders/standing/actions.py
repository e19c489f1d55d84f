"""What can be done to a standing order; how its times become orders is told in `app/standingflow.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app import audit, clock
from app.accounts.models import User
from app.catalog.kinds import ArticleKind
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.formats import swedish_day
from app.orders.actions import articles_in
from app.orders.cart import Cart, Delivery
from app.orders.checks import check_audience, check_delivery, check_vat_number, consent_to_keep
from app.orders.queries import lead_times
from app.orders.standing import planning, timetable
from app.orders.standing.models import (
    MONTH,
    TO_ORDER,
    OccurrenceState,
    StandingLine,
    StandingOccurrence,
    StandingOrder,
    StandingPause,
    StandingVersion,
)
from app.orders.standing.rhythm import Rhythm, Season, Time, times

NOTICE_DAYS = 5
LONGEST_NAME = 80
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted each time, how often, and where to. The delivery's day is the first day from which it holds."""

    rhythm: Rhythm
    cart: Cart
    delivery: Delivery
    consent: str = ""

    @property
    def first(self) -> date:
        """From which named day it holds."""
        return self.delivery.day


def anchored(wish: Wish, standing: StandingOrder | None = None) -> Wish:
    """The wish with its weeks or months counted as those before it, where it changes something that goes on."""
    before = standing.version_on(wish.first) if standing else None
    return replace(wish, rhythm=replace(wish.rhythm, anchor=planning.anchor_for(wish.rhythm, before, wish.first)))


def first_times(wish: Wish, most: int) -> list[Time]:
    """The first times that a wish would bring. Raises Refused when it brings none within a year."""
    found = list(times(wish.rhythm, wish.first, wish.first + planning.HORIZON))
    if not found:
        raise Refused("Med den rytmen kommer det ingenting på ett helt år. Se över dagarna, säsongen och helgregeln.")
    return found[:most]


def make(wish: Wish, name: str, *, customer: Customer, ticket: str, by: User | None, now: datetime) -> StandingOrder:
    """Agree on something that comes again. Raises Refused for what could not be ordered, or not for its first day."""
    _check_name(name)
    wish = anchored(wish)
    articles = beginning(wish, customer, now=now)
    standing = StandingOrder(
        ticket=ticket,
        customer=customer,
        placed_by_id=by.id if by else None,
        made_at=now,
        name=name.strip(),
        notice_days=NOTICE_DAYS,
        planned_to=wish.first,
        versions=[_version(wish, articles, by=by, now=now)],
    )
    db.session.add(standing)
    audit.record(standing, "made", by=by, now=now)
    timetable.plan(standing, wish.first, now=now)
    return standing


def change(
    standing: StandingOrder, wish: Wish, *, by: User | None, now: datetime, notice: bool = True
) -> StandingVersion:
    """Let something else hold from a named day on; what came or is ordered before stays as it is.

    Raises Refused without notice, unless staff do it, and for what could not be ordered.
    """
    check_notice(standing, wish.first, now=now, notice=notice)
    _check_going_on(standing, wish.first)
    wish = anchored(wish, standing)
    articles = articles_of(wish, standing.customer, now=now)
    version = _version(wish, articles, by=by, now=now)
    standing.versions.append(version)
    db.session.flush()
    timetable.plan(standing, wish.first, now=now)
    audit.record(standing, "changed", by=by, now=now, since=wish.first.isoformat())
    return version


def pause(
    standing: StandingOrder, first: date, last: date | None, *, by: User | None, now: datetime, notice: bool = True
) -> StandingPause:
    """Let nothing come on some named days. What is ordered for them stays ordered. Raises Refused."""
    check_notice(standing, first, now=now, notice=notice)
    _check_going_on(standing, first)
    if last is not None and last < first:
        raise Refused("Uppehållet slutar innan det börjar. Se över dagarna.")
    made = StandingPause(first_day=first, last_day=last)
    standing.pauses.append(made)
    timetable.plan(standing, first, now=now)
    audit.record(standing, "paused", by=by, now=now, first=first.isoformat(), last=last.isoformat() if last else None)
    return made


def resume(standing: StandingOrder, first: date, *, by: User | None, now: datetime) -> StandingOrder:
    """Let it go on from a named day, whatever pauses there were from then on. Raises Refused when there are none."""
    if first <= clock.local_date(now):
        raise Refused("Välj en dag från och med i morgon.")
    resting = [one for one in standing.pauses if one.last_day is None or one.last_day >= first]
    if not resting:
        raise Refused("Det är inget uppehåll från den dagen.")
    for one in resting:
        if one.first_day >= first:
            standing.pauses.remove(one)
        else:
            one.last_day = first - DAY
    timetable.plan(standing, first, now=now)
    audit.record(standing, "resumed", by=by, now=now, first=first.isoformat())
    return standing


def end(standing: StandingOrder, last: date, *, by: User | None, now: datetime, notice: bool = True) -> StandingOrder:
    """Let nothing be named for a later day than the last. What is ordered already stays. Raises Refused."""
    check_notice(standing, last + DAY, now=now, notice=notice)
    if standing.last_day is not None and standing.last_day <= last:
        raise Refused(f"Den slutar redan {_day(standing.last_day, now)}.")
    standing.last_day = last
    timetable.plan(standing, last + DAY, now=now)
    audit.record(standing, "ended", by=by, now=now, last=last.isoformat())
    return standing


def skip(
    standing: StandingOrder, occurrence: StandingOccurrence, *, by: User | None, now: datetime, notice: bool = True
) -> StandingOccurrence:
    """Want nothing this once. Raises Refused when it is ordered already, or too near."""
    if occurrence.state not in TO_ORDER:
        raise Refused("Den gången är redan beställd eller avgjord. Ändra i så fall själva beställningen.")
    check_notice(standing, occurrence.nominal, now=now, notice=notice)
    occurrence.state, occurrence.why = OccurrenceState.SKIPPED, ""
    audit.record(standing, "skipped", by=by, now=now, nominal=occurrence.nominal.isoformat())
    return occurrence


def want_after_all(
    standing: StandingOrder, occurrence: StandingOccurrence, *, by: User | None, now: datetime
) -> StandingOccurrence:
    """Take back that nothing was wanted this once. Raises Refused when there is no time left."""
    if occurrence.state != OccurrenceState.SKIPPED or occurrence.day <= clock.local_date(now):
        raise Refused("Den gången går inte att ta tillbaka. Lägg en vanlig beställning i stället.")
    occurrence.state, occurrence.handed_over_at = OccurrenceState.COMING, None
    audit.record(standing, "wanted after all", by=by, now=now, nominal=occurrence.nominal.isoformat())
    return occurrence


def set_notice(standing: StandingOrder, days: int, *, by: User, now: datetime) -> StandingOrder:
    """Staff agree on another notice with the customer, in working days."""
    if not 0 <= days <= 90:
        raise Refused("Skriv 0 till 90 arbetsdagar.")
    standing.notice_days = days
    audit.record(standing, "notice set", by=by, now=now, days=days)
    return standing


def check_notice(standing: StandingOrder, first: date, *, now: datetime, notice: bool) -> None:
    """Raises Refused for a day that is too near: staff need no notice, but nothing is undone that has been."""
    today = clock.local_date(now)
    soonest = planning.noticed(today, standing.notice_days) if notice else today + DAY
    if first < soonest:
        call = " Ring oss om det brådskar." if notice else ""
        raise Refused(f"Tidigaste dag är {_day(soonest, now)}.{call}")


def beginning(wish: Wish, customer: Customer, *, now: datetime) -> Mapping[int, Article]:
    """The same for something new, when its first time can be made in time. Raises Refused."""
    articles = articles_of(wish, customer, now=now)
    lead = planning.lead_of(articles.values(), lead_times(timetable.made_of(articles)))
    soonest = planning.earliest(clock.local_date(now), lead)
    if first_times(wish, 1)[0].day < soonest:
        raise Refused(f"Det första kan komma tidigast {_day(soonest, now)}. Välj en senare första dag.")
    return articles


def articles_of(wish: Wish, customer: Customer, *, now: datetime) -> Mapping[int, Article]:
    """What is wanted, as rows, when it could be ordered like this. Raises Refused."""
    articles = articles_in(wish.cart)
    first = first_times(wish, 1)[0].day
    check_delivery(replace(wish.delivery, day=first), customer, now)
    check_audience(articles.values(), customer)
    check_vat_number(articles.values(), customer, first)
    consent_to_keep(articles.values(), customer, wish.consent)
    single = next((one for one in articles.values() if one.kind == ArticleKind.SECOND_HAND), None)
    if single is not None:
        raise Refused(f"{single.name} finns bara i ett exemplar och kan inte komma flera gånger.")
    return articles


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Refused(f"Skriv ett namn på högst {LONGEST_NAME} tecken.")


def _check_going_on(standing: StandingOrder, first: date) -> None:
    if standing.last_day is not None and first > standing.last_day:
        raise Refused("Den stående beställningen har slutat innan dess.")


def _version(wish: Wish, articles: Mapping[int, Article], *, by: User | None, now: datetime) -> StandingVersion:
    rhythm, delivery = wish.rhythm, wish.delivery
    first, last = _season(rhythm.season)
    return StandingVersion(
        valid_from=wish.first,
        made_at=now,
        made_by=by.name if by else "",
        every=rhythm.every,
        step=rhythm.step,
        anchor=rhythm.anchor,
        weekdays=sorted(rhythm.weekdays),
        month_day=rhythm.month_day,
        nth=rhythm.nth,
        season_first=first,
        season_last=last,
        holiday=rhythm.holiday,
        delivery_name=delivery.name,
        street=delivery.street,
        postcode=delivery.postcode,
        city=delivery.city,
        municipality=delivery.municipality,
        buyer_reference=delivery.buyer_reference,
        order_reference=delivery.order_reference,
        cost_centre=delivery.cost_centre,
        note=delivery.note,
        consent=wish.consent,
        wished_way=delivery.wished_way,
        lines=[StandingLine(article=articles[id_], quantity=quantity) for id_, quantity in wish.cart.items()],
    )


def _season(season: Season | None) -> tuple[int | None, int | None]:
    if season is None:
        return None, None
    return season.first[0] * MONTH + season.first[1], season.last[0] * MONTH + season.last[1]


def _day(day: date, now: datetime) -> str:
    return swedish_day(day, clock.local_date(now))
