"""What is to come each time, as the page of a standing order shows and reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from app import formats
from app.catalog.models import Article
from app.db import db
from app.orders.cart import MOST_LINES, Cart, read_quantity


@dataclass(frozen=True, slots=True)
class Row:
    """One article of it, with what was typed as its quantity, and what is wrong with that."""

    article: Article
    typed: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """What is to come each time, as the page shows it and as an order takes it."""

    rows: Sequence[Row]
    cart: Cart
    wrong: str = ""
    """What is wrong with the article that was to be added."""

    @property
    def good(self) -> bool:
        """Whether all of it can be read."""
        return not self.wrong and not any(row.wrong for row in self.rows)

    @property
    def articles(self) -> list[Article]:
        """What is wanted of them."""
        return [row.article for row in self.rows if row.article.id in self.cart]


def goods(present: Mapping[int, Decimal], more_number: str = "", more_quantity: str = "") -> Goods:
    """What is to come: what was typed, or what there is when nothing was; and an article that is added by number."""
    typed = {key: text for key, text in request.form.items() if key.startswith("quantity-")}
    wanted = {_id(key): text for key, text in typed.items() if _id(key)} or {
        id_: formats.quantity(quantity) for id_, quantity in present.items()
    }
    wrong = ""
    if more_number:
        found = db.session.scalar(select(Article).where(Article.number == more_number.upper()))
        if found is None:
            wrong = _("There is no article with that number.")
        else:
            wanted[found.id] = more_quantity or "1"
    by_id = {
        one.id: one for one in db.session.scalars(select(Article).where(Article.id.in_(list(wanted)[:MOST_LINES])))
    }
    rows = [_row(by_id[id_], text) for id_, text in wanted.items() if id_ in by_id]
    cart = {row.article.id: quantity for row, quantity in rows if quantity}
    return Goods([row for row, _quantity in rows], cart, wrong)


def _row(article: Article, text: str) -> tuple[Row, Decimal]:
    """Nought takes it out."""
    if text.strip() in {"", "0"}:
        return Row(article, text), Decimal(0)
    try:
        return Row(article, text), read_quantity(text, article.unit)
    except ValueError as wrong:
        return Row(article, text, str(wrong)), Decimal(0)


def _id(key: str) -> int:
    text = key.removeprefix("quantity-")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
