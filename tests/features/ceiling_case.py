"""Fruit baskets under a ceiling of fifty of them, who calls them off, and fifty who do so at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import clock as app_clock
from app import orderflow
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.orders.agreements.models import Agreement
from app.orders.models import Order
from tests import make
from tests.agreement_case import DELIVERY, call_off, make_agreement
from tests.people import save

ORDERS, AT_ONCE = 50, 8


def furnish() -> Agreement:
    """Fruit baskets at 200 kr, and a ceiling of 10 000 kr: fifty baskets."""
    make.make_sales_company()
    member = make.make_ljungbacken()
    fruit = make.make_article()
    make.make_offering(fruit, member, capacity_per_week=Decimal(1000))
    make.make_user(member.email, member=member)
    make.make_user(make.VASTERHAMN["email"], customer=make.make_vasterhamn())
    make.make_user(make.NORDBYN["email"], customer=make.make_nordbyn())
    make.make_sam()
    return make_agreement({fruit: 20_000}, db.session.scalars(select(Customer)).all(), ceiling=10_000)


def customer(name: str) -> Customer:
    return db.session.scalars(select(Customer).where(Customer.name == name)).one()


def vasterhamn() -> Customer:
    return customer("Västerhamns kommun")


def sam() -> User:
    return db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()


def order(agreement: Agreement, quantity: int, **values: Any) -> Order:
    """Västerhamn, or another `customer`, orders so many baskets."""
    article = agreement.price_list.rows[0].article_id
    return call_off(article, quantity, values.pop("customer", None) or vasterhamn(), **values)


def fifty_at_once(app: Flask, agreement: Agreement) -> list[str]:
    """Fifty orders of three baskets each, eight at a time; says of each "ordered", or why it was refused."""
    article, whose = agreement.price_list.rows[0].article_id, vasterhamn().id

    def one(number: int) -> str:
        with app.app_context():
            values = {"customer": db.session.get_one(Customer, whose), "by": None, "now": app_clock.now()}
            act = partial(orderflow.checkout, {article: Decimal(3)}, DELIVERY, ticket=f"ticket-{number}", **values)
            return tried(act, "ordered")

    save()
    with ThreadPoolExecutor(AT_ONCE) as web:
        told = list(web.map(lambda number: Context().run(one, number), range(ORDERS)))
    db.session.rollback()
    return told


def tried(act: Callable[[], Any], done: str = "done") -> str:
    """Do it and save it; says that it is done, or why it was refused."""
    try:
        act()
        db.session.commit()
    except Refused as no:
        db.session.rollback()
        return str(no)
    return done
