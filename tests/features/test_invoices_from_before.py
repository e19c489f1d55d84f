"""Invoices issued before their lines were rows get them, so that nothing is charged again and all can be credited."""

from __future__ import annotations

from decimal import Decimal

import flask_migrate
import pytest
import sqlalchemy as sa

from app import adjustflow, complaintflow, deliveryflow, migrating, moneyflow, orderflow
from app import clock as app_clock
from app.accounts.models import User
from app.customers.models import InvoiceRhythm
from app.db import db
from app.invoicing.models import CreditDue, InvoiceLine, InvoiceRecord
from app.money import NOUGHT, Money
from app.orders.complaint_queries import delivered_in
from app.orders.complaints import Told
from app.orders.delivery.proofs import Shown
from app.orders.delivery.returns import returnable_in
from app.orders.models import Order
from tests.money_case import credit_notes, documents, furnish_money, sell_as, signed, worth
from tests.order_case import NEXT_FRIDAY, order

pytestmark = [pytest.mark.both, pytest.mark.usefixtures("own_tables")]

CLAIMS = (
    *(InvoiceLine.place, InvoiceLine.order_line_id, InvoiceLine.net, InvoiceLine.assignment_line_id),
    *(InvoiceLine.complaint_id, InvoiceLine.charge_id),
)


def sam() -> User:
    return db.session.scalars(sa.select(User).where(User.email == "sam@samklang.example")).one()


def lower(made: Order, amount: int) -> None:
    part = delivered_in(made)[0]
    complaint = complaintflow.complain(part, Told(Decimal(1), "Fel"), by=sam(), now=app_clock.now())
    complaintflow.make_cheaper(complaint, Money(amount), "Billigare", borne=NOUGHT, by=sam(), now=app_clock.now())


def invoiced() -> Order:
    """Delivered in two parts with a reduction, a return and a fee; another reduction and a return came afterwards."""
    articles = furnish_money()
    sell_as(InvoiceRhythm.ORDER)
    made = order({articles["fruit"].id: Decimal(4), articles["apples"].id: Decimal(3)})
    for one in list(made.assignments):
        orderflow.accept(one, {}, by=sam(), now=app_clock.now())
    (whole,) = made.assignments
    some = {whole.lines[0].id: Decimal(2)}
    adjustflow.deliver_part(whole, some, NEXT_FRIDAY, Shown(), by=sam(), now=app_clock.now())
    lower(made, 5000)
    orderflow.deliver(whole, by=sam(), now=app_clock.now())
    lower(made, 2500)
    back = deliveryflow.send_back(returnable_in(made)[0], Decimal(1), "Över", by=sam(), now=app_clock.now())
    deliveryflow.receive(back, Decimal(1), "", by=sam(), now=app_clock.now())
    db.session.commit()
    return made


def claims() -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(sa.select(*CLAIMS).order_by(InvoiceLine.invoice_id, *CLAIMS))]


def dues() -> list[tuple[object, ...]]:
    query = sa.select(CreditDue.id, InvoiceLine.place, CreditDue.charge_id).join(CreditDue.line)
    return [tuple(row) for row in db.session.execute(query.order_by(CreditDue.id))]


def test_their_lines_claim_what_they_charged(app):
    made = invoiced()
    before, owed, number = claims(), dues(), documents()[0].number
    assert any(row[4] for row in before), "a complaint is among what it claims"
    db.session.commit()
    migrating.prepare()
    flask_migrate.downgrade(revision="0045")
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE credit_due SET line_id = NULL"))
        connection.execute(sa.text("DELETE FROM invoice_line"))
    flask_migrate.upgrade()
    db.session.expire_all()
    assert claims() == before
    assert dues() == owed
    assert db.session.scalars(sa.select(InvoiceRecord.ocr)).all() == ["1000173"]
    assert number == 10001
    made = db.session.get_one(Order, made.id)
    assert moneyflow.invoice(made, now=app_clock.now()) == [], "nothing of it is charged again"
    moneyflow.credit_dues(documents()[0], by=sam(), now=app_clock.now())
    assert [one.net for one in credit_notes()] == [Money(2500) + Money(21200)]
    assert signed(made) == worth(made)
