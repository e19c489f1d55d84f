"""Who would make what waits for its batch: nobody is asked yet, but the customer is promised a way."""

from __future__ import annotations

from datetime import datetime

from app import clock
from app.orders import handing
from app.orders.delivery.loads import Hand, Part, batch_of
from app.orders.models import Order
from app.orders.routing import route
from app.orders.situation import read_situation


def expected(order: Order, *, now: datetime) -> dict[Hand, list[Part]]:
    """What waits, by the hands in which it would lie if its windows closed now. Nothing is written or locked."""
    waiting = [line for line in order.lines if line.waits_for_window and line.unassigned]
    if not waiting:
        return {}
    lines, days = {line.id: line for line in waiting}, [line.day for line in waiting]
    scene = read_situation(waiting, days=(min(days), max(days)), now=now, customers=[order.customer_id], lock=False)
    found: dict[Hand, list[Part]] = {}
    for stage in handing.stages(order, waiting, today=clock.local_date(now)):
        candidates = scene.candidates(stage, order)
        answer = route([scene.demand(line, line.unassigned) for line in stage.lines], candidates)
        scene.give(answer.shares, candidates, order, stage.day)
        for share in answer.shares:
            line = lines[share.line]
            found.setdefault((share.member, batch_of(line)), []).append((line, share.quantity))
    return found
