"""A customer's system orders, reads its orders, and calls them off."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import select

from app import changeflow, clock, orderflow
from app.catalog.facets import vat_rules
from app.catalog.feed.prices import number as figure
from app.catalog.feed.prices import unit
from app.catalog.models import ApprovalState, Article
from app.customers.models import Customer
from app.customers.queries import site_of
from app.db import db
from app.invoicing import queries as invoices
from app.money import Money
from app.orders import change_queries, queries
from app.orders.cart import MOST_LINES, Delivery
from app.orders.listing import orders_after
from app.orders.models import Order
from app.orders.prices import shown_prices
from app.orders.progress import LineProgress, progress
from app.orders.states import OrderState
from app.pages import web
from app.pages.api.catalogue import QUANTITY, amount
from app.pages.api.operations import offered
from app.pages.api.own import customer, place
from app.pages.api.pages import following, limit_of, paged, place_of
from app.pages.problems import Problem


def _text(most: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": most, **more}


def _needed(most: int, **more: Any) -> dict[str, Any]:
    return _text(most, pattern="\\S", **more)


def _fields(needed: list[str], **fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": needed, "additionalProperties": False}


NEW_LINE = _fields(
    ["article", "quantity"],
    article=_needed(40, description="Article number"),
    quantity=QUANTITY,
    expected_unit_price={
        "type": "string",
        "pattern": "^[0-9]{1,9}\\.[0-9]{2}$",
        "description": "Without VAT. Given for one line it must be for all; where it is another the order is refused",
    },
)
NEW_PLACE = _fields(
    ["name", "street", "postcode", "city", "municipality"],
    name=_needed(120, description="Who receives it"),
    street=_needed(120),
    postcode=_text(6, pattern="^[0-9]{3} ?[0-9]{2}$"),
    city=_needed(60),
    municipality=_text(4, pattern="^[0-9]{4}$", description="SCB code"),
)
NEW_DELIVERY = {
    **_fields(
        ["day"],
        day={"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        site={"type": "integer", "minimum": 1, "maximum": web.LARGEST_ID, "description": "One of /sites"},
        place=NEW_PLACE,
        note=_text(1000, description="To whoever delivers"),
    ),
    "oneOf": [{"required": ["site"]}, {"required": ["place"]}],
}
NEW_ORDER = {
    "title": "NewOrder",
    **_fields(
        ["lines", "delivery"],
        lines={"type": "array", "items": NEW_LINE, "minItems": 1, "maxItems": MOST_LINES},
        delivery=NEW_DELIVERY,
        references=_fields([], buyer_reference=_text(60), order_reference=_text(60), cost_centre=_text(60)),
    ),
}
LISTED = paged(state={"enum": [one.value for one in OrderState], "description": "Only those in this state"})


@offered("GET", "/orders", answer="OrderPage", query=LISTED)
def list_orders(asked: dict[str, Any]) -> dict[str, Any]:
    """The customer's orders, newest first."""
    limit, state = limit_of(asked), OrderState(asked["state"]) if "state" in asked else None
    found = orders_after(customer(), place_of(asked), state=state, limit=limit + 1)
    more = found[limit - 1].number if len(found) > limit else None
    return {"data": [_summary(order) for order in found[:limit]], "next": following(more)}


@offered("POST", "/orders", answer="Order", status=201, body=NEW_ORDER, needs_key=True)
def place_order(asked: dict[str, Any]) -> dict[str, Any]:
    """Place an order. The same Idempotency-Key with the same body places one, and gives the same answer."""
    buyer = customer()
    articles = _articles([line["article"] for line in asked["lines"]])
    cart = {articles[line["article"]].id: Decimal(line["quantity"]) for line in asked["lines"]}
    order = orderflow.checkout(
        cart,
        _delivery(asked, buyer),
        customer=buyer,
        ticket=f"api-{secrets.token_urlsafe(24)}",
        by=web.user(),
        now=clock.now(),
        seen=_seen(asked["lines"], articles),
    )
    db.session.flush()
    return _told(order.number)


@offered("GET", "/orders/<int:number>", answer="Order")
def show_order(_asked: dict[str, Any], number: int) -> dict[str, Any]:
    """One order, with how far each line has come."""
    return _whole(queries.order_of(customer(), number))


@offered("POST", "/orders/<int:number>/cancel", answer="Order")
def cancel_order(_asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Call off all that is still to come, while may_change_until has not passed."""
    order = queries.order_of(customer(), number, lock=True)
    changeflow.cancel(order, by=web.user(), now=clock.now())
    return _told(number)


def _told(number: int) -> dict[str, Any]:
    """The order as it is after an act, read as whoever asks next will read it."""
    db.session.flush()
    db.session.expire_all()
    return _whole(queries.order_of(customer(), number))


def _articles(numbers: list[str]) -> dict[str, Article]:
    """The articles by number. Raises Problem when one is not sold or stands twice."""
    sold = select(Article).where(Article.number.in_(numbers), Article.state == ApprovalState.APPROVED)
    found = {article.number: article for article in db.session.scalars(sold)}
    counts = Counter(numbers)
    errors = [(f"/lines/{at}/article", "is not sold") for at, one in enumerate(numbers) if one not in found]
    errors += [(f"/lines/{at}/article", "stands twice") for at, one in enumerate(numbers) if counts[one] > 1]
    if errors:
        raise Problem("invalid", errors=errors)
    return found


def _seen(lines: list[dict[str, Any]], articles: dict[str, Article]) -> dict[int, Money]:
    """What the customer takes for the prices: of all lines, or of none. Raises Problem."""
    missing = [at for at, line in enumerate(lines) if "expected_unit_price" not in line]
    if missing and len(missing) < len(lines):
        errors = [(f"/lines/{at}/expected_unit_price", "is missing, as another line has it") for at in missing]
        raise Problem("invalid", errors=errors)
    if missing:
        return {}
    return {articles[one["article"]].id: Money.kronor(Decimal(one["expected_unit_price"])) for one in lines}


def _delivery(asked: dict[str, Any], buyer: Customer) -> Delivery:
    wanted, references = asked["delivery"], asked.get("references", {})
    site = site_of(buyer, wanted["site"]) if "site" in wanted else None
    to = place(site, site.name) if site else {name: _line(text) for name, text in wanted["place"].items()}
    typed = {name: _line(references.get(name, "")) for name in ("buyer_reference", "order_reference", "cost_centre")}
    if site and not typed["buyer_reference"]:
        typed["buyer_reference"] = site.buyer_reference
    given: dict[str, Any] = {**to, **(typed if buyer.has_references else {})}
    return Delivery(day=date.fromisoformat(wanted["day"]), note=wanted.get("note", "").strip(), **given)


def _line(text: str) -> str:
    return " ".join(text.split())


def _summary(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "url": url_for("api.show_order", number=order.number),
        "state": order.state.value,
        "placed_at": order.placed_at.isoformat(),
        "delivery_day": order.delivery_day.isoformat(),
        "references": _references(order),
        "sums": _sums(order),
    }


def _whole(order: Order) -> dict[str, Any]:
    invoice, until = invoices.invoice_of(order), change_queries.may_change_until(order)
    summary = _summary(order)
    del summary["delivery_day"]
    return {
        **summary,
        "delivery": {
            "day": order.delivery_day.isoformat(),
            "place": place(order, order.delivery_name),
            "note": order.note,
        },
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
        "invoice": {"number": invoice.number, "url": url_for("buyer.orders.invoice", number=order.number)}
        if invoice
        else None,
        "may_change_until": until.isoformat() if until else None,
    }


def _references(order: Order) -> dict[str, str]:
    return {
        "buyer_reference": order.buyer_reference,
        "order_reference": order.order_reference,
        "cost_centre": order.cost_centre,
    }


def _sums(order: Order) -> dict[str, str]:
    gross = shown_prices(order, vat_rules(), with_vat=True).total
    return {"currency": "SEK", "excl_vat": amount(order.net), "incl_vat": amount(gross)}


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
        "parts": [
            {"member": part.member, "quantity": figure(part.quantity), "delivered": part.delivered}
            for part in one.parts
        ],
        "waiting": figure(one.waiting),
        "with_us": figure(one.with_us),
    }
