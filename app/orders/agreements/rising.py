"""New prices by the index: a new version of the price list from a day, or a change that is carried over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app import audit, clock, particulars
from app.accounts.models import User
from app.catalog.pricing import actions as pricing
from app.catalog.pricing.actions import ListDraft
from app.catalog.pricing.models import PriceList, PriceRow
from app.db import db
from app.errors import Refused
from app.formats import swedish_day
from app.money import Money
from app.orders import routing_actions as routing
from app.orders.agreements import queries
from app.orders.agreements.actions import ends_before
from app.orders.agreements.models import Agreement, AgreementList, IndexRise
from app.orders.agreements.terms import Window
from app.orders.routing_actions import PolicyDraft
from app.orders.routing_models import CapacityHold
from bids.index_rise import Clause, Weighed, price_after, weigh

ORE = Money(1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure: of which month and where it stands, and when new prices were asked for by it."""

    value: Decimal
    source: str
    asked_on: date


def clause_of(agreement: Agreement) -> Clause:
    """The agreement's clause as it stands. Raises Refused where it has none."""
    if not agreement.index_name or agreement.index_base is None:
        raise Refused("Avtalet har inget indexvillkor, så priserna ligger fast.")
    return Clause(base=agreement.index_base, threshold=agreement.index_threshold, part=agreement.index_part)


def weighed(agreement: Agreement, window: Window, figure: Figure, *, now: datetime) -> Weighed:
    """What a figure means for the prices from the window's day.

    Raises Refused outside the window, before the agreement began, and where the day's prices are decided already.
    """
    clause, today = clause_of(agreement), clock.local_date(now)
    check_undecided(agreement, window)
    if figure.value <= 0:
        raise Refused("Indextalet måste vara mer än noll.")
    if figure.asked_on > today:
        raise Refused("Dagen då nya priser begärdes ligger i framtiden.")
    if figure.asked_on < agreement.first_day:
        began = swedish_day(agreement.first_day, today)
        raise Refused(f"Avtalet började gälla {began}. Nya priser kan inte ha begärts före den dagen.")
    if not window.is_open(figure.asked_on):
        first, last = (swedish_day(day, today) for day in (window.opens, window.closes))
        raise Refused(
            f"Nya priser från {swedish_day(window.from_day, today)} begärs från {first} till och med {last}. "
            "Utanför den tiden gäller de gamla priserna ett år till."
        )
    return weigh(clause, figure.value)


def window_from(agreement: Agreement, day: date) -> Window:
    """The window of the prices from a day. Raises Refused for another day."""
    found = next((one for one in queries.windows_of(agreement) if one.from_day == day), None)
    if found is None:
        raise Refused("Priserna kan inte ändras den dagen enligt avtalet.")
    return found


def check_undecided(agreement: Agreement, window: Window) -> None:
    """Raises Refused where the prices from the window's day are decided: a day has one decision."""
    if any(one.from_day == window.from_day for one in queries.rises_of(agreement)):
        raise Refused("Priserna från den dagen är redan bestämda.")


def decide(agreement: Agreement, window: Window, figure: Figure, *, by: User, now: datetime) -> IndexRise:
    """Let prices follow the figure from the window's day, or carry the change over. The caller holds the agreement.

    Twice is once: the day has one decision. Raises Refused.
    """
    check_undecided(agreement, window)
    if window.from_day <= clock.local_date(now):
        raise Refused("Dagen har redan varit. Nya priser gäller bara framåt.")
    source = particulars.line(figure.source, "Källan", longest=200)
    answer = weighed(agreement, window, figure, now=now)
    made = IndexRise(
        agreement_id=agreement.id,
        from_day=window.from_day,
        base=agreement.index_base,
        figure=figure.value,
        source=source,
        percent=answer.percent,
        asked_on=figure.asked_on,
        at=now,
        by_name=by.name,
    )
    if answer.applies:
        made.price_list_id = _new_version(agreement, window.from_day, answer.percent, by=by, now=now).id
        agreement.index_base = answer.base
    db.session.add(made)
    audit.record(
        agreement, "index weighed", by=by, now=now, figure=str(figure.value), percent=str(answer.percent), source=source
    )
    return made


def _new_version(agreement: Agreement, day: date, percent: Decimal, *, by: User, now: datetime) -> PriceList:
    """The prices that hold on the day, so much higher or lower from then on; members' agreed prices follow."""
    old = queries.list_on(agreement, day)
    if old is None or (old.valid_from >= day):
        raise Refused("Avtalet har ingen prislista som gäller till den dagen.")
    name = f"{agreement.name} från {day.isoformat()}"[: particulars.LONGEST_LINE]
    draft = ListDraft(name, day, old.valid_to, old.agreement, old.only_listed, old.note)
    new = pricing.copy_list(old, draft, percent, ORE, by=by, now=now)
    db.session.flush()
    for row in db.session.scalars(select(PriceRow).where(PriceRow.price_list_id == new.id)):
        if row.member_price is not None:
            row.member_price = price_after(row.member_price, percent)
    pricing.activate_list(new, by=by, now=now)
    ends_before(old, day, by=by, now=now)
    db.session.add(AgreementList(agreement_id=agreement.id, price_list_id=new.id))
    agreement.price_list = new
    _same_policy(old, new, by=by, now=now)
    _same_holds(old, new, day)
    return new


def _same_policy(old: PriceList, new: PriceList, *, by: User, now: datetime) -> None:
    policy = routing.policy_of(old)
    if policy is not None:
        places = {one.member_id: one.place for one in policy.places}
        draft = PolicyDraft(policy.kind, places, policy.only_listed, policy.near_first)
        routing.set_policy(new, draft, by=by, now=now)


def _same_holds(old: PriceList, new: PriceList, day: date) -> None:
    """What is kept back for the agreement's orders is kept for those at the new prices from the day on."""
    kept = select(CapacityHold).where(CapacityHold.price_list_id == old.id, CapacityHold.last_day >= day)
    for hold in db.session.scalars(kept).all():
        if hold.first_day >= day:
            hold.price_list_id = new.id
            continue
        db.session.add(
            CapacityHold(
                offering_id=hold.offering_id,
                price_list_id=new.id,
                first_day=day,
                last_day=hold.last_day,
                per_week=hold.per_week,
                why=hold.why,
            )
        )
        hold.last_day = day - timedelta(days=1)
