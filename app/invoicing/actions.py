"""Issuing documents, and writing down what is to be credited."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from app import audit, bank, clock, jobs, numbering
from app.audit import Actor
from app.customers.facts import LONGEST_TERM
from app.customers.models import Customer
from app.db import db, write_rows
from app.household import actions as household
from app.invoicing import taxing
from app.invoicing.attaching.actions import as_values, take_along
from app.invoicing.attaching.queries import waiting_for_invoice
from app.invoicing.billing import Draft, Item
from app.invoicing.document import Bundle, Invoice, Line, LineRole, Party, Period, Place
from app.invoicing.models import CreditDue, InvoiceLine, InvoiceRecord
from app.members.models import Member
from app.members.queries import sales_company
from app.money import NOUGHT, Money
from app.orders.delivery.models import OrderCharge
from app.orders.models import Order, OrderBundle
from bids import canonical

PRINTING = "app.invoicing.printing.print_invoice"
MAKING = "app.invoicing.einvoice.worker.make_xml"
MOST_PLACES = 3
"""So many are named; more would fill the page."""


def issue(draft: Draft, *, paid: Money = NOUGHT, now: datetime) -> InvoiceRecord:
    """Charge what the draft holds: number, frozen document, claims, and the job that prints it, all at once.

    `paid` is what the customer has paid before, as by card, with VAT; the document shows no more of it than it costs.
    Raises LookupError when the sales company itself is not entered, which is a mistake of whoever set the house up,
    IntegrityError when something of it is charged already, and Refused when the buyer reckons the VAT and its VAT
    number is not known.
    """
    house, today = sales_company(), clock.local_date(now)
    items = taxing.treated(draft, _in_order(draft.items), house)
    taken = taxing.relief(draft, items, house, day=today)
    waiting = waiting_for_invoice([order.id for order in draft.orders])
    asked = replace(
        _document(draft, items, now),
        deduction=taxing.said(taken) if taken else None,
        attachments=as_values(waiting),
    )
    values = numbered(replace(asked, paid=min(asked.payable, paid)), draft.seller)
    record = keep(values, draft.customer, draft.orders, draft.seller, now=now)
    if taken:
        household.write_down(taken, record.id, record.name, day=today)
    write_lines(record, [_claim(one, line) for one, line in zip(items, values.lines, strict=True)])
    take_along(waiting, record)
    about = {order.id: {"invoice": record.name} for order in draft.orders}
    audit.record_many(Order, about, "invoiced", by=None, now=now)
    return record


def numbered(values: Invoice, seller: Member | None) -> Invoice:
    """The document with the next number of its seller's series. Whoever comes meanwhile waits until we are done.

    Invoices and credit notes share a series. A member's is drawn with the sales company's held, so that nobody who
    draws in several waits for somebody who waits for them.
    """
    if seller is None:
        number, series = numbering.draw("invoice"), ""
    else:
        series = f"M{seller.id}-"
        numbering.hold("invoice")
        number = numbering.draw(f"invoice:{series}")
    return replace(values, number=number, series=series, ocr=bank.ocr_agreement().reference(series, number))


def keep(
    values: Invoice, customer: Customer, orders: Sequence[Order], seller: Member | None, *, now: datetime
) -> InvoiceRecord:
    """The document as a row, and the job that prints it. Its lines are the caller's."""
    record = InvoiceRecord(
        kind=values.kind,
        number=values.number,
        series=values.series,
        ocr=values.ocr,
        seller=seller,
        order=orders[0] if len(orders) == 1 else None,
        customer=customer,
        issued_at=now,
        due_on=values.due_on,
        net=values.net,
        vat=values.vat,
        gross=values.gross,
        document=json.loads(canonical.dumps(values)),
        lines=[],
    )
    db.session.add(record)
    db.session.flush()
    jobs.enqueue(PRINTING, invoice_id=record.id)
    if record.goes_electronically:
        jobs.enqueue(MAKING, invoice_id=record.id)
    return record


def _claim(one: Item, line: Line) -> dict[str, Any]:
    return {
        "order_id": one.order.id,
        "order_line_id": one.order_line.id if one.order_line else None,
        "net": line.net,
        "assignment_line_id": one.share.id if one.share else None,
        "complaint_id": one.complaint.id if one.complaint else None,
        "charge_id": one.charge.id if one.charge else None,
        "credits_line_id": None,
    }


def write_lines(record: InvoiceRecord, rows: Sequence[Mapping[str, Any]]) -> None:
    """The lines of a document, in their order; of a month there may be thousands, so they are written at once."""
    write_rows(InvoiceLine, [{**row, "invoice_id": record.id, "place": place} for place, row in enumerate(rows)])
    db.session.expire(record, ["lines"])


def owe_credit(
    line: InvoiceLine, amount: Money, why: str, *, by: Actor | None, now: datetime, charge: OrderCharge | None = None
) -> CreditDue:
    """Write down that a line of an issued invoice was too high by so much; a credit note takes it up.

    `charge` is the return for which it is.
    """
    name = by.name if by else ""
    due = CreditDue(
        invoice=line.invoice, line=line, order_line=line.order_line, amount=amount, why=why, at=now, by_name=name
    )
    due.charge_id = charge.id if charge else None
    db.session.add(due)
    audit.record(line.invoice, "credit due", by=by, now=now, ore=amount.ore, line=line.order_line_id)
    return due


class Frozen(Protocol):
    """A row with a document."""

    @property
    def document(self) -> dict[str, Any]: ...  # noqa: D102


def values_of(record: Frozen) -> Invoice:
    """The frozen document as values."""
    return canonical.loads(json.dumps(record.document), Invoice)


def _in_order(items: Iterable[Item]) -> list[Item]:
    """Order by order: what was delivered, what is taken off it or put on it, and what is charged beside."""

    def place(one: Item) -> tuple[int, int]:
        return one.order.number, 0 if one.share else 2 if one.charge and one.with_last else 1

    return sorted(items, key=place)


def _document(draft: Draft, items: Sequence[Item], now: datetime) -> Invoice:
    """All but its number.

    What a member sells in its own name is paid to the sales company as well, which takes it in on the member's account
    (lag 1944:181 om redovisningsmedel) and passes it on: one bankgiro, one agreement with the bank about references,
    and whoever keeps the books sees each payment. The document says so.
    """
    customer, orders, today = draft.customer, draft.orders, clock.local_date(now)
    house, only = sales_company(), orders[0] if len(orders) == 1 else None
    bundles = [one for one in dict.fromkeys(_bundle(one) for one in items) if one]
    cost_centre = _same(order.cost_centre for order in orders)
    days = [one.line.delivered_on for one in items if one.line.role == LineRole.SOLD] or [today]
    seller, term = draft.seller or house, _term(draft)
    return Invoice(
        number=0,
        issued_on=today,
        due_on=today + timedelta(days=term),
        payment_days=term,
        seller=as_party(seller),
        seller_email=house.email,
        seller_phone=house.phone,
        seller_f_tax=seller.f_tax,
        bankgiro=house.bankgiro or "",
        buyer=_party(customer, customer.vat_number, customer.electronic_address or ""),
        order_number=only.number if only else None,
        ordered_on=clock.local_date(only.placed_at) if only else None,
        delivered_to=_places(orders),
        buyer_reference=_same(order.buyer_reference for order in orders),
        order_reference=_same(order.order_reference for order in orders),
        cost_centre=cost_centre,
        lines=tuple(_line(one, bundles, cost_centre, alone=only is not None) for one in items),
        bundles=tuple(_sold_as_one(bundle, items) for bundle in bundles),
        contract_reference=_same(one.agreement.number if one.agreement else "" for one in items),
        place=_place(orders),
        period=Period(min(days), max(days)),
        in_the_name_of=house.name if draft.seller else "",
        payee=_party(house, house.vat_number, "") if draft.seller else None,
    )


def _term(draft: Draft) -> int:
    """Days to pay. More than thirty hold against whoever has consented (RänteL 2 a §): the house has, no member has."""
    days = draft.customer.payment_days
    return min(days, LONGEST_TERM) if draft.seller else days


def _bundle(one: Item) -> OrderBundle | None:
    return one.order_line.bundle if one.order_line and one.share else None


def _line(one: Item, bundles: Sequence[OrderBundle], cost_centre: str, *, alone: bool) -> Line:
    """As it stands on this document: under its bundle, and with what is another than the document's own."""
    own = one.line.cost_centre or one.order.cost_centre
    bundle = _bundle(one)
    return replace(
        one.line,
        bundle=bundles.index(bundle) if bundle else None,
        cost_centre=own if own != cost_centre else "",
        order_number=None if alone else one.order.number,
    )


def _sold_as_one(bundle: OrderBundle, items: Sequence[Item]) -> Bundle:
    """A bundle, as many of it as have come."""
    come: dict[int, Decimal] = {}
    for one in items:
        if one.share and one.order_line and one.order_line.bundle is bundle:
            line = one.order_line
            come[line.id] = come.get(line.id, Decimal(0)) + one.line.quantity / line.priced_per
    quantity = max(come.values())
    return Bundle(bundle.number, bundle.name, quantity, bundle.unit, bundle.unit_text, bundle.unit_price)


def _same(texts: Iterable[str]) -> str:
    """What all have; empty where they differ."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _place(orders: Sequence[Order]) -> Place | None:
    found = {Place(order.delivery_name, order.street, order.postcode, order.city) for order in orders}
    return found.pop() if len(found) == 1 else None


def _places(orders: Sequence[Order]) -> str:
    """Where it was delivered, in words."""
    found = dict.fromkeys(f"{one.delivery_name}, {one.street}, {one.postcode} {one.city}" for one in orders)
    return "; ".join(found) if len(found) <= MOST_PLACES else f"{len(found)} platser"


def _address(org_number: str | None) -> str:
    """The Peppol address of a Swedish organisation, by its number (scheme 0007)."""
    digits = "".join(filter(str.isdecimal, org_number or ""))
    return f"0007:{digits}" if digits else ""


def as_party(member: Member) -> Party:
    """A member, or the sales company, as it stands on a document."""
    return _party(member, member.vat_number, _address(member.org_number))


def _party(who: Member | Customer, vat_number: str | None, electronic_address: str) -> Party:
    return Party(
        name=who.name,
        org_number=who.org_number or "",
        vat_number=vat_number or "",
        street=who.street,
        postcode=who.postcode,
        city=who.city,
        electronic_address=electronic_address,
    )
