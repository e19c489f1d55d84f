"""What cannot be undone is asked once: before the day, without proof, and while the customer is asked something."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import adjustflow, orderflow
from app import clock as house_clock
from app.db import db
from app.orders.models import Assignment
from app.orders.question_models import OrderQuestion
from app.orders.questions import Instead
from tests import make
from tests.order_case import BUYER, furnish
from tests.order_case import order as make_order
from tests.people import document, text

LJUNGBACKEN = "ljungbacken@medlem.example"


@pytest.fixture
def work(app) -> Assignment:
    """Ljungbacken has said yes to six fruit baskets for Friday week."""
    made = make_order({furnish().id: Decimal(6)})
    orderflow.accept(made.assignments[0], {}, by=make.make_user(), now=house_clock.now())
    db.session.commit()
    return made.assignments[0]


def door(work: Assignment) -> str:
    return f"/medlem/uppdrag/{work.id}/lamna"


def state(work: Assignment) -> str:
    db.session.expire_all()
    return work.state.value


def asked(work: Assignment) -> OrderQuestion:
    """Ljungbacken would rather deliver rye bread."""
    bread = make.make_offering(make.make_article("Rågbröd"), work.member)
    share, by = work.lines[0], make.make_user("vera@medlem.example")
    question = adjustflow.propose(
        share, Decimal(2), Instead(bread, Decimal(2)), "Äpplena är slut", by=by, now=house_clock.now()
    )
    db.session.commit()
    return question


def test_a_handover_with_proof_has_one(work, visit, clock):
    clock.move(days=11)
    member = visit(LJUNGBACKEN)
    answer = member.fill(door(work), {})
    assert answer.status_code == 422
    assert "Ett av dem räcker" in text(document(answer))
    assert state(work) == "accepted"
    assert member.fill(door(work), {"received_by": "Nora Nordbyn"}).status_code == 303
    assert state(work) == "delivered"


def test_before_the_day_it_is_said_before_anybody_signs(work, visit):
    member = visit(LJUNGBACKEN)
    assert "Leveransdagen är 4 december" in text(member.page(door(work)))
    assert member.fill(door(work), {"received_by": "Nora Nordbyn", "said": ""}).status_code == 422, "not from our page"
    assert state(work) == "accepted"
    assert member.fill(door(work), {"received_by": "Nora Nordbyn"}).status_code == 303
    assert state(work) == "delivered"


def test_on_the_day_nothing_is_said(work, visit, clock):
    clock.move(days=11)
    assert "Är det redan levererat?" not in text(visit(LJUNGBACKEN).page(door(work)))


def test_a_part_before_the_day_is_said_too(work, visit):
    member, path = visit(LJUNGBACKEN), f"/medlem/uppdrag/{work.id}/del"
    assert "Leveransdagen är 4 december" in text(member.page(path))
    sent = {f"quantity-{work.lines[0].id}": "2", "rest_on": "2026-12-08"}
    assert member.fill(path, {**sent, "said": ""}).status_code == 422, "not from our page"
    assert member.fill(path, sent).status_code == 303
    db.session.expire_all()
    assert sorted(one.state.value for one in work.order.assignments) == ["accepted", "delivered"]


def test_an_open_question_ends_with_a_word_to_the_customer(work, visit, outbox):
    question, member = asked(work), visit(LJUNGBACKEN)
    assert "Frågan avslutas i så fall" in text(member.page(f"/medlem/uppdrag/{work.id}"))
    assert "Ni har frågat kunden om Fruktkorg 5 kg" in text(member.page(door(work)))
    assert member.fill(door(work), {"received_by": "Nora Nordbyn"}).status_code == 303
    db.session.expire_all()
    assert question.state == "ended"
    assert (
        "Frågan om Fruktkorg 5 kg behöver du inte svara på längre"
        in outbox.to(BUYER)[-2].body + outbox.to(BUYER)[-1].body
    )
    nordbyn = visit(BUYER)
    assert "Frågan om Fruktkorg 5 kg är avslutad" in text(nordbyn.page(f"/bestallningar/{work.order.number}"))
    late = nordbyn.post(f"/bestallningar/{work.order.number}/fraga/{question.id}/ja")
    assert late.status_code in {404, 409}
    assert db.session.scalars(select(OrderQuestion)).one().answered_by == ""
