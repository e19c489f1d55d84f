"""Every published state is kept: what a customer bought can be read years later, whatever the article has become."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.catalog import actions, versions
from app.catalog.drafts import Draft, Terms, draft_of
from app.catalog.kinds import ArticleKind, Withdrawal
from app.db import db
from app.money import Money
from app.orders.models import AssignmentLine, OrderLine
from app.vat import VatClass
from tests import make
from tests.furnished import furnished

pytestmark = pytest.mark.both

TERMS = Terms(make.Decimal(20), 2, frozenset({make.GOTHENBURG}))


@furnished
def sam(app):
    return make.make_sam()


@furnished
def basket(sam):
    """A fruit basket that Ljungbacken packs."""
    draft = Draft(
        "Fruktkorg",
        "Fem kilo frukt.",
        make.make_category().id,
        "H87",
        "",
        VatClass.FOOD,
        cpv="03222000-3",
        content=make.Decimal(5),
        content_unit="KGM",
        allergens=("celery", "nuts"),
        withdrawal=Withdrawal.PERISHABLE,
        deposit=Money.kronor(60),
    )
    article = actions.create_article(draft, Money.kronor(212), by=sam, now=app_clock.now())
    actions.add_offering(article, make.make_ljungbacken(), TERMS, Money.kronor(190), by=sam, now=app_clock.now())
    return article


def numbers(article):
    return [version.number for version in versions.versions_of(article)]


def test_what_is_published_first_is_version_one_with_all_that_was_written(basket):
    (first,) = versions.versions_of(basket)
    assert (basket.version, first.number, first.published_by) == (1, 1, "Sam Exempel")
    assert first.content["price"] == 21200
    assert first.content["allergens"] == ["nuts", "celery"]
    assert (first.content["content"], first.content["content_unit"]) == ("5", "KGM")
    assert (first.content["kind"], first.content["withdrawal"], first.content["deposit"]) == (
        ArticleKind.GOODS.value,
        Withdrawal.PERISHABLE.value,
        6000,
    )


def test_a_change_makes_a_version_and_leaves_the_old_one_as_it_was(basket, sam):
    before = dict(versions.versions_of(basket)[0].content)
    draft = draft_of(basket)
    actions.edit_article(basket, draft, Money.kronor(219), number=basket.number, by=sam, now=app_clock.now())
    newest, oldest = versions.versions_of(basket)
    assert (newest.number, newest.content["price"]) == (2, 21900)
    assert (oldest.number, oldest.content) == (1, before)


def test_saving_what_is_there_already_makes_no_version(basket, sam):
    actions.edit_article(basket, draft_of(basket), basket.price, number=basket.number, by=sam, now=app_clock.now())
    assert numbers(basket) == [1]


def test_a_new_member_price_makes_a_version_of_the_offering_and_new_terms_make_none(basket, sam):
    (offering,) = basket.offerings
    actions.change_terms(offering, Terms(make.Decimal(50), 1, TERMS.municipalities), by=sam, now=app_clock.now())
    assert offering.version == 1
    actions.set_member_price(offering, Money.kronor(195), by=sam, now=app_clock.now())
    assert offering.version == 2
    kept = db.session.get_one(versions.OfferingVersion, (offering.id, 1))
    assert kept.content == {"member_price": 19000, "unit": "H87", "municipalities": [make.GOTHENBURG]}


def test_an_order_points_at_the_versions_that_were_bought(basket, sam, visit):
    visitor = visit(None)
    visitor.post("/varukorg/lagg-i", data={"article": basket.id, "quantity": "2"})
    answer = visitor.fill(
        "/kassa",
        {
            "day": "2026-12-01",
            "recipient": "Ingrid Exempel",
            "street": "Provgatan 3",
            "postcode": "411 01",
            "city": "Göteborg",
            "municipality": make.GOTHENBURG,
            "name": "Ingrid Exempel",
            "email": "ingrid@exempel.example",
        },
    )
    assert answer.status_code == 303, answer.text
    actions.edit_article(basket, draft_of(basket), Money.kronor(250), number=basket.number, by=sam, now=app_clock.now())
    db.session.commit()
    line = db.session.scalars(select(OrderLine)).one()
    assert (line.article_version, basket.version) == (1, 2)
    assert db.session.scalars(select(AssignmentLine.offering_version)).one() == 1
