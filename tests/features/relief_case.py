"""A house that cleans homes: what tests of the deduction begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from app import clock, orderflow
from app.accounts.models import RoleName, User
from app.catalog.kinds import ArticleKind
from app.db import db
from app.household.models import ReliefAsk
from app.orders.models import Order
from app.orders.states import AssignmentState
from app.vat import VatClass
from tests import make
from tests.tax_persons import TOLVAN, number

FRIDAY = date(2026, 11, 27)
OTHER = number()
FIA = "fia@samklang.example"
WHERE = {
    "name": "Ingrid Exempel", "email": "ingrid@exempel.example", "day": FRIDAY.isoformat(), "recipient": "Ingrid",
    "street": "Hemgatan 3", "postcode": "411 03", "city": "Göteborg", "municipality": "1480",
}  # fmt: skip


def furnish() -> dict[str, int]:
    """A cleaning at 400 kr an hour, a washing at 600 kr, a painting at 500 kr an hour, and fruit."""
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    member = make.make_rena_rum()
    work = {"vat_class": VatClass.STANDARD, "unit": "HUR", "kind": ArticleKind.TIMED_SERVICE}
    made = {
        "cleaning": make.make_article("Hemstäd", price=make.Money.kronor(400), rut=True, **work),
        "washing": make.make_article(
            "Tvätt på tvätteri", price=make.Money.kronor(600), rut=True,
            **{**work, "unit": "C62", "kind": ArticleKind.MEASURED_SERVICE},
        ),
        "painting": make.make_article("Målning", price=make.Money.kronor(500), **work),
        "fruit": make.make_article("Fruktkorg"),
    }  # fmt: skip
    made["cleaning"].work, made["cleaning"].labour_percent = "cleaning", 100
    made["washing"].work, made["washing"].labour_percent = "laundry", 50
    made["painting"].work, made["painting"].labour_percent = "painting", 80
    for article in made.values():
        make.make_offering(article, member)
    make.make_user(member.email, member=member)
    make.make_sam(RoleName.FINANCE, email=FIA, name="Fia Exempel")
    db.session.commit()
    return {name: article.id for name, article in made.items()}


def fill(browser: Any, town: dict[str, int], **quantities: str) -> None:
    """Put things into the basket."""
    for name, quantity in quantities.items():
        answer = browser.post("/varukorg/lagg-i", data={"article": town[name], "quantity": quantity})
        assert answer.status_code == 303


def wish(town: dict[str, int], *lines: str, **changed: str) -> dict[str, Any]:
    """What somebody types who asks for the deduction."""
    ids = [str(town[name]) for name in lines]
    return {**WHERE, "relief_lines": ids, "person": TOLVAN, "living": "y", "consent": "", **changed}


def the_order() -> Order:
    """The only one."""
    db.session.expire_all()
    return db.session.scalars(select(Order)).one()


def the_ask() -> ReliefAsk:
    """The only one."""
    db.session.expire_all()
    return db.session.scalars(select(ReliefAsk)).one()


def deliver(order: Order) -> None:
    """All members accept and deliver."""
    by = db.session.scalars(select(User)).first()
    for assignment in order.assignments:
        if assignment.state == AssignmentState.OFFERED:
            whole = {line.id: line.offered for line in assignment.lines}
            orderflow.accept(assignment, whole, by=by, now=clock.now())
        orderflow.deliver(assignment, by=by, now=clock.now())
    db.session.commit()
