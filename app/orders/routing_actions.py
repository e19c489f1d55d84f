"""What staff decide for the routing: an agreement's policy, a customer's wishes, what is kept back of a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, units
from app.accounts.models import User
from app.catalog.models import Offering
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.orders.routing_models import CapacityHold, CustomerWish, RoutingPlace, RoutingPolicy, Wish
from app.orders.routing_values import PolicyKind

ALL = 1000
"""Fixed shares are in per mille, and make up all of it."""
MOST_PLACES = 200
LONGEST_REASON = 300
FARTHEST_DAYS = 5 * 366
MOST_PER_WEEK = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy as staff write it."""

    kind: PolicyKind
    places: Mapping[int, int] = field(default_factory=dict)
    """Per member id its rank or its share in per mille."""
    only_listed: bool = False
    near_first: bool = False


def set_policy(price_list: PriceList | None, draft: PolicyDraft, *, by: User | None, now: datetime) -> RoutingPolicy:
    """How members are chosen from now on, under an agreement or, without one, elsewhere.

    Orders that are placed stay where they are. Raises Refused when the list is no framework agreement's, or the places
    cannot be: two of one rank, shares that are not all of it, nobody in a closed order.
    """
    if price_list is not None and price_list.kind != ListKind.FRAMEWORK:
        raise Refused("Bara ramavtal har en egen regel för fördelning.")
    _check(draft)
    policy = policy_of(price_list, lock=True) or _new(price_list)
    policy.kind = draft.kind
    policy.near_first = draft.near_first and draft.kind == PolicyKind.FAIR
    policy.only_listed = draft.only_listed and bool(draft.places)
    policy.places.clear()
    db.session.flush()  # A place that stays is written anew: the old row must be gone first.
    policy.places.extend(RoutingPlace(member_id=member, place=place) for member, place in draft.places.items())
    told = ", ".join(f"{member}: {place}" for member, place in sorted(draft.places.items()))
    audit.record(policy, "set", by=by, now=now, kind=draft.kind.value, places=told)
    return policy


def drop_policy(price_list: PriceList, *, by: User | None, now: datetime) -> None:
    """From now on the house's own policy holds for the agreement too. Raises Refused when there was no other."""
    policy = policy_of(price_list, lock=True)
    if policy is None:
        raise Refused("Avtalet har ingen egen regel. Den är kanske redan borttagen.")
    audit.record(policy, "dropped", by=by, now=now, agreement=price_list.agreement)
    db.session.delete(policy)
    db.session.flush()


def policy_of(price_list: PriceList | None, *, lock: bool = False) -> RoutingPolicy | None:
    """The policy of an agreement, or the house's own; None when nothing is written."""
    whose = RoutingPolicy.house.is_(True) if price_list is None else RoutingPolicy.price_list_id == price_list.id
    query = select(RoutingPolicy).where(whose)
    return db.session.scalar(query.with_for_update() if lock else query)


def wish(
    customer: Customer, member: Member, kind: Wish, reason: str, *, by: User | None, now: datetime
) -> CustomerWish:
    """The customer would rather have this member, or is not to have it; a new wish takes the old one's place.

    Work that is placed stays where it is. Raises Refused without a reason.
    """
    if not reason.strip():
        raise Refused("Skriv varför. Den som läser det om ett år ska förstå.")
    if member.is_sales_company:
        raise Refused("Säljbolaget utför inga uppdrag. Välj en medlem.")
    found = db.session.get(CustomerWish, (customer.id, member.id))
    if found is None:
        found = CustomerWish(customer_id=customer.id, member_id=member.id)
        db.session.add(found)
    found.wish, found.reason, found.since = kind, reason.strip()[:LONGEST_REASON], now
    _flush_or_refuse()
    audit.record(customer, kind.value, by=by, now=now, member=member.name, reason=found.reason)
    return found


def forget_wish(customer: Customer, member_id: int, *, by: User | None, now: datetime) -> None:
    """The customer takes whoever comes. Raises Refused when nothing was wished."""
    found = db.session.get(CustomerWish, (customer.id, member_id))
    if found is None:
        raise Refused("Önskemålet är redan borttaget.")
    audit.record(customer, "wish forgotten", by=by, now=now, member=found.member.name)
    db.session.delete(found)
    db.session.flush()


def hold(
    offering: Offering,
    price_list: PriceList | None,
    days: tuple[date, date],
    per_week: Decimal,
    why: str,
    *,
    by: User | None,
    now: datetime,
) -> CapacityHold:
    """Keep so much a week of what a member can make for an agreement's orders, or from every order.

    What is taken already stays taken. Raises Refused for days or an amount that cannot be, and without a reason.
    """
    first, last = days
    if last < first:
        raise Refused("Sista dagen kan inte ligga före den första.")
    if (last - first).days > FARTHEST_DAYS:
        raise Refused("Håll undan högst fem år i taget.")
    _check_amount(offering, per_week)
    if not why.strip():
        raise Refused("Skriv vad det hålls undan för.")
    made = CapacityHold(offering_id=offering.id, first_day=first, last_day=last, per_week=per_week, why=why.strip())
    made.price_list_id = price_list.id if price_list else None
    db.session.add(made)
    audit.record(made, "held", by=by, now=now, offering=offering.id, per_week=str(per_week))
    return made


def release(found: CapacityHold, *, by: User | None, now: datetime) -> None:
    """Anybody's orders may use it again."""
    audit.record(found, "released", by=by, now=now, offering=found.offering_id, per_week=str(found.per_week))
    db.session.delete(found)
    db.session.flush()


def _check_amount(offering: Offering, per_week: Decimal) -> None:
    try:
        units.check_quantity(offering.article.unit, per_week)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    if per_week > min(offering.capacity_per_week, MOST_PER_WEEK):
        figure = units.figure(offering.capacity_per_week)
        raise Refused(f"Medlemmen kan göra högst {figure} i veckan. Mer går inte att hålla undan.")


def _check(draft: PolicyDraft) -> None:
    places = list(draft.places.values())
    if len(places) > MOST_PLACES or any(not 1 <= place <= ALL for place in places):
        raise Refused("Skriv hela tal från 1 till 1000, för högst 200 medlemmar.")
    if draft.kind == PolicyKind.RANKED and len(set(places)) < len(places):
        raise Refused("Två medlemmar har samma nummer. Ge var och en sin plats i ordningen.")
    if draft.kind == PolicyKind.SHARES and sum(places) != ALL:
        raise Refused("Andelarna ska bli 100 procent tillsammans.")
    if draft.kind == PolicyKind.RANKED and not places:
        raise Refused("Ge minst en medlem en plats i ordningen.")
    if draft.only_listed and not places:
        raise Refused("Välj vilka medlemmar som får tillfrågas, eller låt alla få det.")


def _new(price_list: PriceList | None) -> RoutingPolicy:
    """Two of us may write the first one at the same moment: the database says who came first."""
    made = RoutingPolicy(kind=PolicyKind.FAIR, only_listed=False, near_first=False)
    made.price_list_id, made.house = (price_list.id, None) if price_list else (None, True)
    db.session.add(made)
    _flush_or_refuse()
    return made


def _flush_or_refuse() -> None:
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as second:
        raise Refused("Någon annan sparade något liknande i samma stund. Försök igen.") from second
