"""THE STORY of a batch: its window closes, and all its orders go to members together - or it is called off and told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app import clock, jobs, orderflow
from app.accounts.models import User
from app.orders import actions as orders
from app.orders.models import Order, OrderLine
from app.orders.situation import read_situation
from app.orders.states import HELD
from app.orders.windows import actions as windows
from app.orders.windows import emails, queries
from app.orders.windows.models import OrderWindow, WindowState
from app.units import figure


@jobs.every_minute
def close_all(now: datetime) -> None:
    """Look for windows whose time is out, whenever that was; each is a job of its own."""
    for window_id in queries.to_close(now):
        jobs.enqueue(close_window, window_id=window_id)


@jobs.job
def close_window(window_id: int) -> None:
    """Run twice, it finds the window decided."""
    close(queries.window_with(window_id, lock=True), now=clock.now())


def close(window: OrderWindow, *, now: datetime) -> OrderWindow:
    """Decide a window whose time is out; the caller holds it, so that nobody orders in it meanwhile."""
    if window.state != WindowState.OPEN or window.closes_at > now:
        return window
    going_on = queries.hold_orders(window)
    ordered = sum(line.remaining for order in going_on for line in _lines(order, window))
    if not ordered:
        return windows.call_off(window, "Ingen beställde.", by=None, now=now)
    if ordered < window.least:
        why = f"Det behövdes minst {figure(window.least)}, och det blev {figure(ordered)}."
        return _call_off(window, going_on, why, by=None, now=now)
    return _send(window, going_on, now=now)


def call_off(window: OrderWindow, why: str, *, by: User, now: datetime) -> OrderWindow:
    """Staff call a batch off before it closes; the caller holds it. Raises Refused."""
    return _call_off(window, queries.hold_orders(window), why, by=by, now=now)


def _send(window: OrderWindow, going_on: Sequence[Order], *, now: datetime) -> OrderWindow:
    """Ask members for all of it in one routing run, in the order in which it was ordered.

    What the customer must approve or pay first follows when that is done.
    """
    windows.send(window, now=now)
    approved = [order for order in going_on if order.state not in HELD]
    lines = [line for order in approved for line in _lines(order, window)]
    day, customers = window.delivery_day, {order.customer_id for order in approved}
    scene = read_situation(lines, days=(day, day), now=now, customers=customers)
    for order in approved:
        orderflow.share_out(order, _lines(order, window), now=now, scene=scene)
    return window


def _call_off(
    window: OrderWindow, going_on: Sequence[Order], why: str, *, by: User | None, now: datetime
) -> OrderWindow:
    windows.call_off(window, why, by=by, now=now)
    for order in going_on:
        lines = [line for line in _lines(order, window) if line.unassigned]
        for line in lines:
            orders.call_off(line, f"{window.name}: {window.why}", by=by, now=now)
        if lines:
            emails.tell_called_off(order, lines, window, now=now)
            orderflow.see_to_parcels(order, now=now)
            orderflow.finish(order, now=now)
    return window


def _lines(order: Order, window: OrderWindow) -> list[OrderLine]:
    return [line for line in order.lines if line.window_id == window.id and line.remaining]
