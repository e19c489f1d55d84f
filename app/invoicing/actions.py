"""Issuing invoices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from app import audit, bank, clock, jobs, numbering
from app.audit import Actor
from app.customers.models import Customer
from app.db import db
from app.invoicing.attaching.actions import as_values, take_along
from app.invoicing.attaching.queries import waiting_for_invoice
from app.invoicing.document import Bundle, Invoice, Line, Party
from app.invoicing.models import CreditDue, InvoiceRecord
from app.members.models import Member
from app.members.queries import sales_company
from app.money import NOUGHT, Money
from app.orders.complaint_queries import complaints_in
from app.orders.delivery.queries import charges_in
from app.orders.handing import last_of
from app.orders.models import AssignmentLine, Order, OrderBundle, OrderLine
from app.orders.states import AssignmentState
from app.vat import VatRule, rule_on
from bids import canonical

PRINTING = "app.invoicing.printing.print_invoice"


def issue(order: Order, rules: Sequence[VatRule], *, now: datetime) -> InvoiceRecord:
    """Charge what has been delivered: number, frozen document, and the job that prints it, all at once.

    `rules` is the dated VAT table; each line has the rate of the day it was delivered. Raises LookupError when the
    sales company itself is not entered, which is a mistake of whoever set the house up.
    """
    seller = sales_company()
    waiting = waiting_for_invoice([order.id])
    values = replace(_document(order, seller, rules, now), attachments=as_values(waiting))
    record = InvoiceRecord(
        number=values.number,
        order=order,
        customer=order.customer,
        issued_at=now,
        due_on=values.due_on,
        net=values.net,
        vat=values.vat,
        gross=values.gross,
        document=json.loads(canonical.dumps(values)),
    )
    db.session.add(record)
    db.session.flush()
    take_along(waiting, record)
    jobs.enqueue(PRINTING, invoice_id=record.id)
    audit.record(order, "invoiced", by=None, now=now, invoice=record.number)
    return record


def owe_credit(
    record: InvoiceRecord, line: OrderLine, amount: Money, why: str, *, by: Actor, now: datetime
) -> CreditDue:
    """Write down that an issued invoice was too high by so much; it lies with finance until a credit note takes it."""
    due = CreditDue(invoice=record, order_line=line, amount=amount, why=why, at=now, by_name=by.name)
    db.session.add(due)
    audit.record(record, "credit due", by=by, now=now, ore=amount.ore, line=line.id)
    return due


def values_of(record: InvoiceRecord) -> Invoice:
    """The frozen document as values."""
    return canonical.loads(json.dumps(record.document), Invoice)


def _document(order: Order, seller: Member, rules: Sequence[VatRule], now: datetime) -> Invoice:
    customer = order.customer
    today = clock.local_date(now)
    number = numbering.draw("invoice")
    return Invoice(
        number=number,
        ocr=bank.ocr_agreement().reference("", number),
        issued_on=today,
        due_on=today + timedelta(days=customer.payment_days),
        payment_days=customer.payment_days,
        seller=_party(seller, seller.vat_number or ""),
        seller_email=seller.email,
        seller_phone=seller.phone,
        seller_f_tax=seller.f_tax,
        bankgiro=seller.bankgiro or "",
        buyer=_party(customer, ""),
        order_number=order.number,
        ordered_on=clock.local_date(order.placed_at),
        delivered_to=f"{order.delivery_name}, {order.street}, {order.postcode} {order.city}",
        buyer_reference=order.buyer_reference,
        order_reference=order.order_reference,
        cost_centre=order.cost_centre,
        lines=(
            *(_line(line, rules) for line in _delivered(order)),
            *_reductions(order, rules),
            *_charges(order, rules),
        ),
        bundles=tuple(_bundle(bundle) for bundle in order.bundles),
    )


def _delivered(order: Order) -> list[AssignmentLine]:
    """What the members have handed over, in the order in which it was delivered; a bundle's lines stand together."""
    delivered = [
        line
        for assignment in order.assignments
        if assignment.state == AssignmentState.DELIVERED
        for line in assignment.lines
        if line.quantity
    ]
    bundles = {line.id: line.bundle_id or 0 for line in order.lines}
    places = {line.id: place if line.bundle_id else 0 for place, line in enumerate(order.lines)}
    return sorted(delivered, key=lambda line: (bundles[line.order_line_id], places[line.order_line_id]))


def _reached_customer(line: AssignmentLine) -> date:
    """The day of supply: of a step in a chain, the day on which the customer got the whole."""
    last = last_of(line.order_line)
    moments = [
        assignment.delivered_at
        for assignment in last.order.assignments
        if assignment.delivered_at and any(share.order_line is last for share in assignment.lines)
    ]
    if last is line.order_line or not moments:
        return clock.local_date(line.assignment.delivered_at or line.assignment.offered_at)
    return clock.local_date(max(moments))


def _bundle(bundle: OrderBundle) -> Bundle:
    return Bundle(bundle.number, bundle.name, bundle.quantity, bundle.unit, bundle.unit_text, bundle.unit_price)


def _line(line: AssignmentLine, rules: Sequence[VatRule]) -> Line:
    sold = line.order_line
    delivered_on = _reached_customer(line)
    rule = rule_on(rules, sold.vat_class, delivered_on)
    return Line(
        number=sold.number,
        name=sold.name,
        quantity=line.quantity,
        unit=sold.unit,
        unit_text=sold.unit_text,
        unit_price=sold.unit_price,
        delivered_on=delivered_on,
        parts=rule.parts,
        note=rule.note,
        per=sold.priced_per,
        bundle=sold.order.bundles.index(sold.bundle) if sold.bundle else None,
        cost_centre=sold.cost_centre,
        reference=sold.reference,
    )


def _reductions(order: Order, rules: Sequence[VatRule]) -> list[Line]:
    """What staff have taken off the price after complaints: minus one of so much, with the VAT of what it was for."""
    found = []
    for complaint in complaints_in(order):
        if complaint.amount:
            share = next(one for one in complaint.assignment.lines if one.order_line is complaint.order_line)
            line = _line(share, rules)
            found.append(
                replace(
                    line,
                    name=f"Prisavdrag: {line.name}",
                    quantity=Decimal(-1),
                    unit="C62",
                    unit_text="",
                    unit_price=complaint.amount,
                    per=Decimal(1),
                    bundle=None,
                )
            )
    return found


def _charges(order: Order, rules: Sequence[VatRule]) -> list[Line]:
    """What events have charged beside the lines, with the VAT of their day: bringing it, a second attempt, deposits."""
    found = []
    for one in charges_in(order):
        rule, day = rule_on(rules, one.vat_class, clock.local_date(one.event.at)), clock.local_date(one.event.at)
        times, price = (Decimal(1), one.charged) if one.charged > NOUGHT else (Decimal(-1), -one.charged)
        found.append(Line("", one.name, times, "C62", "", price, day, rule.parts, rule.note))
    return found


def _party(who: Member | Customer, vat_number: str) -> Party:
    return Party(
        name=who.name,
        org_number=who.org_number or "",
        vat_number=vat_number,
        street=who.street,
        postcode=who.postcode,
        city=who.city,
    )
