"""An accepted quote costs what its button says: how it comes and the fee are shown and chosen before the yes."""

from __future__ import annotations

import pytest

from app import clock as house_clock
from app.db import db
from app.money import NOUGHT, Money
from app.orders.delivery.models import DeliveryWay
from app.orders.delivery.queries import extras_of, parcels_in
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from app.orders.quotes.states import QuoteState
from tests.furnished import furnished
from tests.order_case import BUYER, furnish, member
from tests.people import document, text
from tests.quote_case import GUEST, SAM, accept, ask, orders, send, the_quote

FEE = Money.kronor(120)
SAID = {"person": "0", "name": "Nils Nordbyn", "how": "telephone", "heard": "Ring på."}


@furnished
def fruit(app):
    """Ljungbacken's own van costs 120 kronor a stop on Fridays; at its door nothing."""
    fruit = furnish()
    says("ljungbacken", WayKind.OWN, Terms(weekdays=(4,), everywhere=True, per_stop=FEE))
    says("ljungbacken", WayKind.COLLECT, Terms(hours="8-16"))
    return fruit.id


@pytest.fixture
def sent(fruit, visit):
    """Six baskets at 190 kronor, for a Friday."""
    return send(visit(SAM), ask(visit(BUYER), fruit))


def says(slug: str, kind: WayKind, terms: Terms) -> None:
    set_way(member(slug), None, kind, terms, by=None, now=house_clock.now())
    db.session.commit()


def whole(order: Order) -> Money:
    """What the order costs without VAT, with what is beside its lines."""
    return order.net + Money.total(fee for fee, _vat in extras_of([order])[order.id])


def way(kind: WayKind, fee: Money) -> dict[str, str]:
    """Ljungbacken's way of a kind, as the page's form says it."""
    key = {WayKind.OWN: 1, WayKind.COLLECT: 2}[kind]
    return {f"way-{member('ljungbacken').id}": f"{key}:{fee.ore}"}


def plain(page) -> str:
    return text(page).replace("\u00a0", " ")


def record(sam, quote, **values):
    return sam.fill(f"/personal/offerter/{quote.number}/ja", {**SAID, **values})


def test_the_button_says_the_sum_of_the_order(sent, visit):
    nordbyn = visit(BUYER)
    page = plain(nordbyn.page(f"/offerter/{sent.number}"))
    assert "Levereras till dig, 120,00 kr" in page
    assert "Anta och beställ för 1 260,00 kr exkl. moms" in page
    assert accept(nordbyn, sent).status_code == 303
    (order,) = orders()
    assert whole(order) == Money.kronor(1260)


def test_who_collects_pays_nothing_for_it_and_sees_the_sum_first(sent, visit):
    nordbyn = visit(BUYER)
    collect = way(WayKind.COLLECT, NOUGHT)
    answer = accept(nordbyn, sent, **collect)
    assert (answer.status_code, orders()) == (422, []), "the button said another sum"
    assert "Anta och beställ för 1 140,00 kr exkl. moms" in plain(document(answer))
    looked = accept(nordbyn, sent, then="coming", **collect)
    assert (looked.status_code, orders()) == (200, [])
    assert accept(nordbyn, sent, **collect, fees="0").status_code == 303
    (order,) = orders()
    assert ([one.kind for one in parcels_in(order)], whole(order)) == ([WayKind.COLLECT], Money.kronor(1140))


@pytest.mark.parametrize("typed", [{"fees": "0"}, {"fees": "9" * 40}, {"way": "77:12000"}, {"way": "1:0", "fees": "0"}])
def test_what_is_not_to_be_had_at_that_sum_is_refused(sent, visit, typed):
    values = {"fees": typed.get("fees", "12000")}
    if "way" in typed:
        values[f"way-{member('ljungbacken').id}"] = typed["way"]
    answer = accept(visit(BUYER), sent, **values)
    assert (answer.status_code, orders()) == (422, [])
    assert the_quote().state == QuoteState.SENT


def test_a_fee_that_was_raised_since_is_shown_before_anything_is_ordered(sent, visit):
    nordbyn = visit(BUYER)
    form = nordbyn.page(f"/offerter/{sent.number}").cssselect("form[action$='/anta']")[0]
    db.session.get_one(DeliveryWay, 1).terms = Terms(everywhere=True, per_stop=Money.kronor(200))
    db.session.commit()
    answer = nordbyn.post(f"/offerter/{sent.number}/anta", data={**dict(form.form_values()), "name": "Nora"})
    assert (answer.status_code, orders()) == (422, [])
    assert "Anta och beställ för 1 340,00 kr exkl. moms" in plain(document(answer))


def test_another_day_shows_what_comes_then(sent, visit):
    """On a Thursday Ljungbacken does not drive, and Rullande brings them for nothing."""
    answer = accept(visit(BUYER), sent, day="2026-12-03")
    assert (answer.status_code, orders()) == (422, [])
    page = plain(document(answer))
    assert "Levereras till dig, ingen avgift" in page
    assert "Anta och beställ för 1 140,00 kr exkl. moms" in page


def test_a_private_person_sees_fee_and_sum_with_vat(fruit, visit):
    guest = visit(None)
    quote = send(visit(SAM), ask(guest, fruit, **GUEST))
    page = plain(guest.page(f"/offerter/{quote.number}"))
    assert "Levereras till dig, 150,00 kr" in page
    assert "inkl. moms" in page
    assert accept(guest, quote).status_code == 303
    assert whole(orders()[0]) == Money.kronor(1260)


def test_staff_say_the_fee_on_the_telephone(sent, visit):
    sam = visit(SAM)
    page = plain(sam.page(f"/personal/offerter/{sent.number}/ja"))
    assert "Levereras till dig, 120,00 kr" in page
    assert "Beställ för 1 260,00 kr exkl. moms" in page
    assert record(sam, sent, fees="0").status_code == 422
    assert orders() == []
    assert record(sam, sent, **way(WayKind.COLLECT, NOUGHT), fees="0").status_code == 303
    assert whole(orders()[0]) == Money.kronor(1140)


def test_the_quote_says_that_delivery_is_beside(sent, visit):
    assert "Leveransen kan kosta något utöver" in plain(visit(BUYER).page(f"/offerter/{sent.number}"))
