"""Price lists and groups for tests, made as staff make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app import clock
from app.catalog.indexing import reindex
from app.catalog.models import Article
from app.catalog.pricing import actions
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind
from app.catalog.versions import publish_article
from app.customers.groups import CustomerGroup, join_group, make_group
from app.customers.models import Customer
from app.db import db
from app.money import Money

TODAY = date(2026, 11, 23)
Steps = Sequence[tuple[int, int] | tuple[int, int, int]]
"""(from how many, price in öre) or with the agreed member price in öre."""


def make_list(kind: ListKind, rows: Mapping[Article, int | Steps], *, active: bool = True, **values: Any) -> PriceList:
    """A list from today on, in use; a price alone holds for any quantity."""
    group, customers = values.pop("group", None), values.pop("customers", ())
    fixed = {"name": f"Lista {kind.value}", "valid_from": TODAY}
    if kind == ListKind.FRAMEWORK:
        fixed["agreement"] = "INK 2026/114"
    if kind == ListKind.CAMPAIGN:
        fixed["valid_to"] = date(2026, 12, 6)
    now = clock.now()
    draft = actions.ListDraft(**{**fixed, **values})
    made = actions.create_list(kind, draft, group_id=group.id if group else None, customers=customers, by=None, now=now)
    for article, steps in rows.items():
        set_prices(made, article, steps)
    if active:
        actions.activate_list(made, by=None, now=now)
    db.session.commit()
    return made


def set_prices(price_list: PriceList, article: Article, steps: int | Steps) -> None:
    """What an article costs in a list from now on."""
    written = [(0, steps)] if isinstance(steps, int) else steps
    drafts = [
        actions.RowDraft(Decimal(least), Money(ore), *(Money(cost) for cost in agreed))
        for least, ore, *agreed in written
    ]
    actions.set_rows(price_list, article, drafts, by=None, now=clock.now())
    db.session.commit()


def make_housing(*customers: Customer) -> CustomerGroup:
    """The group of housing associations."""
    group = make_group("Bostadsrättsföreningar", "", by=None, now=clock.now())
    for customer in customers:
        join_group(group, customer, by=None, now=clock.now())
    return group


def publish(article: Article, price: Money | None = None) -> None:
    """The article is out and can be found from now on, at a new price when one is given."""
    if price is not None:
        article.price = price
    publish_article(article, by=None, now=clock.now())
    reindex(article)
    db.session.commit()
