"""The routing's reasons, kept with the order and read again years later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.db import db, plain, write_rows
from app.orders.models import Order, OrderLine
from app.orders.routing_models import RoutingDecision
from app.orders.routing_values import Demand, Policy, PolicyKind, Routing, Verdict

MOST_SHOWN = 20
"""So many sharings out of one order are shown, the last ones."""


def keep(
    order: Order, lines: Iterable[OrderLine], demands: Iterable[Demand], answer: Routing, *, by_hand: str, now: datetime
) -> None:
    """Keep why the lines went where they went; `by_hand` names the only member that staff wanted asked."""
    asked = {demand.line: demand for demand in demands}
    told = {"by_hand": by_hand, "lines": [_line(line, asked[line.id], answer) for line in lines]}
    write_rows(RoutingDecision, [{"order_id": order.id, "at": now, "told": told}])


def decisions(order: Order) -> Sequence[RoutingDecision]:
    """The last sharings out of an order, the newest first."""
    mine = select(RoutingDecision).where(RoutingDecision.order_id == order.id)
    return db.session.scalars(mine.order_by(RoutingDecision.id.desc()).limit(MOST_SHOWN)).all()


def rule(policy: Policy) -> str:
    """A policy in words."""
    names = {
        PolicyKind.FAIR: "rättvis tur, närmast först" if policy.near_first else "rättvis tur",
        PolicyKind.RANKED: "rangordning",
        PolicyKind.SHARES: "fasta andelar",
    }
    whose = f"avtal {policy.agreement}" if policy.agreement else "vår egen regel"
    closed = ", bara de som står i ordningen" if policy.only_listed else ""
    return f"{names[policy.kind]} enligt {whose}{closed}"


def _line(line: OrderLine, demand: Demand, answer: Routing) -> Mapping[str, Any]:
    return {
        "name": line.name,
        "unit": demand.unit,
        "quantity": str(plain(demand.quantity)),
        "left": str(plain(answer.unplaced[line.id])),
        "rule": rule(demand.policy),
        "candidates": [_candidate(one) for one in answer.verdicts[line.id]],
    }


def _candidate(one: Verdict) -> Mapping[str, str]:
    free = max(one.free, Decimal(0))
    return {"name": one.name, "free": str(plain(free)), "given": str(plain(one.given)), "words": one.words}
