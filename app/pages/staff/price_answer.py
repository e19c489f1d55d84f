"""Which price does the customer get, and why: asked by staff with a customer on the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.catalog.models import Article
from app.catalog.pricing import queries
from app.customers.models import Customer
from app.orders.cart import read_quantity
from app.pages import web
from app.pages.price_forms import SHORT_KINDS
from app.pages.staff.price_lists import typed

bp = Blueprint("price_answer", __name__, url_prefix="/vilket-pris")


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as far as it could be understood."""

    article: Article | None
    customer: Customer | None
    quantity: Decimal | None
    day: date | None
    errors: dict[str, str]


@bp.route("")
def show() -> ResponseReturnValue:
    """Ask, and read the answer with every row that could have given the price."""
    question = _read()
    article, quantity, day = question.article, question.quantity, question.day
    answer = None
    if article is not None and quantity is not None and day is not None and not question.errors:
        answer = queries.explain(article, question.customer, quantity, day)
    page = render_template(
        "staff/price_answer.html",
        question=question,
        answer=answer,
        articles=[] if article else queries.articles_found(typed("artikel")),
        customers=[] if question.customer else queries.customers_found(typed("kund")),
        typed={name: typed(name) for name in ("artikel", "kund", "antal", "dag")},
        kinds=SHORT_KINDS,
        cost=queries.usual_costs([article.id]).get(article.id) if article else None,
    )
    return page, 422 if question.errors else 200


def _read() -> Question:
    errors: dict[str, str] = {}
    article, customer = _article(), _customer()
    return Question(article, customer, _quantity(article, errors), _day(errors), errors)


def _article() -> Article | None:
    """The one with the number, or the only one that the text finds."""
    text = typed("artikel")
    found = queries.articles_found(text)
    numbered = [one for one in found if one.number.casefold() == text.casefold()]
    return (numbered or found)[0] if len(numbered or found) == 1 else None


def _customer() -> Customer | None:
    """The one that was chosen from the list, or the only one that the text finds."""
    text = typed("kund")
    found = queries.customers_found(text)
    chosen = [one for one in found if one.id == web.number_asked_for("kund_id") and one.name == text]
    return (chosen or found)[0] if len(chosen or found) == 1 else None


def _quantity(article: Article | None, errors: dict[str, str]) -> Decimal | None:
    text = typed("antal") or "1"
    try:
        return read_quantity(text, article.unit if article else "HUR")
    except ValueError as wrong:
        errors["antal"] = str(wrong)
    return None


def _day(errors: dict[str, str]) -> date | None:
    text = request.args.get("dag", "").strip()
    if not text:
        return clock.local_date(clock.now())
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors["dag"] = _("That is not a day. Write it as 2026-11-30.")
    return None
