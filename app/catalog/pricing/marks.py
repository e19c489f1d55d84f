"""Tells those who copy our catalogue when everybody's prices change: by an act, or because a day has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, or_, select

from app import clock, jobs
from app.catalog import edition_marks
from app.catalog.edition_models import ArticleChange
from app.catalog.editions import new_edition
from app.catalog.models import Article
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import OPEN, ListState
from app.db import db

BACK = timedelta(days=7)
"""So long may all workers have been away, and still each list's beginning and end is told when they are back."""


def follow(price_list: PriceList, article_id: int | None = None, *, now: datetime) -> None:
    """Make a new edition after an act on a list, or just before one that ends it.

    All its articles, or the one that was priced, count as changed when everybody can get the list's prices today.
    """
    db.session.flush()
    new_edition()
    if _is_open(price_list, clock.local_date(now)):
        edition_marks.mark(_in_list(price_list.id) if article_id is None else Article.id == article_id)


@jobs.every_minute
def a_day_has_come(now: datetime) -> None:
    """Lists for everybody begin and end by themselves at midnight: then their articles cost something else.

    What has been marked since that midnight is not marked again, so it may run as often as it likes.
    """
    for list_id, day in _turned(clock.local_date(now)):
        which = _untold(list_id, datetime.combine(day, time(), clock.SWEDEN))
        if db.session.scalar(select(Article.id).where(which).limit(1)) is not None:
            new_edition()
            edition_marks.mark(which)


def _is_open(price_list: PriceList, day: date) -> bool:
    """Whether everybody can get the list's prices on a day."""
    begun = price_list.kind in OPEN and price_list.state == ListState.ACTIVE and price_list.valid_from <= day
    return begun and (price_list.valid_to is None or day <= price_list.valid_to)


def _turned(today: date) -> Iterator[tuple[int, date]]:
    """The lists for everybody that have begun or ended lately, each with the first day on which prices were others."""
    lately = PriceList.valid_from.between(today - BACK, today)
    over = PriceList.valid_to.between(today - BACK - timedelta(days=1), today - timedelta(days=1))
    query = select(PriceList.id, PriceList.valid_from, PriceList.valid_to).where(
        PriceList.kind.in_(OPEN), PriceList.state == ListState.ACTIVE, or_(lately, over)
    )
    for list_id, first, last in db.session.execute(query.order_by(PriceList.id)).all():
        after = last + timedelta(days=1) if last else None
        yield from ((list_id, day) for day in (first, after) if day and today - BACK <= day <= today)


def _in_list(list_id: int) -> ColumnElement[bool]:
    rows = select(PriceRow.article_id).where(PriceRow.price_list_id == list_id, PriceRow.gone_at.is_(None))
    return Article.id.in_(rows)


def _untold(list_id: int, since: datetime) -> ColumnElement[bool]:
    """The list's articles that have not been told of as changed since a moment."""
    told = select(ArticleChange.article_id).where(
        ArticleChange.article_id == Article.id, ArticleChange.changed_at >= since
    )
    return _in_list(list_id) & ~told.exists()
