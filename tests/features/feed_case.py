"""The feed as another system reads it, with a fruit basket that says all an article can."""

from __future__ import annotations

import json
from decimal import Decimal

import jsonschema

from app import clock as app_clock
from app.catalog import indexing
from app.catalog.kinds import Withdrawal
from app.catalog.versions import publish_article
from app.db import db
from app.money import Money
from config import ROOT
from tests import make

SCHEMA = json.loads((ROOT / "docs" / "feed.schema.json").read_text(encoding="utf-8"))
FORM = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def read(visitor, address="/katalog.json"):
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    document = json.loads(answer.data)
    FORM.validate(document)
    return document


def everything(visitor, address="/katalog.json"):
    """All pages from an address on: articles and those removed."""
    articles, removed = [], []
    while address:
        page = read(visitor, address)
        articles += page["articles"]
        removed += page["removed"]
        address = page["next"]
    return articles, removed


def price_of(visitor) -> int:
    return read(visitor)["articles"][0]["price"]["ore"]


def changed(visitor, since: int | str) -> list[str]:
    return [one["number"] for one in everything(visitor, f"/katalog.json?changed_since={since}")[0]]


def feed_day():
    return app_clock.local_date(app_clock.now())


def make_basket(now):
    """Everything that an article can say, and who makes it."""
    make.make_sales_company()
    member = make.make_ljungbacken(contact_name="Lena Hemlig", phone="031-99 99 99", email="lena@hemlig.example")
    article = make.make_article(
        number="FRU-001",
        slug="fruktkorg",
        content=Decimal(5),
        content_unit="KGM",
        allergens=["milk"],
        ingredients="Frukt",
        min_quantity=Decimal(2),
        pack_size=Decimal("0.5"),
        withdrawal=Withdrawal.PERISHABLE,
        deposit=Money(6000),
        cpv="03222000-3",
    )
    make.make_offering(article, member, member_price=Money(19991), capacity_per_week=Decimal(737))
    make.make_offering(article, make.make_rena_rum(), municipalities=[make.BORAS], lead_days=4)
    publish_article(article, by=None, now=now)
    indexing.reindex(article)
    db.session.commit()
    return article
