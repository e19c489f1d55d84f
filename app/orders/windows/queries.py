"""Reading order windows: one, lists of them, how far each is, and which are to be closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import Article
from app.db import QuantityColumn, db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.orders.models import Order, OrderLine
from app.orders.windows.models import BatchArticle, OrderWindow, WindowState

PAGE = 50
MOST_ORDERS = 200
NONE = Decimal(0)


def window_with(window_id: int, *, lock: bool = False) -> OrderWindow:
    """One window. Raises NotYours when there is none. Locked, nobody gets into it meanwhile."""
    query = _whole().where(OrderWindow.id == window_id)
    if lock:
        query = query.with_for_update(of=OrderWindow).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def page(number: int) -> Leaf[OrderWindow]:
    """All windows: those that are not decided first, by when they close."""
    undecided = OrderWindow.state != WindowState.OPEN
    return leaf(_whole().order_by(undecided, OrderWindow.closes_at.desc(), OrderWindow.id), number, PAGE)


def ordered(windows: Collection[OrderWindow]) -> dict[int, tuple[Decimal, int]]:
    """How much has been ordered in each window, and in how many orders, by id."""
    amount = func.sum(OrderLine.quantity - OrderLine.called_off, type_=QuantityColumn())
    query = (
        select(OrderLine.window_id, amount, func.count(func.distinct(OrderLine.order_id)))
        .where(OrderLine.window_id.in_([one.id for one in windows]), OrderLine.called_off < OrderLine.quantity)
        .group_by(OrderLine.window_id)
    )
    found = {window: (quantity, count) for window, quantity, count in db.session.execute(query)}
    return {one.id: found.get(one.id, (NONE, 0)) for one in windows}


def lines_in(window: OrderWindow, most: int = MOST_ORDERS) -> Sequence[OrderLine]:
    """What has been ordered in a window, in the order in which it was."""
    query = select(OrderLine).where(OrderLine.window_id == window.id).order_by(OrderLine.id).limit(most)
    return db.session.scalars(query.options(joinedload(OrderLine.order).joinedload(Order.customer))).all()


def hold_orders(window: OrderWindow) -> Sequence[Order]:
    """The orders in a window, oldest first, each locked with its lines."""
    mine = select(OrderLine.order_id).where(OrderLine.window_id == window.id)
    query = (
        select(Order)
        .where(Order.id.in_(mine))
        .order_by(Order.id)
        .options(joinedload(Order.customer), selectinload(Order.lines), selectinload(Order.bundles))
        .options(selectinload(Order.assignments), selectinload(Order.events))
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def to_close(now: datetime) -> Sequence[int]:
    """The ids of windows whose time is out and that nobody has decided."""
    over = (OrderWindow.state == WindowState.OPEN, OrderWindow.closes_at <= now)
    return db.session.scalars(select(OrderWindow.id).where(*over).order_by(OrderWindow.closes_at).limit(PAGE)).all()


def windows_of(article: Article) -> Sequence[OrderWindow]:
    """The windows of an article that are not decided yet."""
    query = select(OrderWindow).where(OrderWindow.articles.any(Article.id == article.id))
    return db.session.scalars(query.where(OrderWindow.state == WindowState.OPEN).order_by(OrderWindow.opens_at)).all()


def is_made_in_batches(article: Article) -> bool:
    """Whether it can be ordered in windows only."""
    return db.session.get(BatchArticle, article.id) is not None


def _whole() -> Select[OrderWindow]:
    return select(OrderWindow).options(selectinload(OrderWindow.articles))
