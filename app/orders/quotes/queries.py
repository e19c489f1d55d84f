"""Reading quotes; one that is not the asker's is as good as not there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.catalog.models import Article, BundlePart
from app.customers.models import Customer
from app.db import db, holds
from app.errors import NotYours
from app.leaves import Leaf, counted, leaf
from app.orders.models import Order
from app.orders.quotes.models import Quote, QuoteLine, QuoteVersion
from app.orders.quotes.states import OPEN, TO_ANSWER, QuoteState

ROWS = 50
HEAPS = ("to_answer", "draft", "open", "expired", "accepted", "declined", "withdrawn", "all")


def quote_of(customer: Customer, number: int, *, lock: bool = False) -> Quote:
    """The customer's own quote. Raises NotYours."""
    return _found(_whole().where(Quote.number == number, Quote.customer == customer), lock=lock)


def quote_numbered(number: int, *, lock: bool = False) -> Quote:
    """Any quote, for staff and for a guest with the quote's own key. Raises NotYours."""
    return _found(_whole().where(Quote.number == number), lock=lock)


def quote_by_ticket(ticket: str) -> Quote | None:
    """The quote that a page has already made."""
    return db.session.scalar(select(Quote).where(Quote.ticket == ticket))


def to_remind(now: datetime) -> Sequence[int]:
    """The ids of versions whose customer is to be reminded by now."""
    query = select(QuoteVersion.id).where(QuoteVersion.remind_at <= now).order_by(QuoteVersion.remind_at)
    return db.session.scalars(query.limit(ROWS)).all()


def version_held(version_id: int) -> QuoteVersion:
    """One version, with its quote locked. Raises NotYours when there is none."""
    quote = _found(_whole().where(Quote.versions.any(QuoteVersion.id == version_id)), lock=True)
    return next(version for version in quote.versions if version.id == version_id)


def quotes_of(customer: Customer, number: int) -> Leaf[Quote]:
    """One page of the customer's quotes, newest first. What staff only write is not the customer's yet."""
    query = _listed().where(Quote.customer == customer, _for_customer())
    return leaf(query.order_by(Quote.number.desc()), number, ROWS)


def quotes_after(customer: Customer, number: int | None, *, limit: int) -> Sequence[Quote]:
    """The customer's quotes with their articles, newest first, from after the one with that number on."""
    query = _with_articles().where(Quote.customer_id == customer.id, _for_customer())
    if number is not None:
        query = query.where(Quote.number < number)
    return db.session.scalars(query.order_by(Quote.number.desc()).limit(limit)).all()


def guest_quotes(numbers: Collection[int]) -> Sequence[Quote]:
    """The quotes whose keys a guest has shown in this session, newest first."""
    if not numbers:
        return []
    query = _listed().where(Quote.number.in_(numbers), _for_customer())
    return db.session.scalars(query.order_by(Quote.number.desc()).limit(ROWS)).all()


def desk(heap: str, now: datetime, number: int, text: str = "") -> Leaf[Quote]:
    """One page of a heap of quotes for staff, newest first."""
    query = _heap(heap, now)
    if text:
        query = query.join(Quote.customer)
        numbered = Quote.number == int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
        query = query.where(holds(Customer.name, text) if numbered is None else numbered | holds(Customer.name, text))
    return leaf(query.order_by(Quote.number.desc()), number, ROWS)


def desk_counts(now: datetime) -> dict[str, int]:
    """How many quotes each heap holds that somebody must see to; counted only as far as a person would read."""
    return {heap: counted(_heap(heap, now).with_only_columns(Quote.id))[0] for heap in HEAPS[:4]}


def waiting_count() -> int:
    """How many customers wait for a quote from us."""
    return counted(select(Quote.id).where(Quote.state.in_(TO_ANSWER)))[0]


def order_quote(order: Order) -> Quote | None:
    """The quote that the order came of."""
    return db.session.scalar(select(Quote).where(Quote.order_id == order.id))


def _heap(heap: str, now: datetime) -> Select[Quote]:
    query, today = _listed(), clock.local_date(now)
    if heap == "to_answer":
        return query.where(Quote.state.in_(TO_ANSWER))
    valid = Quote.versions.any(QuoteVersion.sent_at.is_not(None) & (QuoteVersion.valid_to >= today))
    if heap == "open":
        return query.where(Quote.state.in_(OPEN), valid)
    if heap == "expired":
        return query.where(Quote.state.in_(OPEN), ~valid)
    return query.where(Quote.state == QuoteState(heap)) if heap in set(QuoteState) else query


def _for_customer() -> ColumnElement[bool]:
    """As `Quote.is_for_customer`."""
    return or_(Quote.wished_day.is_not(None), Quote.versions.any(QuoteVersion.sent_at.is_not(None)))


def _listed() -> Select[Quote]:
    versions = selectinload(Quote.versions).selectinload(QuoteVersion.lines)
    return select(Quote).options(joinedload(Quote.customer), versions)


def _whole() -> Select[Quote]:
    return _with_articles().options(selectinload(Quote.events))


def _with_articles() -> Select[Quote]:
    article = selectinload(Quote.versions).selectinload(QuoteVersion.lines).joinedload(QuoteLine.article)
    parts = article.selectinload(Article.parts).joinedload(BundlePart.article)
    return select(Quote).options(joinedload(Quote.customer), parts)


def _found(query: Select[Quote], *, lock: bool) -> Quote:
    if lock:
        query = query.with_for_update(of=Quote).execution_options(populate_existing=True)
    quote = db.session.scalar(query)
    if quote is None:
        raise NotYours
    return quote
