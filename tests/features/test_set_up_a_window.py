"""Staff set up, change and call off a batch; customers read on each page when it closes and when it comes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.accounts.models import RoleName
from app.catalog.models import ApprovalState
from app.db import db
from app.errors import Refused
from app.orders.states import OrderState
from app.orders.windows.models import OrderWindow, WindowState
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, furnish
from tests.order_case import order as make_order
from tests.people import document, text, together
from tests.window_case import FACTS, gather, minute

SAM = "sam@samklang.example"
NEW = "/personal/omgangar/ny"
TYPED = {
    "name": "Julbak",
    "opens_at": "2026-11-20T08:00",
    "closes_at": "2026-12-02T12:00",
    "delivery_day": "2026-12-11",
    "least": "10",
}


@furnished
def fruit(app):
    """Two members make fruit baskets."""
    return furnish()


def test_sam_sets_up_a_batch_and_customers_read_of_it(fruit, visit):
    sam, nordbyn = visit(SAM), visit(BUYER)
    answer = sam.fill(NEW, {**TYPED, "articles": f" {fruit.number.lower()}, "})
    assert answer.status_code == 303
    window = db.session.scalars(select(OrderWindow)).one()
    assert window.closes_at == datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
    page = text(nordbyn.page(f"/katalog/{fruit.slug}"))
    assert "Beställ senast ons 2 dec 12:00. Leverans fre 11 dec" in page
    assert "Det görs om minst 10 st beställs" in page
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit.id, "quantity": "2"})
    for path in ("/varukorg", "/kassa"):
        assert "vi samlar beställningar till ons 2 dec 12:00" in text(nordbyn.page(path))
    make_order({fruit.id: Decimal(6)})
    assert "Nordbyn Teknik AB" in text(sam.page(answer.location))
    listed = text(sam.page("/personal/omgangar"))
    assert "Julbak" in listed
    assert "Samlar beställningar" in listed
    assert "Görs i omgångar" in text(sam.page(f"/personal/katalog/{fruit.id}"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closes_at": "2026-11-20T07:00"}, "öppna innan den stänger"),
        ({"opens_at": "2026-11-01T08:00", "closes_at": "2026-11-22T08:00"}, "senare än nu"),
        ({"delivery_day": "2026-12-12"}, "Vi levererar på vardagar"),
        ({"delivery_day": "2026-12-02"}, "från stängning till leverans"),
        ({"articles": "FINNS-EJ"}, "FINNS-EJ"),
        ({"articles": ""}, "minst ett artikelnummer"),
        ({"least": "-3"}, "mer än noll"),
        ({"name": ""}, "Skriv ett namn"),
        ({"opens_at": "i går"}, "Skriv dag och tid"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_set_up(fruit, visit, wrong, said):
    answer = visit(SAM).fill(NEW, {**TYPED, "articles": fruit.number, **wrong})
    assert answer.status_code == 422
    assert said in text(document(answer))
    assert db.session.scalars(select(OrderWindow)).all() == []


def test_all_that_is_wrong_is_said_at_once_and_names_its_field(fruit, visit):
    wrong = {"articles": "FINNS-EJ, INTE-DEN", "least": "-3", "closes_at": "2026-11-20T07:00"}
    summary = text(document(visit(SAM).fill(NEW, {**TYPED, **wrong})).cssselect(".error-summary")[0])
    for said in ("FINNS-EJ, INTE-DEN", "Minsta antal: skriv mer än noll", "öppna innan den stänger"):
        assert said in summary


def test_what_cannot_be_made_in_batches(fruit):
    rolls = make.make_article("Bullar")
    bundle = make.make_bundle("Fika", (rolls, "10", False))
    hours = make.make_article("Städning", unit="HUR")
    gone = make.make_article("Kransar", state=ApprovalState.WITHDRAWN)
    db.session.commit()
    for articles, said in (
        ([bundle], "kan inte göras i omgångar"),
        ([rolls], "ingår i ett paket"),
        ([gone], "kan inte göras i omgångar"),
        ([fruit, hours], "olika enheter"),
    ):
        with pytest.raises(Refused, match=said):
            gather(*articles)
        db.session.rollback()


def test_two_batches_of_an_article_are_never_open_at_once(fruit, visit):
    gather(fruit)
    with pytest.raises(Refused, match="har redan omgången Julbak"):
        gather(fruit, name="Nyår")
    db.session.rollback()
    gather(fruit, name="Nyår", opens_at=FACTS.closes_at, closes_at=datetime(2026, 12, 18, tzinfo=UTC),
           delivery_day=date(2026, 12, 29))  # fmt: skip


def test_of_two_who_set_up_the_same_at_once_one_is_told(fruit, visit):
    sams = [visit(SAM) for _tab in range(2)]
    ready = {**TYPED, "articles": fruit.number}
    answers = together(*(lambda sam=sam: sam.post(NEW, data=ready) for sam in sams))
    assert sorted(answer.status_code for answer in answers) == [303, 422]


def test_sam_moves_the_closing_and_cannot_move_the_day_of_what_is_ordered(fruit, visit):
    window = gather(fruit)
    path = f"/personal/omgangar/{window.id}/andra"
    sam = visit(SAM)
    assert sam.fill(path, {"closes_at": "2026-12-03T12:00", "least": "5"}).status_code == 303
    make_order({fruit.id: Decimal(1)})
    refused = sam.fill(path, {"delivery_day": "2026-12-14"})
    assert refused.status_code == 422
    assert "leveransdagen kan inte ändras" in refused.text


def test_sam_calls_it_off_and_says_why(fruit, visit, outbox):
    window = gather(fruit)
    order = make_order({fruit.id: Decimal(20)})
    sam, path = visit(SAM), f"/personal/omgangar/{window.id}/stall-in"
    assert sam.post(path, data={"why": " "}).status_code == 422
    assert sam.post(path, data={"why": "Ugnen är trasig."}).status_code == 303
    db.session.expire_all()
    assert (window.state, order.state) == (WindowState.CALLED_OFF, OrderState.CALLED_OFF)
    assert "Ugnen är trasig." in outbox.to(BUYER)[-1].body
    assert sam.post(path, data={"why": "En gång till."}).status_code == 422


def test_an_article_goes_back_to_being_sold_as_usual(app, fruit, visit, clock):
    gather(fruit)
    path = f"/personal/omgangar/som-vanligt/{fruit.id}"
    sam = visit(SAM)
    assert sam.post(path).status_code == 409, "a batch is under way"
    clock.set(FACTS.closes_at)
    minute(app)
    assert "Ingen ny omgång är planerad än" in text(visit(BUYER).page(f"/katalog/{fruit.slug}"))
    assert sam.post(path).status_code == 303
    order = make_order({fruit.id: Decimal(2)})
    assert order.assignments


def test_finance_looks_and_sales_decide(fruit, visit):
    window = gather(fruit)
    eko = visit(make.make_user(roles=[RoleName.FINANCE]).email)
    assert eko.get(f"/personal/omgangar/{window.id}").status_code == 200
    assert eko.get(NEW).status_code == 403
    assert eko.post(f"/personal/omgangar/{window.id}/stall-in", data={"why": "Nej"}).status_code == 403
    assert visit(BUYER).get("/personal/omgangar").status_code == 403
