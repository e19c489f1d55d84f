"""How what is ordered gets into its batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.db import db, several
from app.errors import Refused
from app.formats import moment
from app.orders.models import OrderLine
from app.orders.windows.models import BatchArticle, OrderWindow, WindowArticle, WindowState


@dataclass(frozen=True, slots=True)
class Batch:
    """An article that is made in batches: the window that is open, or the next to open."""

    open: OrderWindow | None = None
    next: OrderWindow | None = None


def batches(article_ids: Collection[int], now: datetime, *, hold: bool = False) -> dict[int, Batch]:
    """Of some articles those that are made in batches, by id. Held, no window closes until the transaction ends."""
    in_batches = set(db.session.scalars(_IN_BATCHES, {"articles": list(article_ids)}))
    if not in_batches:
        return {}
    query = (
        select(WindowArticle.article_id, OrderWindow)
        .join(OrderWindow, OrderWindow.id == WindowArticle.window_id)
        .where(WindowArticle.article_id.in_(in_batches), OrderWindow.state == WindowState.OPEN)
        .where(OrderWindow.closes_at > now)
        .order_by(OrderWindow.opens_at.desc())
    )
    if hold:
        query = query.with_for_update(read=True, of=OrderWindow).execution_options(populate_existing=True)
    found = {article: Batch() for article in in_batches}
    for article, window in db.session.execute(query):
        one = found[article]
        found[article] = Batch(window, one.next) if window.is_open(now) else Batch(one.open, window)
    return found


_IN_BATCHES = select(BatchArticle.article_id).where(BatchArticle.article_id.in_(several("articles")))
"""Put together once: each order asks it."""


def join(lines: Sequence[OrderLine], day: date, now: datetime) -> date:
    """Put the lines of articles made in batches into their open windows; returns the day of delivery of the order.

    That is the day asked for, or the batch's where everything is made in batches. Raises Refused when no window is
    open.
    """
    alone = [line for line in lines if line.bundle is None]
    found = batches({line.article_id for line in alone}, now, hold=True)
    in_windows = [(line, _window(line.name, found[line.article_id])) for line in alone if line.article_id in found]
    if in_windows and len(in_windows) == len(lines):
        day = max(window.delivery_day for _line, window in in_windows)
    for line, window in in_windows:
        line.window = window
        line.due_on = None if window.delivery_day == day else window.delivery_day
    return day


def _window(name: str, batch: Batch) -> OrderWindow:
    if batch.open is not None:
        return batch.open
    when = f"Nästa omgång öppnar {moment(batch.next.opens_at)}." if batch.next else "Ingen ny omgång är planerad än."
    raise Refused(f"{name} görs i omgångar och går inte att beställa just nu. {when}")
