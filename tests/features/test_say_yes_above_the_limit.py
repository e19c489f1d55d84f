"""A yes to a member's question that brings the order above the organisation's limit is for somebody who may approve."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.catalog.models import Article, Offering
from app.db import db
from app.money import Money
from app.orders.approvals.models import ApprovalRule, DecisionState, OrderApproval
from app.orders.question_models import OrderQuestion
from app.orders.states import QuestionState
from tests import make
from tests.order_case import BUYER, furnish, in_balance, member, order
from tests.people import text

MEMBER, CIA = "ljungbacken@medlem.example", "cia@nordbyn.example"
LIMIT = Money(220000)


@pytest.fixture
def kiosk(app, visit):
    """Nordbyn has ordered ten baskets for 2 120 kronor; above 2 200 another person must say yes, and Cia may."""
    made = order({furnish().id: Decimal(10)})
    make.make_user(CIA, customer=made.customer, name="Cia Exempel")
    db.session.add(ApprovalRule(customer_id=made.customer_id, limit=LIMIT, set_by="Kontoret", set_at=made.placed_at))
    visit(MEMBER).post(f"/medlem/uppdrag/{made.assignments[0].id}/ja")
    flowers = make.make_article("Blomkorg", price=Money(18000))
    make.make_offering(flowers, member("ljungbacken"))
    db.session.expire_all()
    return made


def propose(visit, made, flowers):
    """Ljungbacken would rather deliver so many flowers instead of four of the baskets."""
    offering = db.session.scalars(select(Offering).join(Offering.article).where(Article.name == "Blomkorg")).one()
    values = {"quantity": "4", "offering": str(offering.id), "new_quantity": flowers, "why": "Frukten är slut"}
    path = f"/medlem/uppdrag/{made.assignments[0].id}/forslag"
    assert visit(MEMBER).fill(path, values).status_code == 303
    return the_question()


def the_question():
    db.session.expire_all()
    return db.session.scalars(select(OrderQuestion)).one()


def say(visitor, question, answer):
    number = question.order_line.order.number
    return visitor.post(f"/bestallningar/{number}/fragor/{question.id}/{answer}")


def approvals():
    return db.session.scalar(select(func.count(OrderApproval.id)))


def test_within_the_limit_whoever_ordered_says_yes(kiosk, visit, outbox):
    question = propose(visit, kiosk, "5")
    after = question.net_after
    assert after == Money(21200).times(6) + Money(18000).times(5)
    assert outbox.to(CIA) == []
    assert say(visit(BUYER), question, "ja").status_code == 303
    assert (the_question().state, approvals()) == (QuestionState.YES, 0)
    assert kiosk.net == after


def test_above_it_whoever_ordered_is_refused_and_told_who_may(kiosk, visit, outbox):
    question = propose(visit, kiosk, "6")
    page = visit(BUYER).page(f"/bestallningar/{kiosk.number}")
    assert "De här kan säga ja: Cia Exempel." in text(page)
    assert page.cssselect("form[action$='/ja']") == []
    assert page.cssselect("form[action$='/nej']")
    assert f"En fråga om beställning {kiosk.number} som du kan säga ja till" in outbox.subjects_to(CIA)
    answer = say(visit(BUYER), question, "ja")
    assert answer.status_code == 409
    assert "De här kan säga ja: Cia Exempel." in answer.text
    assert the_question().state == QuestionState.OPEN
    assert kiosk.net == Money(212000)
    assert in_balance(kiosk).to_come == 10


def test_the_approver_says_yes_on_the_same_page_and_that_is_the_approval(kiosk, visit):
    question = propose(visit, kiosk, "6")
    path = f"/bestallningar/{kiosk.number}"
    assert visit(CIA).fill(path, {}, form="form[action$='/ja']").status_code == 303
    db.session.expire_all()
    assert kiosk.net == Money(21200).times(6) + Money(18000).times(6) == Money(235200)
    approval = db.session.scalars(select(OrderApproval)).one()
    assert (approval.state, approval.net, approval.decided_by) == (DecisionState.APPROVED, kiosk.net, "Cia Exempel")
    assert "Godkänd av Cia Exempel" in text(visit(BUYER).page(path))
    assert question.answered_by == "Cia Exempel"
    in_balance(kiosk)


def test_whoever_ordered_may_always_say_no(kiosk, visit):
    question = propose(visit, kiosk, "6")
    assert say(visit(BUYER), question, "nej").status_code == 303
    assert (the_question().state, approvals()) == (QuestionState.NO, 0)


def test_what_has_been_approved_is_not_asked_again_but_more_is(kiosk, visit):
    net = Money(240000)
    db.session.add(
        OrderApproval(
            order=kiosk,
            limit=LIMIT,
            net=net,
            asked_by="Kontoret",
            state=DecisionState.APPROVED,
            decided_by="Cia Exempel",
        )
    )
    question = propose(visit, kiosk, "7")
    assert say(visit(BUYER), question, "ja").status_code == 409
    assert say(visit(BUYER), question, "nej").status_code == 303
    db.session.delete(the_question())
    question = propose(visit, kiosk, "6")
    assert say(visit(BUYER), question, "ja").status_code == 303
    assert db.session.scalars(select(OrderApproval)).one().net == net


def test_where_nobody_else_has_an_account_the_sentence_says_what_to_do(kiosk, visit):
    question = propose(visit, kiosk, "6")
    db.session.scalars(select(User).where(User.email == CIA)).one().active = False
    answer = say(visit(BUYER), question, "ja")
    assert (answer.status_code, "Be oss bjuda in en till." in answer.text) == (409, True)


def test_more_than_was_ordered_passes_the_limit_too(kiosk, visit):
    apples = make.make_article("Äpplen", unit="KGM", price=Money(3000))
    make.make_offering(apples, member("ljungbacken"))
    made = order({apples.id: Decimal(70)})
    visit(MEMBER).post(f"/medlem/uppdrag/{made.assignments[0].id}/ja")
    db.session.expire_all()
    path = f"/medlem/uppdrag/{made.assignments[0].id}/vikt"
    assert visit(MEMBER).fill(path, {"quantity": "80", "why": "Stora äpplen"}).status_code == 303
    question = the_question()
    assert question.net_after == Money(240000)
    assert say(visit(BUYER), question, "ja").status_code == 409
    assert say(visit(CIA), question, "ja").status_code == 303
    db.session.expire_all()
    assert made.net == Money(240000)
