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
from app.orders.delivery.counted import count_fees
from app.orders.delivery.expecting import expected
from app.orders.delivery.fees import said
from app.orders.delivery.loads import Hand, Parcelled, Part, batch_of, parcelled, parts_of, why_not
from app.orders.delivery.models import OrderCharge, Parcel, ParcelLine
from app.orders.delivery.queries import FEES, charges_in, parcel_of, parcels_in
from app.orders.delivery.states import ChargeKind, WayWish
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


Choices = Mapping[str, Choice]
"""By the key of the parcel (`Parcelled.key`), as the page before the order showed them."""


def promise(
    order: Order, choices: Choices | None, known: Mapping[int, Sequence[Way]], *, now: datetime, asking: bool = True
) -> list[Parcel]:
    """Write down how each member's part of a new order comes, and at what fee. Members were asked just before.

    What is made in batches is promised as if its window closed now: it is charged when it comes, and goes along with
    whoever makes it then. `known` is each member's ways, by its id.

    Without `choices` nobody was shown anything: then each parcel comes as the order wishes where it can, and else in
    the best way there is, which is said where something was wished. Raises Refused when one comes in no way, when what
    was chosen is no longer to be had at that fee, or when something that is not simply delivered for nothing has not
    been shown. Where nobody is there who could be asked, as when somebody else approves the order, the best way stands
    in for what is gone.
    """
    parts = {**parts_of(one for one in order.assignments if one.state in TO_COME), **expected(order, now=now)}
    wish = order.wished_way if choices is None else None
    if not known.keys() & _members(parts) and wish != WayWish.COLLECT:
        return []
    made = []
    for hand in parts:
        one = weighed(order, hand, parts, known, now=now)
        made.append(_parcel(order, one, *_chosen(one, choices, now, asking=asking, wish=wish)))
    db.session.add_all(made)
    db.session.flush()
    words = " ".join(f"{_not_as_wished(parcel, order, wish)}{_said(parcel, order)}" for parcel in made)
    note(order, EventKind.WAY, now=now, words=words, for_customer=True)
    count_fees(order, made, now=now)
    return made


def articles_in(order: Order) -> set[int]:
    """What the order is of, by id."""
    return {line.article_id for line in order.lines}


def weighed(
    order: Order, hand: Hand, parts: Mapping[Hand, Sequence[Part]], known: Mapping[int, Sequence[Way]], *, now: datetime
) -> Parcelled:
    """What lies in a hand as the order stands, and the member's ways."""
    return parcelled(
        hand,
        parts.get(hand, []),
        of_member(known, hand[0]),
        municipality=order.municipality,
        day=order.delivery_day,
        articles={line.article_id: line.article for line, _quantity in parts.get(hand, [])},
        now=now,
    )


def ways_left(parcel: Parcel, *, now: datetime) -> Parcelled:
    """In which ways the parcel can come as things stand, without the carriers that have said no to it."""
    refused = {one.carrier_id for one in parcel.carriages if one.state not in LIVE}
    known = {
        member: [way for way in ways if way.carrier not in refused]
        for member, ways in ways_of([parcel.member_id], articles_in(parcel.order)).items()
    }
    parts = parts_of(one for one in parcel.order.assignments if one.state in TO_COME)
    return weighed(parcel.order, _hand(parcel, parcel.order), parts, known, now=now)


def follow(order: Order, *, now: datetime) -> Sequence[Parcel]:
    """After work went to somebody else or to another day: the promises go along, and none becomes dearer.

    A batch that has nothing left in some hand loses that promise.
    Returns the parcels whose way has to be chosen anew.
    """
    parcels = list(parcels_in(order))
    if not parcels:
        return []
    coming, live = (parts_of(one for one in order.assignments if one.state in states) for states in (TO_COME, LIVE))
    known, moved = ways_of(_members(coming), articles_in(order)), set()
    for (member, batch), parts in coming.items():
        left = {line.id for line, _quantity in parts}
        left -= {id_ for one in parcels if one.member_id == member for id_ in one.line_ids}
        for parcel in [one for one in parcels if _hand(one, order)[1] == batch]:
            alone = not parcel.line_ids & {line.id for line, _quantity in live.get((parcel.member_id, batch), [])}
            if left & parcel.line_ids and alone:
                left -= parcel.line_ids
                parcel.member_id = member
                moved.add(parcel.id)
        if left:
            parcels.append(_unpromised(order, (member, batch), left))
    for parcel in [one for one in parcels if _is_idle(one, order, live)]:
        parcels.remove(parcel)
        db.session.delete(parcel)
    db.session.flush()
    again = [
        parcel
        for parcel, hand in [(one, _hand(one, order)) for one in parcels]
        if hand in coming and (parcel.id in moved or parcel.day != (hand[1] or order.delivery_day))
        if _no_longer(parcel, weighed(order, hand, coming, known, now=now))
    ]
    for parcel in again:
        note(order, EventKind.WAY, now=now, words=parcel.asked_again, for_customer=True)
    count_fees(order, parcels, now=now)
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
    parcel.fee, parcel.day, parcel.asked_again = min(parcel.fee, found.fee), one.load.day, ""
    note(order, EventKind.WAY, now=now, by=by, words=_said(parcel, order), for_customer=True)
    count_fees(order, now=now)
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
    hand = assignment.member_id, batch_of(assignment.lines[0].order_line)
    parcel = parcel_of(parcels_in(order), assignment) or _unpromised(order, hand, lines)
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


def _chosen(
    one: Parcelled, choices: Choices | None, now: datetime, *, asking: bool, wish: WayWish | None
) -> tuple[Possible, str]:
    best = one.answer.preferring(wish == WayWish.BROUGHT) if wish else one.answer.best
    choice = (choices or {}).get(one.key)
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
    made = Parcel(order=order, member_id=one.member, day=one.load.day, fee=found.fee, asked_again="")
    made.lines = [ParcelLine(order_line_id=id_) for id_ in dict.fromkeys(line.id for line, _quantity in one.parts)]
    return take(made, found, window)


def _unpromised(order: Order, hand: Hand, lines: Iterable[int]) -> Parcel:
    """One more parcel than the customer was told of: it costs nothing more."""
    day = hand[1] or order.delivery_day
    made = Parcel(order=order, member_id=hand[0], kind=WayKind.OWN, day=day, fee=NOUGHT, asked_again="")
    made.lines = [ParcelLine(order_line_id=id_) for id_ in sorted(lines)]
    db.session.add(made)
    return made


def _members(parts: Iterable[Hand]) -> set[int]:
    return {member for member, _batch in parts}


def _hand(parcel: Parcel, order: Order) -> Hand:
    batches = (batch_of(line) for line in order.lines if line.id in parcel.line_ids)
    return parcel.member_id, next((day for day in batches if day), None)


def _is_idle(parcel: Parcel, order: Order, live: Mapping[Hand, Sequence[Part]]) -> bool:
    """Whether it is a batch's, and nothing of it lies in this hand or waits for one."""
    hand, lines = _hand(parcel, order), [line for line in order.lines if line.id in parcel.line_ids]
    held = {line.id for line, _quantity in live.get(hand, [])}
    return hand[1] is not None and not held & parcel.line_ids and not any(line.unassigned for line in lines)


def _no_longer(parcel: Parcel, one: Parcelled) -> bool:
    """Whether the promised way does not hold for whoever makes it now and the day that it is for now."""
    if parcel.asked_again:
        return False
    order = parcel.order
    same = [each for each in one.answer.possible if _alike(parcel, each)]
    if not same:
        parcel.asked_again = f"{_names(parcel, order)} kan inte komma som det var sagt. Välj ett annat sätt."
        return True
    parcel.day = one.load.day
    if parcel.window not in {"", *(str(window) for each in same for window in each.way.terms.windows)}:
        parcel.window = ""
    return False


def _alike(parcel: Parcel, found: Possible) -> bool:
    way = found.way
    if parcel.kind == WayKind.OWN:
        return way.kind == WayKind.OWN
    return (way.kind, way.carrier, way.place) == (parcel.kind, parcel.carrier_id, parcel.place)


def _not_as_wished(parcel: Parcel, order: Order, wish: WayWish | None) -> str:
    if wish is None or (wish == WayWish.COLLECT) == (parcel.kind == WayKind.COLLECT):
        return ""
    wished = "hämtas" if wish == WayWish.COLLECT else "levereras"
    return f"{_names(parcel, order)} kan inte {wished} den här gången. "


def _said(parcel: Parcel, order: Order) -> str:
    fee = f"Avgift {said(parcel.fee, order)}." if parcel.fee else "Ingen avgift."
    place = f" {parcel.place}" if parcel.place else ""
    return f"{_names(parcel, order)} {IN_SWEDISH[parcel.kind]}. {fee}{place}"


def _names(parcel: Parcel, order: Order) -> str:
    return ", ".join(dict.fromkeys(line.name for line in order.lines if line.id in parcel.line_ids))
