"""An organisation marks single lines with their own cost centre and reference, and reads them on order and invoice."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.db import db
from app.invoicing.models import InvoiceRecord
from tests.furnished import furnished
from tests.order_case import BUYER, furnish
from tests.people import text
from tests.quote_case import FRIDAY, SAM, accept, ask, orders, send


@furnished
def fruit(app):
    """Fruit baskets."""
    return furnish().id


def checkout(browser, fruit, **values):
    """Order one fruit basket with these values."""
    browser.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "1"})
    return browser.fill("/kassa", {"day": FRIDAY.isoformat(), **values})


def test_a_line_has_its_own_cost_centre_and_reference_on_order_invoice_and_lists(fruit, visit):
    nordbyn = visit(BUYER)
    marked = {f"cost_centre-{fruit}": " 4711 ", f"reference-{fruit}": "Styrelsen", "cost_centre": "1000"}
    assert checkout(nordbyn, fruit, **marked).status_code == 303
    order = orders()[0]
    assert (order.cost_centre, order.lines[0].cost_centre, order.lines[0].reference) == ("1000", "4711", "Styrelsen")
    for page in (
        nordbyn.page(f"/bestallningar/{order.number}"),
        visit(SAM).page(f"/personal/bestallningar/{order.number}"),
    ):
        assert "Kostnadsställe: 4711" in text(page)
        assert "Referens: Styrelsen" in text(page)
    listed = nordbyn.get("/bestallningar/export.csv").text
    assert "Radens kostnadsställe" in listed
    assert "4711;Styrelsen" in listed
    member = visit("ljungbacken@medlem.example")
    member.post(f"/medlem/uppdrag/{order.assignments[0].id}/ja")
    member.post(f"/medlem/uppdrag/{order.assignments[0].id}/levererat")
    db.session.expire_all()
    document = db.session.scalars(select(InvoiceRecord)).one().document
    assert '"4711"' in json.dumps(document)
    assert '"Styrelsen"' in json.dumps(document, ensure_ascii=False)


def test_a_mark_that_is_too_long_is_told_of_and_what_was_typed_stays(fruit, visit):
    answer = checkout(visit(BUYER), fruit, **{f"reference-{fruit}": "x" * 61})
    assert answer.status_code == 422
    assert "Fruktkorg 5 kg: referensen får ha högst 60 tecken" in answer.text
    assert "x" * 61 in answer.text
    assert orders() == []


def test_a_private_person_is_asked_for_none(fruit, visit):
    guest = visit(None)
    guest.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "1"})
    assert "Kostnadsställe" not in text(guest.page("/kassa"))


def test_lines_of_a_quote_are_marked_when_it_is_accepted(fruit, visit):
    nordbyn = visit(BUYER)
    quote = send(visit(SAM), ask(nordbyn, fruit))
    assert accept(nordbyn, quote, **{f"cost_centre-{fruit}": "4711"}).status_code == 303
    assert orders()[0].lines[0].cost_centre == "4711"
