"""A member changes its own part: what it weighs, what is sold out, a delivery in two, something else instead."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.db import db
from app.orders.models import Order
from app.orders.question_models import OrderQuestion
from app.orders.states import OrderState
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, furnish, in_balance, member, order, parts
from tests.people import text, together

FIRST, SECOND = "ljungbacken@medlem.example", "rullande@medlem.example"


@furnished
def kiosk(app, visit):
    """Nordbyn has ordered ten fruit baskets, and Ljungbacken has said yes."""
    return accepted(order({furnish().id: Decimal(10)}), visit)


@furnished
def orchard(app, visit):
    """Nordbyn has ordered ten kilograms of apples, and Ljungbacken has said yes."""
    furnish()
    apples = make.make_article("Äpplen", unit="KGM", price=make.Money(3000))
    make.make_offering(apples, member("ljungbacken"))
    return accepted(order({apples.id: Decimal(10)}), visit)


def accepted(made: Order, visit) -> Order:
    visit(FIRST).post(f"/medlem/uppdrag/{made.assignments[0].id}/ja")
    db.session.expire_all()
    return made


def path(made: Order, task: str = "", place: int = 0) -> str:
    return f"/medlem/uppdrag/{made.assignments[place].id}{task}"


def question(made: Order) -> OrderQuestion:
    db.session.expire_all()
    return db.session.query(OrderQuestion).order_by(OrderQuestion.id.desc()).first()


def reply(visitor, made: Order, answer: str):
    return visitor.fill(f"/bestallningar/{made.number}", {}, form=f"form[action$='/{answer}']")


def test_four_of_ten_today_and_the_rest_on_friday(kiosk, visit, outbox):
    line = kiosk.assignments[0].lines[0].id
    answer = visit(FIRST).fill(path(kiosk, "/del"), {f"quantity-{line}": "4", "rest_on": "2026-12-04"})
    assert answer.status_code == 303
    assert parts(kiosk) == [("ljungbacken", "accepted", 6), ("ljungbacken", "delivered", 4)]
    assert kiosk.state == OrderState.CONFIRMED
    letter = " ".join(outbox.to(BUYER)[-1].body.split())
    assert "Fruktkorg 5 kg: 4 st" in letter
    assert "Resten, 6 st Fruktkorg 5 kg, kommer fre 4 dec." in letter
    assert "Resten, 6 st Fruktkorg 5 kg" in text(visit(BUYER).page(f"/bestallningar/{kiosk.number}"))
    assert in_balance(kiosk).charged == make.Money(21200).times(4)
    visit(FIRST).post(f"{path(kiosk)}/levererat")
    db.session.expire_all()
    assert kiosk.state == OrderState.DELIVERED
    account = in_balance(kiosk)
    assert (account.delivered, account.charged) == (10, make.Money(21200).times(10))
    assert account.earned == make.Money(21200).times(Decimal("0.8")).times(10)


@pytest.mark.parametrize(
    ("now", "rest_on"), [(now, "2026-12-04") for now in ("0", "10", "11", "-1", "x")] + [("4", "2026-12-05"), ("4", "")]
)
def test_a_part_that_cannot_be_is_refused(kiosk, visit, now, rest_on):
    line = kiosk.assignments[0].lines[0].id
    sent = {f"quantity-{line}": now, "rest_on": rest_on}
    assert visit(FIRST).fill(path(kiosk, "/del"), sent).status_code == 422
    assert parts(kiosk) == [("ljungbacken", "accepted", 10)]


def test_a_part_that_is_sold_out_goes_to_somebody_else(kiosk, visit, outbox):
    answer = visit(FIRST).fill(path(kiosk, "/slut"), {"quantity": "7", "why": "Äpplena tog slut"})
    assert answer.status_code == 303
    assert parts(kiosk) == [("ljungbacken", "accepted", 7), ("rullande", "offered", 3)]
    assert len(outbox.to(SECOND)) == 1
    assert "Äpplena" not in visit(BUYER).get(f"/bestallningar/{kiosk.number}").text
    assert "Äpplena" in text(visit("sam@samklang.example").page(f"/personal/bestallningar/{kiosk.number}"))
    in_balance(kiosk)


def test_when_all_is_sold_out_the_assignment_is_over(kiosk, visit):
    visit(FIRST).fill(path(kiosk, "/slut"), {"quantity": "0", "why": "Frost"})
    assert parts(kiosk) == [("ljungbacken", "withdrawn", 0), ("rullande", "offered", 10)]
    in_balance(kiosk)


@pytest.mark.parametrize(("left", "why"), [("10", "x"), ("-1", "x"), ("1,5", "x"), ("7", " ")])
def test_nonsense_about_what_is_left_is_refused(kiosk, visit, left, why):
    assert visit(FIRST).fill(path(kiosk, "/slut"), {"quantity": left, "why": why}).status_code == 422
    assert parts(kiosk) == [("ljungbacken", "accepted", 10)]


def test_what_is_weighed_is_what_is_paid(orchard, visit, work_off, outbox):
    assert visit(FIRST).fill(path(orchard, "/vikt"), {"quantity": "10,4"}).status_code == 303
    assert in_balance(orchard).ordered == Decimal("10.4")
    assert "10,4 kg Äpplen i stället för 10" in text(visit(BUYER).page(f"/bestallningar/{orchard.number}"))
    visit(FIRST).fill(path(orchard, "/vikt"), {"quantity": "9,5"})
    visit(FIRST).post(f"{path(orchard)}/levererat")
    assert in_balance(orchard).charged == make.Money(28500)
    work_off()
    assert outbox.to(BUYER)[-1].kind == "invoice"


def test_weighing_twice_gives_no_more_room(orchard, visit, outbox):
    ljungbacken = visit(FIRST)
    ljungbacken.fill(path(orchard, "/vikt"), {"quantity": "11"})
    assert ljungbacken.fill(path(orchard, "/vikt"), {"quantity": "11,5", "why": ""}).status_code == 422, "no words"
    assert ljungbacken.fill(path(orchard, "/vikt"), {"quantity": "11,5", "why": "Stora äpplen"}).status_code == 303
    assert parts(orchard) == [("ljungbacken", "accepted", 11)], "the customer has not answered"
    assert "11,5 kg" in outbox.to(BUYER)[-1].body
    assert ljungbacken.fill(path(orchard, "/vikt"), {"quantity": "5"}).status_code == 422, "far too little"


def test_the_customer_says_yes_to_more(orchard, visit, outbox):
    visit(FIRST).fill(path(orchard, "/vikt"), {"quantity": "12", "why": "Stora äpplen"})
    page = text(visit(BUYER).page(f"/bestallningar/{orchard.number}"))
    assert "Då kostar det 360,00 kr i stället för 300,00 kr" in page
    assert reply(visit(BUYER), orchard, "ja").status_code == 303
    assert parts(orchard) == [("ljungbacken", "accepted", 12)]
    assert "Kunden säger ja" in outbox.to(FIRST)[-1].body
    in_balance(orchard)


def test_the_customer_says_no_to_more_and_all_is_as_before(orchard, visit):
    visit(FIRST).fill(path(orchard, "/vikt"), {"quantity": "12", "why": "Stora äpplen"})
    assert reply(visit(BUYER), orchard, "nej").status_code == 303
    assert parts(orchard) == [("ljungbacken", "accepted", 10)]
    in_balance(orchard)


def test_pieces_are_not_weighed(kiosk, visit):
    line = kiosk.assignments[0].lines[0].id
    assert "/vikt" not in visit(FIRST).get(path(kiosk)).text
    assert visit(FIRST).post(path(kiosk, "/vikt"), data={"line": line, "quantity": "11"}).status_code == 422


@furnished
def flowers(kiosk):
    """Ljungbacken sells flowers as well."""
    flowers = make.make_article("Blomkorg", price=make.Money(18000))
    return make.make_offering(flowers, member("ljungbacken"))


def offer_flowers(visit, kiosk, flowers, **other):
    values = {"quantity": "4", "offering": str(flowers.id), "new_quantity": "5", "why": "Frukten är slut"}
    return visit(FIRST).fill(path(kiosk, "/forslag"), {**values, **other})


def test_what_is_out_is_not_offered_instead_of_itself_nor_work_instead_of_fruit(kiosk, flowers, visit):
    make.make_offering(make.make_article("Paketering", unit="HUR", kind="timed_service"), member("ljungbacken"))
    page = visit(FIRST).page(path(kiosk, "/forslag"))
    assert [text(one) for one in page.cssselect("select[name=offering] option")][1:] == ["Blomkorg (st)"]


def test_something_else_with_the_customers_yes(kiosk, flowers, visit, outbox):
    assert offer_flowers(visit, kiosk, flowers).status_code == 303
    letter = " ".join(outbox.to(BUYER)[-1].body.split())
    assert "5 st Blomkorg i stället, för 900,00 kr" in letter
    assert parts(kiosk) == [("ljungbacken", "accepted", 10)], "nothing changes before the answer"
    assert reply(visit(BUYER), kiosk, "ja").status_code == 303
    assert parts(kiosk) == [("ljungbacken", "accepted", 11)]
    assert [(line.name, line.remaining) for line in kiosk.lines] == [("Fruktkorg 5 kg", 6), ("Blomkorg", 5)]
    visit(FIRST).post(f"{path(kiosk)}/levererat")
    assert in_balance(kiosk).charged == make.Money(21200).times(6) + make.Money(18000).times(5)


def test_the_price_that_was_said_yes_to_holds(kiosk, flowers, visit):
    offer_flowers(visit, kiosk, flowers)
    flowers.article.price = make.Money(99900)
    reply(visit(BUYER), kiosk, "ja")
    db.session.expire_all()
    assert kiosk.lines[1].unit_price == make.Money(18000)


def test_a_no_sends_the_work_to_somebody_else(kiosk, flowers, visit, outbox):
    offer_flowers(visit, kiosk, flowers)
    assert reply(visit(BUYER), kiosk, "nej").status_code == 303
    assert parts(kiosk) == [("ljungbacken", "accepted", 6), ("rullande", "offered", 4)]
    assert "Kunden säger nej" in outbox.to(FIRST)[-1].body
    in_balance(kiosk)


@pytest.mark.parametrize("other", [{"quantity": "11"}, {"quantity": "0"}, {"new_quantity": "0"}, {"offering": "999999"},
                                   {"offering": ""}, {"why": " "}])  # fmt: skip
def test_a_proposal_that_cannot_be_is_refused(kiosk, flowers, visit, other):
    assert offer_flowers(visit, kiosk, flowers, **other).status_code == 422
    assert question(kiosk) is None


def test_only_its_own_can_be_proposed_and_one_thing_at_a_time(kiosk, flowers, visit):
    candles = make.make_offering(make.make_article("Ljus"), member("rullande"))
    assert offer_flowers(visit, kiosk, candles).status_code == 422
    offer_flowers(visit, kiosk, flowers)
    assert offer_flowers(visit, kiosk, flowers).status_code == 422


def test_a_question_about_what_is_gone_no_longer_holds(kiosk, flowers, visit):
    offer_flowers(visit, kiosk, flowers)
    asked = question(kiosk).id
    visit(FIRST).fill(path(kiosk, "/slut"), {"quantity": "1", "why": "Slut"})
    answer = visit(BUYER).post(f"/bestallningar/{kiosk.number}/fragor/{asked}/ja")
    assert answer.status_code == 409
    assert "gäller inte längre" in answer.text
    in_balance(kiosk)


def test_yes_and_no_at_once_is_one_answer(kiosk, flowers, visit):
    offer_flowers(visit, kiosk, flowers)
    where, one, other = f"/bestallningar/{kiosk.number}/fragor/{question(kiosk).id}", visit(BUYER), visit(BUYER)
    answers = together(lambda: one.post(f"{where}/ja").status_code, lambda: other.post(f"{where}/nej").status_code)
    db.session.rollback()
    assert sorted(answers) == [303, 409]
    in_balance(kiosk)


def test_others_stay_outside(kiosk, flowers, visit):
    for task in ("/del", "/slut", "/forslag", "/vikt"):
        assert visit(SECOND).get(path(kiosk, task)).status_code == 404
        assert visit(SECOND).post(path(kiosk, task), data={"quantity": "1", "why": "x"}).status_code == 404
    offer_flowers(visit, kiosk, flowers)
    where = f"/bestallningar/{kiosk.number}/fragor/{question(kiosk).id}/ja"
    assert visit(None).post(where).status_code == 404
    stranger = make.make_user("annan@kund.example", customer=make.make_vasterhamn())
    assert visit(stranger.email).post(where).status_code == 404


def test_an_unanswered_offer_is_answered_first(app, visit):
    made = order({furnish().id: Decimal(3)})
    assert visit(FIRST).get(path(made, "/slut")).status_code == 409
    assert made.delivery_day == date(2026, 12, 4)
