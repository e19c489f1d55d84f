"""THE STORY of a change to an order that is placed: checked, taken from members or shared out, told, and charged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app import clock, formats, orderflow
from app.accounts.models import User
from app.errors import Refused
from app.orders import actions as orders
from app.orders import change_queries, changes, emails, queries
from app.orders.approvals.actions import check_raised
from app.orders.changes import Marks, Taken
from app.orders.complaint_queries import replacing
from app.orders.handing import groups
from app.orders.models import Assignment, Order, OrderLine
from app.orders.states import OrderState


@dataclass(frozen=True, slots=True)
class Wish:
    """How an order should be. Quantities are by the first line's id of what was bought as one."""

    quantities: Mapping[int, Decimal]
    day: date
    marks: Marks


def change(order: Order, wish: Wish, *, by: User | None, now: datetime) -> Order:
    """The customer changes its order, until whoever makes it must begin. `by` is None for a guest. Raises Refused."""
    _check_in_time(order, now)
    _check_anew_stays(order, wish)
    before = order.net
    _change(order, wish, "", by=by, now=now, whole=True)
    check_raised(order, before)
    return order


def cancel(order: Order, *, by: User | None, now: datetime) -> Order:
    """The customer calls off all that is still to come, until whoever makes it must begin. Raises Refused.

    What comes anew after a complaint stays: it is paid for already.
    """
    _check_in_time(order, now)
    if not may_cancel(order):
        raise Refused("Det som är kvar kommer på nytt efter en reklamation. Ring oss om du inte vill ha det.")
    return _change(order, nothing_more(order), "", by=by, now=now, whole=True)


def may_cancel(order: Order) -> bool:
    """Whether anything is to come but what comes anew after a complaint."""
    anew = replacing(order)
    return any(change_queries.to_come(line) for line in order.lines if line.id not in anew)


def change_for_customer(order: Order, wish: Wish, why: str, *, by: User, now: datetime) -> Order:
    """Staff change an order at any time before it is delivered, with a reason. What nobody can take lies with them."""
    _check_to_come(order)
    if not why.strip():
        raise Refused("Skriv varför beställningen ändras. Kunden och medlemmarna läser det.")
    return _change(order, wish, why, by=by, now=now, whole=False)


def nothing_more(order: Order) -> Wish:
    """The wish to have no more than what has been handed over."""
    anew = replacing(order)
    quantities = {group.lines[0].id: changes.least(group) for group in groups(order) if group.lines[0].id not in anew}
    return Wish(quantities, order.delivery_day, marks_of(order))


def marks_of(order: Order) -> Marks:
    """How the order is marked now."""
    return Marks(order.order_reference, order.buyer_reference, order.cost_centre, order.note)


def _change(order: Order, wish: Wish, why: str, *, by: User | None, now: datetime, whole: bool) -> Order:
    """Do it. `whole` refuses a new day on which something that had somebody has nobody."""
    told = len(order.events)
    before = {line.id: line.unassigned for line in order.lines}
    struck = {line.id: line.called_off for line in order.lines}
    taken = _change_quantities(order, wish.quantities, why, by=by, now=now)
    moved = wish.day != order.delivery_day
    if moved:
        taken += changes.move_day(order, wish.day, why=why, by=by, now=now)
    changes.mark(order, wish.marks, why=why, by=by, now=now)
    for line in order.lines:
        if line.called_off > struck[line.id] and by is not None:
            orderflow.pay_back(line, line.called_off - struck[line.id], by=by, now=now)
    new = [event for event in order.events[told:] if event.for_customer]
    if not new:
        raise Refused("Ingenting är ändrat. Skriv det nya antalet, dagen eller referensen först.")
    less = _by_assignment(taken)
    for assignment, words in less.items():
        changes.lose(assignment, words, f"{_sentence(words, moved=moved)} {why}".strip(), by=by, now=now)
    _share_out_again(order, before, moved=moved, whole=whole, now=now)
    for assignment, words in less.items():
        emails.tell_less(assignment, words, now=now)
    emails.tell_changed(order, new, now=now)
    return orderflow.finish(order, now=now)


def _change_quantities(
    order: Order, quantities: Mapping[int, Decimal], why: str, *, by: User | None, now: datetime
) -> list[Taken]:
    found = [(group, quantities.get(group.lines[0].id)) for group in groups(order)]
    return [
        one
        for group, quantity in found
        if quantity is not None
        for one in changes.change_quantity(group, quantity, why=why, by=by, now=now)
    ]


def _share_out_again(order: Order, before: Mapping[int, Decimal], *, moved: bool, whole: bool, now: datetime) -> None:
    """Ask members for what is wanted more, and on a new day for everything; what lay with staff is tried again then."""
    more = [line for line in order.lines if line.unassigned > before[line.id] or (moved and line.unassigned)]
    if moved:
        orders.plan(order, queries.chain_leads(order), now=now)
    if not more:
        orders.settle_state(order)
        orderflow.see_to_parcels(order, now=now)
        return
    orderflow.share_out(order, more, now=now)
    if moved and whole:
        _check_all_placed(order, more, before, now)


def _check_all_placed(order: Order, more: Sequence[OrderLine], before: Mapping[int, Decimal], now: datetime) -> None:
    """Raises Refused where a part that had somebody on the old day has nobody on the new one."""
    alone = [line.name for line in more if line.unassigned > before[line.id]]
    if alone:
        day = formats.swedish_day(order.delivery_day, clock.local_date(now))
        raise Refused(f"Ingen kan leverera {', '.join(alone)} {day}. Välj en annan dag, eller ring oss.")


def _check_anew_stays(order: Order, wish: Wish) -> None:
    """Raises Refused when the customer would have another quantity of what comes anew after a complaint."""
    for line in [line for line in order.lines if line.id in replacing(order)]:
        if wish.quantities.get(line.id, line.remaining) != line.remaining:
            raise Refused(f"{line.name} kommer på nytt efter en reklamation. Ring oss om du inte vill ha det.")


def _check_in_time(order: Order, now: datetime) -> None:
    until = _check_to_come(order)
    if now > until:
        raise Refused(f"Det gick att ändra till {formats.moment(until)}. Ring oss så hjälps vi åt.")


def _check_to_come(order: Order) -> datetime:
    if order.state == OrderState.AWAITING:
        raise Refused("Beställningen väntar på godkännande hos kunden och kan inte ändras. Den kan tas tillbaka.")
    if order.state == OrderState.UNPAID:
        raise Refused("Beställningen väntar på betalning med kort. När den är betald kan den ändras.")
    until = change_queries.may_change_until(order)
    if until is None:
        raise Refused("Det finns inget kvar att leverera, så beställningen kan inte ändras. Ring oss om något är fel.")
    return until


def _by_assignment(taken: Sequence[Taken]) -> dict[Assignment, list[str]]:
    found: dict[Assignment, list[str]] = {}
    for one in taken:
        found.setdefault(one.assignment, []).append(one.words)
    return found


def _sentence(words: Sequence[str], *, moved: bool) -> str:
    return "Kunden har bytt leveransdag." if moved else f"Kunden har avbeställt {', '.join(words)}."
