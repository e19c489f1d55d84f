"""What can be done to an order and its assignments; the order of the steps is told in `app/orderflow.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from app import audit, clock, numbering, units
from app.accounts.models import User
from app.catalog import bundles, chains, pieces
from app.catalog.kinds import ArticleKind
from app.catalog.models import ON_SALE, ApprovalState, Article
from app.catalog.pricing.rules import Priced
from app.catalog.quantities import allowed
from app.customers.models import Customer, CustomerKind
from app.db import db, several, table_of, write_rows
from app.errors import Refused
from app.money import NOUGHT, Money
from app.new_rows import write_new
from app.orders.agreements import ceilings
from app.orders.cart import MOST_LINES, Again, Cart, Delivery, Guest
from app.orders.checks import check_audience, check_delivery, check_vat_number, consent_to_keep
from app.orders.lines import lines_of
from app.orders.models import Order, OrderEntry, OrderEvent, OrderLine
from app.orders.pricing import Goods, Seen, check_agreed, check_others_make, check_seen, price_cart
from app.orders.routing_values import Share
from app.orders.states import HELD, AssignmentState, EventKind, OrderState
from app.orders.windows import joining
from app.units import figure

AS_DELIVERED = (
    *("street", "postcode", "city", "municipality"),
    *("buyer_reference", "order_reference", "cost_centre", "note", "wished_way"),
)
"""What an order has from the delivery under the same name."""
UNMOVED = {
    **dict.fromkeys(("ordered", "called_off", "delivered"), Decimal(0)),
    **dict.fromkeys(("charged", "earned"), NOUGHT),
}


def register_guest(guest: Guest, delivery: Delivery) -> Customer:
    """A private person without an account: a customer of their own for this one order."""
    customer = Customer(
        kind=CustomerKind.PRIVATE,
        name=guest.name,
        email=guest.email,
        phone=guest.phone,
        street=delivery.street,
        postcode=delivery.postcode,
        city=delivery.city,
        municipality=delivery.municipality,
    )
    db.session.add(customer)
    return customer


def place(
    cart: Cart,
    delivery: Delivery,
    *,
    customer: Customer,
    ticket: str,
    by: User | None,
    now: datetime,
    seen: Seen | None = None,
    consent: str = "",
    quoted: Mapping[int, Priced] | None = None,
    again: Again | None = None,
    goods: Goods | None = None,
    words: str = "",
) -> Order:
    """Write the order with its lines as they are called and priced now, on the customer's own terms.

    `consent` is what a private person has read and ticked; it is kept where the law wants it. A single piece is taken
    for it. `quoted` is what a quote says each article costs, `goods` what the caller has just read of the basket on the
    customer's terms; `words` tell in the time line how the order came about. One time of a standing order has the
    prices of its day of delivery. Raises Refused when the basket is empty, the day will not do, a reference or a VAT
    number that the customer's invoices need is missing, an article is gone, not for this customer or made by nobody but
    it, a consent that the law wants is missing, or a price is no longer the one that was seen.
    """
    check_delivery(delivery, customer, now)
    articles = articles_in(cart, goods.articles if goods else None)
    check_audience(articles.values(), customer)
    check_vat_number(articles.values(), customer, delivery.day)
    agreed = consent_to_keep(articles.values(), customer, consent)
    priced_on = delivery.day if again else clock.local_date(now)
    priced = quoted or (goods.priced if goods else price_cart(articles.values(), cart, customer, priced_on))
    if quoted is None:
        check_others_make(articles, priced, customer)
        check_agreed(articles, priced)
    check_seen(seen, articles, priced, customer, clock.local_date(now))
    lines = [
        delivery.mark(id_, line)
        for id_, quantity in cart.items()
        for line in lines_of(articles[id_], quantity, priced[id_])
    ]
    order = Order(
        number=numbering.take("order"),
        ticket=ticket,
        customer=customer,
        placed_by_id=by.id if by else None,
        placed_at=now,
        consent=agreed,
        consent_at=(again.agreed_at if again else now) if agreed else None,
        standing_order_id=again.standing_order if again else None,
        **_delivered(delivery, joining.join(lines, delivery.day, now)),
        **_of(lines),
    )
    db.session.add(order)
    ceilings.join(lines, priced.values(), customer, quoted=quoted is not None, day=priced_on)
    _note_placed(order, words, by=by, now=now)
    for article in articles.values():
        if article.kind == ArticleKind.SECOND_HAND:
            pieces.take(article, by=by, now=now)
    return order


def _delivered(delivery: Delivery, day: date) -> dict[str, Any]:
    """Where an order goes, and when: the day that was asked for, or that on which its batches come."""
    same = {name: getattr(delivery, name) for name in AS_DELIVERED}
    return {**same, "delivery_day": day, "delivery_name": delivery.name}


def _of(lines: Sequence[OrderLine]) -> dict[str, Any]:
    """What a new order consists of. Nobody has been asked and nothing told yet, so nobody need look for it."""
    sold_as_one = dict.fromkeys(line.bundle for line in lines if line.bundle)
    return {"lines": list(lines), "bundles": list(sold_as_one), "assignments": [], "events": []}


def plan(order: Order, leads: Mapping[int, tuple[int, int]], *, now: datetime) -> Order:
    """Give the earlier parts of each chain their own day. `leads` is least and longest lead time by article id."""
    for bundle in order.bundles:
        lines = [line for line in order.lines if line.bundle is bundle]
        steps = [chains.Step(*leads.get(line.article_id, (1, 1)), line.to_next) for line in lines]
        ready = chains.ready_days(steps, today=clock.local_date(now), delivery=order.delivery_day)
        for line, day in zip(lines, ready, strict=True):
            line.due_on = day if line.to_next else None
    return order


def call_off(line: OrderLine, reason: str, *, by: audit.Actor | None, now: datetime) -> OrderLine:
    """What nobody could take is struck from the order, as agreed with the customer, who is not charged for it."""
    if not reason.strip():
        raise Refused("Skriv vad ni kom överens om med kunden.")
    if not line.unassigned:
        raise Refused("Raden har ingen del som ligger hos oss. Flytta uppdraget först.")
    words = f"{line.name}: {figure(line.unassigned)} {units.unit(line.unit).symbol_sv}. {reason.strip()}"
    entries = [entry(line, called_off=line.unassigned)]
    line.called_off += line.unassigned
    line.unassigned = Decimal(0)
    pieces.give_back(line.article, by=by, now=now)
    note(line.order, EventKind.CALLED_OFF, now=now, by=by, words=words, for_customer=True, entries=entries)
    audit.record(line.order, "called_off", by=by, now=now, line=line.id)
    settle_state(line.order)
    return line


def take_from_desk(shares: Iterable[Share], order: Order) -> None:
    """What now lies with members no longer lies with staff. Mostly nothing is left, and one statement says so."""
    lines = {line.id: line for line in order.lines}
    left = {share.line: lines[share.line].unassigned for share in shares}
    for share in shares:
        left[share.line] -= share.quantity
    db.session.flush()
    for quantity in dict.fromkeys(left.values()):
        same = [id_ for id_ in left if left[id_] == quantity]
        db.session.connection().execute(_LEAVE, {"left": quantity, "lines": same})
    for id_, quantity in left.items():
        set_committed_value(lines[id_], "unassigned", quantity)


_LEAVE = (
    update(table_of(OrderLine))
    .where(table_of(OrderLine).c.id.in_(several("lines")))
    .values(unassigned=bindparam("left"))
)


def settle_state(order: Order) -> OrderState:
    """The order's state follows from its parts, and only from them."""
    live = [assignment for assignment in order.assignments if assignment.is_live]
    waiting = any(line.unassigned for line in order.lines)
    if order.state in HELD and waiting:
        return order.state
    if waiting or any(one.state == AssignmentState.OFFERED for one in live):
        found = OrderState.PLACED
    elif not live:
        found = OrderState.CALLED_OFF
    elif all(one.state == AssignmentState.DELIVERED for one in live):
        found = OrderState.DELIVERED
    else:
        found = OrderState.CONFIRMED
    if found != order.state:  # What is set to what it is would be written all the same.
        order.state = found
    return found


def note(
    order: Order,
    kind: EventKind,
    *,
    now: datetime,
    by: audit.Actor | None = None,
    member: str = "",
    words: str = "",
    for_customer: bool = False,
    entries: Sequence[OrderEntry] = (),
) -> OrderEvent:
    """One more line in the order's time line, with what it did to the lines in figures.

    What they are worth under a framework agreement follows. Raises Refused where that would pass its ceiling.
    """
    name = by.name if by else ""
    event = OrderEvent(at=now, kind=kind, by_name=name, member_name=member, words=words, for_customer=for_customer)
    event.entries = list(entries)
    order.events.append(event)
    ceilings.follow(order, kind, event.entries, now=now)
    return event


def note_many(order: Order, notes: Sequence[Mapping[str, Any]], *, now: datetime) -> list[OrderEvent]:
    """More lines in the time line that do nothing to the order's lines, written at once; each names its kind."""
    same = {"order_id": order.id, "at": now, "by_name": "", "member_name": "", "words": "", "for_customer": False}
    made = write_new(OrderEvent, [{**same, **one} for one in notes])
    for one in made:
        set_committed_value(one, "order", order)
    if "events" in order.__dict__:
        set_committed_value(order, "events", [*order.events, *made])
    return made


def _note_placed(order: Order, words: str, *, by: User | None, now: datetime) -> None:
    """It stands in the time line and counts against its agreements. Raises Refused above a ceiling."""
    ceilings.call_off(order, order.lines, now=now)
    audit.record(order, "placed", by=by, now=now)
    told = {"kind": EventKind.PLACED, "by_name": by.name if by else "", "words": words, "for_customer": True}
    (placed,) = note_many(order, [told], now=now)
    # That all of it is ordered: nobody goes on with these entries now.
    same = {**UNMOVED, "event_id": placed.id, "member_id": None}
    write_rows(OrderEntry, [{**same, "order_line_id": line.id, "ordered": line.quantity} for line in order.lines])


def entry(line: OrderLine, *, member: int | None = None, **figures: Decimal | Money) -> OrderEntry:
    """What an event does to a line; figures that are not named are nought."""
    return OrderEntry(order_line=line, member_id=member, **{**UNMOVED, **figures})


def articles_in(cart: Cart, known: Mapping[int, Article] | None = None) -> Mapping[int, Article]:
    """The articles of a basket, with the parts of bundles. Raises Refused when they cannot be ordered so.

    `known` are those that the caller has read in this transaction.
    """
    if not cart:
        raise Refused("Varukorgen är tom. Lägg något i den först.")
    if len(cart) > MOST_LINES:
        raise Refused(f"En beställning kan ha högst {MOST_LINES} rader. Dela upp den i två.")
    found = known if known is not None else _read_articles(cart)
    taken = next((article for article in found.values() if article.state == ApprovalState.SOLD), None)
    if taken is not None:
        raise Refused(pieces.gone(taken))
    if len(found) < len(cart) or any(not _is_sold(article) for article in found.values()):
        raise Refused("Något i varukorgen säljs inte längre. Gå till varukorgen, ta bort det och försök igen.")
    for article_id, quantity in cart.items():
        try:
            allowed(quantity, found[article_id])
        except ValueError as wrong:
            raise Refused(f"{found[article_id].name}: {wrong}") from wrong
    return found


def _read_articles(cart: Cart) -> dict[int, Article]:
    return {article.id: article for article in bundles.read_whole(select(Article).where(Article.id.in_(cart)))}


def _is_sold(article: Article) -> bool:
    """A bundle is sold while all its parts are."""
    parts = all(part.article.state == ApprovalState.APPROVED for part in article.parts)
    return article.state in ON_SALE and parts
