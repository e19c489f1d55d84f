"""A customer's system asks for quotes, reads them, and answers them."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import url_for

from app import clock, quoteflow
from app.catalog.feed.prices import number as figure
from app.catalog.feed.prices import unit
from app.db import db
from app.errors import NotYours
from app.orders.quotes import queries
from app.orders.quotes.models import Quote, QuoteEvent, QuoteLine, QuoteVersion
from app.orders.quotes.states import OPEN, QuoteEventKind
from app.orders.quotes.sums import sums_of
from app.pages import web
from app.pages.api import coming, orders
from app.pages.api.catalogue import amount
from app.pages.api.forms import (
    CONSENT,
    DAY,
    DELIVERY,
    LINES,
    MARK,
    NOTE,
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
    needed,
    references,
    titled,
    wished,
)
from app.pages.api.operations import offered
from app.pages.api.own import customer, place
from app.pages.api.pages import following, limit_of, paged, place_of
from app.quoteflow import Acceptance

VERSION = {"type": "integer", "minimum": 1, "maximum": 100_000, "description": "The one that was read, as in offered"}
NEW_QUOTE = titled(
    "NewQuote",
    fields(
        ["lines", "delivery"],
        lines={**LINES, "items": fields(["article", "quantity"], article=NUMBER, quantity=QUANTITY)},
        delivery={**DELIVERY, "description": "The note is the question itself"},
    ),
)
ACCEPTANCE = titled(
    "QuoteAcceptance",
    fields(
        ["version", "name"],
        version=VERSION,
        name=needed(120, description="Who accepts; kept with the quote"),
        day={**DAY, "description": "Of delivery; the quoted one when left out"},
        references=REFERENCES,
        lines={**LINES, "items": fields(["article"], article=NUMBER, **MARK), "description": "Marks of single lines"},
        note=NOTE,
        way=WAY,
        expected_total=coming.EXPECTED_TOTAL,
        consent=CONSENT,
    ),
)
ANSWER = titled("QuoteAnswer", fields(["version", "words"], version=VERSION, words=needed(1000)))


@offered("GET", "/quotes", answer="QuotePage", query=paged())
def list_quotes(asked: dict[str, Any]) -> dict[str, Any]:
    """The customer's quotes, newest first."""
    limit = limit_of(asked)
    found = queries.quotes_after(customer(), place_of(asked), limit=limit + 1)
    more = found[limit - 1].number if len(found) > limit else None
    return {"data": [_summary(quote) for quote in found[:limit]], "next": following(more)}


@offered("POST", "/quotes", answer="Quote", status=201, body=NEW_QUOTE, needs_key=True)
def ask_for_quote(asked: dict[str, Any]) -> dict[str, Any]:
    """Ask what something would cost."""
    buyer, known = customer(), articles([line["article"] for line in asked["lines"]])
    wish, ticket = delivery(asked, buyer), f"api-{secrets.token_urlsafe(24)}"
    basket = cart(asked["lines"], known)
    quote = quoteflow.ask(basket, wish, customer=buyer, ticket=ticket, by=web.user(), now=clock.now())
    return _after(quote.number)


@offered("GET", "/quotes/<int:number>", answer="Quote")
def show_quote(_asked: dict[str, Any], number: int) -> dict[str, Any]:
    """One quote, with all versions that were sent."""
    return _whole(_own(number))


@offered("POST", "/quotes/<int:number>/accept", answer="Order", status=201, body=ACCEPTANCE)
def accept_quote(asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Accept a version: it becomes an order at the quoted prices."""
    quote = _own(number, lock=True)
    order = quoteflow.accept(quote, _acceptance(quote, asked), by=web.user(), now=clock.now())
    coming.check_total(order, asked)
    db.session.flush()
    return orders.told(order.number)


@offered("POST", "/quotes/<int:number>/decline", answer="Quote", body=ANSWER)
def decline_quote(asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Say no to a version, and why."""
    quote = _own(number, lock=True)
    quoteflow.decline(quote, asked["version"], asked["words"], by=web.user(), now=clock.now())
    return _after(number)


@offered("POST", "/quotes/<int:number>/ask-for-change", answer="Quote", body=ANSWER)
def ask_for_change(asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Wish for another version. What was sent can be accepted until then."""
    quote = _own(number, lock=True)
    quoteflow.ask_for_change(quote, asked["version"], asked["words"], by=web.user(), now=clock.now())
    return _after(number)


def _own(number: int, *, lock: bool = False) -> Quote:
    """The customer's own. What staff only write is not there yet."""
    quote = queries.quote_of(customer(), number, lock=lock)
    if not quote.is_for_customer:
        raise NotYours
    return quote


def _after(number: int) -> dict[str, Any]:
    db.session.flush()
    db.session.expire_all()
    return _whole(_own(number))


def _acceptance(quote: Quote, asked: dict[str, Any]) -> Acceptance:
    """As a value. Of a version that does not hold the story tells; its consent and marks are not looked at."""
    buyer, offered_now = quote.customer, quote.offered
    lines = asked.get("lines", [])
    known = articles([line["article"] for line in lines])
    holds = offered_now is not None and offered_now.number == asked["version"] and quote.state in OPEN
    sold = [line.article for line in offered_now.lines] if offered_now and holds else []
    quoted_day = offered_now.delivery_day if offered_now else clock.local_date(clock.now())
    return Acceptance(
        version=asked["version"],
        name=asked["name"],
        day=date.fromisoformat(asked["day"]) if "day" in asked else quoted_day,
        note=asked.get("note", "").strip(),
        consent=agreed(asked, sold, buyer),
        marks=tuple(marks(lines, known).items()) if buyer.has_references else (),
        choices=None,
        wished_way=wished(asked.get("way")),
        **references(asked, buyer),
    )


def _summary(quote: Quote) -> dict[str, Any]:
    offered_now = quote.offered
    return {
        "number": quote.number,
        "url": url_for("api.show_quote", number=quote.number),
        "state": quote.state.value,
        "made_at": quote.made_at.isoformat(),
        "offered": offered_now.number if offered_now else None,
        "valid_to": offered_now.valid_to.isoformat() if offered_now else None,
        "may_be_accepted": _may_be_accepted(quote),
        "sums": _sums(offered_now) if offered_now else None,
    }


def _whole(quote: Quote) -> dict[str, Any]:
    order = quote.order
    summary = _summary(quote)
    del summary["sums"], summary["valid_to"]
    return {
        **summary,
        "message": quote.message,
        "wished_day": quote.wished_day.isoformat() if quote.wished_day else None,
        "versions": [_version(one) for one in quote.sent],
        "events": [_event(one) for one in quote.events if one.kind != QuoteEventKind.BEGUN],
        "order": {"number": order.number, "url": url_for("api.show_order", number=order.number)} if order else None,
    }


def _may_be_accepted(quote: Quote) -> bool:
    today = clock.local_date(clock.now())
    return quote.state in OPEN and quote.offered is not None and quote.offered.is_valid(today)


def _version(one: QuoteVersion) -> dict[str, Any]:
    return {
        "number": one.number,
        "text": one.text,
        "valid_to": one.valid_to.isoformat(),
        "delivery": {"day": one.delivery_day.isoformat(), "place": place(one, one.delivery_name)},
        "lines": [_line(line) for line in one.lines],
        "sums": _sums(one),
        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
        "sent_by": one.sent_by,
        "accepted_at": one.accepted_at.isoformat() if one.accepted_at else None,
        "accepted_by": one.accepted_by,
    }


def _line(line: QuoteLine) -> dict[str, Any]:
    return {
        "article": line.number,
        "name": line.name,
        "unit": unit(line.unit, line.unit_text),
        "quantity": figure(line.quantity),
        "unit_price": amount(line.unit_price),
        "sum": amount(line.net),
    }


def _event(one: QuoteEvent) -> dict[str, Any]:
    at, kind = one.at.isoformat(), one.kind.value
    return {"at": at, "kind": kind, "version": one.version, "by": one.by_name, "words": one.words}


def _sums(version: QuoteVersion) -> dict[str, str]:
    sums = sums_of(version, with_vat=False)
    return {"currency": "SEK", "excl_vat": amount(sums.net), "incl_vat": amount(sums.gross)}
