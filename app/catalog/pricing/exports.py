"""A price list as rows to keep and to count on: for staff only, because what members are paid stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.catalog import bundles, exports
from app.catalog.drafts import margin
from app.catalog.exports import Paid
from app.catalog.imports import loading as import_loading
from app.catalog.imports.values import Lists
from app.catalog.models import ApprovalState, Article, BundlePart, Offering
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import OPEN, ListKind
from app.db import db
from app.money import Money
from app.spreadsheets.writing import Value

BATCH = 1000
"""Rows that are read at a time."""
MOST_NAMED = 8
"""More customers than so many are told as a number."""
HEADINGS = [
    *("Artikelnummer", "Namn", "Enhet", "Momsklass", "Från antal", "Pris exkl. moms", "Pris inkl. moms"),
    *("Gäller för", "Gäller från", "Gäller till", "Standardpris exkl. moms"),
    *("Medlem", "Medlemspris exkl. moms", "Medlemspris enligt", "Påslag", "Påslag i procent"),
]


def count(price_list: PriceList) -> int:
    """How many rows the list has as a table. One statement."""
    made = (Offering.article_id == PriceRow.article_id) & (Offering.state == ApprovalState.APPROVED)
    query = select(func.count()).select_from(PriceRow).outerjoin(Offering, made)
    return db.session.scalar(query.where(*_holding(price_list))) or 0


def rows(price_list: PriceList, day: date) -> Iterator[list[Value]]:
    """All that stands in a list now, by article number and quantity, with VAT as of a day of supply.

    One row for each step and member that makes the article; one without a member where nobody does. One statement,
    and four for each batch: the memory does not grow with the list.
    """
    lists = import_loading.lists()
    whom: list[Value] = [audience(price_list), price_list.valid_from, last_day(price_list)]
    for batch in _batches(price_list):
        ids = {row.article_id for row in batch}
        articles, paid = _articles(ids), exports.paid(ids)
        for row in batch:
            article = articles[row.article_id]
            start = _start(article, row, lists, day)
            for end in _ends(row, paid.get(article.id, [])):
                yield [*start, *whom, article.price, *end]


def audience(price_list: PriceList) -> str:
    """For whom a list is, in Swedish."""
    if price_list.kind in OPEN:
        return "Alla"
    if price_list.group is not None:
        return f"Gruppen {price_list.group.name}"
    names = [one.name for one in price_list.customers]
    whom = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} kunder"
    if price_list.kind == ListKind.FRAMEWORK:
        return f"Ramavtal {price_list.agreement}" + (f": {whom}" if whom else "")
    return whom


def last_day(price_list: PriceList) -> date | None:
    """The last day on which a list holds or held; None when it has none."""
    return min((day for day in (price_list.valid_to, price_list.ended_on) if day is not None), default=None)


def _holding(price_list: PriceList) -> tuple[Any, ...]:
    return PriceRow.price_list_id == price_list.id, PriceRow.gone_at.is_(None)


def _batches(price_list: PriceList) -> Iterator[Sequence[Any]]:
    """Read from one open cursor, so that the database sorts the list once and not for every batch."""
    query = (
        select(PriceRow.article_id, PriceRow.min_quantity, PriceRow.price, PriceRow.member_price)
        .join(Article, Article.id == PriceRow.article_id)
        .where(*_holding(price_list))
        .order_by(Article.number, PriceRow.min_quantity)
    )
    yield from db.session.execute(query.execution_options(yield_per=BATCH)).partitions()


def _articles(ids: set[int]) -> dict[int, Article]:
    parts = selectinload(Article.parts).joinedload(BundlePart.article)
    query = select(Article).where(Article.id.in_(ids)).options(parts)
    return {article.id: article for article in db.session.scalars(query)}


def _start(article: Article, row: Any, lists: Lists, day: date) -> list[Value]:
    named: list[Value] = [article.number, article.name, exports.unit_of(article), lists.vat_classes[article.vat_class]]
    return [*named, row.min_quantity or None, row.price, bundles.shown(article, row.price, day)]


def _ends(row: Any, paid: Sequence[Paid]) -> Iterator[list[Value]]:
    """Who makes it and what that leaves: what is agreed for the list, else what each member is usually paid."""
    for one in paid:
        agreed = row.member_price is not None
        yield [one.member, *_cost(row.price, row.member_price if agreed else one.price, agreed=agreed)]
    if not paid:
        yield [None, *_cost(row.price, row.member_price, agreed=True)]


def _cost(price: Money, cost: Money | None, *, agreed: bool) -> list[Value]:
    if cost is None:
        return [None, None, None, None]
    left = margin(price, cost)
    return [cost, "avtal för listan" if agreed else "erbjudandet", left.amount, left.percent]
