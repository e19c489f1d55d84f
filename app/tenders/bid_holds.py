"""What a bid that is handed in keeps back of its parties' weeks, until the buyer has decided; then the agreement's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import func, select

from app import audit, clock, units
from app.accounts.models import User
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind, ListState
from app.db import db
from app.errors import Refused
from app.orders import routing_actions as routing
from app.orders.routing_models import CapacityHold
from app.tenders.models import Bid, BidState, Promise, PromiseState, Tender, TenderPriceRow

WEEKS = 52
STANDSTILL = timedelta(days=11)
"""A contract may be made when ten days have passed since the decision was sent (LOU 20 kap. 1 §)."""
SHORTEST = 1
"""Years, of a contract whose length nobody has entered."""
UNDECIDED = (BidState.DRAFT, BidState.SUBMITTED)


def per_week(yearly: Decimal, decimals: int) -> Decimal:
    """A year's quantity in each of its weeks, rounded up to what the unit can be divided in. Pure."""
    return (yearly / WEEKS).quantize(Decimal(1).scaleb(-decimals), ROUND_CEILING)


def term(decided: date, years: int) -> tuple[date, date]:
    """When a contract can begin that is decided on a day at the earliest, and when it ends without extensions. Pure."""
    first = decided + STANDSTILL
    ahead = first.year + max(years, SHORTEST)
    end = first.replace(year=ahead) if (first.month, first.day) != (2, 29) else date(ahead, 2, 28)
    return first, min(end - timedelta(days=1), first + timedelta(days=routing.FARTHEST_DAYS))


def keep(bid: Bid, *, by: User | None, now: datetime) -> list[CapacityHold]:
    """Keep what the parties have promised of their own offerings, in place of what was kept for the bid before.

    A row without an article, or in another unit than the article's, says nothing of anybody's weeks. No more is kept
    than a member can make. The offerings are locked, so that no order takes at the same moment what is kept.
    """
    let_go(bid, by=by, now=now)
    days = term(clock.local_date(bid.tender.deadline or now), bid.tender.term_years)
    for promise, offering in _promised(bid):
        amount = per_week(min(promise.quantity, promise.yearly_capacity or promise.quantity), _decimals(offering))
        amount = min(amount, offering.capacity_per_week)
        if amount > 0:
            bid.holds.append(routing.hold(offering, None, days, amount, named(bid.tender), by=by, now=now))
    db.session.flush()
    return bid.holds


def let_go(bid: Bid, *, by: User | None, now: datetime) -> None:
    """Others may use it again."""
    for hold in list(bid.holds):
        bid.holds.remove(hold)
        routing.release(hold, by=by, now=now)


def give_to(bid: Bid, price_list: PriceList, *, by: User | None, now: datetime) -> list[CapacityHold]:
    """What was kept for a bid that we won is kept for the agreement's own orders, as long as the agreement holds.

    Raises Refused unless the bid is won and the list is an agreement's that has not ended.
    """
    if bid.state != BidState.WON:
        raise Refused("Bara ett vunnet anbud blir ett avtal.")
    if price_list.kind != ListKind.FRAMEWORK or price_list.state == ListState.ENDED:
        raise Refused("Välj ett ramavtal som gäller.")
    for hold in bid.holds:
        hold.price_list_id, hold.why = price_list.id, f"avtalet {price_list.agreement}"
        first, last = price_list.valid_from, price_list.valid_to or hold.last_day
        if first <= last:
            hold.first_day, hold.last_day = first, min(last, first + timedelta(days=routing.FARTHEST_DAYS))
        audit.record(hold, "given to agreement", by=by, now=now, agreement=price_list.agreement)
    return bid.holds


def follow_outcome(bid: Bid, *, by: User, now: datetime) -> None:
    """What lapsed, or was let go when we seemed to have lost, is kept again when we have won after all."""
    if bid.state != BidState.WON:
        let_go(bid, by=by, now=now)
        return
    if not bid.holds:
        keep(bid, by=by, now=now)
    agreement = agreement_of(bid.tender)
    if agreement is not None:
        give_to(bid, agreement, by=by, now=now)


def agreement_of(tender: Tender) -> PriceList | None:
    """The framework agreement that bears the tender's diary number, where there is just one."""
    if not tender.diary_number.strip():
        return None
    same = func.lower(PriceList.agreement) == tender.diary_number.strip().lower()
    query = select(PriceList).where(PriceList.kind == ListKind.FRAMEWORK, PriceList.state != ListState.ENDED, same)
    found = db.session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def lapsed(now: datetime) -> Sequence[int]:
    """The bids that keep something back and bind us no longer, although nothing has been decided; by id."""
    last_day = func.coalesce(Bid.offered_validity, Tender.required_validity)
    query = select(Bid.id).join(Bid.tender).where(Bid.state.in_(UNDECIDED), Bid.holds.any())
    return db.session.scalars(query.where(last_day < clock.local_date(now)).order_by(Bid.id)).all()


def named(tender: Tender) -> str:
    """What the routing says it is kept for."""
    return f"anbudet {tender.title}, {tender.buyer_name}"


def _promised(bid: Bid) -> Iterator[tuple[Promise, Offering]]:
    """What is promised and rests on an offering that is for sale, in the order in which orders lock offerings."""
    given = [
        one
        for party in bid.parties
        if not party.has_declined
        for one in party.promises
        if one.state == PromiseState.PROMISED and one.offering_id is not None
    ]
    ids = {one.offering_id for one in given}
    query = select(Offering).where(Offering.id.in_(ids), Offering.state == ApprovalState.APPROVED).order_by(Offering.id)
    offerings = {one.id: one for one in db.session.scalars(query.with_for_update(of=Offering))}
    for one in given:
        offering = offerings.get(one.offering_id or 0)
        if offering is not None and unit_word(offering.article) == unit_word(one.row):
            yield one, offering


def unit_word(of: Article | TenderPriceRow) -> str:
    """As it is called: a code for anything counts alike only where the words are the same."""
    return (of.unit_text.strip() or units.unit(of.unit).symbol_sv).lower()


def _decimals(offering: Offering) -> int:
    return units.unit(offering.article.unit).decimals
