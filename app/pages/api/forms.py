"""The forms of what is sent, as JSON Schema, that several operations share; and what is read from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.catalog.models import ApprovalState, Article
from app.customers.facts import LONGEST_REFERENCE
from app.customers.models import Customer
from app.customers.queries import site_of
from app.db import db
from app.orders.cart import MOST_LINES, Delivery, LineMark
from app.orders.checks import needing_consent
from app.orders.delivery.states import WayWish
from app.pages import consent, web
from app.pages.api.own import place
from app.pages.api.reading import Form
from app.pages.problems import Problem


def text(most: int, **more: Any) -> dict[str, Any]:
    """A text that may be empty."""
    return {"type": "string", "maxLength": most, **more}


def needed(most: int, **more: Any) -> dict[str, Any]:
    """A text that must say something."""
    return text(most, pattern="\\S", **more)


def fields(required: list[str], **known: Any) -> dict[str, Any]:
    """An object with these fields and no others."""
    return {"type": "object", "properties": known, "required": required, "additionalProperties": False}


def titled(title: str, form: Form) -> Form:
    """A body, by the name that it has in the document."""
    return {"title": title, **form}


QUANTITY = {
    "type": "string",
    "pattern": "^[0-9]{1,7}(\\.[0-9]{1,3})?$",
    "description": "In the article's unit, with a point: 2.5",
}
ID = {"type": "integer", "minimum": 1, "maximum": web.LARGEST_ID}
DAY = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
NOTE = text(1000, description="To whoever delivers")
NUMBER = needed(40, description="Article number")
REFERENCE = text(LONGEST_REFERENCE)
MARK = {"cost_centre": REFERENCE, "reference": REFERENCE}
REFERENCES = fields([], buyer_reference=REFERENCE, order_reference=REFERENCE, cost_centre=REFERENCE)
CONSENT = text(10_000, description="A private person's, word for word as /consent gives it, where it is needed")
PLACE = fields(
    ["name", "street", "postcode", "city", "municipality"],
    name=needed(120, description="Who receives it"),
    street=needed(120),
    postcode=text(6, pattern="^[0-9]{3} ?[0-9]{2}$"),
    city=needed(60),
    municipality=text(4, pattern="^[0-9]{4}$", description="SCB code"),
)
DELIVERY = {
    **fields(["day"], day=DAY, site={**ID, "description": "One of /sites"}, place=PLACE, note=NOTE),
    "oneOf": [{"required": ["site"]}, {"required": ["place"]}],
}
WISHES = {"delivered": WayWish.BROUGHT, "collect": WayWish.COLLECT}
WAY = {"enum": list(WISHES), "description": "How it should come where it can; the best way there is when left out"}
LINES = {"type": "array", "minItems": 1, "maxItems": MOST_LINES}


def one_line(typed: str) -> str:
    """What was typed, without needless spaces."""
    return " ".join(typed.split())


def articles(numbers: Sequence[str]) -> dict[str, Article]:
    """The articles of the lines, by number. Raises Problem when one is not sold or stands twice."""
    sold = select(Article).where(Article.number.in_(numbers), Article.state == ApprovalState.APPROVED)
    found = {article.number: article for article in db.session.scalars(sold)}
    counts = Counter(numbers)
    errors = [(f"/lines/{at}/article", "is not sold") for at, one in enumerate(numbers) if one not in found]
    errors += [(f"/lines/{at}/article", "stands twice") for at, one in enumerate(numbers) if counts[one] > 1]
    if errors:
        raise Problem("invalid", errors=errors)
    return found


def cart(lines: Sequence[dict[str, Any]], known: dict[str, Article]) -> dict[int, Decimal]:
    """The lines as a basket."""
    return {known[line["article"]].id: Decimal(line["quantity"]) for line in lines}


def marks(lines: Sequence[dict[str, Any]], known: dict[str, Article]) -> dict[int, LineMark]:
    """How single lines are to be marked, by article id."""
    said = {known[line["article"]].id: [one_line(line.get(name, "")) for name in MARK] for line in lines}
    return {article: LineMark(*mark) for article, mark in said.items() if any(mark)}


def references(asked: dict[str, Any], buyer: Customer) -> dict[str, str]:
    """How deliveries and invoices are to be marked; private people mark nothing."""
    given = asked.get("references", {}) if buyer.has_references else {}
    return {name: one_line(given.get(name, "")) for name in REFERENCES["properties"]}


def delivery(asked: dict[str, Any], buyer: Customer, line_marks: dict[int, LineMark] | None = None) -> Delivery:
    """Where and when, as a value. Raises NotYours for somebody else's site."""
    wanted, typed = asked["delivery"], references(asked, buyer)
    site = site_of(buyer, wanted["site"]) if "site" in wanted else None
    to = place(site, site.name) if site else {name: one_line(said) for name, said in wanted["place"].items()}
    if site and buyer.has_references and not typed["buyer_reference"]:
        typed["buyer_reference"] = site.buyer_reference
    kept = line_marks or {} if buyer.has_references else {}
    words: dict[str, Any] = {**to, **typed, "note": wanted.get("note", "").strip()}
    day, way = date.fromisoformat(wanted["day"]), wished(wanted.get("way"))
    return Delivery(day=day, marks=kept, wished_way=way, **words)


def wished(way: str | None) -> WayWish | None:
    """How it should come, as orders keep it."""
    return WISHES[way] if way else None


def agreed(asked: dict[str, Any], some: Sequence[Article], buyer: Customer) -> str:
    """The words by which a private person asks us to begin services in time; empty where none are called for.

    A program ticks no box: that the very words are sent shows that they were read. Raises Problem for others.
    """
    services = needing_consent(some, buyer)
    wanted = consent.words(services) if services else ""
    if wanted and one_line(asked.get("consent", "")) != one_line(wanted):
        raise Problem("invalid", errors=[("/consent", f"must be what the person agrees to, word for word: {wanted}")])
    return wanted
