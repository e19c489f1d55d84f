"""A customer says yes to a quote by telephone or e-mail, and staff write it down: an order as from its own page."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app import audit
from app.accounts.models import RoleName
from app.db import db
from app.money import Money
from app.orders.approvals.models import ApprovalRule
from app.orders.models import Order
from app.orders.quotes.states import AcceptedHow, QuoteState
from tests import make
from tests.order_case import BUYER, furnish
from tests.people import text, together
from tests.quote_case import GUEST, SAM, accept, ask, orders, send, the_quote

pytestmark = pytest.mark.both

OFFICE = "post@samklang.example"
SAID = {"person": "0", "name": "Nils Nordbyn", "how": "telephone", "heard": "Ring på hos Nils."}


@pytest.fixture
def fruit(app):
    """Fruit baskets at 212 kronor."""
    return furnish().id


@pytest.fixture
def sent(fruit, visit):
    """Six of them, offered to Nordbyn at 190 kronor each."""
    return send(visit(SAM), ask(visit(BUYER), fruit))


def record(sam, quote, **values):
    """Sam writes down what was said; by default that Nils said yes by telephone just now."""
    return sam.fill(f"/personal/offerter/{quote.number}/ja", {**SAID, **values})


def filled(sam, quote, **values):
    """The same as the page would send it."""
    page = sam.page(f"/personal/offerter/{quote.number}/ja")
    return {**dict(page.cssselect("main form[method=post]")[0].form_values()), **SAID, **values}


def test_a_yes_by_telephone_becomes_an_order_and_says_who_wrote_it_down(sent, visit, outbox):
    sam, nordbyn = visit(SAM), visit(BUYER)
    page = sam.page(f"/personal/offerter/{sent.number}")
    assert page.cssselect(f"a[href$='/offerter/{sent.number}/ja']")
    assert record(sam, sent).status_code == 303
    (order,) = orders()
    assert [(line.quantity, line.unit_price) for line in order.lines] == [(6, Money(19000))]
    assert [one.member.slug for one in order.assignments] == ["ljungbacken"], "through the same routing"
    kept = the_quote()
    version = kept.offered
    assert (kept.state, kept.order_id) == (QuoteState.ACCEPTED, order.id)
    assert (version.accepted_by, version.accepted_how) == ("Nils Nordbyn", AcceptedHow.TELEPHONE)
    assert "Sam" in version.recorded_by
    letter = outbox.to(BUYER)[-1]
    assert letter.subject == f"Tack för beställning {order.number}"
    assert f"Nils Nordbyn: Sa ja per telefon. Inskrivet av {version.recorded_by}. Ring på hos Nils." in letter.body
    for one in (nordbyn.page(f"/offerter/{sent.number}"), sam.page(f"/personal/offerter/{sent.number}")):
        assert f"Sa ja per telefon. Inskrivet av {version.recorded_by}. Ring på hos Nils." in text(one)
    (accepted,) = [act for act in audit.acts_on(kept, 50) if act.what == "accepted"]
    assert (accepted.by_name, accepted.details["name"], accepted.details["how"]) == (
        version.recorded_by,
        "Nils Nordbyn",
        "telephone",
    )
    assert version.recorded_by in [act.by_name for act in audit.acts_on(order, 50) if act.what == "recorded"]


def test_somebody_with_an_account_is_the_one_who_ordered(sent, visit):
    page = visit(SAM).page(f"/personal/offerter/{sent.number}/ja")
    (account,) = [one.get("value") for one in page.cssselect("#person option") if one.get("value") != "0"]
    assert record(visit(SAM), sent, person=account, name="").status_code == 303
    assert orders()[0].placed_by_id == int(account)


def test_above_the_limit_whoever_said_yes_cannot_approve_it(sent, visit, outbox):
    make.make_user("nils@nordbyn.example", customer=sent.customer)
    now = sent.offered.sent_at
    db.session.add(ApprovalRule(customer_id=sent.customer_id, limit=Money(100000), set_by="Nora", set_at=now))
    page = visit(SAM).page(f"/personal/offerter/{sent.number}/ja")
    assert "En annan person hos kunden måste godkänna" in text(page)
    people = {one.text: one.get("value") for one in page.cssselect("#person option")}
    account = next(value for name, value in people.items() if value != "0")
    assert record(visit(SAM), sent, person=account, name="").status_code == 303
    (order,) = orders()
    assert (order.state, order.assignments) == ("awaiting", [])
    assert f"Godkänn beställning {order.number}?" in [one.subject for one in outbox]
    assert str(order.placed_by_id) == account


def test_a_name_is_wanted_and_a_time_that_can_be(sent, visit):
    sam = visit(SAM)
    for wrong, why in (
        ({"name": " "}, "Skriv namnet."),
        ({"said_at": "2026-11-24T09:00"}, "framåt i tiden"),
        ({"said_at": "2026-11-20T09:00"}, "Kunden kan inte ha sagt ja före det"),
        ({"said_at": "i går"}, "Skriv dag och tid"),
        ({"how": "röksignal"}, ""),
        ({"heard": "x" * 501}, ""),
        ({"day": "2026-11-21"}, ""),
    ):
        answer = record(sam, sent, **wrong)
        assert (answer.status_code, why in answer.text) == (422, True), wrong
    assert orders() == []
    assert the_quote().state == QuoteState.SENT


def test_what_was_said_in_time_is_written_down_after_it_expired(sent, visit, clock):
    clock.move(days=31)
    assert record(visit(SAM), sent, day="2027-01-08", said_at="2026-12-24T09:00").status_code == 422
    assert record(visit(SAM), sent, day="2027-01-08", said_at="2026-12-23T16:00").status_code == 303
    assert len(orders()) == 1


def test_a_double_click_makes_one_order(sent, visit, house):
    sam = visit(SAM)
    values, path = filled(sam, sent), f"/personal/offerter/{sent.number}/ja"
    cookie = sam.get_cookie("session", "localhost")

    def click():
        twin = house.app.test_client()
        twin.set_cookie("session", cookie.value, domain="localhost")
        answer = twin.post(path, data=values)
        return answer.status_code, answer.location

    assert len(set(together(click, click, click))) == 1, "all of them see the same order"
    db.session.rollback()
    assert db.session.scalar(select(func.count(Order.id))) == 1


def test_at_the_same_moment_as_the_customer_it_is_one_order(sent, visit):
    sam, nordbyn = visit(SAM), visit(BUYER)
    values = filled(sam, sent)
    own = dict(nordbyn.page(f"/offerter/{sent.number}").cssselect("form[action$='/anta']")[0].form_values())
    number = sent.number
    answers = together(
        lambda: sam.post(f"/personal/offerter/{number}/ja", data=values).status_code,
        lambda: nordbyn.post(f"/offerter/{number}/anta", data={**own, "name": "Nora"}).status_code,
    )
    assert answers == [303, 303]
    db.session.rollback()
    assert db.session.scalar(select(func.count(Order.id))) == 1


def test_a_yes_to_a_version_that_was_replaced_is_refused(sent, visit):
    sam = visit(SAM)
    values = filled(sam, sent)
    sam.fill(f"/personal/offerter/{sent.number}", {}, form="form[action$='/ny-version']")
    send(sam, the_quote(), price="250")
    answer = sam.post(f"/personal/offerter/{sent.number}/ja", data=values)
    assert (answer.status_code, "Version 1 har ersatts av version 2" in answer.text) == (422, True)
    assert orders() == []


def test_a_guest_says_yes_by_e_mail(fruit, visit, outbox):
    quote = send(visit(SAM), ask(visit(None), fruit, **GUEST))
    page = visit(SAM).page(f"/personal/offerter/{quote.number}/ja")
    assert page.cssselect("#person") == []
    assert record(visit(SAM), quote, name="Alva", how="email").status_code == 303
    (order,) = orders()
    assert order.placed_by_id is None
    letter = outbox.to("alva@hem.example")[-1].body
    assert ("per e-post" in letter, "nyckel=" in letter) == (True, True)


def test_what_is_accepted_or_not_sent_leads_on(sent, visit):
    assert accept(visit(BUYER), sent).status_code == 303
    answer = visit(SAM).get(f"/personal/offerter/{sent.number}/ja")
    assert answer.location.endswith(f"/bestallningar/{orders()[0].number}")


def test_only_sales_write_it_down(sent, visit):
    make.make_user("fia@samklang.example", roles=(RoleName.FINANCE,))
    path = f"/personal/offerter/{sent.number}/ja"
    assert visit("fia@samklang.example").get(path).status_code == 403
    assert visit(BUYER).get(path).status_code == 403
