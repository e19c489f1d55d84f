"""Money that follows what happens to an order: a house in which it is charged, acts, and sums that must hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from app import changeflow, complaintflow, deliveryflow, moneyflow, orderflow
from app import clock as app_clock
from app.catalog.models import Article
from app.catalog.pricing.rules import ListKind
from app.changeflow import marks_of
from app.customers.models import Customer, InvoiceRhythm
from app.db import MoneyColumn, db
from app.errors import Refused
from app.invoicing import collecting, crediting
from app.invoicing.actions import values_of
from app.invoicing.document import DocumentKind
from app.invoicing.models import CreditDue, InvoiceLine, InvoiceRecord
from app.members.models import SellerModel
from app.money import NOUGHT, Money
from app.orders import ledger
from app.orders.change_queries import entries_of
from app.orders.complaint_models import Complaint
from app.orders.complaint_queries import complaints_in, delivered_in
from app.orders.complaints import Told
from app.orders.delivery.queries import charges_in
from app.orders.delivery.returns import returnable_in
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from app.orders.states import AssignmentState
from app.workdays import working_days_after
from tests import make
from tests.order_acts import Actor
from tests.order_case import furnish, member
from tests.price_lists import make_list

MONEY_ACTS = (
    *("accept", "part", "deliver", "change", "cheaper", "anew", "come_back", "weigh", "sold_out", "cancel"),
    *("credit", "credit_whole", "credit_dues", "collect", "rhythm"),
)
FIRST_NUMBER = 10001


def furnish_money() -> dict[str, Article]:
    """Fruit baskets with a deposit, cheaper from five on, and apples by weight; Ljungbacken brings them for a fee."""
    fruit = furnish()
    fruit.deposit = Money.kronor(50)
    apples = make.make_article("Äpplen", unit="KGM", price=Money(3333))
    make.make_offering(apples, member("ljungbacken"), capacity_per_week=Decimal(1000))
    make_list(ListKind.STANDARD, {fruit: [(5, 19000)]}, name="Mängdpris")
    van = Terms(weekdays=(0, 1, 2, 3, 4), municipalities=(make.GOTHENBURG,), per_stop=Money.kronor(120))
    set_way(member("ljungbacken"), None, WayKind.OWN, van, by=None, now=app_clock.now())
    db.session.commit()
    return {"fruit": fruit, "apples": apples}


def sell_as(rhythm: InvoiceRhythm, *agents: str) -> Customer:
    """From now on the customer is invoiced in that rhythm, and these members sell in their own names."""
    customer = db.session.scalars(select(Customer).order_by(Customer.id)).first()
    assert customer is not None
    customer.invoice_rhythm = rhythm
    for slug in ("ljungbacken", "rullande"):
        member(slug).seller_model = SellerModel.AGENT if slug in agents else SellerModel.OWN_NAME
    db.session.commit()
    return customer


def documents(kind: DocumentKind = DocumentKind.INVOICE) -> Sequence[InvoiceRecord]:
    """The invoices, or the credit notes, in the order in which they were issued."""
    db.session.expire_all()
    query = select(InvoiceRecord).where(InvoiceRecord.kind == kind).order_by(InvoiceRecord.id)
    return db.session.scalars(query).all()


def credit_notes() -> Sequence[InvoiceRecord]:
    """The credit notes."""
    return documents(DocumentKind.CREDIT_NOTE)


class MoneyActor(Actor):
    """Does one more kind of thing to an order: what moves money after it was delivered."""

    def cheaper(self, which: int, number: Decimal) -> None:
        """A complaint leads to a lower price, and the member bears some of it."""
        complaint = self._complaint(which, max(Decimal(1), number - 8))
        amount, now = Money(int(number) * 1000), app_clock.now()
        complaintflow.make_cheaper(complaint, amount, "Billigare", borne=Money(100), by=self.sam, now=now)

    def anew(self, which: int, number: Decimal) -> None:
        """A complaint leads to something new; with an odd number it is struck again, and then paid back."""
        complaint, now = self._complaint(which, Decimal(1)), app_clock.now()
        on = working_days_after(app_clock.local_date(now) + timedelta(days=1), which)
        complaintflow.replace(complaint, on, "På nytt", borne=Money(50 * (which % 2)), by=self.sam, now=now)
        if number % 2 and complaint.new_line:
            wish = changeflow.Wish({complaint.new_line.id: Decimal(0)}, self.order.delivery_day, marks_of(self.order))
            changeflow.change_for_customer(self.order, wish, "Vill inte", by=self.sam, now=now)

    def _complaint(self, which: int, quantity: Decimal) -> Complaint:
        parts = delivered_in(self.order)
        if not parts:
            raise Refused("Inget har kommit.")
        told = Told(quantity, "Fel")
        return complaintflow.complain(parts[which % len(parts)], told, by=self.sam, now=app_clock.now(), late=True)

    def come_back(self, which: int, number: Decimal) -> None:
        """Goods, or what they lay in, are back, not all of it in order."""
        found = returnable_in(self.order)
        if found:
            one, now = found[which % len(found)], app_clock.now()
            made = deliveryflow.send_back(one, min(one.left, max(Decimal(1), number)), "Över", by=self.sam, now=now)
            deliveryflow.receive(made, made.quantity - which % 2, "En trasig", by=self.sam, now=now)

    def credit(self, which: int, number: Decimal) -> None:
        record = self._invoice(which)
        line = record.lines[int(number) % len(record.lines)]
        amount = Money(int(number) * 2000)
        borne = {line: Money(int(number) * 100)} if which % 2 and amount else {}
        moneyflow.credit(record, {line: amount}, "Fel pris", by=self.sam, now=app_clock.now(), borne=borne)

    def credit_whole(self, which: int, number: Decimal) -> None:
        if number > 8:
            moneyflow.credit_whole(self._invoice(which), "Fel mottagare", by=self.sam, now=app_clock.now())

    def credit_dues(self, which: int, _number: Decimal) -> None:
        moneyflow.credit_dues(self._invoice(which), by=self.sam, now=app_clock.now())

    def collect(self, which: int, _number: Decimal) -> None:
        until = app_clock.local_date(app_clock.now()) + timedelta(days=which)
        moneyflow.collect(self.order.customer, until=until, now=app_clock.now())

    def rhythm(self, which: int, _number: Decimal) -> None:
        self.order.customer.invoice_rhythm = list(InvoiceRhythm)[which % 3]

    def _invoice(self, which: int) -> InvoiceRecord:
        found = db.session.scalars(
            select(InvoiceRecord)
            .where(InvoiceRecord.kind == DocumentKind.INVOICE)
            .where(InvoiceRecord.lines.any(InvoiceLine.order_id == self.id))
            .order_by(InvoiceRecord.id)
        ).all()
        if not found:
            raise Refused("Det finns ingen faktura.")
        return found[which % len(found)]

    def finish(self) -> None:
        """All that is open is done: answered, delivered or struck, charged, and credited."""
        for _round in range(12):
            order = self.order
            if any(one.state == AssignmentState.OFFERED for one in order.assignments):
                self.do_surely("accept_all")
            elif any(one.state == AssignmentState.ACCEPTED for one in order.assignments):
                self.do_surely("deliver_all")
            elif any(line.unassigned for line in order.lines):
                self.do_surely("strike")
        self.do_surely("collect_all")
        for invoice_id in collecting.invoices_with_dues(date(2099, 1, 1)):
            moneyflow.credit_dues(db.session.get_one(InvoiceRecord, invoice_id), by=self.sam, now=app_clock.now())
        db.session.commit()

    def do_surely(self, act: str) -> None:
        getattr(self, act)()
        db.session.commit()
        self.order = db.session.get_one(Order, self.id)

    def accept_all(self) -> None:
        orderflow.accept(self.one(AssignmentState.OFFERED, 0), {}, by=self.sam, now=app_clock.now())

    def deliver_all(self) -> None:
        orderflow.deliver(self.one(AssignmentState.ACCEPTED, 0), by=self.sam, now=app_clock.now())

    def strike(self) -> None:
        for line in self.order.lines:
            if line.unassigned:
                orderflow.call_off(line, "Ingen kan", by=self.sam, now=app_clock.now())

    def collect_all(self) -> None:
        moneyflow.collect(self.order.customer, until=date(2099, 1, 1), now=app_clock.now())


def signed(order: Order) -> Money:
    """What invoices have charged of an order, less what credit notes have given back."""
    query = select(InvoiceRecord.kind, func.sum(InvoiceLine.net, type_=MoneyColumn())).join(InvoiceLine.invoice)
    sums = dict(db.session.execute(query.where(InvoiceLine.order_id == order.id).group_by(InvoiceRecord.kind)).all())
    return sums.get(DocumentKind.INVOICE, NOUGHT) - sums.get(DocumentKind.CREDIT_NOTE, NOUGHT)


def worth(order: Order) -> Money:
    """What the order's events come to."""
    return ledger.account(entries_of(order)).charged + ledger.beside(charges_in(order))


def due(order: Order) -> Money:
    """What is to be credited of an order."""
    query = select(func.sum(CreditDue.amount, type_=MoneyColumn())).join(CreditDue.line)
    return db.session.scalar(query.where(InvoiceLine.order_id == order.id, CreditDue.credited_at.is_(None))) or NOUGHT


def uncharged(order: Order) -> Money:
    """What came of the order and no line claims, counted anew from the rows."""
    claimed = set(db.session.scalars(select(InvoiceLine.assignment_line_id)))
    shares = [
        share
        for one in order.assignments
        if one.state == AssignmentState.DELIVERED
        for share in one.lines
        if share.id not in claimed
    ]
    reduced = set(db.session.scalars(select(InvoiceLine.complaint_id)))
    lowered = [
        one.amount
        for one in complaints_in(order)
        if one.id not in reduced
        if any(share.order_line is one.order_line and share.assignment is one.assignment for share in shares)
    ]
    charged = {*db.session.scalars(select(InvoiceLine.charge_id)), *db.session.scalars(select(CreditDue.charge_id))}
    beside = [one.charged for one in charges_in(order) if one.id not in charged]
    prices = Money.total(share.order_line.price_of(share.quantity) for share in shares)
    return prices - Money.total(lowered) + Money.total(beside)


def without_gaps() -> None:
    """No series has a gap, and no payment reference stands on two documents."""
    rows = db.session.execute(select(InvoiceRecord.series, InvoiceRecord.number, InvoiceRecord.ocr)).all()
    for series in {one for one, _number, _ocr in rows}:
        numbers = sorted(number for one, number, _ocr in rows if one == series)
        assert numbers == list(range(FIRST_NUMBER, FIRST_NUMBER + len(numbers)))
    assert len({ocr for *_name, ocr in rows}) == len(rows)


def documents_about(made: Order) -> Sequence[InvoiceRecord]:
    """The invoices and credit notes on which something of an order stands."""
    on_them = InvoiceRecord.lines.any(InvoiceLine.order_id == made.id)
    return db.session.scalars(select(InvoiceRecord).where(on_them).order_by(InvoiceRecord.id)).all()


def sound(records: Sequence[InvoiceRecord]) -> None:
    """Each document is its lines, and no line gives back more than it charged."""
    credited: dict[int, Money] = {}
    for record in records:
        values = values_of(record)
        assert [line.net for line in record.lines] == [line.net for line in values.lines]
        assert (record.net, record.vat, record.gross) == (values.net, values.vat, values.gross)
        assert (record.name, record.ocr) == (values.name, values.payment_reference)
        assert record.is_credit_note == (record.credits is not None)
        for line in record.lines:
            if line.credits_line is not None:
                assert line.credits_line.invoice is record.credits
                before = credited.get(line.credits_line.id, NOUGHT)
                credited[line.credits_line.id] = before + line.net
                total, most = credited[line.credits_line.id], line.credits_line.net
                assert NOUGHT <= total <= most or most <= total <= NOUGHT


def left(record: InvoiceRecord) -> Money:
    """What can still be credited of an invoice."""
    return crediting.left_of(record).net
