"""The catalogue and the price list as rows, read a thousand at a time, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app import units
from app.catalog import bundles
from app.catalog.drafts import NOTHING, draft_of, margin
from app.catalog.imports import loading as import_loading
from app.catalog.imports.columns import COLUMNS
from app.catalog.imports.values import Lists
from app.catalog.models import ApprovalState, Article, BundlePart, Offering
from app.db import db
from app.members.models import Member
from app.money import Money
from app.spreadsheets.writing import Value

BATCH = 1000
OF_DRAFT = tuple(column for column in COLUMNS if column.key in Article.__mapper__.columns)
"""The columns that an article has by itself."""
PRICE_LIST = [
    "Artikelnummer",
    "Namn",
    "Enhet",
    "Momsklass",
    "Pris exkl. moms",
    "Pris inkl. moms",
    "Medlem",
    "Medlemspris exkl. moms",
    "Påslag",
    "Påslag i procent",
]


def headings(state: ApprovalState) -> list[str]:
    """What stands above the catalogue's columns: nobody has set the price of what is only proposed."""
    price = "Föreslaget pris exkl. moms" if state is ApprovalState.PROPOSED else "Pris exkl. moms"
    return ["Artikelnummer", *(c.heading for c in OF_DRAFT if c.key != "number"), price, "Medlemmar"]


class Paid(NamedTuple):
    """What a member is paid for a unit, without VAT."""

    member: str
    price: Money


def count(state: ApprovalState) -> int:
    """How many articles there are in a state."""
    return db.session.scalar(select(func.count()).select_from(Article).where(Article.state == state)) or 0


def price_count() -> int:
    """How many rows the price list has."""
    paid = Offering.state == ApprovalState.APPROVED
    query = select(func.count()).select_from(Article).outerjoin(Offering, (Offering.article_id == Article.id) & paid)
    return db.session.scalar(query.where(Article.state == ApprovalState.APPROVED)) or 0


def catalogue(state: ApprovalState) -> Iterator[list[Value]]:
    """All articles in a state by number, with all that is written about them."""
    lists = import_loading.lists()
    for batch in _batches(state):
        makers = _makers([article.id for article in batch])
        for article in batch:
            yield _article(article, lists, makers.get(article.id, 0))


def price_list(day: date) -> Iterator[list[Value]]:
    """What is sold, at the standard price on a day, and beside it what each member is paid; for staff only.

    One row for each member that makes the article; one without a member where nobody does.
    """
    lists = import_loading.lists()
    for batch in _batches(ApprovalState.APPROVED):
        makers = paid([article.id for article in batch])
        for article in batch:
            start: list[Value] = [article.number, article.name, unit_of(article), lists.vat_classes[article.vat_class]]
            start += [article.price, bundles.shown(article, article.price, day)]
            for one in makers.get(article.id, ()):
                left = margin(article.price, one.price)
                yield [*start, one.member, one.price, left.amount, left.percent]
            if article.id not in makers:
                yield [*start, None, None, None, None]


def _batches(state: ApprovalState) -> Iterator[list[Article]]:
    """By number, the session forgets what nobody holds, so the memory does not grow with the catalogue."""
    last = ""
    while batch := list(db.session.scalars(_following(state, last))):
        last = batch[-1].number
        yield batch


def _following(state: ApprovalState, last: str) -> Select[Article]:
    query = select(Article).where(Article.state == state, Article.number > last).order_by(Article.number)
    return query.options(selectinload(Article.parts).joinedload(BundlePart.article)).limit(BATCH)


def _article(article: Article, lists: Lists, makers: int) -> list[Value]:
    draft = draft_of(article)
    cells: list[Value] = [article.number]
    for column in OF_DRAFT:
        if column.key != "number":
            value = getattr(draft, column.key)
            cells.append(None if value is None or value == NOTHING else column.write(value, lists))
    return [*cells, article.price, makers]


def unit_of(article: Article) -> str:
    """What one is called in a list."""
    return article.unit_text or units.UNITS[article.unit].name_sv


def _makers(ids: list[int]) -> dict[int, int]:
    approved = (Offering.article_id.in_(ids), Offering.state == ApprovalState.APPROVED)
    query = select(Offering.article_id, func.count().label("makers")).where(*approved).group_by(Offering.article_id)
    parts = (BundlePart.bundle_id.in_(ids), Offering.state == ApprovalState.APPROVED)
    of_bundles = (
        select(BundlePart.bundle_id, func.count(Offering.member_id.distinct()))
        .join(Offering, Offering.article_id == BundlePart.article_id)
        .where(*parts)
        .group_by(BundlePart.bundle_id)
    )
    return {article_id: makers for one in (query, of_bundles) for article_id, makers in db.session.execute(one)}


def paid(ids: Collection[int]) -> dict[int, list[Paid]]:
    """What each member that makes the articles is paid, the cheapest first. One statement."""
    approved = (Offering.article_id.in_(ids), Offering.state == ApprovalState.APPROVED)
    columns = select(Offering.article_id, Member.name, Offering.member_price)
    query = columns.join(Member, Member.id == Offering.member_id).where(*approved)
    found: dict[int, list[Paid]] = {}
    for article_id, name, price in db.session.execute(query.order_by(Offering.member_price, Offering.id)):
        found.setdefault(article_id, []).append(Paid(name, price))
    return found
