"""The forms of what is answered, as JSON Schema; the document shows them, and the tests hold each answer to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.catalog.pricing.rules import ListKind
from app.invoicing.document import DocumentKind
from app.orders.quotes.states import QuoteState
from app.orders.states import AssignmentState, OrderState, QuestionKind, QuestionState
from config import ROOT

Shape = Mapping[str, Any]
TEXT: Shape = {"type": "string"}
MAYBE_TEXT: Shape = {"type": ["string", "null"]}
DAY: Shape = {"type": "string", "format": "date"}
MAYBE_DAY: Shape = {"type": ["string", "null"], "format": "date"}
MOMENT: Shape = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Shape = {"type": ["string", "null"], "format": "date-time"}
ADDRESS: Shape = {"type": "string", "format": "uri-reference"}
NEXT: Shape = {"type": ["string", "null"], "format": "uri-reference", "description": "The next page, if there is one"}
WHOLE: Shape = {"type": "integer", "minimum": 0}
YES_OR_NO: Shape = {"type": "boolean"}
AMOUNT: Shape = {"type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2}$", "description": "Swedish kronor"}
MAYBE_AMOUNT: Shape = {"type": ["string", "null"], "pattern": "^-?[0-9]+\\.[0-9]{2}$", "description": "Swedish kronor"}
QUANTITY: Shape = {"type": "string", "pattern": "^[0-9]+(\\.[0-9]{1,3})?$", "description": "In the unit"}
ARTICLE_SCHEMA = json.loads((ROOT / "docs" / "feed.schema.json").read_text(encoding="utf-8"))["$defs"]["article"]


def shape(_about: str = "", /, **fields: Shape) -> Shape:
    """An object that always has all of these fields, and no others."""
    about = {"description": _about} if _about else {}
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False, **about}


def many(of: Shape) -> Shape:
    """A list."""
    return {"type": "array", "items": of}


def named(name: str) -> Shape:
    """One of the forms below."""
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(values: type[Any]) -> Shape:
    """One of an enum's values."""
    return {"enum": [one.value for one in values]}


def _page(of: str) -> Shape:
    return shape(data=many(named(of)), next=NEXT)


def _or_null(of: Shape) -> Shape:
    return {"oneOf": [{"type": "null"}, of]}


UNIT = shape(code={**TEXT, "description": "UN/ECE Recommendation 20"}, name=TEXT)
PLACE = shape(name=TEXT, street=TEXT, postcode=TEXT, city=TEXT, municipality={**TEXT, "description": "SCB code"})
REFERENCES = shape(buyer_reference=TEXT, order_reference=TEXT, cost_centre=TEXT)
SUMS = shape(currency={"const": "SEK"}, excl_vat=AMOUNT, incl_vat=AMOUNT)
ORDER_SUMS = shape(
    currency={"const": "SEK"},
    beside_lines={**AMOUNT, "description": "Of excl_vat: delivery, and what else is charged beside the lines"},
    excl_vat=AMOUNT,
    incl_vat=AMOUNT,
)
WAY: Shape = {"enum": ["delivered", "collect"]}
STEP = shape(min_quantity=QUANTITY, unit_price=AMOUNT)
CAMPAIGN = shape(
    name=TEXT,
    valid_until={"type": ["string", "null"], "format": "date"},
    lowest_price_30_days={**MAYBE_AMOUNT, "description": "Must be shown beside the lowered price"},
)
PART = shape(
    "Who has said yes to how much. A member that has not is never named", member=TEXT, quantity=QUANTITY,
    delivered=YES_OR_NO,
)  # fmt: skip
QUESTION: dict[str, Shape] = {
    "id": WHOLE,
    "kind": one_of(QuestionKind),
    "state": one_of(QuestionState),
    "line": {**WHOLE, "description": "The order's line"},
    "name": TEXT,
    "quantity": {**QUANTITY, "description": "So much of the line would go; or so much it would be in all"},
    "instead": _or_null(shape(article=TEXT, name=TEXT, unit=UNIT, quantity=QUANTITY, unit_price=AMOUNT)),
    "why": TEXT,
    "asked_at": MOMENT,
    "answered_at": MAYBE_MOMENT,
}
QUOTE: dict[str, Shape] = {
    "number": WHOLE,
    "url": ADDRESS,
    "state": one_of(QuoteState),
    "made_at": MOMENT,
    "offered": {"type": ["integer", "null"], "description": "The number of the version that holds"},
    "may_be_accepted": {**YES_OR_NO, "description": "As things stand today"},
}

SHAPES: dict[str, Shape] = {
    "Article": ARTICLE_SCHEMA,
    "ArticlePage": _page("Article"),
    "Price": shape(
        "What one unit costs this customer today, without VAT, and why",
        article=TEXT,
        quantity=QUANTITY,
        unit=UNIT,
        currency={"const": "SEK"},
        unit_price=AMOUNT,
        sum=AMOUNT,
        standard_price={**AMOUNT, "description": "What everybody pays for one"},
        because={**TEXT, "description": "A sentence in Swedish"},
        from_list={"enum": [None, *(kind.value for kind in ListKind)]},
        agreement={**TEXT, "description": "The framework agreement's number, or empty"},
        steps=many(STEP),
        campaign=_or_null(CAMPAIGN),
    ),
    "Prices": shape(day={**DAY, "description": "The day of ordering for which they hold"}, data=many(named("Price"))),
    "OrderSummary": shape(
        number=WHOLE,
        url=ADDRESS,
        state=one_of(OrderState),
        placed_at=MOMENT,
        delivery_day=DAY,
        references=REFERENCES,
        sums=ORDER_SUMS,
    ),
    "OrderPage": _page("OrderSummary"),
    "OrderLine": shape(
        id=WHOLE,
        article=TEXT,
        name=TEXT,
        unit=UNIT,
        quantity={**QUANTITY, "description": "As ordered"},
        called_off=QUANTITY,
        unit_price={**AMOUNT, "description": "Without VAT, of so many units as priced_per says"},
        priced_per=QUANTITY,
        sum={**AMOUNT, "description": "Without VAT, of what is not called off"},
        because={**TEXT, "description": "Why the price is what it is"},
        bundle={**MAYBE_TEXT, "description": "The number of the bundle that it was bought in"},
        cost_centre=TEXT,
        reference=TEXT,
        parts=many(PART),
        waiting={**QUANTITY, "description": "What members have been asked for and not answered"},
        with_us={**QUANTITY, "description": "What nobody could take yet; we see to it"},
    ),
    "Parcel": shape(
        "What comes at once, and how. There is none while the order waits to be approved, or where all is delivered "
        "for nothing",
        lines={**many(WHOLE), "description": "The order's lines"},
        day=DAY,
        way=WAY,
        place={**TEXT, "description": "Where it is collected, and when; else empty"},
        window={**TEXT, "description": "As 08:00–12:00; empty when any time will do"},
        fee={**AMOUNT, "description": "Without VAT"},
        choose_anew={**TEXT, "description": "Why the way has to be chosen anew on the order's page; else empty"},
    ),
    "OrderEvent": shape(at=MOMENT, kind=TEXT, member=TEXT, by=TEXT, words=TEXT),
    "Order": shape(
        number=WHOLE,
        url=ADDRESS,
        state=one_of(OrderState),
        placed_at=MOMENT,
        delivery=shape(day=DAY, place=PLACE, note=TEXT, way={"enum": [None, "delivered", "collect"]}),
        references=REFERENCES,
        lines=many(named("OrderLine")),
        parcels=many(named("Parcel")),
        sums=ORDER_SUMS,
        events=many(named("OrderEvent")),
        invoices=many(named("Invoice")),
        may_change_until={
            **MAYBE_MOMENT,
            "description": "Until then it can be cancelled; null when nothing is to come",
        },
    ),
    "Invoice": shape(
        number={**TEXT, "description": "With its series: each seller numbers its own"},
        kind=one_of(DocumentKind),
        seller={**TEXT, "description": "The member in whose name it is; empty when the sales company sells"},
        url={**ADDRESS, "description": "A PDF, for whoever is signed in"},
    ),
    "Assignment": shape(
        id=WHOLE,
        url=ADDRESS,
        order=WHOLE,
        state=one_of(AssignmentState),
        customer=TEXT,
        day={**DAY, "description": "When it is to be handed over"},
        place={**_or_null(PLACE), "description": "Where the customer wants it; null where another member gets it"},
        note=TEXT,
        hand_on=many(named("HandOn")),
        offered_at=MOMENT,
        answer_before=MOMENT,
        answered_at=MAYBE_MOMENT,
        delivered_at=MAYBE_MOMENT,
        pay={**AMOUNT, "description": "What the member earns, without VAT"},
        lines=many(named("AssignmentLine")),
    ),
    "HandOn": shape(
        "What goes to who makes the next step; nobody yet where to is empty",
        article=TEXT,
        next_article=TEXT,
        to=many(shape(quantity=QUANTITY, place=PLACE, phone=TEXT)),
    ),
    "AssignmentLine": shape(
        id=WHOLE,
        article=TEXT,
        name=TEXT,
        unit=UNIT,
        offered=QUANTITY,
        quantity={**QUANTITY, "description": "What it holds now"},
        member_price={**AMOUNT, "description": "Per unit, without VAT"},
        pay=AMOUNT,
    ),
    "AssignmentPage": _page("Assignment"),
    "Parted": shape(delivered=named("Assignment"), rest=named("Assignment")),
    "Adjusted": shape(
        "What the customer was asked stands in question; else it is done",
        assignment=named("Assignment"),
        question=_or_null(named("OwnQuestion")),
    ),
    "OwnQuestion": shape("What a member has asked the customer", **QUESTION),
    "OwnQuestions": shape(data=many(named("OwnQuestion"))),
    "Question": shape(
        "What a member asks the customer",
        **QUESTION,
        member=TEXT,
        sum={**AMOUNT, "description": "What the customer would pay for it without VAT"},
    ),
    "Questions": shape(data=many(named("Question"))),
    "QuoteSummary": shape(**QUOTE, valid_to=MAYBE_DAY, sums=_or_null(SUMS)),
    "QuotePage": _page("QuoteSummary"),
    "Quote": shape(
        **QUOTE,
        message=TEXT,
        wished_day=MAYBE_DAY,
        versions=many(named("QuoteVersion")),
        events=many(named("QuoteEvent")),
        order=_or_null(shape(number=WHOLE, url=ADDRESS)),
    ),
    "QuoteVersion": shape(
        "What was sent once; the last one holds",
        number=WHOLE,
        text=TEXT,
        valid_to={**DAY, "description": "The last day on which it can be accepted"},
        delivery=shape(day=DAY, place=PLACE),
        lines=many(named("QuoteLine")),
        sums=SUMS,
        sent_at=MOMENT,
        sent_by=TEXT,
        accepted_at=MAYBE_MOMENT,
        accepted_by=TEXT,
    ),
    "QuoteLine": shape(article=TEXT, name=TEXT, unit=UNIT, quantity=QUANTITY, unit_price=AMOUNT, sum=AMOUNT),
    "QuoteEvent": shape(at=MOMENT, kind=TEXT, version={"type": ["integer", "null"]}, by=TEXT, words=TEXT),
    "Consent": shape(
        "What a private person must agree to before services that begin at once can be ordered",
        needed=YES_OR_NO,
        articles=many(TEXT),
        words={**TEXT, "description": "To be shown to the person, and sent back with the order"},
    ),
    "Site": shape(id=WHOLE, place=PLACE, buyer_reference=TEXT, note=TEXT),
    "Sites": shape(data=many(named("Site"))),
    "Me": shape(
        "Who the token acts as",
        person=TEXT,
        organisation=TEXT,
        acts_as={"enum": ["customer", "member"]},
        token=shape(name=TEXT, expires_at=MOMENT),
    ),
    "Problem": {
        **shape(
            "RFC 9457",
            type={**ADDRESS, "description": "Never changes its meaning"},
            title=TEXT,
            status=WHOLE,
            detail=TEXT,
            errors=many(shape(pointer={**TEXT, "description": "JSON pointer (RFC 6901)"}, detail=TEXT)),
        ),
        "required": ["type", "title", "status"],
    },
    "ProblemType": shape(type=ADDRESS, title=TEXT, status=WHOLE),
    "Document": {"type": "object", "description": "This document", "required": ["openapi", "info", "paths"]},
}
