"""A member says how it delivers; the customer sees it with the fee before it orders, and chooses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app.db import db
from app.money import NOUGHT, Money
from app.orders.delivery.models import DeliveryWay, Parcel
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from tests import order_case
from tests.furnished import furnished
from tests.order_case import BUYER, NEXT_FRIDAY, member
from tests.people import document, text

LJUNGBACKEN, RULLANDE = "ljungbacken@medlem.example", "rullande@medlem.example"
OWN = {"weekdays": ["4"], "areas": ["1480"], "everywhere": "", "per_stop": "120", "windows-0-start": "8",
       "windows-0-end": "12.00", "steps-0-up_to": "20", "steps-0-fee": "0", "steps-1-up_to": "100",
       "steps-1-fee": "80", "free_from": "2000"}  # fmt: skip


@furnished
def fruit(app):
    fruit = order_case.furnish()
    fruit.content, fruit.content_unit = Decimal(5), "KGM"
    fruit.offerings[1].capacity_per_week = Decimal(1)
    db.session.commit()
    return fruit.id


def says(slug: str, kind: WayKind, terms: Terms, **more: object) -> None:
    set_way(member(slug), None, kind, terms, by=None, now=house_clock.now(), **more)
    db.session.commit()


def without_tick(values: dict) -> dict:
    return {name: value for name, value in values.items() if name != "everywhere"}


def say_by_page(visit) -> None:
    answer = visit(LJUNGBACKEN).post("/medlem/leverans/ny/egen", data={"workplace": "0", **without_tick(OWN)})
    assert answer.status_code == 303, answer.text


def rows() -> list[DeliveryWay]:
    db.session.expire_all()
    return list(db.session.scalars(select(DeliveryWay).order_by(DeliveryWay.id)))


def basket(browser, fruit: int, quantity: str = "2") -> None:
    browser.post("/varukorg/lagg-i", data={"article": str(fruit), "quantity": quantity})


def pay(browser, **changed: object):
    return browser.fill("/kassa", {"day": NEXT_FRIDAY.isoformat(), **changed})


def sections(page) -> str:
    return text(page.cssselect("#coming")[0].getparent() if page.cssselect("h2#coming") else
                page.cssselect("#coming")[0]).replace("\u00a0", " ")  # fmt: skip


def test_a_member_says_changes_and_takes_away_how_it_delivers(fruit, visit):
    browser = visit(LJUNGBACKEN)
    assert "sagt något" in text(browser.page("/medlem/leverans"))
    say_by_page(visit)
    row = rows()[0]
    assert (row.terms.weekdays, row.terms.per_stop, [str(one) for one in row.terms.windows]) == (
        (4,), Money.kronor(120), ["08:00–12:00"])  # fmt: skip
    assert browser.fill(f"/medlem/leverans/{row.id}", {"per_stop": "99,50"}).status_code == 303
    changed = rows()[0].terms
    assert (changed.per_stop, len(changed.steps), changed.municipalities) == (Money(9950), 2, ("1480",))
    assert visit(RULLANDE).get(f"/medlem/leverans/{row.id}").status_code == 404
    assert visit(RULLANDE).post(f"/medlem/leverans/{row.id}/bort").status_code == 404
    assert browser.post(f"/medlem/leverans/{row.id}/bort").status_code == 303
    assert rows() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []},
        {"areas": []},
        {"per_stop": "-5"},
        {"per_stop": "gratis"},
        {"windows-0-end": ""},
        {"windows-0-end": "07:00"},
        {"steps-0-fee": ""},
        {"steps-1-fee": "0", "steps-0-fee": "9"},
        {"free_from": "0"},
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed_and_nothing_is_saved(fruit, visit, wrong):
    answer = visit(LJUNGBACKEN).post("/medlem/leverans/ny/egen", data={**without_tick(OWN), **wrong})
    assert answer.status_code == 422
    assert "Inget är sparat" in answer.text
    assert rows() == []


def test_only_who_carries_for_others_can_be_chosen(fruit, visit):
    browser = visit(LJUNGBACKEN)
    assert "En annan medlem kör" not in text(browser.page("/medlem/leverans"))
    rullande = str(member("rullande").id)
    assert browser.post("/medlem/leverans/ny/annan", data={"carrier": rullande}).status_code == 422
    says("rullande", WayKind.OWN, Terms(everywhere=True, carries=True))
    assert browser.post("/medlem/leverans/ny/annan", data={"carrier": rullande}).status_code == 303
    assert [row.kind for row in rows()] == [WayKind.OWN, WayKind.CARRIED]


def test_the_fee_is_seen_in_basket_and_checkout_and_kept_with_the_order(fruit, visit):
    say_by_page(visit)
    browser = visit(BUYER)
    basket(browser, fruit)
    assert "Levereras till dig, 120,00 kr (08:00–12:00)" in sections(
        browser.page(f"/varukorg?kommun=1480&dag={NEXT_FRIDAY}")
    )
    answer = pay(browser, then="coming")
    assert answer.status_code == 200
    assert "Levereras till dig, 120,00 kr" in answer.text.replace("\u00a0", " ").replace("<strong>", "")
    assert "Beställ för 544,00 kr" in answer.text.replace("\u00a0", " ")
    assert db.session.scalars(select(Order)).all() == []
    placed = pay(browser, then="", fees="12000", **{
        f"way-{member('ljungbacken').id}": "1:12000", f"window-{member('ljungbacken').id}": "08:00–12:00"})  # fmt: skip
    assert placed.status_code == 303
    parcel = db.session.scalars(select(Parcel)).one()
    assert (parcel.fee, parcel.window) == (Money.kronor(120), "08:00–12:00")
    order = text(browser.page(placed.location)).replace("\u00a0", " ")
    assert "Levereras till dig, 08:00–12:00. Avgift 120,00 kr exkl. moms" in order
    assert "Summa: 544,00 kr" in order


COLLECTED = "Du hämtar: Ljungbacken Frukt ek. för., Provgatan 1, 411 01 Göteborg. kl. 8-16, ingen avgift"
BROUGHT = "Levereras till dig, 120,00 kr"


def marked(browser, **changed: object) -> tuple[list[str], str]:
    """What is marked in the checkout, and what its button says."""
    page = document(pay(browser, then="coming", **changed))
    labels = [page.cssselect(f"label[for={one.get('id')}]")[0] for one in page.cssselect("#coming input[checked]")]
    said = [*map(text, labels), text(page.cssselect(".form-buttons button")[0])]
    return said[:-1], said[-1]


def test_the_cheapest_way_is_marked_until_the_customer_has_chosen(fruit, visit):
    say_by_page(visit)
    says("ljungbacken", WayKind.COLLECT, Terms(hours="kl. 8-16"))
    browser, way = visit(BUYER), f"way-{member('ljungbacken').id}"
    basket(browser, fruit)
    assert marked(browser) == ([COLLECTED], "Beställ för 424,00 kr exkl. moms")
    assert marked(browser, **{way: "1:12000"}) == ([BROUGHT], "Beställ för 544,00 kr exkl. moms")
    assert pay(browser, fees="12000", **{way: "1:12000"}).status_code == 303
    basket(browser, fruit)
    assert marked(browser) == ([BROUGHT], "Beställ för 544,00 kr exkl. moms")
    assert pay(browser, fees="0", **{way: "2:0"}).status_code == 303
    basket(browser, fruit)
    assert marked(browser)[0] == [COLLECTED]


@pytest.mark.parametrize("typed", [{}, {"way": "1:0", "fees": "0"}, {"way": "1:12000", "fees": "0"}, {"way": "x"}])
def test_a_fee_that_was_not_shown_orders_nothing_and_shows_it(fruit, visit, typed):
    say_by_page(visit)
    browser = visit(BUYER)
    basket(browser, fruit)
    sent = {f"way-{member('ljungbacken').id}": typed["way"]} if "way" in typed else {}
    answer = pay(browser, fees=typed.get("fees", "0"), **sent)
    assert answer.status_code == 422
    assert "120,00\u00a0kr" in answer.text
    assert db.session.scalars(select(Order)).all() == []


def test_what_does_not_come_there_that_day_is_said_with_what_would(fruit, visit):
    say_by_page(visit)
    says("ljungbacken", WayKind.COLLECT, Terms(hours="kl. 8-16"))
    browser = visit(BUYER)
    basket(browser, fruit)
    page = sections(browser.page("/varukorg?kommun=1480&dag=2026-12-03"))
    assert "Ingen levererar det till Göteborg tors 3 dec" in page
    assert "Det kan levereras fre 4 dec" in page
    assert "Du hämtar: Ljungbacken Frukt ek. för., Provgatan 1, 411 01 Göteborg. kl. 8-16, ingen avgift" in page
    assert "Ingen levererar det till Borås" in sections(browser.page("/varukorg?kommun=1490&dag=2026-12-03"))
    assert pay(browser, day="2026-12-03").status_code == 422
    answer = pay(browser, day="2026-12-03", fees="0", **{f"way-{member('ljungbacken').id}": "2:0"})
    assert answer.status_code == 303
    parcel = db.session.scalars(select(Parcel)).one()
    assert (parcel.kind, parcel.fee) == (WayKind.COLLECT, NOUGHT)


def test_what_is_too_heavy_does_not_come(fruit, visit):
    say_by_page(visit)
    browser = visit(BUYER)
    basket(browser, fruit, "21")
    assert "för tungt" in sections(browser.page(f"/varukorg?kommun=1480&dag={NEXT_FRIDAY}"))


@pytest.mark.parametrize("query", ["kommun=9999&dag=2026-12-04", "kommun=1480&dag=igår", "kommun=1480&dag=2020-01-01"])
def test_a_place_or_day_that_cannot_be_shows_nothing(fruit, visit, query):
    browser = visit(None)
    basket(browser, fruit)
    assert "Välj en kommun och en dag" in sections(browser.page(f"/varukorg?{query}"))


def test_who_carries_answers_on_its_phone_and_reports_the_delivery(fruit, visit):
    says("rullande", WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(90), carries=True))
    says("ljungbacken", WayKind.CARRIED, Terms(), carrier=member("rullande"))
    browser, ljungbacken, rullande = visit(BUYER), visit(LJUNGBACKEN), visit(RULLANDE)
    basket(browser, fruit)
    answer = pay(browser, fees="9000", **{f"way-{member('ljungbacken').id}": "2.1:9000"})
    assert answer.status_code == 303
    assert "Att köra åt andra" in text(rullande.page("/medlem/"))
    assert ljungbacken.get("/medlem/korningar/1").status_code == 404
    assert ljungbacken.post("/medlem/korningar/1/ja").status_code == 404
    ljungbacken.post("/medlem/uppdrag/1/ja")
    assert "Rullande Hjälpen ek. för. kör det till kunden" in text(ljungbacken.page("/medlem/uppdrag/1"))
    assert ljungbacken.post("/medlem/uppdrag/1/levererat").status_code == 409
    assert rullande.post("/medlem/korningar/1/nej", data={"reason": ""}).status_code == 422
    assert "Nordbyn Teknik AB" not in text(rullande.page("/medlem/korningar/1"))
    assert rullande.post("/medlem/korningar/1/ja").status_code == 303
    assert "Nordbyn Teknik AB" in text(rullande.page("/medlem/korningar/1"))
    assert rullande.post("/medlem/korningar/1/ja").status_code == 409
    assert ljungbacken.post("/medlem/uppdrag/1/hamtat").status_code == 303
    assert "säger att ni har hämtat" in text(rullande.page("/medlem/korningar/1"))
    assert rullande.post("/medlem/korningar/1/lamna", data={"received_by": "Eva Exempel"}).status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert order.state == "delivered"


def test_when_the_carrier_says_no_customer_or_staff_choose_anew(fruit, visit):
    says("rullande", WayKind.OWN, Terms(everywhere=True, per_stop=Money.kronor(90), carries=True))
    says("ljungbacken", WayKind.CARRIED, Terms(), carrier=member("rullande"))
    says("ljungbacken", WayKind.COLLECT, Terms(hours="8-16"))
    browser, rullande, sam = visit(BUYER), visit(RULLANDE), visit("sam@samklang.example")
    basket(browser, fruit)
    order = pay(browser, fees="9000", **{f"way-{member('ljungbacken').id}": "2.1:9000"}).location
    rullande.post("/medlem/korningar/1/nej", data={"reason": "Bilen är trasig"})
    assert "kan inte" in text(sam.page("/personal/leveranser"))
    assert "1 sätt att välja om" in text(sam.page("/personal/"))
    page = browser.page(order)
    assert [text(one) for one in page.cssselect(".page-actions .badge")] == ["Välj hur det kommer"]
    assert "Den som skulle köra det kan inte" in text(page)
    assert "Bilen" not in text(page)
    assert "Bilen är trasig" in text(sam.page(order.replace("/bestallningar", "/personal/bestallningar")))
    assert visit(None).post(f"{order}/sandning/1/satt", data={"way": "3"}).status_code == 404
    assert browser.post(f"{order}/sandning/1/satt", data={"way": ""}).status_code == 409
    assert browser.post(f"{order}/sandning/1/satt", data={"way": "2.1"}).status_code == 409
    assert sam.post(f"/personal{order}/sandning/1/satt", data={"way": "3"}).status_code == 303
    db.session.expire_all()
    parcel = db.session.scalars(select(Parcel)).one()
    assert (parcel.kind, parcel.fee, parcel.asked_again) == (WayKind.COLLECT, NOUGHT, "")
    assert browser.post(f"{order}/sandning/1/satt", data={"way": "3"}).status_code == 409
    assert date(2026, 12, 4) == parcel.day
