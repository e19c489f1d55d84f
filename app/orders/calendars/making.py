"""From rows to what a calendar shows: one delivery an event, as its reader sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from app.customers.models import Site
from app.formats import quantity as figure
from app.members.models import Member
from app.orders import handing, progress
from app.orders.calendars import queries
from app.orders.calendars.queries import Revision
from app.orders.calendars.writing import EventState, Feed, Happening
from app.orders.delivery.models import Carriage
from app.orders.delivery.models import Parcel as Promise
from app.orders.models import Assignment, Order, OrderLine
from app.orders.progress import LineProgress
from app.orders.sheets import reading, ways
from app.orders.sheets.parcels import parcels_of, unit_name
from app.orders.sheets.values import Parcel
from app.orders.states import AssignmentState

OF_ASSIGNMENT = {
    AssignmentState.OFFERED: EventState.TENTATIVE,
    AssignmentState.ACCEPTED: EventState.CONFIRMED,
    AssignmentState.DELIVERED: EventState.CONFIRMED,
}
"""All others are work that the member no longer has."""
SAID = {EventState.TENTATIVE: "Obesvarat: ", EventState.CONFIRMED: "", EventState.CANCELLED: "Inställt: "}
SAID_TO_CUSTOMER = {**SAID, EventState.TENTATIVE: "Inte bekräftat: "}


def feed_of_member(member: Member, *, today: date, base: str) -> Feed:
    """What the member is asked to hand over, and where. `base` is the house's own address."""
    rows = queries.assignments_around(member.id, today)
    revisions = queries.revisions({one.order_id for one in rows})
    known = ways.coming(rows)
    parcels = {one.id: list(parcels_of(one, {}, {}, known.get(one.id))) for one in rows}
    found = [_of_assignment(one, parcels[one.id], revisions, base) for one in rows]
    found += _carried(member, today, base)
    return Feed(f"Leveranser, {member.name}", reading.seller().org_number, today, tuple(found))


def feed_of_site(site: Site, *, today: date, base: str) -> Feed:
    """What comes to a customer's place. Who makes it shows once the member has said yes, as on the order's page."""
    rows = queries.orders_around(site, today)
    revisions = queries.revisions({one.id for one in rows})
    promises = ways.promises_of({one.id for one in rows})
    found = tuple(event for order in rows for event in _of_order(order, promises.get(order.id, ()), revisions, base))
    return Feed(f"Leveranser till {site.name}", reading.seller().org_number, today, found)


def _of_assignment(
    assignment: Assignment, parcels: Sequence[Parcel], revisions: Mapping[int, Revision], base: str
) -> Happening:
    order, state = assignment.order, OF_ASSIGNMENT.get(assignment.state, EventState.CANCELLED)
    goals = [one.to for one in parcels if not one.own and not one.how.stays]
    to = ", ".join(dict.fromkeys(place.name for place in goals if place.name)) or order.delivery_name
    revision, changed = revisions[order.id]
    return Happening(
        about=f"assignment-{assignment.id}",
        state=state,
        revision=revision,
        changed_at=changed,
        day=assignment.delivery_day,
        summary=f"{SAID[state]}{_contents(parcels) or 'Leverans'} {_whither(parcels, to)}",
        location="; ".join(dict.fromkeys(f"{one.street}, {one.postcode} {one.city}" for one in goals if one.street)),
        description="\n".join(_told(assignment, parcels)),
        url=f"{base}/medlem/uppdrag/{assignment.id}",
    )


def _whither(parcels: Sequence[Parcel], to: str) -> str:
    """How it leaves the member, in a few words; what is collected or fetched is driven nowhere."""
    if not any(one.how.stays for one in parcels):
        return f"till {to}"
    how, customer = next((one.how, one.customer) for one in parcels if one.how.stays)
    if how.unsettled:
        return "(hur det kommer är inte bestämt)"
    return f"hämtas av {how.carrier or customer}"


def _carried(member: Member, today: date, base: str) -> Iterator[Happening]:
    """What the member drives for others."""
    rows = queries.carriages_around(member.id, today)
    revisions = queries.revisions({one.parcel.order_id for one in rows})
    loads = defaultdict(list)
    for parcel in reading.carried_by(rows):
        loads[parcel.how.carriage].append(parcel)
    for one in rows:
        if one.id in loads:
            yield _of_carriage(one, loads[one.id], revisions[one.parcel.order_id], base)


def _of_carriage(carriage: Carriage, parcels: Sequence[Parcel], revised: Revision, base: str) -> Happening:
    sender, to, order = carriage.sender, parcels[0].to, carriage.parcel.order
    fetch = f"Hämta hos {sender.name}, {sender.street}, {sender.postcode} {sender.city}"
    told = [f"Beställning {order.number}, {parcels[0].customer}", fetch, *([f"Telefon {to.phone}"] if to.phone else [])]
    return Happening(
        about=f"carriage-{carriage.id}",
        state=EventState.CONFIRMED,
        revision=revised[0],
        changed_at=revised[1],
        day=carriage.delivery_day,
        summary=f"Kör {_contents(parcels)} till {to.name}",
        location=f"{to.street}, {to.postcode} {to.city}",
        description="\n".join(told),
        url=f"{base}/medlem/korningar/{carriage.id}",
    )


def _contents(parcels: Sequence[Parcel]) -> str:
    return ", ".join(f"{figure(item.quantity)} {item.unit} {item.name}" for one in parcels for item in one.items)


def _told(assignment: Assignment, parcels: Sequence[Parcel]) -> Iterator[str]:
    order = assignment.order
    yield f"Beställning {order.number}, {order.customer.name}"
    for parcel in parcels:
        for item in parcel.items:
            yield f"{figure(item.quantity)} {item.unit} {item.name}"
    yield from dict.fromkeys(f"Kunden hämtar: {one.how.collect}" for one in parcels if one.how.collect)
    yield from dict.fromkeys(f"Telefon {one.to.phone}" for one in parcels if one.to.phone and not one.own)
    if order.note and handing.reaches_customer(assignment):
        yield order.note


def _of_order(
    order: Order, promises: Sequence[Promise], revisions: Mapping[int, Revision], base: str
) -> Iterator[Happening]:
    """The delivery on the order's day, what is collected then, and one for each line that is delivered anew."""
    rows = [one for one in progress.progress(order) if handing.next_of(one.line) is None]
    anew = [one for one in rows if one.line.due_on is not None and one.line.due_on != order.delivery_day]
    collected = {place: one for one in promises if (place := ways.where(one))}
    there = {line: place for place, one in collected.items() for line in one.line_ids}
    usual = [one for one in rows if one not in anew and one.line.id not in there]
    if usual or not collected:
        yield _to_site(order, f"order-{order.id}", usual, revisions, base)
    for place, promise in collected.items():
        mine = [one for one in rows if one not in anew and there.get(one.line.id) == place]
        yield _to_site(order, f"parcel-{promise.id}", mine, revisions, base, collect=place)
    for one in anew:
        yield _to_site(order, f"order-line-{one.line.id}", [one], revisions, base)


def _to_site(
    order: Order,
    about: str,
    rows: Sequence[LineProgress],
    revisions: Mapping[int, Revision],
    base: str,
    *,
    collect: str = "",
) -> Happening:
    wanted = [one for one in rows if one.line.remaining]
    state = _of_rows(wanted)
    revision, changed = revisions[order.id]
    what = ", ".join(_of(one.line) for one in wanted) or f"Beställning {order.number}"
    return Happening(
        about=about,
        state=state,
        revision=revision,
        changed_at=changed,
        day=rows[0].line.day if rows else order.delivery_day,
        summary=f"{SAID_TO_CUSTOMER[state]}{'Hämta: ' if collect else ''}{what}",
        location=collect or f"{order.delivery_name}, {order.street}, {order.postcode} {order.city}",
        description="\n".join([f"Beställning {order.number}", *(_by_whom(one) for one in wanted)]),
        url=f"{base}/bestallningar/{order.number}",
    )


def _of_rows(wanted: Sequence[LineProgress]) -> EventState:
    """Sure when somebody has said yes to all of it."""
    if not wanted:
        return EventState.CANCELLED
    unsure = any(one.waiting or one.with_us for one in wanted)
    return EventState.TENTATIVE if unsure else EventState.CONFIRMED


def _of(line: OrderLine) -> str:
    return f"{figure(line.remaining)} {unit_name(line)} {line.name}"


def _by_whom(row: LineProgress) -> str:
    """Members that have not said yes are nobody's business."""
    who = ", ".join(dict.fromkeys(part.member for part in row.parts))
    return f"{_of(row.line)}{f' från {who}' if who else ''}"
