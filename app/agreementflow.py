"""THE STORY of a framework agreement: made from a won bid, called off from, raised, gone on with, left by a member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from app import bidflow, clock, jobs, orderflow
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.orders import queries as orders
from app.orders.agreements import actions, emails, leaving, queries, rising
from app.orders.agreements.leaving import NOTHING, Agreed, Leaving
from app.orders.agreements.models import (
    Agreement,
    AgreementLeaving,
    AgreementNotice,
    AgreementOption,
    CeilingWarning,
    IndexRise,
    Noticed,
)
from app.orders.agreements.rising import Figure
from app.orders.agreements.terms import Window
from app.orders.models import Assignment
from app.orders.states import TO_COME
from app.tenders.agreeing import actions as agreeing
from app.tenders.agreeing.actions import Confirmed
from app.tenders.models import Bid, BidState

REMINDED = timedelta(days=60)
"""So long before an option's last day, or the agreement's."""
REPORT_AHEAD = timedelta(days=14)


def make(bid: Bid, confirmed: Confirmed, *, by: User, now: datetime) -> Agreement:
    """1. The bid that we won becomes an agreement, once. What was kept back for the bid is for its orders.

    The caller holds the tender. Raises Refused.
    """
    there = queries.agreement_of_bid(bid.id)
    if there is not None:
        return there
    made = agreeing.make(bid, confirmed, by=by, now=now)
    bidflow.make_agreement(bid, made.price_list, by=by, now=now)
    return made


@jobs.job
def warn_of_ceiling(agreement_id: int, percent: int) -> None:
    """2. So much has been called off: those of us who sell are told. `ceilings` writes it down once for each level.

    Under a ceiling that was changed meanwhile it may not be true any more, and then nobody is told.
    """
    warning = db.session.get(CeilingWarning, (agreement_id, percent))
    if warning is not None:
        emails.ceiling_reached(queries.agreement_with(agreement_id), warning, now=clock.now())


def raise_prices(agreement: Agreement, window: Window, figure: Figure, *, by: User, now: datetime) -> IndexRise:
    """3. Prices follow the index from a day, and buyers are told; or the change is carried over. Raises Refused."""
    rise = rising.decide(agreement, window, figure, by=by, now=now)
    if rise.price_list_id is not None:
        for customer in queries.buyers(agreement):
            emails.new_prices(agreement, rise, customer, now=now)
    return rise


def check_outcome(bid: Bid, to: BidState, *, now: datetime) -> None:
    """Raises Refused when a bid that is an agreement is said not to be won: its buyers order from it."""
    there = queries.agreement_of_bid(bid.id) if bid.state == BidState.WON and to != BidState.WON else None
    if there is not None and there.last_day >= clock.local_date(now):
        raise Refused(f"Anbudet har blivit avtalet {there.number}. Avsluta avtalet först, så kan utfallet ändras.")


def go_on(agreement: Agreement, option: AgreementOption, *, by: User, now: datetime) -> Agreement:
    """4. An option is used. Raises Refused."""
    return actions.use_option(agreement, option, by=by, now=now)


def end(agreement: Agreement, last_day: date, why: str, *, by: User, now: datetime) -> Agreement:
    """4 b. It ends before its time, and its buyers are told why. Raises Refused."""
    ended = actions.end(agreement, last_day, why, by=by, now=now)
    emails.ends(ended, why, now=now)
    return ended


@jobs.every_minute
def remind_all(now: datetime) -> None:
    """5. Look for agreements of which somebody must do something soon; each is a job of its own."""
    today = clock.local_date(now)
    for agreement_id in queries.to_remind(today):
        jobs.enqueue(remind, agreement_id=agreement_id, moment=int(now.timestamp()))


@jobs.job
def remind(agreement_id: int, moment: int) -> None:
    """Write to those of us who sell, once of each day. Run twice, it finds that they know."""
    now = datetime.fromtimestamp(moment, tz=UTC)
    agreement, today = queries.agreement_with(agreement_id, lock=True), clock.local_date(now)
    agreement.looked_on = today
    for kind, day, words in due(agreement, today):
        if db.session.get(AgreementNotice, (agreement.id, kind, day)) is None:
            db.session.add(AgreementNotice(agreement_id=agreement.id, kind=kind, day=day, at=now))
            emails.reminder(agreement, kind, day, now=now, words=words)


def due(agreement: Agreement, today: date) -> Iterator[tuple[Noticed, date, str]]:
    """What is to be done soon, by which day."""
    for option in agreement.options:
        if option.used_at is None and option.use_by - REMINDED <= today <= option.use_by:
            yield Noticed.OPTION, option.use_by, ""
    if agreement.last_day - REMINDED <= today <= agreement.last_day:
        yield Noticed.END, agreement.last_day, ""
    sent = queries.reports_of(agreement) if agreement.report_every else {}
    for period in queries.periods_of(agreement):
        if period.first not in sent and period.last < today and period.due - REPORT_AHEAD <= today <= period.due:
            yield Noticed.REPORT, period.due, agreement.report_words
    for window in queries.windows_of(agreement):
        if window.is_open(today):
            yield Noticed.WINDOW, window.closes, ""


def leave(
    agreement: Agreement,
    plan: Leaving,
    reason: str,
    agreed: Mapping[tuple[int, int], Agreed] = NOTHING,
    *,
    by: User,
    now: datetime,
) -> AgreementLeaving:
    """6. A member leaves. Its parts go to others from the day, and then its shares and what it has in hand.

    Raises Refused, also where somebody takes over at no price of its own.
    """
    made = leaving.leave(agreement, plan, reason, agreed, by=by, now=now)
    begins = datetime.combine(plan.from_day, time(0), clock.SWEDEN)
    jobs.enqueue(take_over, after=max(begins, now), leaving_id=made.id)
    for assignment in plan.assignments:
        jobs.enqueue(move_assignment, assignment_id=assignment.id, leaving_id=made.id, by_id=by.id)
    emails.member_leaves(agreement, made, now=now)
    emails.tell_members(agreement, made, now=now)
    return made


@jobs.job
def take_over(leaving_id: int) -> None:
    """6 b. The day has come: the routing asks others. Run twice, it finds the member gone."""
    row = db.session.get_one(AgreementLeaving, leaving_id)
    leaving.move_shares(queries.agreement_with(row.agreement_id, lock=True), row, by=None, now=clock.now())


@jobs.job
def move_assignment(assignment_id: int, leaving_id: int, by_id: int) -> None:
    """6 c. What the member has in hand from that day goes to others; what nobody can take lies with staff."""
    row = db.session.get_one(AgreementLeaving, leaving_id)
    assignment = db.session.get_one(Assignment, assignment_id)
    orders.hold(assignment.order_id)
    db.session.refresh(assignment)
    if assignment.state in TO_COME:
        by, why = db.session.get_one(User, by_id), f"{row.member.name} lämnar avtalet."
        orderflow.reroute(assignment, why, to=None, by=by, now=clock.now())
