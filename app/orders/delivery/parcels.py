"""What the customer was promised of each parcel: written with the order, kept whoever makes it, charged in the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.actions import note
from app.orders.delivery.loads import Parcelled, parcelled, parts_of, why_not
from app.orders.delivery.models import OrderCharge, Parcel, ParcelLine
from app.orders.delivery.queries import FEES, charges_in, parcel_of, parcels_in
from app.orders.delivery.states import ChargeKind
from app.orders.delivery.ways import FREELY, Possible, Way, WayKind
from app.orders.delivery.ways_of import of_member, ways_of
from app.orders.models import Assignment, Order, OrderEvent
from app.orders.states import LIVE, TO_COME, EventKind

IN_SWEDISH = {WayKind.OWN: "levereras", WayKind.CARRIED: "körs av en annan medlem", WayKind.COLLECT: "hämtas"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The way that the customer chose for a parcel, the fee that it was shown, and the time it wants."""

    key: str
    fee: Money
    window: str = ""


Choices = Mapping[int, Choice]
"""By the id of the member whose goods they are, as the page before the order showed them."""


def promise(order: Order, choices: Choices | None, *, now: datetime, asking: bool = True) -> list[Parcel]:
    """Write down how each member's part of a new order comes, and at what fee. Members were asked just before.

    Without `choices` nobody was shown anything: then each parcel comes in the best way there is. Raises Refused when
    one comes in no way, when what was chosen is no longer to be had at that fee, or when something that is not simply
    delivered for nothing has not been shown. Where nobody is there who could be asked, as when somebody else approves
    the order, the best way stands in for what is gone.
    """
    parts = parts_of(one for one in order.assignments if one.state in TO_COME)
    known = ways_of(parts)
    if not known:
        return []
    made = []
    for member in parts:
        one = weighed(order, member, known, now=now)
        made.append(_parcel(order, one, *_chosen(one, choices, now, asking=asking)))
    db.session.add_all(made)
    db.session.flush()
    words = " ".join(_said(parcel, order) for parcel in made)
    note(order, EventKind.WAY, now=now, words=words, for_customer=True)
    return made


def weighed(order: Order, member: int, known: Mapping[int, Sequence[Way]], *, now: datetime) -> Parcelled:
    """A member's part of the order as it stands, and its ways."""
    parts = parts_of(one for one in order.assignments if one.state in TO_COME and one.member_id == member)
    return parcelled(
        member,
        parts.get(member, []),
        of_member(known, member),
        municipality=order.municipality,
        day=order.delivery_day,
        articles={line.article_id: line.article for line, _quantity in parts.get(member, [])},
        now=now,
    )


def ways_left(parcel: Parcel, *, now: datetime) -> Parcelled:
    """In which ways the parcel can come as things stand, without the carriers that have said no to it."""
    refused = {one.carrier_id for one in parcel.carriages if one.state not in LIVE}
    known = {
        member: [way for way in ways if way.carrier not in refused]
        for member, ways in ways_of([parcel.member_id]).items()
    }
    return weighed(parcel.order, parcel.member_id, known, now=now)


def follow(order: Order, *, now: datetime) -> Sequence[Parcel]:
    """After work went to somebody else or to another day: the promises go along, and none becomes dearer.

    Returns the parcels whose way has to be chosen anew.
    """
    parcels = list(parcels_in(order))
    if not parcels:
        return []
    coming, live = (parts_of(one for one in order.assignments if one.state in states) for states in (TO_COME, LIVE))
    known, moved = ways_of(coming), set()
    for member, parts in coming.items():
        left = {line.id for line, _quantity in parts}
        left -= {id_ for one in parcels if one.member_id == member for id_ in one.line_ids}
        for parcel in parcels:
            alone = not parcel.line_ids & {line.id for line, _quantity in live.get(parcel.member_id, [])}
            if left & parcel.line_ids and alone:
                left -= parcel.line_ids
                parcel.member_id = member
                moved.add(parcel.id)
        if left:
            parcels.append(_unpromised(order, member, left))
    db.session.flush()
    again = [
        parcel
        for parcel in parcels
        if parcel.member_id in coming and (parcel.id in moved or parcel.day != order.delivery_day)
        if _no_longer(order, parcel, known, now=now)
    ]
    for parcel in again:
        note(order, EventKind.WAY, now=now, words=parcel.asked_again, for_customer=True)
    return again


def choose(parcel: Parcel, choice: Choice, *, by: User | None, now: datetime) -> Parcel:
    """The way is chosen anew, by the customer or by staff; it costs no more than was promised. Raises Refused."""
    order = parcel.order
    if not parcel.asked_again:
        raise Refused("Leveranssättet är redan valt. Ladda om sidan.")
    one = ways_left(parcel, now=now)
    found = one.answer.by_key(choice.key)
    if found is None:
        raise Refused("Det sättet går inte längre. Välj ett annat.")
    take(parcel, found, _window(found, choice.window))
    parcel.fee, parcel.day, parcel.asked_again = min(parcel.fee, found.fee), order.delivery_day, ""
    note(order, EventKind.WAY, now=now, by=by, words=_said(parcel, order), for_customer=True)
    return parcel


def ask_again(parcel: Parcel, why: str, *, now: datetime) -> Parcel:
    """What was promised cannot be kept as it is: the customer chooses anew, or staff do."""
    parcel.asked_again = why
    note(parcel.order, EventKind.WAY, now=now, words=why, for_customer=True)
    return parcel


def take(parcel: Parcel, found: Possible, window: str = "") -> Parcel:
    """Let the parcel come in this way."""
    parcel.kind, parcel.carrier_id = found.way.kind, found.way.carrier
    parcel.place, parcel.window = found.way.place, window
    return parcel


def let_collect(assignment: Assignment, place: str) -> Parcel:
    """The customer collects a part after all. Where nothing was promised of it, that is written down now."""
    order = assignment.order
    lines = [share.order_line_id for share in assignment.lines if share.quantity]
    parcel = parcel_of(parcels_in(order), assignment) or _unpromised(order, assignment.member_id, lines)
    return take(parcel, Possible(Way("", WayKind.COLLECT, FREELY.terms, place=place), NOUGHT))


def charge(assignment: Assignment, event: OrderEvent) -> OrderCharge | None:
    """When goods have come, what was promised for the parcel is charged, once; it goes to whoever drove."""
    order = assignment.order
    parcel = parcel_of(parcels_in(order), assignment)
    if parcel is None or not parcel.fee:
        return None
    if any(one.parcel_id == parcel.id and one.kind == ChargeKind.DELIVERY for one in charges_in(order)):
        return None
    made = OrderCharge(
        event=event,
        kind=ChargeKind.DELIVERY,
        name=f"Leverans: {_names(parcel, order)}"[:200],
        parcel=parcel,
        member_id=parcel.driver_id,
        vat_class=FEES,
        charged=parcel.fee,
        earned=parcel.fee,
    )
    db.session.add(made)
    return made


def _chosen(one: Parcelled, choices: Choices | None, now: datetime, *, asking: bool) -> tuple[Possible, str]:
    best, choice = one.answer.best, (choices or {}).get(one.member)
    today = clock.local_date(now)
    if choice is not None:
        found = one.answer.by_key(choice.key)
        if found is not None and found.fee == choice.fee:
            return found, _window(found, choice.window)
    elif best is not None and (choices is None or (best.way.brings and not best.fee)):
        return best, ""
    if best is not None and not asking:
        return best, ""
    if best is None:
        raise Refused(why_not(one, today))
    if not best.way.brings:
        raise Refused(why_not(one, today))
    raise Refused("Se hur varorna kommer och vad det kostar. Ingenting är beställt än. Beställ om det passar.")


def _window(found: Possible, window: str) -> str:
    if window and window not in {str(one) for one in found.way.terms.windows}:
        raise Refused("Den tiden går inte. Välj en av tiderna i listan.")
    return window


def _parcel(order: Order, one: Parcelled, found: Possible, window: str) -> Parcel:
    made = Parcel(order=order, member_id=one.member, day=order.delivery_day, fee=found.fee, asked_again="")
    made.lines = [ParcelLine(order_line_id=id_) for id_ in dict.fromkeys(line.id for line, _quantity in one.parts)]
    return take(made, found, window)


def _unpromised(order: Order, member: int, lines: Iterable[int]) -> Parcel:
    """One more parcel than the customer was told of: it costs nothing more."""
    made = Parcel(order=order, member_id=member, kind=WayKind.OWN, day=order.delivery_day, fee=NOUGHT, asked_again="")
    made.lines = [ParcelLine(order_line_id=id_) for id_ in sorted(lines)]
    db.session.add(made)
    return made


def _no_longer(order: Order, parcel: Parcel, known: Mapping[int, Sequence[Way]], *, now: datetime) -> bool:
    """Whether the promised way does not hold for whoever makes it now and the day that it is for now."""
    if parcel.asked_again:
        return False
    one = weighed(order, parcel.member_id, known, now=now)
    same = [each for each in one.answer.possible if _alike(parcel, each)]
    if not same:
        parcel.asked_again = f"{_names(parcel, order)} kan inte komma som det var sagt. Välj ett annat sätt."
        return True
    parcel.day = order.delivery_day
    if parcel.window not in {"", *(str(window) for each in same for window in each.way.terms.windows)}:
        parcel.window = ""
    return False


def _alike(parcel: Parcel, found: Possible) -> bool:
    way = found.way
    if parcel.kind == WayKind.OWN:
        return way.kind == WayKind.OWN
    return (way.kind, way.carrier, way.place) == (parcel.kind, parcel.carrier_id, parcel.place)


def _said(parcel: Parcel, order: Order) -> str:
    fee = f"Avgift {parcel.fee} exkl. moms." if parcel.fee else "Ingen avgift."
    place = f" {parcel.place}" if parcel.place else ""
    return f"{_names(parcel, order)} {IN_SWEDISH[parcel.kind]}. {fee}{place}"


def _names(parcel: Parcel, order: Order) -> str:
    return ", ".join(dict.fromkeys(line.name for line in order.lines if line.id in parcel.line_ids))
