"""Loads the demonstration's groups of customers and price lists."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import clock
from app.catalog.models import Article
from app.catalog.pricing import actions
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind
from app.customers.groups import CustomerGroup, join_group, make_group
from app.customers.models import Customer
from app.db import db
from app.money import Money

FILE = Path(__file__).parent / "prices.toml"

Entry = dict[str, Any]


def load_prices(now: datetime) -> None:
    """Load the groups and lists that are missing, by name. Articles and customers are there already."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for entry in data["group"]:
        if db.session.scalar(select(CustomerGroup.id).where(CustomerGroup.name == entry["name"])) is None:
            group = make_group(entry["name"], entry["note"], by=None, now=now)
            for customer in _customers(entry["customers"]):
                join_group(group, customer, by=None, now=now)
    for entry in data["list"]:
        if db.session.scalar(select(PriceList.id).where(PriceList.name == entry["name"])) is None:
            _list(entry, now + timedelta(days=entry["begins"]), now)


def _list(entry: Entry, then: datetime, now: datetime) -> None:
    """A list as it was made on its first day."""
    last = now + timedelta(days=entry["ends"]) if "ends" in entry else None
    draft = actions.ListDraft(
        name=entry["name"],
        valid_from=clock.local_date(then),
        valid_to=clock.local_date(last) if last else None,
        agreement=entry.get("agreement", ""),
        only_listed=entry.get("only_listed", False),
        note=entry["note"],
    )
    group_id = db.session.scalar(select(CustomerGroup.id).where(CustomerGroup.name == entry.get("group")))
    made = actions.create_list(
        ListKind(entry["kind"]),
        draft,
        group_id=group_id,
        customers=_customers(entry.get("customers", [])),
        by=None,
        now=then,
    )
    steps: dict[str, list[actions.RowDraft]] = {}
    for number, quantity, price, cost in entry["rows"]:
        step = actions.RowDraft(Decimal(quantity), Money.kronor(price), Money.kronor(cost) if cost else None)
        steps.setdefault(number, []).append(step)
    for number, drafts in steps.items():
        article = db.session.scalars(select(Article).where(Article.number == number)).one()
        actions.set_rows(made, article, drafts, by=None, now=then)
    actions.activate_list(made, by=None, now=then)


def _customers(names: list[str]) -> list[Customer]:
    return [db.session.scalars(select(Customer).where(Customer.name == name)).one() for name in names]
