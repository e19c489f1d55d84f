"""A framework agreement for tests: Västerhamn and Nordbyn may call off fruit baskets at 200 kr under a ceiling."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app import clock, orderflow
from app.catalog.models import Article
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.money import NOUGHT, Money
from app.orders.agreements.models import Agreement, AgreementList, CallOff
from app.orders.cart import Delivery
from app.orders.models import Order
from tests.price_lists import TODAY, make_list

NUMBER = "INK 2026/114"
DELIVERY = Delivery(date(2026, 12, 4), "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480", "Kim", "4711")


def make_agreement(
    prices: dict[Article, int], customers: list[Customer], *, ceiling: int = 100_000, **values: Any
) -> Agreement:
    """An agreement of two years with its price list in use; prices in öre, the ceiling in kronor."""
    price_list = make_list(
        ListKind.FRAMEWORK, prices, customers=customers, valid_to=date(2028, 11, 22), agreement=NUMBER
    )
    return agreement_with(price_list, ceiling=ceiling, **values)


def agreement_with(price_list: PriceList, *, ceiling: int = 100_000, **values: Any) -> Agreement:
    """An agreement on a price list that is there."""
    fixed = {
        "number": price_list.agreement,
        "name": "Fruktkorgar",
        "buyer_name": "Västerhamns kommun",
        "first_day": TODAY,
        "last_day": date(2028, 11, 22),
        "made_at": clock.now(),
        "made_by": "Sam",
    }
    made = Agreement(price_list=price_list, ceiling=Money.kronor(ceiling), **{**fixed, **values})
    db.session.add(made)
    db.session.flush()
    db.session.add(AgreementList(agreement_id=made.id, price_list_id=price_list.id))
    db.session.commit()
    return made


def call_off(article_id: int, quantity: int, customer: Customer, **values: Any) -> Order:
    """The customer orders from the agreement."""
    ticket = f"ticket-{db.session.scalar(select(func.count()).select_from(Order))}"
    fixed = {"customer": customer, "ticket": ticket, "by": None, "now": clock.now()}
    delivery = values.pop("delivery", DELIVERY)
    made = orderflow.checkout({article_id: Decimal(quantity)}, delivery, **{**fixed, **values})
    db.session.commit()
    return made


def counted(agreement: Agreement) -> Money:
    """What counts against the ceiling, after seeing that the sum is that of the call-offs, and theirs of the lines."""
    db.session.expire_all()
    rows = db.session.scalars(select(CallOff).where(CallOff.agreement_id == agreement.id)).all()
    for row in rows:
        assert row.counted == max(row.order_line.net - row.credited, NOUGHT) + (row.fees or NOUGHT)
    assert Money.total(row.counted for row in rows) == agreement.called_off <= agreement.ceiling
    return agreement.called_off
