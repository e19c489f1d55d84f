"""Orders as rows, one for each line and one for each fee beside them, read some hundred orders at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock, units
from app.catalog import start
from app.customers.models import Customer
from app.db import db
from app.orders.delivery.queries import Extra, extras_of
from app.orders.models import Order, OrderLine
from app.orders.states import OrderState
from app.spreadsheets.writing import Value

BATCH = 500
BESIDE = "Leverans och annat utöver raderna"
HEADINGS = [
    "Beställning",
    "Beställd",
    "Leveransdag",
    "Läge",
    "Kund",
    "Levereras till",
    "Er referens",
    "Ordernummer",
    "Kostnadsställe",
    "Artikelnummer",
    "Artikel",
    "Antal",
    "Enhet",
    "Pris exkl. moms",
    "Summa exkl. moms",
    "Momsklass",
    "Radens kostnadsställe",
    "Radens referens",
]
STATES = {
    OrderState.AWAITING: "Väntar på godkännande",
    OrderState.UNPAID: "Väntar på betalning",
    OrderState.PLACED: "Lagd",
    OrderState.CONFIRMED: "Bekräftad",
    OrderState.DELIVERED: "Levererad",
    OrderState.CALLED_OFF: "Struken",
}


def count(customer: Customer | None = None) -> int:
    """How many lines an export has, of one customer or of all; fees beside them are few."""
    query = select(func.count(OrderLine.id)).join(Order, Order.id == OrderLine.order_id)
    if customer is not None:
        query = query.where(Order.customer_id == customer.id)
    return db.session.scalar(query) or 0


def lines(customer: Customer | None = None) -> Iterator[list[Value]]:
    """All lines, oldest order first: of one customer, or, for staff, of all."""
    last = 0
    whole = (selectinload(Order.lines), joinedload(Order.customer))
    while True:
        query = select(Order).where(Order.number > last).options(*whole).order_by(Order.number).limit(BATCH)
        if customer is not None:
            query = query.where(Order.customer_id == customer.id)
        batch = db.session.scalars(query).all()
        if not batch:
            return
        last, beside = batch[-1].number, extras_of(batch)
        for order in batch:
            yield from _rows(order, beside[order.id])


def _rows(order: Order, beside: Sequence[Extra]) -> Iterator[list[Value]]:
    classes = start.vat_class_names()
    about: list[Value] = [order.number, clock.local_date(order.placed_at), order.delivery_day, STATES[order.state]]
    about += [order.customer.name, f"{order.street}, {order.postcode} {order.city}"]
    about += [order.buyer_reference, order.order_reference, order.cost_centre]
    for line in order.lines:
        unit = line.unit_text or units.UNITS[line.unit].name_sv
        what: list[Value] = [line.number, line.name, line.remaining, unit, line.unit_price, line.net]
        yield [*about, *what, classes[line.vat_class].name_sv, line.cost_centre, line.reference]
    for amount, vat_class in beside:
        yield [*about, "", BESIDE, 1, "", amount, amount, classes[vat_class].name_sv, "", ""]
