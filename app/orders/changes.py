"""What can be changed in an order that is placed: more, less, none, another day; `app/changeflow.py` tells the order.

Nothing is undone here: what is no longer wanted is called off, and what is wanted more is ordered, each with an entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app import audit, clock, units
from app.accounts.models import User
from app.catalog import pieces
from app.catalog.models import ON_SALE, Article
from app.catalog.quantities import allowed
from app.db import db
from app.errors import Refused
from app.formats import swedish_day
from app.orders import repricing
from app.orders.actions import entry, note
from app.orders.change_queries import shares_to_come, to_come
from app.orders.checks import check_audience, check_day, check_references
from app.orders.handing import Group
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.states import TO_COME, AssignmentState, EventKind
from app.units import figure

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Marks:
    """How the customer wants deliveries and invoices marked."""

    order_reference: str
    buyer_reference: str
    cost_centre: str
    note: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a member is no longer to deliver."""

    assignment: Assignment
    line: OrderLine
    quantity: Decimal

    @property
    def words(self) -> str:
        """As it stands in a letter: ``2 st Fruktkorg``."""
        return said(self.line, self.quantity)


def wanted(group: Group) -> Decimal:
    """How much is to come or has come of what was bought as one, in its own unit."""
    line = group.lines[0]
    return line.remaining / line.priced_per if group.bundle else line.remaining


def least(group: Group) -> Decimal:
    """What can no longer be called off, because it has been handed over."""
    done = [(line.remaining - to_come(line)) / (line.priced_per if group.bundle else 1) for line in group.lines]
    return max(done)


def change_quantity(group: Group, quantity: Decimal, *, why: str, by: User | None, now: datetime) -> list[Taken]:
    """Let the customer have another quantity of something; returns what members lose by it.

    More lies with nobody until the story shares it out. The price becomes that of the step in which the quantity ends.
    Raises Refused for a quantity that cannot be, when part of it has been handed over, or when more is wanted and its
    price is no longer that of the order.
    """
    before, sold = wanted(group), group.bundle or group.lines[0]
    if quantity == before:
        return []
    if any(line.remaining != before * (line.priced_per if group.bundle else 1) for line in group.lines):
        raise Refused(f"{sold.name} är redan ändrat i delar. Ring oss så hjälps vi åt.")
    _check_quantity(group, quantity)
    order = group.lines[0].order
    if quantity > before:
        _check_more(group)
    new_price = repricing.price_after(group, before, quantity, now)
    factor = quantity - before
    moves = [(line, factor * (line.priced_per if group.bundle else 1)) for line in group.lines]
    taken = [one for line, move in moves for one in _move(line, move, by=by, now=now)]
    if group.bundle and quantity:
        group.bundle.quantity = quantity
    unit = sold.unit_text or units.unit(sold.unit).symbol_sv
    words = f"{sold.name}: {figure(quantity)} {unit} i stället för {figure(before)}."
    charged = repricing.take(group, quantity, new_price) if new_price else {}
    if new_price:
        words += f" Priset är {new_price.unit_price} per {unit}, exkl. moms."
    entries = [entry(line, ordered=max(move, NONE), called_off=max(-move, NONE)) for line, move in moves]
    for line, by_member in charged.items():
        entries += [entry(line, member=member, charged=amount) for member, amount in by_member.items() if amount]
    note(order, EventKind.CHANGED, now=now, by=by, words=_because(words, why), for_customer=True, entries=entries)
    audit.record(order, "quantity changed", by=by, now=now, line=group.lines[0].id, to=str(quantity), why=why)
    return taken


def move_day(order: Order, day: date, *, why: str, by: User | None, now: datetime) -> list[Taken]:
    """Let all that is to come be delivered on another day; whoever said yes to the old one is asked anew by the story.

    Raises Refused when the day will not do, or when something has been delivered already.
    """
    check_day(day, now)
    if any(assignment.state == AssignmentState.DELIVERED for assignment in order.assignments):
        raise Refused("En del är redan levererad, så dagen kan inte flyttas för hela beställningen. Ring oss.")
    own_day = [line for line in order.lines if line.window is not None]
    if len(own_day) == len(order.lines):
        raise Refused("Det görs i en omgång, och hela omgången levereras samma dag. Ring oss om dagen inte passar.")
    for line in own_day:
        line.due_on = line.day
    movable = [line for line in order.lines if line.window is None]
    taken = [one for line in movable for one in _take_back(line, to_come(line) - line.unassigned)]
    for one in taken:
        one.line.unassigned += one.quantity
    today = clock.local_date(now)
    words = f"Leverans {swedish_day(day, today)} i stället för {swedish_day(order.delivery_day, today)}."
    order.delivery_day = day
    note(order, EventKind.CHANGED, now=now, by=by, words=_because(words, why), for_customer=True)
    audit.record(order, "day changed", by=by, now=now, to=day.isoformat(), why=why)
    return taken


def mark(order: Order, marks: Marks, *, why: str, by: User | None, now: datetime) -> bool:
    """Change references and message; returns whether anything was. Raises Refused without one that is needed."""
    names = ("order_reference", "buyer_reference", "cost_centre", "note")
    new = {name: getattr(marks, name).strip() for name in names}
    if all(getattr(order, name).splitlines() == text.splitlines() for name, text in new.items()):
        return False  # a browser sends other line ends than were kept, which is no change
    check_references(new["order_reference"], new["buyer_reference"], order.customer)
    for name, text in new.items():
        setattr(order, name, text)
    note(order, EventKind.CHANGED, now=now, by=by, words=_because("Referenser och meddelande.", why), for_customer=True)
    audit.record(order, "marks changed", by=by, now=now, why=why)
    return True


def lose(assignment: Assignment, lost: Sequence[str], reason: str, *, by: User | None, now: datetime) -> Assignment:
    """Enter what a member is no longer to deliver, as ``2 st Fruktkorg``; an assignment with nothing left ends."""
    words, member = f"{', '.join(lost)}. {reason}"[:1000], assignment.member.name
    note(assignment.order, EventKind.LESS, now=now, by=by, member=member, words=words)
    audit.record(assignment, "less", by=by, now=now, lost=", ".join(lost)[:500])
    if assignment.state in TO_COME and not any(line.quantity for line in assignment.lines):
        assignment.state, assignment.answered_at = AssignmentState.CALLED_OFF, now
        assignment.declined_because = reason[:500]
        audit.record(assignment, AssignmentState.CALLED_OFF.value, by=by, now=now)
    return assignment


def shrink(share: AssignmentLine, part: Decimal) -> None:
    """The member is asked for less than before; that is no answer of its own, so it may be asked again later."""
    if part == share.quantity:
        share.assignment.lines.remove(share)
        return
    share.quantity -= part
    share.offered -= part


def said(line: OrderLine, quantity: Decimal) -> str:
    """A quantity of a line in a Swedish sentence: ``2 st Fruktkorg``."""
    return f"{figure(quantity)} {line.unit_text or units.unit(line.unit).symbol_sv} {line.name}"


def _check_quantity(group: Group, quantity: Decimal) -> None:
    """Raises Refused for a quantity that the article is not sold in, or below what has been handed over."""
    sold = group.bundle or group.lines[0]
    done = least(group)
    if quantity < done:
        raise Refused(f"{sold.name}: {figure(done)} är redan gjort eller levererat. Ring oss så hjälps vi åt.")
    if not quantity or quantity == done:
        return
    try:
        allowed(quantity, _article(group))
    except ValueError as wrong:
        raise Refused(f"{sold.name}: {wrong}") from wrong


def _check_more(group: Group) -> None:
    """More of it must still be sold, and to this customer. Raises Refused."""
    order, article = group.lines[0].order, _article(group)
    if article.state not in ON_SALE:
        raise Refused(f"{article.name} säljs inte längre, så vi kan inte lägga till mer.")
    check_audience([article], order.customer)
    if not group.bundle and group.lines[0].bundle_id:
        raise Refused(f"{article.name} ingår i ett paket. Ändra hela paketet.")


def _article(group: Group) -> Article:
    return db.session.get_one(Article, (group.bundle or group.lines[0]).article_id)


def _move(line: OrderLine, move: Decimal, *, by: User | None, now: datetime) -> list[Taken]:
    """So much more or less of a line."""
    if move > 0:
        line.quantity += move
        line.unassigned += move
        return []
    free = min(line.unassigned, -move)
    line.unassigned -= free
    line.called_off -= move
    taken = _take_back(line, -move - free)
    if not line.remaining:
        pieces.give_back(line.article, by=by, now=now)
    return taken


def _take_back(line: OrderLine, quantity: Decimal) -> list[Taken]:
    """Take so much from members: from those who have not answered, then from whoever was asked last."""
    taken = []
    for share in shares_to_come(line):
        part = min(share.quantity, quantity)
        if part:
            quantity -= part
            taken.append(Taken(share.assignment, line, part))
            shrink(share, part)
    return taken


def _because(words: str, why: str) -> str:
    return f"{words} {why.strip()}".strip()[:1000]
