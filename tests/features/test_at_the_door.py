"""At the door: proof, nobody at home, and what comes back; the money follows from events."""

from __future__ import annotations

import base64
import io
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app import orderflow
from app.db import db
from app.invoicing.models import CreditDue
from app.money import Money
from app.orders.delivery import rules
from app.orders.delivery.event_models import DeliveryProof, GoodsReturn, MissedVisit
from app.orders.delivery.queries import charges_in
from app.orders.delivery.rules import Needs
from app.orders.models import Assignment, Order
from tests import make, order_case, photos
from tests.order_case import BUYER
from tests.people import document, text, together

LJUNGBACKEN, RULLANDE, SAM = "ljungbacken@medlem.example", "rullande@medlem.example", "sam@samklang.example"
SIGNATURE = "data:image/png;base64," + base64.b64encode(photos.photo(400, 160, kind="PNG")).decode()


@pytest.fixture
def order(app, clock) -> Order:
    """Nordbyn has ordered two baskets, Ljungbacken has said yes, and it is the day."""
    fruit = order_case.furnish()
    fruit.deposit = Money.kronor(50)
    db.session.commit()
    made = order_case.order({fruit.id: Decimal(2)})
    orderflow.accept(made.assignments[0], {}, by=make.make_user(), now=house_clock.now())
    db.session.commit()
    clock.move(days=11)
    return made


def need(**what: bool) -> None:
    rules.set_rule(None, Needs(**what), Money.kronor(75), by=None, now=house_clock.now())
    db.session.commit()


def rows(kind):
    db.session.expire_all()
    return list(db.session.scalars(select(kind).order_by(kind.id)))


def hand_over(browser, **values):
    return browser.post("/medlem/uppdrag/1/lamna", data=values, content_type="multipart/form-data")


def a_photo():
    return io.BytesIO(photos.photo()), "dorr.jpg"


def test_who_took_it_is_kept_and_shown_to_the_customer_and_staff_only(order, visit):
    answer = hand_over(visit(LJUNGBACKEN), received_by="Eva Exempel", signature=SIGNATURE, photograph=a_photo())
    assert answer.status_code == 303, answer.text
    proof = rows(DeliveryProof)[0]
    assert (proof.received_by, bool(proof.photograph), bool(proof.signature)) == ("Eva Exempel", True, True)
    page = f"/bestallningar/{order.number}"
    assert "mottaget av Eva Exempel" in text(visit(BUYER).page(page))
    assert "mottaget av Eva Exempel" in text(visit(SAM).page(f"/personal{page}"))
    for which in ("foto", "underskrift"):
        assert visit(BUYER).get(f"{page}/kvitto/1/{which}.jpg").mimetype == "image/jpeg"
        assert visit(SAM).get(f"/personal{page}/kvitto/1/{which}.jpg").status_code == 200
        assert visit(None).get(f"{page}/kvitto/1/{which}.jpg").status_code == 302
    address = proof.photograph.files[0].address
    assert visit(None).get(address).status_code == 404
    assert visit(RULLANDE).get(address).status_code == 404


@pytest.mark.parametrize(
    ("needs", "enough"),
    [
        ({"photograph": True}, {"photograph": "yes"}),
        ({"name": True}, {"received_by": "Eva Exempel"}),
        ({"signature": True}, {"signature": SIGNATURE}),
        ({"signature": True}, {"received_by": "Eva Exempel"}),
    ],
)
def test_what_the_customer_wants_must_be_shown(order, visit, needs, enough):
    need(**needs)
    browser = visit(LJUNGBACKEN)
    assert browser.post("/medlem/uppdrag/1/levererat").status_code == 409
    assert hand_over(browser).status_code == 422
    assert rows(DeliveryProof) == []
    sent = {name: a_photo() if value == "yes" else value for name, value in enough.items()}
    assert hand_over(browser, **sent).status_code == 303
    assert len(rows(DeliveryProof)) == 1


@pytest.mark.parametrize(
    ("needs", "enough"),
    [
        ({"photograph": True}, {"photograph": "yes"}),
        ({"name": True}, {"received_by": "Eva Exempel"}),
        ({"signature": True}, {"signature": SIGNATURE}),
    ],
)
def test_of_a_part_the_same_must_be_shown(order, visit, needs, enough):
    need(**needs)
    browser, path = visit(LJUNGBACKEN), "/medlem/uppdrag/1/del"
    assert "Kunden vill ha" in text(browser.page(path))
    part = {f"quantity-{order.assignments[0].lines[0].id}": "1", "rest_on": "2026-12-08"}
    assert browser.fill(path, part).status_code == 422
    assert [one.state.value for one in rows(Assignment)] == ["accepted"]
    sent = {name: a_photo() if value == "yes" else value for name, value in enough.items()}
    answer = browser.post(path, data={**part, **sent}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    (proof,) = rows(DeliveryProof)
    assert (proof.assignment.state, proof.assignment.lines[0].quantity) == ("delivered", 1)
    assert [one.state.value for one in rows(Assignment)] == ["accepted", "delivered"]


def test_of_a_part_nothing_is_asked_where_nothing_is_wanted(order, visit):
    page = visit(LJUNGBACKEN).page("/medlem/uppdrag/1/del")
    assert not page.cssselect("input[name=received_by], input[type=file]")


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "data:text/html;base64,PGI+"},
        {"signature": "data:image/png;base64,#"},
        {"signature": "data:image/png;base64,AAAA"},
        {"received_by": "x" * 200},
        {"photograph": (io.BytesIO(b"no picture"), "a.jpg")},
    ],
)
def test_what_is_no_picture_or_name_delivers_nothing(order, visit, wrong):
    assert hand_over(visit(LJUNGBACKEN), **wrong).status_code == 422
    db.session.expire_all()
    assert order.assignments[0].state == "accepted"


def test_somebody_elses_door_is_not_there(order, visit):
    for page in ("lamna", "ingen-hemma"):
        assert visit(RULLANDE).get(f"/medlem/uppdrag/1/{page}").status_code == 404
    assert visit(BUYER).get("/medlem/uppdrag/1/lamna").status_code == 403


def nobody(browser, **values):
    return browser.post("/medlem/uppdrag/1/ingen-hemma", data=values, content_type="multipart/form-data")


def test_nobody_at_home_and_the_customer_chooses_another_day_for_a_fee(order, visit, outbox):
    need()
    browser, buyer = visit(LJUNGBACKEN), visit(BUYER)
    assert nobody(browser, words=" ").status_code == 422
    assert nobody(browser, words="Ringde på två gånger", photograph=a_photo()).status_code == 303
    assert nobody(browser, words="Igen").status_code == 422
    assert "1 besök där ingen var" in text(visit(SAM).page("/personal/"))
    assert "fick inte lämna" in outbox.subjects_to(BUYER)[-1]
    page = f"/bestallningar/{order.number}"
    assert "Kom igen för 75,00" in text(buyer.page(page))
    assert buyer.get(f"{page}/besok/1.jpg").status_code == 200
    assert visit(None).post(f"{page}/besok/1", data={"day": "2026-12-07"}).status_code == 404
    assert buyer.post(f"{page}/besok/1", data={"day": "2026-12-07"}).status_code == 303
    assert buyer.post(f"{page}/besok/1", data={"day": "2026-12-08"}).status_code == 409
    db.session.expire_all()
    assert order.assignments[0].delivery_day.isoformat() == "2026-12-07"
    assert [(one.charged, one.earned, one.member.slug) for one in charges_in(order) if one.member] == [
        (Money.kronor(75), Money.kronor(75), "ljungbacken")
    ]
    assert browser.post("/medlem/uppdrag/1/levererat").status_code == 303
    assert order_case.the_invoice(order).net == Money(42400 + 7500)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "Välj en dag."),
        ("x", "Välj en dag."),
        ("2026-12-05", "Vi levererar på vardagar"),
        ("2026-12-04", "i morgon"),
    ],
)
def test_a_day_that_will_not_do_is_told_at_its_field(order, visit, day, sentence):
    nobody(visit(LJUNGBACKEN), words="Stängt")
    for email, page in ((BUYER, f"/bestallningar/{order.number}"), (SAM, f"/personal/bestallningar/{order.number}")):
        answer = visit(email).post(f"{page}/besok/1", data={"day": day, "choice": "again"})
        assert answer.status_code == 422
        field = document(answer).cssselect("#again-1")[0]
        told = document(answer).get_element_by_id(field.get("aria-describedby"))
        assert sentence in text(told)
        assert field.get("value") == day
    assert rows(MissedVisit)[0].choice is None


def test_the_day_that_was_chosen_stands_on_the_page_in_place_of_the_one_before(order, visit):
    nobody(visit(LJUNGBACKEN), words="Stängt")
    browser, page = visit(BUYER), f"/bestallningar/{order.number}"
    assert browser.post(f"{page}/besok/1", data={"day": "2026-12-08"}).status_code == 303
    shown = browser.page(page)
    titles = [text(one) for one in shown.cssselect(".timeline-title")]
    assert titles.count("Ljungbacken Frukt ek. för. kom, men ingen var där") == 1
    assert "Så kommer det" in titles
    assert any("Ljungbacken Frukt ek. för. kommer igen" in one for one in titles)
    assert not any(one.startswith("Leverans ") for one in titles)
    (card,) = [one for one in shown.cssselect("aside section, aside .card") if "Kontoret" in text(one)]
    assert "tis 8 dec" in text(card)
    assert "4 dec" not in text(card)
    assert "kommer igen: tis 8 dec" in text(visit(SAM).page(f"/personal{page}"))
    visit(LJUNGBACKEN).post("/medlem/uppdrag/1/levererat")
    assert "kommer igen" not in text(browser.page(page))


def test_a_signature_is_not_lost_because_something_else_will_not_do(order, visit):
    browser = visit(LJUNGBACKEN)
    answer = hand_over(browser, signature=SIGNATURE, photograph=(io.BytesIO(b"no picture"), "a.jpg"))
    assert answer.status_code == 422
    assert document(answer).cssselect("input[name=signature]")[0].get("value") == SIGNATURE
    answer = hand_over(browser, signature=SIGNATURE[:60], photograph=a_photo())
    assert document(answer).cssselect("input[name=signature]")[0].get("value") == ""


def test_nobody_at_home_and_the_customer_collects(order, visit, outbox):
    nobody(visit(LJUNGBACKEN), words="Stängt")
    assert visit(SAM).post(
        f"/personal/bestallningar/{order.number}/besok/1", data={"choice": "collect"}
    ).status_code == 303  # fmt: skip
    assert rows(MissedVisit)[0].choice == "collect"
    assert charges_in(order) == []
    assert "hämtar den själv" in outbox.to(LJUNGBACKEN)[-1].body


def test_the_day_before_nobody_can_have_been_away(order, visit, clock):
    clock.move(days=-3)
    assert nobody(visit(LJUNGBACKEN), words="Stängt").status_code == 422


def delivered(order, visit) -> str:
    visit(LJUNGBACKEN).post("/medlem/uppdrag/1/levererat")
    return f"/bestallningar/{order.number}/retur"


def send(browser, address: str, what: str, quantity: str):
    share = "1"
    return browser.post(address, data={"what": f"{what}-{share}", "quantity": quantity, "words": "Blev över"})


def test_goods_that_come_back_in_order_are_credited_and_not_earned(order, visit, outbox):
    address, buyer, member = delivered(order, visit), visit(BUYER), visit(LJUNGBACKEN)
    assert send(buyer, address, "goods", "3").status_code == 422
    assert send(buyer, address, "goods", "2").status_code == 303
    assert send(buyer, address, "goods", "1").status_code == 422
    assert "Retur" in outbox.subjects_to(LJUNGBACKEN)[-1]
    assert visit(RULLANDE).get("/medlem/returer/1").status_code == 404
    assert member.post("/medlem/returer/1", data={"in_order": "1", "answer": ""}).status_code == 422
    assert member.post("/medlem/returer/1", data={"in_order": "3"}).status_code == 422
    assert member.post("/medlem/returer/1", data={"in_order": "1", "answer": "En är krossad"}).status_code == 303
    assert member.post("/medlem/returer/1", data={"in_order": "2"}).status_code == 422
    assert [(one.charged, one.earned) for one in charges_in(order)] == [(Money(-21200), Money(-16960))]
    assert [one.amount for one in rows(CreditDue)] == [Money(21200)]
    assert "mottaget, 1 i ordning. En är krossad" in text(buyer.page(f"/bestallningar/{order.number}"))


def test_what_comes_back_stands_under_a_heading_of_its_own_in_plain_words(order, visit):
    send(visit(BUYER), delivered(order, visit), "deposit", "2")
    for who, where in ((BUYER, ""), (SAM, "/personal")):
        page = visit(who).page(f"{where}/bestallningar/{order.number}")
        headings = [text(one) for one in page.cssselect("h2")]
        assert "Kommer tillbaka" in headings
        assert "Överlämnat" not in headings
        assert "2 st Fruktkorg 5 kg (emballage med pant)" in text(page)


def test_what_it_lay_in_costs_its_deposit_when_it_is_broken(order, visit):
    address = delivered(order, visit)
    assert send(visit(SAM), f"/personal{address}", "deposit", "2").status_code == 303
    visit(LJUNGBACKEN).post("/medlem/returer/1", data={"in_order": "1", "answer": "En korg är trasig"})
    assert [(one.charged, one.vat_class) for one in charges_in(order)] == [(Money.kronor(50), "standard")]
    assert rows(CreditDue) == []
    assert "Pant: Fruktkorg" in text(visit(SAM).page("/personal/leveranser"))


def test_nothing_comes_back_before_it_has_come(order, visit):
    assert "inget som kan komma tillbaka" in text(visit(BUYER).page(f"/bestallningar/{order.number}/retur"))
    assert send(visit(BUYER), f"/bestallningar/{order.number}/retur", "goods", "1").status_code == 422


def test_two_who_send_the_same_back_at_once_send_it_once(order, visit):
    address, first, second = delivered(order, visit), visit(BUYER), visit(SAM)
    answers = together(
        lambda: send(first, address, "goods", "2").status_code,
        lambda: send(second, f"/personal{address}", "goods", "2").status_code,
    )
    assert sorted(answers) == [303, 422]
    assert len(rows(GoodsReturn)) == 1


def test_staff_set_what_must_be_shown_for_all_and_for_one(order, visit):
    sam = visit(SAM)
    assert sam.post("/personal/leveranser/regler", data={"photograph": "y", "fee": "-1"}).status_code == 422
    assert sam.post("/personal/leveranser/regler", data={"photograph": "y", "fee": "75"}).status_code == 303
    assert rules.needs_of(order.customer_id) == Needs(photograph=True)
    assert sam.post(f"/personal/kunder/{order.customer_id}/leverans", data={"received_by": "y"}).status_code == 303
    db.session.expire_all()
    assert rules.needs_of(order.customer_id) == Needs(name=True)
    assert rules.again_fee() == Money.kronor(75)
    assert visit(LJUNGBACKEN).get("/personal/leveranser/regler").status_code == 403
