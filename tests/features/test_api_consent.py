"""A private person's system orders a service: what the law wants said is said word for word, or nothing is ordered."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.catalog.kinds import Withdrawal
from app.customers.models import CustomerKind
from app.db import db
from app.orders.models import Order
from tests import make, order_case
from tests.features.api_case import System, system
from tests.features.test_api_orders import PLACE
from tests.order_case import BUYER
from tests.quote_case import SAM, send, the_quote

WORDS = (
    "Jag ber er börja med arbetet innan ångerfristen på 14 dagar har gått ut, och godkänner att ångerrätten upphör när "
    "tjänsten är helt utförd. Det gäller: Fönsterputs."
)


@pytest.fixture
def cleaning(app):
    """Ljungbacken cleans windows, and the right of withdrawal ends when they are clean."""
    order_case.furnish()
    article = make.make_article("Fönsterputs", withdrawal=Withdrawal.SERVICE)
    make.make_offering(article, order_case.member("ljungbacken"))
    return article


@pytest.fixture
def ingrid(app, cleaning) -> System:
    """A private person's own program."""
    customer = make.make_customer(kind=CustomerKind.PRIVATE, name="Ingrid Exempel", org_number=None)
    make.make_user("ingrid@exempel.example", customer=customer)
    return system(app, "ingrid@exempel.example")


def wish(article, **more) -> dict:
    line = {"article": article.number, "quantity": "2"}
    return {"lines": [line], "delivery": {"day": "2026-12-04", "place": PLACE}, **more}


def orders() -> list[Order]:
    db.session.expire_all()
    return list(db.session.scalars(select(Order)))


def test_the_words_are_asked_for_and_kept_with_the_order(ingrid, cleaning):
    told = ingrid.get(f"/consent?article={cleaning.number}")
    assert told == {"needed": True, "articles": [cleaning.number], "words": WORDS}
    ingrid.post("/orders", wish(cleaning, consent=told["words"]), key="a", status=201)
    (order,) = orders()
    assert (order.consent, order.consent_at) == (WORDS, order.placed_at)


@pytest.mark.parametrize(
    "said", [{}, {"consent": ""}, {"consent": "ja"}, {"consent": WORDS.replace("Fönsterputs", "x")}]
)
def test_without_them_or_in_other_words_nothing_is_ordered(ingrid, cleaning, said):
    told = ingrid.post("/orders", wish(cleaning, **said), key="a", status=422)
    (error,) = told["errors"]
    assert error["pointer"] == "/consent"
    assert WORDS in error["detail"]
    assert orders() == []


def test_goods_and_organisations_need_none(ingrid, cleaning, app):
    fruit = db.session.scalars(select(make.Article).where(make.Article.name == "Fruktkorg 5 kg")).one()
    assert ingrid.get(f"/consent?article={fruit.number}") == {"needed": False, "articles": [], "words": ""}
    nora = system(app, BUYER)
    assert nora.get(f"/consent?article={cleaning.number}&article={fruit.number}")["needed"] is False
    nora.post("/orders", wish(cleaning, consent="påhittat"), key="a", status=201)
    assert [one.consent for one in orders()] == [""]
    nora.get("/consent?article=finns-inte", status=404)


def test_a_quoted_service_wants_them_too(ingrid, cleaning, visit):
    ingrid.post("/quotes", wish(cleaning), key="q", status=201)
    number = send(visit(SAM), the_quote()).number
    yes = {"version": 1, "name": "Ingrid Exempel"}
    told = ingrid.post(f"/quotes/{number}/accept", yes, status=422)
    assert [one["pointer"] for one in told["errors"]] == ["/consent"]
    ingrid.post(f"/quotes/{number}/accept", {**yes, "consent": WORDS}, status=201)
    assert [one.consent for one in orders()] == [WORDS]
