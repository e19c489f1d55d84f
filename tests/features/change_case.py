"""A fruit basket that Ljungbacken packs, published by Sam, with what members and staff do to change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app import catalogflow
from app import clock as app_clock
from app.accounts.models import User
from app.catalog import actions, indexing
from app.catalog.changing.actions import Wish
from app.catalog.changing.models import ChangeRequest
from app.catalog.drafts import Draft, Terms
from app.catalog.models import Article, Offering
from app.db import db
from app.members.models import Member
from app.money import Money
from app.vat import VatClass
from tests import make

TERMS = Terms(make.Decimal(20), 2, frozenset(make.SOLD_IN))
BASKET = {"name": "Fruktkorg", "description": "Fem kilo frukt.", "price": "190"}


@dataclass
class Case:
    """The cast, and the article that they talk about."""

    member: Member
    user: User
    sam: User
    article: Article
    offering: Offering

    def ask(self, subject: Article | Offering | None = None, note: str = "", **state: Any) -> ChangeRequest:
        """Ljungbacken asks for something to be otherwise."""
        wish = Wish(state, note=note)
        return catalogflow.ask(subject or self.article, wish, member=self.member, by=self.user, now=app_clock.now())

    def publish(self, subject: Article | Offering | None = None, **state: Any) -> ChangeRequest:
        """Sam saves something himself."""
        return catalogflow.save(subject or self.article, Wish(state), by=self.sam, now=app_clock.now())


def make_case() -> Case:
    """Everything is published as version 1."""
    sam, member = make.make_sam(), make.make_ljungbacken()
    user = make.make_user(member.email, member=member, name="Lena Exempel")
    now, category = app_clock.now(), make.make_category()
    draft = Draft("Fruktkorg", "Fem kilo frukt.", category.id, "H87", "", VatClass.FOOD, cpv="03222000-3")
    article = actions.create_article(draft, Money.kronor(212), by=sam, now=now)
    offering = actions.add_offering(article, member, TERMS, Money.kronor(190), by=sam, now=now)
    indexing.reindex_all()
    return Case(member, user, sam, article, offering)


def again(row: Any) -> Any:
    """The row as it lies in the database now."""
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)


def requests() -> list[ChangeRequest]:
    """All that has been asked for, the oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(ChangeRequest).order_by(ChangeRequest.id)))


def page_of(asked) -> str:
    return f"/personal/katalog/andringar/{asked.id}"


def article_form(case, **values):
    return {
        "name": case.article.name,
        "description": case.article.description,
        "category": str(case.article.category_id),
        "unit": case.article.unit,
        "unit_text": "",
        "vat_class": case.article.vat_class.value,
        "withdrawal": case.article.withdrawal.value,
        "content_unit": "",
        "cpv": case.article.cpv,
        "price": "212",
        "number": case.article.number,
        "base": str(case.article.version),
        **values,
    }


def article_page(case) -> str:
    return f"/medlem/andringar/artikel/{case.article.id}"


def offering_page(case) -> str:
    return f"/medlem/andringar/erbjudande/{case.offering.id}"
