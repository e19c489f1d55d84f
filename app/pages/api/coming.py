"""How an order comes and what that costs: what a system may wish, what it takes for the sum, and what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.catalog.facets import vat_rules
from app.errors import Refused
from app.money import Money
from app.orders.approvals.queries import approval_of
from app.orders.delivery.models import Parcel
from app.orders.delivery.queries import Extra, extras_of, parcels_in
from app.orders.delivery.ways import WayKind
from app.orders.models import Order
from app.orders.prices import shown_prices
from app.orders.states import OrderState
from app.pages.api.catalogue import amount
from app.pages.api.forms import WISHES

EXPECTED_TOTAL = {
    "type": "string",
    "pattern": "^[0-9]{1,9}\\.[0-9]{2}$",
    "description": "What the whole may cost, without VAT and with delivery; where it is another the order is refused",
}


def check_total(order: Order, asked: dict[str, Any]) -> None:
    """Raises Refused where a new order comes to another sum than the system takes it to."""
    if "expected_total" not in asked:
        return
    expected, whole = Money.kronor(Decimal(asked["expected_total"])), _whole(order)
    if whole != expected:
        raise Refused(f"Beställningen kostar {whole} exkl. moms med leverans, inte {expected}. Inget är beställt.")


def sums(order: Order, extras: Sequence[Extra]) -> dict[str, str]:
    """What the order costs as it stands, with what is charged beside its lines."""
    net = shown_prices(order, vat_rules(), with_vat=False, extras=extras)
    gross = shown_prices(order, vat_rules(), with_vat=True, extras=extras)
    return {
        "currency": "SEK",
        "beside_lines": amount(net.extras),
        "excl_vat": amount(net.total),
        "incl_vat": amount(gross.total),
    }


def delivery_of(order: Order) -> str | None:
    """What was wished, as the system said it."""
    return next((said for said, wish in WISHES.items() if wish == order.wished_way), None)


def parcels(order: Order) -> list[dict[str, Any]]:
    """How each part comes, and at what fee. Nobody is named: who makes it may not have said yes."""
    return [_parcel(one) for one in parcels_in(order)]


def _parcel(one: Parcel) -> dict[str, Any]:
    return {
        "lines": sorted(one.line_ids),
        "day": one.day.isoformat(),
        "way": "collect" if one.kind == WayKind.COLLECT else "delivered",
        "place": one.place,
        "window": one.window,
        "fee": amount(one.fee),
        "choose_anew": one.asked_again,
    }


def _whole(order: Order) -> Money:
    """Without VAT. What waits to be approved has no parcels yet; then it is what is to be approved."""
    approval = approval_of(order) if order.state == OrderState.AWAITING else None
    if approval is not None:
        return approval.net
    return order.net + Money.total(beside for beside, _vat in extras_of([order])[order.id])
