"""Cost centre and reference of single lines, as a page carries them: `cost_centre-ID` and `reference-ID`."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from app import particulars
from app.catalog.models import Article
from app.customers.facts import LONGEST_REFERENCE
from app.orders.cart import LineMark


def typed_mark(name: str, article_id: int) -> str:
    """What was typed into one of the fields, for a page that comes back."""
    return request.form.get(f"{name}-{article_id}", "")


def marks_in(articles: Iterable[Article]) -> dict[int, LineMark]:
    """What was typed, by article id; nothing for lines marked as the order. Raises Refused, naming the line."""
    found = {}
    for article in articles:
        centre = _read("cost_centre", article, "kostnadsstället")
        reference = _read("reference", article, "referensen")
        if centre or reference:
            found[article.id] = LineMark(centre, reference)
    return found


def _read(name: str, article: Article, what: str) -> str:
    typed = typed_mark(name, article.id)
    return particulars.line(typed, f"{article.name}: {what}", longest=LONGEST_REFERENCE, needed=False)
