"""A member says that something of its own comes in one way only; routing, checkout and orders go by it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.delivery.models import OnlyWay, Parcel
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from tests import make, order_case
from tests.order_case import BUYER, NEXT_FRIDAY, member
from tests.people import document, text

pytestmark = pytest.mark.both

LJUNGBACKEN, RULLANDE = "ljungbacken@medlem.example", "rullande@medlem.example"


def says(slug: str, kind: WayKind, terms: Terms) -> None:
    set_way(member(slug), None, kind, terms, by=None, now=house_clock.now())
    db.session.commit()


@pytest.fixture
def sofa(app):
    """Ljungbacken makes a sofa beside its fruit baskets; it brings things for 120 kronor, or they are collected."""
    order_case.furnish()
    article = make.make_article("Soffa", price=Money.kronor(4000))
    make.make_offering(article, member("ljungbacken"))
    says("ljungbacken", WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(120)))
    says("ljungbacken", WayKind.COLLECT, Terms(hours="8–16"))
    return article


def page_of(article) -> str:
    return f"/medlem/leverans/artikel/{article.offerings[0].id}"


def say(visit, article, kind: str):
    return visit(LJUNGBACKEN).fill(page_of(article), {"kind": kind})


def checkout(visit, *articles):
    browser = visit(BUYER)
    for article in articles:
        browser.post("/varukorg/lagg-i", data={"article": str(article.id), "quantity": "1"})
    return browser


def parcels() -> list[Parcel]:
    db.session.expire_all()
    return list(db.session.scalars(select(Parcel).order_by(Parcel.id)))


def test_the_member_says_so_and_changes_its_mind(sofa, visit):
    assert "Soffa" in text(visit(LJUNGBACKEN).page(page_of(sofa)))
    assert say(visit, sofa, "collect").status_code == 303
    assert "Det kan bara hämtas" in text(visit(LJUNGBACKEN).page(f"/medlem/erbjudanden/{sofa.offerings[0].id}"))
    assert say(visit, sofa, "own").status_code == 303
    assert [one.kind for one in db.session.scalars(select(OnlyWay))] == [WayKind.OWN]
    assert say(visit, sofa, "any").status_code == 303
    assert db.session.scalars(select(OnlyWay)).all() == []
    assert say(visit, sofa, "carried").status_code == 422
    assert visit(RULLANDE).get(page_of(sofa)).status_code == 404
    assert visit(RULLANDE).post(page_of(sofa), data={"kind": "own"}).status_code == 404


def test_only_collected_is_for_those_with_a_place_to_collect(sofa, visit):
    fruit = db.session.scalars(select(make.Article).where(make.Article.name == "Fruktkorg 5 kg")).one()
    theirs = f"/medlem/leverans/artikel/{fruit.offerings[1].id}"
    answer = visit(RULLANDE).fill(theirs, {"kind": "collect"})
    assert answer.status_code == 422
    assert "var och när" in answer.text
    assert visit(RULLANDE).fill(theirs, {"kind": "own"}).status_code == 303, "who has said nothing delivers itself"


def test_the_last_way_stays_while_something_comes_only_so(sofa, visit):
    say(visit, sofa, "collect")
    page = visit(LJUNGBACKEN).page("/medlem/leverans")
    buttons = [one.get("action") for one in page.cssselect("form[action$='/bort']")]
    refused = visit(LJUNGBACKEN).post(buttons[1])
    assert refused.status_code == 409
    assert "Soffa kan bara hämtas" in refused.text
    say(visit, sofa, "any")
    assert visit(LJUNGBACKEN).post(buttons[1]).status_code == 303


def test_what_is_only_collected_is_collected(sofa, visit):
    say(visit, sofa, "collect")
    browser = checkout(visit, sofa)
    seen = browser.post("/kassa", data={"then": "coming", "day": NEXT_FRIDAY.isoformat(), "site": "1"})
    assert "Det kan bara hämtas" in seen.text
    assert "Levereras till dig" not in text_of_choices(seen)
    refused = browser.fill("/kassa", {"day": NEXT_FRIDAY.isoformat()})
    assert refused.status_code == 422, "the customer must say that it collects"
    key = next(one for one in keys_of(refused) if one)
    answer = browser.fill("/kassa", {"day": NEXT_FRIDAY.isoformat(), f"way-{member('ljungbacken').id}": key})
    assert answer.status_code == 303, answer.text
    assert [(one.kind, one.fee) for one in parcels()] == [(WayKind.COLLECT, Money(0))]


def text_of_choices(answer) -> str:
    return " ".join(text(one) for one in document(answer).cssselect(".parcel label"))


def keys_of(answer) -> list[str]:
    return [one.get("value") for one in document(answer).cssselect(".parcel input[type=radio]")]


def test_what_the_member_brings_itself_is_not_collected(sofa, visit):
    say(visit, sofa, "own")
    browser = checkout(visit, sofa)
    seen = browser.post("/kassa", data={"then": "coming", "day": NEXT_FRIDAY.isoformat(), "site": "1"})
    assert "levereras bara av den som gör det" in seen.text
    answer = browser.fill(
        "/kassa", {"day": NEXT_FRIDAY.isoformat(), f"way-{member('ljungbacken').id}": keys_of(seen)[0]}
    )
    assert answer.status_code == 303, answer.text
    assert [(one.kind, one.fee) for one in parcels()] == [(WayKind.OWN, Money.kronor(120))]


def test_a_form_that_says_otherwise_orders_nothing(sofa, visit):
    browser = checkout(visit, sofa)
    seen = browser.post("/kassa", data={"then": "coming", "day": NEXT_FRIDAY.isoformat(), "site": "1"})
    brought = keys_of(seen)[0]
    say(visit, sofa, "collect")
    sent = {"day": NEXT_FRIDAY.isoformat(), f"way-{member('ljungbacken').id}": brought}
    answer = browser.fill("/kassa", sent)
    assert answer.status_code == 422
    assert "kan bara hämtas" in answer.text
    assert db.session.scalars(select(Order)).all() == []


def test_who_can_bring_it_is_asked_before_who_only_lets_it_be_collected(sofa, visit):
    make.make_offering(sofa, member("rullande"), lead_days=1)
    say(visit, sofa, "collect")
    order = order_case.order({sofa.id: Decimal(1)})
    assert [one.member.slug for one in order.assignments] == ["rullande"]


def test_two_that_cannot_come_together_are_ordered_apart(sofa, visit):
    table = make.make_article("Köksbord")
    make.make_offering(table, member("ljungbacken"))
    say(visit, sofa, "collect")
    assert visit(LJUNGBACKEN).fill(page_of(table), {"kind": "own"}).status_code == 303
    with pytest.raises(Refused, match="Soffa kan bara hämtas, och Köksbord levereras bara"):
        order_case.order({sofa.id: Decimal(1), table.id: Decimal(1)})
