"""The entries and charges of orders by which members earn something, as rows to reckon with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from app.db import db
from app.money import NOUGHT, Money
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.states import ChargeKind
from app.orders.models import Order, OrderEntry, OrderEvent, OrderLine
from app.payments.payout_models import Payout, PayoutEntry
from app.payments.states import PayoutState
from app.vat import VatKey, key_of

_ORDER = (Order.id, Order.number, Order.customer_id, OrderEvent.at)
_CLAIM = (PayoutEntry.net, PayoutEntry.vat, Payout.state)
_LINE = (OrderLine.id, OrderLine.name, OrderLine.vat_class, OrderLine.article_id, OrderLine.agreement_id)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry or a charge by which a member earns something, or loses it, or by which what it made costs another."""

    event_id: int
    entry_id: int | None
    charge_id: int | None
    member_id: int
    charged: Money
    earned: Money
    name: str
    order_id: int
    order_number: int
    customer_id: int
    at: datetime
    line_id: int | None
    agreement_id: int | None
    key: VatKey
    is_supply: bool
    """Whether the day of the event is the day of supply; else it takes from an earlier one."""
    claimed: Money | None
    state: PayoutState | None

    @property
    def of_line(self) -> int | None:
        """The line to which it belongs; none for what is charged beside them, such as carrying."""
        return self.line_id if self.charge_id is None or not self.is_supply else None

    @property
    def place(self) -> tuple[int, int, int]:
        """When it happened, among all."""
        return self.event_id, self.entry_id or 0, self.charge_id or 0


def rows(of_entries: ColumnElement[bool], of_charges: ColumnElement[bool]) -> list[Row]:
    """Those entries and those charges, the oldest first. Two statements.

    What a member neither earns nor loses is among them where it costs the customer another sum: of what the member
    sells itself that is our commission.
    """
    found = [*_entries(_of_entries().where(of_entries)), *_charges(_of_charges().where(of_charges))]
    return sorted(found, key=lambda row: row.place)


def _of_entries() -> Select[*tuple[Any, ...]]:
    moves = or_(OrderEntry.earned != NOUGHT, OrderEntry.charged != NOUGHT)
    return (
        select(OrderEntry, *_ORDER, *_LINE, *_CLAIM)
        .join(OrderEntry.event)
        .join(OrderEvent.order)
        .join(OrderEntry.order_line)
        .outerjoin(PayoutEntry, PayoutEntry.entry_id == OrderEntry.id)
        .outerjoin(PayoutEntry.payout)
        .where(OrderEntry.member_id.is_not(None), moves)
    )


def _entries(query: Select[*tuple[Any, ...]]) -> Iterator[Row]:
    for entry, (name, vat_class, article), same in _found(query):
        yield Row(
            entry_id=entry.id,
            charge_id=None,
            name=name,
            key=key_of(vat_class, article),
            is_supply=bool(entry.delivered),
            **same,
        )


def _of_charges() -> Select[*tuple[Any, ...]]:
    moves = or_(OrderCharge.earned != NOUGHT, OrderCharge.charged != NOUGHT)
    return (
        select(OrderCharge, *_ORDER, *_LINE, *_CLAIM)
        .join(OrderCharge.event)
        .join(OrderEvent.order)
        .outerjoin(OrderCharge.order_line)
        .outerjoin(PayoutEntry, PayoutEntry.charge_id == OrderCharge.id)
        .outerjoin(PayoutEntry.payout)
        .where(OrderCharge.member_id.is_not(None), moves)
    )


def _charges(query: Select[*tuple[Any, ...]]) -> Iterator[Row]:
    for charge, (_name, _class, article), same in _found(query):
        back = charge.kind == ChargeKind.RETURNED and article is not None
        yield Row(
            entry_id=None,
            charge_id=charge.id,
            name=charge.name,
            key=key_of(charge.vat_class, article) if back else charge.vat_class,
            is_supply=not back,
            **same,
        )


def _found(query: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, tuple[Any, ...], dict[str, Any]]]:
    """Each entry or charge, its line's name, class and article, and what is the same of both kinds."""
    for one, order, number, customer, at, line, name, vat_class, article, agreement, *claim in db.session.execute(
        query
    ):
        same = {
            "event_id": one.event_id,
            "member_id": one.member_id,
            "charged": one.charged,
            "earned": one.earned,
            "order_id": order,
            "order_number": number,
            "customer_id": customer,
            "at": at,
            "line_id": line,
            "agreement_id": agreement,
            **_claimed(*claim),
        }
        yield one, (name, vat_class, article), same


def _claimed(net: Money | None, vat: Money | None, state: PayoutState | None) -> dict[str, Any]:
    return {"claimed": net + vat if net is not None and vat is not None else None, "state": state}
