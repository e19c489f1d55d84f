"""What of orders has been charged, and what their events say: read for many orders at once, a few statements in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app.db import MoneyColumn, db
from app.invoicing.document import DocumentKind
from app.invoicing.models import CreditDue, InvoiceLine, InvoiceRecord
from app.money import NOUGHT, Money
from app.orders.agreements.models import Agreement
from app.orders.complaint_models import Complaint
from app.orders.delivery.models import OrderCharge, Parcel
from app.orders.delivery.states import ChargeKind
from app.orders.models import Order, OrderEntry, OrderEvent, OrderLine
from app.orders.states import EventKind


@dataclass(slots=True)
class Books:
    """What has been charged of some orders, and what their events come to."""

    sellers: dict[int, int | None] = field(default_factory=dict)
    """The deliveries that stand on an invoice, by id, and who sold them; none when the sales company did."""
    complained: set[int] = field(default_factory=set)
    """The complaints that stand on one, by id."""
    charged: set[int] = field(default_factory=set)
    """The charges that do, or are to be credited."""
    claimed: dict[int, Money] = field(default_factory=lambda: defaultdict(lambda: NOUGHT))
    """What was charged of each order line, less what was credited; fees and deposits are no part of it."""
    complaints: dict[tuple[int, int], list[Complaint]] = field(default_factory=lambda: defaultdict(list))
    """By assignment and order line: those that lower the price."""
    charges: dict[int, list[OrderCharge]] = field(default_factory=lambda: defaultdict(list))
    """By order."""
    worth: dict[int, Money] = field(default_factory=lambda: defaultdict(lambda: NOUGHT))
    """What the events of each order line have charged, returns with them."""
    repriced: set[int] = field(default_factory=set)
    """The order lines whose price has changed when something of them had come."""
    due: dict[int, Money] = field(default_factory=lambda: defaultdict(lambda: NOUGHT))
    """What is to be credited of each order line."""
    agreements: dict[int, Agreement] = field(default_factory=dict)


def read(orders: Collection[Order]) -> Books:
    """The books of these orders. Seven statements, however many they are."""
    books, ids = Books(), [order.id for order in orders]
    db.session.flush()
    _read_claims(books, ids)
    _read_worth(books, ids)
    _read_dues(books, ids)
    for charge in db.session.scalars(_charges().where(OrderEvent.order_id.in_(ids)).order_by(OrderCharge.id)):
        books.charges[charge.event.order_id].append(charge)
        if charge.kind == ChargeKind.RETURNED and charge.order_line_id:
            books.worth[charge.order_line_id] += charge.charged
    complaints = select(Complaint).join(Complaint.order_line).where(OrderLine.order_id.in_(ids))
    for one in db.session.scalars(complaints.where(Complaint.amount > NOUGHT).order_by(Complaint.id)):
        books.complaints[one.assignment_id, one.order_line_id].append(one)
    wanted = {line.agreement_id for order in orders for line in order.lines if line.agreement_id}
    if wanted:
        found = db.session.scalars(select(Agreement).where(Agreement.id.in_(wanted)))
        books.agreements = {one.id: one for one in found}
    return books


def _charges() -> Select[OrderCharge]:
    parcel = joinedload(OrderCharge.parcel).options(selectinload(Parcel.lines), lazyload(Parcel.carriages))
    whole = joinedload(OrderCharge.event), joinedload(OrderCharge.member), parcel
    return select(OrderCharge).join(OrderCharge.event).options(*whole)


def _read_claims(books: Books, ids: Sequence[int]) -> None:
    columns = (
        *(InvoiceLine.order_line_id, InvoiceLine.net, InvoiceLine.assignment_line_id, InvoiceLine.complaint_id),
        *(InvoiceLine.charge_id, OrderCharge.kind, InvoiceRecord.kind, InvoiceRecord.seller_id),
    )
    query = select(*columns).join(InvoiceLine.invoice).outerjoin(InvoiceLine.charge)
    for line, net, share, complaint, charge, kind, document, seller in db.session.execute(
        query.where(InvoiceLine.order_id.in_(ids)).order_by(InvoiceLine.id)
    ):
        if share is not None:
            books.sellers[share] = seller
        if line is not None and kind in {None, ChargeKind.RETURNED}:
            books.claimed[line] += -net if document == DocumentKind.CREDIT_NOTE else net
        if complaint is not None:
            books.complained.add(complaint)
        if charge is not None:
            books.charged.add(charge)


def _read_worth(books: Books, ids: Sequence[int]) -> None:
    moved = case(((OrderEvent.kind == EventKind.CHANGED) & (OrderEntry.charged != NOUGHT), 1), else_=0)
    columns = OrderEntry.order_line_id, func.sum(OrderEntry.charged, type_=MoneyColumn()), func.max(moved)
    query = select(*columns).join(OrderEntry.event).where(OrderEvent.order_id.in_(ids))
    for line, worth, repriced in db.session.execute(query.group_by(OrderEntry.order_line_id)):
        books.worth[line] += worth
        if repriced:
            books.repriced.add(line)


def _read_dues(books: Books, ids: Sequence[int]) -> None:
    columns = CreditDue.order_line_id, CreditDue.charge_id, CreditDue.amount, CreditDue.credited_at
    query = select(*columns).join(CreditDue.order_line).where(OrderLine.order_id.in_(ids))
    for line, charge, amount, credited_at in db.session.execute(query):
        if charge is not None:
            books.charged.add(charge)
        if line is not None and credited_at is None:
            books.due[line] += amount


def quantity_weights(quantities: Sequence[Decimal]) -> list[int]:
    """Quantities as whole thousandths, for sharing money out by them."""
    return [int(quantity.scaleb(3)) for quantity in quantities]
