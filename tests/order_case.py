"""An order that things happen to, and the sums that must hold whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app import clock, orderflow
from app.accounts.models import RoleName, User
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.invoicing.queries import invoices_of
from app.members.models import Member
from app.money import Money
from app.orders import ledger
from app.orders.cart import Delivery
from app.orders.change_queries import entries_of
from app.orders.models import Order
from tests import make
from tests.people import Visitor

NEXT_FRIDAY = date(2026, 12, 4)
DELIVERY = Delivery(NEXT_FRIDAY, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480", note="Ring på")
BUYER, FIA = "kontor@nordbyn.example", "fia@samklang.example"


def furnish() -> Article:
    """Ljungbacken and Rullande make fruit baskets, and Ljungbacken is asked first. Nordbyn buys, Sam is at the desk."""
    make.make_sales_company(phone="031-700 00 00")
    ljungbacken, rullande = make.make_ljungbacken(), make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.")
    fruit = make.make_article()
    make.make_offering(fruit, ljungbacken)
    make.make_offering(fruit, rullande, lead_days=1)
    for member in (ljungbacken, rullande):
        make.make_user(member.email, member=member)
    make.make_user(BUYER, customer=make.make_nordbyn())
    make.make_sam()
    return fruit


def member(slug: str) -> Member:
    """One of them."""
    return db.session.scalars(select(Member).where(Member.slug == slug)).one()


def order(cart: dict[int, Decimal], **other: Any) -> Order:
    """Nordbyn orders for Friday week."""
    customer = db.session.scalars(select(Customer).order_by(Customer.id)).first()
    user = db.session.scalars(select(User).where(User.email == BUYER)).one()
    ticket = f"ticket-{len(db.session.scalars(select(Order.id)).all())}"
    values = {"customer": customer, "ticket": ticket, "by": user, "now": clock.now(), **other}
    made = orderflow.checkout(cart, DELIVERY, **values)
    db.session.commit()
    return made


def invoiced(visit: Callable[[str], Visitor]) -> Order:
    """Ljungbacken has delivered six fruit baskets at 212 kr to Nordbyn, which is invoiced. Fia keeps the books."""
    made = order({furnish().id: Decimal(6)})
    make.make_sam(RoleName.FINANCE, email=FIA, name="Fia Exempel")
    for act in ("ja", "levererat"):
        visit(member("ljungbacken").email).post(f"/medlem/uppdrag/{made.assignments[0].id}/{act}")
    db.session.expire_all()
    return made


def parts(order: Order) -> list[tuple[str, str, Decimal]]:
    """Who has been asked, where it stands, and for how much."""
    db.session.expire_all()
    return [
        (one.member.slug, one.state.value, sum((line.quantity for line in one.lines), Decimal(0)))
        for one in order.assignments
    ]


def in_balance(order: Order) -> ledger.Account:
    """What the events add up to, after seeing that the rows say the same, line by line and member by member."""
    db.session.expire_all()
    entries = entries_of(order)
    accounts = ledger.by_line(entries)
    live = [(one, share) for one in order.assignments if one.is_live for share in one.lines]
    for line in order.lines:
        mine = [(one, share.quantity) for one, share in live if share.order_line_id == line.id]
        done = sum((quantity for one, quantity in mine if one.state == "delivered"), Decimal(0))
        coming = sum((quantity for one, quantity in mine if one.state != "delivered"), Decimal(0)) + line.unassigned
        seen = accounts[line.id]
        assert (seen.ordered, seen.called_off, seen.delivered) == (line.quantity, line.called_off, done)
        assert seen.to_come == coming >= 0
    return ledger.account(entries)


def the_invoice(order: Order) -> InvoiceRecord:
    """The only invoice on which something of the order stands."""
    db.session.expire_all()
    (found,) = invoices_of(order)
    return found


def sold_for(order: Order) -> Money:
    """What the delivered parts cost by the lines' own prices."""
    done = [share for one in order.assignments if one.state == "delivered" for share in one.lines]
    return Money.total(share.order_line.price_of(share.quantity) for share in done)
