"""A quote that things happen to: Nordbyn asks, Sam writes and sends it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from app.db import db
from app.orders.models import Order
from app.orders.quotes.models import Quote
from tests.people import Visitor

FRIDAY = date(2026, 12, 4)
SAM = "sam@samklang.example"
GUEST = {
    "name": "Alva Exempel",
    "email": "alva@hem.example",
    "recipient": "Alva",
    "street": "Provvägen 3",
    "postcode": "411 03",
    "city": "Göteborg",
    "municipality": "1480",
}


def the_quote() -> Quote:
    """The only one, as it is now."""
    db.session.expire_all()
    return db.session.scalars(select(Quote)).one()


def orders() -> list[Order]:
    """All of them, as they are now."""
    db.session.expire_all()
    return list(db.session.scalars(select(Order).order_by(Order.id)))


def ask(browser: Visitor, article: int, quantity: str = "6", **values: Any) -> Quote:
    """Put so much in the basket, and ask what it costs."""
    assert browser.post("/varukorg/lagg-i", data={"article": article, "quantity": quantity}).status_code == 303
    answer = browser.fill("/offerter/fraga", {"day": FRIDAY.isoformat(), "note": "Varje fredag i vår?", **values})
    assert answer.status_code == 303, answer.text
    return the_quote()


def write(sam: Visitor, quote: Quote, **values: Any) -> Any:
    """Fill in what is being written as it comes, with other values, and send the form with one of its buttons."""
    return sam.fill(f"/personal/offerter/{quote.number}", values, form="form[action$='/skriv']")


def send(sam: Visitor, quote: Quote, price: str = "190", **values: Any) -> Quote:
    """Sam gives the first line a price, and sends the version that is being written."""
    article = quote.draft.lines[0].article_id
    answer = write(sam, quote, **{f"price-{article}": price, "text": "Fri leverans.", "then": "send", **values})
    assert answer.status_code == 303, answer.text
    return the_quote()


def accept(browser: Visitor, quote: Quote, **values: Any) -> Any:
    """Accept what the page shows."""
    sent = {"name": "Nora Nordbyn", **values}
    return browser.fill(f"/offerter/{quote.number}", sent, form="form[action$='/anta']")
