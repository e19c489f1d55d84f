"""A customer's system orders, reads its orders, and calls them off."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from app import changeflow, clock, orderflow
from app.catalog.feed.prices import number as figure
from app.catalog.feed.prices import unit
from app.catalog.models import Article
from app.db import db
from app.invoicing import queries as invoices
from app.invoicing.models import InvoiceRecord
from app.money import Money
from app.orders import change_queries, queries
from app.orders.delivery.queries import Extra, extras_of
from app.orders.listing import orders_after
from app.orders.models import Order
from app.orders.progress import LineProgress, progress
from app.orders.states import OrderState
from app.pages import web
from app.pages.api import coming
from app.pages.api.catalogue import amount
from app.pages.api.forms import (
    CONSENT,
    DELIVERY,
    LINES,
    MARK,
    NUMBER,
    QUANTITY,
    REFERENCES,
    WAY,
    agreed,
    articles,
    cart,
    delivery,
    fields,
    marks,
    titled,
)
from app.pages.api.operations import offered
from app.pages.api.own import customer, place
from app.pages.api.pages import following, limit_of, paged, place_of
from app.pages.problems import Problem

NEW_LINE = fields(
    ["article", "quantity"],
    article=NUMBER,
    quantity=QUANTITY,
    expected_unit_price={
        "type": "string",
        "pattern": "^[0-9]{1,9}\\.[0-9]{2}$",
        "description": "Without VAT. Given for one line it must be for all; where it is another the order is refused",
    },
    **MARK,
)
NEW_ORDER = titled(
    "NewOrder",
    fields(
        ["lines", "delivery"],
        lines={**LINES, "items": NEW_LINE},
        delivery={**DELIVERY, "properties": {**DELIVERY["properties"], "way": WAY}},
        references=REFERENCES,
        consent=CONSENT,
        expected_total=coming.EXPECTED_TOTAL,
    ),
)
LISTED = paged(state={"enum": [one.value for one in OrderState], "description": "Only those in this state"})


@offered("GET", "/orders", answer="OrderPage", query=LISTED)
def list_orders(asked: dict[str, Any]) -> dict[str, Any]:
    """The customer's orders, newest first."""
    limit, state = limit_of(asked), OrderState(asked["state"]) if "state" in asked else None
    found = orders_after(customer(), place_of(asked), state=state, limit=limit + 1)
    more = found[limit - 1].number if len(found) > limit else None
    beside = extras_of(found[:limit])
    return {"data": [_summary(order, beside[order.id]) for order in found[:limit]], "next": following(more)}


@offered("POST", "/orders", answer="Order", status=201, body=NEW_ORDER, needs_key=True)
def place_order(asked: dict[str, Any]) -> dict[str, Any]:
    """Place an order. The same Idempotency-Key with the same body places one, and gives the same answer."""
    buyer = customer()
    known = articles([line["article"] for line in asked["lines"]])
    order = orderflow.checkout(
        cart(asked["lines"], known),
        delivery(asked, buyer, marks(asked["lines"], known)),
        customer=buyer,
        ticket=f"api-{secrets.token_urlsafe(24)}",
        by=web.user(),
        now=clock.now(),
        seen=_seen(asked["lines"], known),
        consent=agreed(asked, list(known.values()), buyer),
    )
    coming.check_total(order, asked)
    db.session.flush()
    return told(order.number)


@offered("GET", "/orders/<int:number>", answer="Order")
def show_order(_asked: dict[str, Any], number: int) -> dict[str, Any]:
    """One order, with how far each line has come."""
    return _whole(queries.order_of(customer(), number))


@offered("POST", "/orders/<int:number>/cancel", answer="Order")
def cancel_order(_asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Call off all that is still to come, while may_change_until has not passed."""
    order = queries.order_of(customer(), number, lock=True)
    changeflow.cancel(order, by=web.user(), now=clock.now())
    return told(number)


def told(number: int) -> dict[str, Any]:
    """The order as it is after an act, read as whoever asks next will read it."""
    db.session.flush()
    db.session.expire_all()
    return _whole(queries.order_of(customer(), number))


def _seen(lines: list[dict[str, Any]], known: dict[str, Article]) -> dict[int, Money]:
    """What the customer takes for the prices: of all lines, or of none. Raises Problem."""
    missing = [at for at, line in enumerate(lines) if "expected_unit_price" not in line]
    if missing and len(missing) < len(lines):
        errors = [(f"/lines/{at}/expected_unit_price", "is missing, as another line has it") for at in missing]
        raise Problem("invalid", errors=errors)
    if missing:
        return {}
    return {known[one["article"]].id: Money.kronor(Decimal(one["expected_unit_price"])) for one in lines}


def _summary(order: Order, beside: Sequence[Extra]) -> dict[str, Any]:
    return {
        "number": order.number,
        "url": url_for("api.show_order", number=order.number),
        "state": order.state.value,
        "placed_at": order.placed_at.isoformat(),
        "delivery_day": order.delivery_day.isoformat(),
        "references": _references(order),
        "sums": coming.sums(order, beside),
    }


def _whole(order: Order) -> dict[str, Any]:
    until = change_queries.may_change_until(order)
    summary = _summary(order, extras_of([order])[order.id])
    del summary["delivery_day"]
    return {
        **summary,
        "delivery": {
            "day": order.delivery_day.isoformat(),
            "place": place(order, order.delivery_name),
            "note": order.note,
            "way": coming.delivery_of(order),
        },
        "parcels": coming.parcels(order),
        "lines": [_line_of(one) for one in progress(order)],
        "events": [
            {
                "at": event.at.isoformat(),
                "kind": event.kind.value,
                "member": event.member_name,
                "by": event.by_name,
                "words": event.words,
            }
            for event in order.events
            if event.for_customer
        ],
        "invoices": [_invoice(order, record) for record in invoices.invoices_of(order)],
        "may_change_until": until.isoformat() if until else None,
    }


def _invoice(order: Order, record: InvoiceRecord) -> dict[str, Any]:
    return {
        "number": record.name,
        "kind": record.kind.value,
        "seller": record.seller.name if record.seller else "",
        "url": url_for("buyer.orders.invoice", number=order.number, invoice_id=record.id),
    }


def _references(order: Order) -> dict[str, str]:
    return {
        "buyer_reference": order.buyer_reference,
        "order_reference": order.order_reference,
        "cost_centre": order.cost_centre,
    }


def _line_of(one: LineProgress) -> dict[str, Any]:
    line = one.line
    return {
        "id": line.id,
        "article": line.number,
        "name": line.name,
        "unit": unit(line.unit, line.unit_text),
        "quantity": figure(line.quantity),
        "called_off": figure(line.called_off),
        "unit_price": amount(line.unit_price),
        "priced_per": figure(line.priced_per),
        "sum": amount(line.net),
        "because": line.price_because,
        "bundle": line.bundle.number if line.bundle else None,
        "cost_centre": line.cost_centre,
        "reference": line.reference,
        "parts": [
            {"member": part.member, "quantity": figure(part.quantity), "delivered": part.delivered}
            for part in one.parts
        ],
        "waiting": figure(one.waiting),
        "with_us": figure(one.with_us),
    }
