"""A person names an address, and its server is told what happens to orders and assignments, signed and in order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import orderflow, posting
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.hooks.models import HookMessage, Webhook
from tests import make, order_case
from tests.features.hook_case import FORM, HOOKS, add, is_ours, receiver, send_due
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import text


@furnished
def fruit(app):
    return order_case.furnish()


@pytest.fixture
def server(monkeypatch):
    """A server on this machine, which this house may reach."""
    with receiver() as found:
        monkeypatch.setattr(posting, "PORTS", {"https": 443, "http": found.port})
        monkeypatch.setattr(posting, "leads_inward", lambda _host: False)
        monkeypatch.setattr(posting, "CHILD", "tests.posting_here")
        yield found


def deliver(order):
    """Ljungbacken says yes and delivers."""
    user = db.session.scalars(select(User).where(User.email == order_case.member("ljungbacken").email)).one()
    (assignment,) = order.assignments
    orderflow.accept(assignment, {}, by=user, now=app_clock.now())
    db.session.commit()
    orderflow.deliver(assignment, by=user, now=app_clock.now())
    db.session.commit()


def test_a_customer_is_told_what_happens_to_its_orders(app, fruit, visit, server):
    secret = add(visit(BUYER), server.address)
    order = order_case.order({fruit.id: Decimal(4)})
    deliver(order)
    assert send_due(app) == 1
    assert server.kinds == ["order.placed", "order.accepted", "order.delivered", "order.invoiced"]
    first, second, *_rest = server.told
    assert first["data"] == {
        "order": order.number,
        "event": "placed",
        "state": "placed",
        "member": "",
        "words": "",
        "url": f"/api/v1/orders/{order.number}",
    }
    assert second["data"]["member"].startswith("Ljungbacken")
    assert all(is_ours(secret, headings, body) for headings, body in server.heard)
    assert not any(is_ours("whsec_" + "A" * 43 + "=", headings, body) for headings, body in server.heard)
    assert len({headings["webhook-id"] for headings, _body in server.heard}) == 4
    assert send_due(app) == 0


def test_a_member_is_told_of_its_work_and_the_customer_not_who_declined(app, fruit, visit, server):
    member = order_case.member("ljungbacken")
    add(visit(member.email), server.address)
    order = order_case.order({fruit.id: Decimal(4)})
    user = db.session.scalars(select(User).where(User.email == member.email)).one()
    (assignment,) = order.assignments
    orderflow.decline(assignment, "Fullt", by=user, now=app_clock.now())
    send_due(app)
    assert server.kinds == ["assignment.offered", "assignment.declined"]
    assert server.told[0]["data"] == {
        "assignment": assignment.id,
        "order": order.number,
        "state": "offered",
        "url": f"/api/v1/assignments/{assignment.id}",
    }


def test_nobody_is_told_of_others_nor_of_what_it_did_not_choose(app, fruit, visit, server):
    make.make_user("annan@kund.example", customer=make.make_customer())
    add(visit("annan@kund.example"), server.address)
    add(visit(BUYER), server.address, kinds=["order.delivered"])
    add(visit(order_case.member("rullande").email), server.address)
    deliver(order_case.order({fruit.id: Decimal(4)}))
    send_due(app)
    assert server.kinds == ["order.delivered"]


def test_what_is_undone_is_told_to_nobody(app, fruit, visit, server):
    add(visit(BUYER), server.address)
    customer = db.session.scalars(select(Customer).where(Customer.email == BUYER)).one()
    more = {"customer": customer, "ticket": "t" * 20, "by": None, "now": app_clock.now()}
    orderflow.checkout({fruit.id: Decimal(4)}, order_case.DELIVERY, **more)
    db.session.flush()
    db.session.rollback()
    db.session.commit()
    assert db.session.scalars(select(HookMessage)).all() == []
    order = order_case.order({fruit.id: Decimal(4)})
    assert f'"order": {order.number}' in db.session.scalars(select(HookMessage)).one().body


def test_an_order_costs_one_question_more_where_nobody_listens(app, fruit, queries):
    order_case.order({fruit.id: Decimal(1)})
    with queries() as asked:
        order_case.order({fruit.id: Decimal(1)})
    assert len([one for one in asked if "webhook" in one]) == 1


def test_it_is_tried_stopped_and_taken_away(app, fruit, visit, server):
    browser = visit(BUYER)
    add(browser, server.address)
    hook = db.session.scalars(select(Webhook)).one()
    page = f"{HOOKS}/{hook.id}"
    browser.fill(page, {}, form="form[action$='/prova']")
    send_due(app)
    assert server.kinds == ["test"]
    log = text(browser.page(page).cssselect("main")[0])
    assert "HTTP 200" in log
    assert "Levererat" in log
    browser.fill(page, {}, form="form[action$='/igen']")
    send_due(app)
    assert [headings["webhook-id"] for headings, _body in server.heard] == [server.heard[0][0]["webhook-id"]] * 2
    browser.fill(page, {}, form="form[action$='/paus']")
    order_case.order({fruit.id: Decimal(1)})
    assert send_due(app) == 0
    browser.fill(page, {}, form="form[action$='/fortsatt']")
    order_case.order({fruit.id: Decimal(1)})
    send_due(app)
    assert server.kinds == ["test", "test", "order.placed"]
    assert browser.fill(page, {}, form="form[action$='/bort']").status_code == 303
    browser.page(page, status=404)
    assert db.session.scalars(select(HookMessage)).all() == []


def test_another_person_finds_nothing_there(fruit, visit, server):
    add(visit(BUYER), server.address)
    hook = db.session.scalars(select(Webhook)).one()
    make.make_user("annan@kund.example", customer=make.make_customer())
    other = visit("annan@kund.example")
    assert server.address not in other.get(HOOKS).text
    other.page(f"{HOOKS}/{hook.id}", status=404)
    for act in ("paus", "fortsatt", "prova", "bort", "meddelanden/1/igen"):
        assert other.post(f"{HOOKS}/{hook.id}/{act}").status_code == 404
    assert visit("sam@samklang.example").get(HOOKS).status_code == 403


@pytest.mark.parametrize(
    "values",
    [
        {"address": ""},
        {"address": "http://exempel.example/"},
        {"address": "https://exempel.example:22/"},
        {"address": "https://a:b@exempel.example/"},
        {"address": "https://exempel.example/" + "a" * 500},
        {"address": "https://exempel.example/", "kinds": []},
        {"address": "https://exempel.example/", "kinds": ["assignment.offered"]},
    ],
)
def test_what_cannot_be_is_refused(fruit, visit, values):
    assert visit(BUYER).fill(HOOKS, values, form=FORM).status_code == 422
    assert db.session.scalars(select(Webhook)).all() == []


def test_a_closed_account_is_told_nothing(app, fruit, visit, server):
    add(visit(BUYER), server.address)
    order_case.order({fruit.id: Decimal(1)})
    db.session.scalars(select(User).where(User.email == BUYER)).one().active = False
    order_case.order({fruit.id: Decimal(1)})
    assert send_due(app) == 0
    assert len(db.session.scalars(select(HookMessage)).all()) == 1
