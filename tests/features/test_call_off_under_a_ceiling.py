"""Whatever is called off counts against the agreement's ceiling at once, and never passes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.catalog.models import ApprovalState
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.agreements.models import Agreement, CallOff, CeilingWarning
from app.orders.models import Order, OrderLine
from tests import make, quote_case, standing_case
from tests.agreement_case import call_off, counted
from tests.features.ceiling_case import customer, fifty_at_once, furnish, order, vasterhamn
from tests.furnished import furnished
from tests.people import document, text

pytestmark = pytest.mark.both


@furnished
def agreement(app) -> Agreement:
    return furnish()


def test_an_order_counts_at_once_and_for_each_buyer(agreement):
    order(agreement, 10)
    order(agreement, 5, customer=customer("Nordbyn Teknik AB"))
    assert counted(agreement) == Money.kronor(3000)
    assert agreement.left == Money.kronor(7000)
    rows = db.session.execute(select(CallOff.customer_id, CallOff.counted, CallOff.day).order_by(CallOff.counted))
    assert [(one.counted, one.day.isoformat()) for one in rows] == [
        (Money.kronor(1000), "2026-11-23"),
        (Money.kronor(2000), "2026-11-23"),
    ]


def test_what_would_pass_the_ceiling_is_refused_in_words_and_nothing_of_it_is_saved(agreement):
    order(agreement, 45)
    with pytest.raises(Refused, match=r"INK 2026/114 har 1\xa0000,00\xa0kr kvar .* det här kostar 1\xa0200,00\xa0kr"):
        order(agreement, 6)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1
    assert counted(agreement) == Money.kronor(9000)
    order(agreement, 5)
    assert counted(agreement) == agreement.ceiling
    with pytest.raises(Refused, match="Avtalet INK 2026/114 är fullt"):
        order(agreement, 1)


def test_fifty_call_offs_at_the_same_moment_never_pass_the_ceiling(app, agreement):
    """Each wants three baskets: sixteen fit, and thirty-four are told that they do not."""
    told = fifty_at_once(app, agreement)
    assert told.count("ordered") == 16
    assert all("har 400,00\xa0kr kvar" in words or words == "ordered" for words in told)
    assert counted(agreement) == Money.kronor(9600)
    assert db.session.scalar(select(func.count()).select_from(Order)) == 16
    assert db.session.scalars(select(CeilingWarning.percent).order_by(CeilingWarning.percent)).all() == [70, 85, 95]


def test_what_is_beside_the_agreement_does_not_count(agreement):
    other = make.make_article("Blomkorg")
    make.make_offering(other, agreement.price_list.rows[0].article.offerings[0].member)
    db.session.commit()
    call_off(other.id, 3, vasterhamn())
    assert counted(agreement) == Money.kronor(0)


def test_the_checkout_says_it_in_words_and_keeps_what_was_typed(agreement, visit):
    order(agreement, 48)
    browser = visit(make.VASTERHAMN["email"])
    article = agreement.price_list.rows[0].article_id
    browser.post("/varukorg/lagg-i", data={"article": str(article), "quantity": "3"})
    typed = {"day": date(2026, 12, 4).isoformat(), "buyer_reference": "Kim", "order_reference": "4711"}
    answer = browser.fill("/kassa", typed)
    assert answer.status_code == 422
    assert "har 400,00\xa0kr kvar" in answer.text
    assert "4711" in answer.text
    assert counted(agreement) == Money.kronor(9600)


def test_the_ceiling_is_said_before_that_nobody_can_deliver_so_much(agreement, visit):
    browser, article = visit(make.VASTERHAMN["email"]), agreement.price_list.rows[0].article_id
    browser.post("/varukorg/lagg-i", data={"article": str(article), "quantity": "2000"})
    answer = browser.fill("/kassa", {"day": "2026-12-04", "buyer_reference": "Kim", "order_reference": "4711"})
    assert answer.status_code == 422
    said = text(document(answer).cssselect("[role=alert], .error-summary")[0])
    assert "kvar av sitt takvärde" in said, "at the first press"
    assert "Ingen kan leverera" not in said


def test_what_a_quote_sells_of_the_agreement_is_called_off_too(agreement, visit):
    """A buyer that is bound to an agreement cannot buy beside it, at a lower price, what stands in it."""
    browser, article = visit(make.NORDBYN["email"]), agreement.price_list.rows[0].article_id
    quote = quote_case.send(visit("sam@samklang.example"), quote_case.ask(browser, article, "6"), price="190")
    assert quote_case.accept(browser, quote).status_code == 303
    assert counted(agreement) == Money.kronor(1140)
    assert db.session.scalars(select(OrderLine)).one().price_because.startswith("Offert")


def test_each_time_of_a_standing_order_counts_when_it_is_ordered(app, agreement, clock, outbox):
    """Fifteen baskets a week are 3 000 kr: three times fit under the ceiling, and of the fourth people are told."""
    whose = customer("Nordbyn Teknik AB")
    standing = standing_case.start({agreement.price_list.rows[0].article_id: Decimal(15)}, customer=whose)
    assert counted(agreement) == Money(0), "what is agreed on is not called off yet"
    for _week in range(6):
        standing_case.minute(app, 2)
        clock.move(days=7)
    assert [state for _day, state in standing_case.times(standing)][:4] == ["ordered", "ordered", "ordered", "missed"]
    assert counted(agreement) == Money.kronor(9000)
    told = [one for one in outbox.to(make.NORDBYN["email"]) if "kvar av sitt takvärde" in one.body]
    assert told


def test_a_standing_order_says_before_and_after_it_starts_that_the_agreement_does_not_suffice(agreement, visit):
    order(agreement, 49)
    browser, article = visit(make.NORDBYN["email"]), agreement.price_list.rows[0].article_id
    browser.post("/varukorg/lagg-i", data={"article": str(article), "quantity": "2"})
    typed = {"name": "Frukt", "day": "2026-12-03", "weekdays": ["3"], "then": "look"}
    seen = browser.fill("/staende/ny", typed)
    said = "Varje gång kostar 400,00 kr av avtalet INK 2026/114, vars takvärde har 200,00 kr kvar"
    assert said in text(document(seen).cssselect("main")[0]).replace("\xa0", " ")
    whose = customer("Nordbyn Teknik AB")
    standing = standing_case.start({article: Decimal(2)}, customer=whose)
    page = text(browser.page(f"/staende/{standing.id}").cssselect("main")[0]).replace("\xa0", " ")
    assert said in page
    assert "i avtalet INK 2026/114, som gäller till och med" in page


def test_an_order_without_an_agreement_asks_nothing_of_agreements(agreement, queries):
    other = make.make_article("Blomkorg")
    make.make_offering(other, agreement.price_list.rows[0].article.offerings[0].member)
    whose = make.make_customer()
    db.session.commit()
    with queries() as asked:
        call_off(other.id, 3, whose)
    assert not [one for one in asked if "call_off" in one.replace("order_line.called_off", "") and "call_off." in one]
    assert not [one for one in asked if " agreement " in one or "agreement_list" in one]


def test_what_stands_in_the_agreement_alone_has_its_page_for_staff(agreement, visit):
    article = agreement.price_list.rows[0].article
    article.state = ApprovalState.WITHDRAWN
    db.session.commit()
    own = make.make_article("Provsmakning", state=ApprovalState.AGREED)
    db.session.commit()
    browser = visit("sam@samklang.example")
    assert "Bara i ett ramavtal" in browser.get(f"/personal/katalog/{own.id}").text
    assert "Provsmakning" in browser.get("/personal/katalog?lage=agreed").text
