"""A server that answers 500 for a day, is gone, hangs, or is not there: what waits comes in its order, or is told."""

from __future__ import annotations

import threading
from contextvars import Context
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import posting
from app.db import db
from app.hooks import actions, sending
from app.hooks.models import HookAttempt, HookMessage, Webhook
from tests import order_case
from tests.features.hook_case import HOOKS, add, receiver, send_due
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import save, text, together
from tests.servers import wait_until

pytestmark = pytest.mark.both


@furnished
def fruit(app):
    return order_case.furnish()


@pytest.fixture
def servers(monkeypatch):
    """Two servers on this machine, of which the first one is named in the address check."""
    with receiver() as first, receiver() as second:
        monkeypatch.setattr(posting, "CHILD", "tests.posting_here")
        monkeypatch.setattr(posting, "leads_inward", lambda _host: False)

        def named(server):
            monkeypatch.setattr(posting, "PORTS", {"http": server.port})
            return server.address

        yield first, second, named


@pytest.fixture
def server(servers):
    first, _second, named = servers
    named(first)
    return first


def hook():
    db.session.expire_all()
    return db.session.scalars(select(Webhook).order_by(Webhook.id)).first()


def attempts():
    return db.session.scalar(select(func.count()).select_from(HookAttempt))


def test_after_a_day_of_500_all_comes_in_its_order_once(app, fruit, visit, clock, server):
    add(visit(BUYER), server.address)
    server.status = 500
    orders = [order_case.order({fruit.id: Decimal(1)}).number]
    first_day = clock.now + timedelta(days=1)
    while clock.now < first_day:
        send_due(app)
        clock.move(minutes=30)
    orders += [order_case.order({fruit.id: Decimal(1)}).number for _ in range(7)]
    assert 5 <= len(server.heard) <= 10
    assert {one["data"]["order"] for one in server.told} == {orders[0]}
    assert "svarar inte" in text(visit(BUYER).page(HOOKS)).lower()
    server.status, server.heard[:] = 204, []
    clock.move(days=1)
    while send_due(app):
        pass
    assert [one["data"]["order"] for one in server.told] == orders
    assert (hook().failures, hook().retry_at) == (0, None)


def test_after_three_days_it_is_paused_and_its_owner_told_once(app, fruit, visit, clock, server, outbox):
    browser = visit(BUYER)
    add(browser, server.address)
    server.status = 503
    order_case.order({fruit.id: Decimal(1)})
    began = clock.now
    while hook().state == "active":
        send_due(app)
        clock.move(hours=1)
    assert timedelta(days=2.5) < clock.now - began < timedelta(days=4)
    assert attempts() == len(actions.DELAYS) + 1 == len(server.heard)
    (letter,) = [one for one in outbox.to(BUYER) if one.kind == "webhook_paused"]
    assert "svarade 503" in letter.body
    assert f"{HOOKS}/{hook().id}" in letter.body
    assert send_due(app) == 0
    server.status = 200
    browser.fill(f"{HOOKS}/{hook().id}", {}, form="form[action$='/fortsatt']")
    send_due(app)
    assert len(server.heard) == attempts() == len(actions.DELAYS) + 2


def test_a_server_that_wants_nothing_more_is_left_at_once(app, fruit, visit, server, outbox):
    add(visit(BUYER), server.address)
    server.status = 410
    order_case.order({fruit.id: Decimal(1)})
    send_due(app)
    assert hook().state == "paused"
    assert [one.kind for one in outbox.to(BUYER)].count("webhook_paused") == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308, 404])
def test_a_redirect_is_a_failure(app, fruit, visit, server, status):
    add(visit(BUYER), server.address)
    server.status = status
    order_case.order({fruit.id: Decimal(1)})
    send_due(app)
    assert (hook().failures, len(server.heard)) == (1, 1)


def test_a_name_that_leads_into_the_own_network_gets_nothing(app, fruit, visit, server, monkeypatch):
    """The address was let in; where it leads is looked at each time it is used."""
    add(visit(BUYER), server.address)
    monkeypatch.setattr(posting, "CHILD", "app.posting")
    order_case.order({fruit.id: Decimal(1)})
    send_due(app)
    assert server.heard == []
    attempt = db.session.scalars(select(HookAttempt)).one()
    assert attempt.status is None
    assert attempt.answer == posting.WRONG_ADDRESS


def test_two_workers_send_a_message_once(app, fruit, visit, server):
    add(visit(BUYER), server.address)
    order_case.order({fruit.id: Decimal(1)})
    hook_id = hook().id

    def send():
        def work():
            with app.app_context():
                sending.send_to(hook_id)

        Context().run(work)

    save()
    together(send, send, send)
    assert len(server.heard) == 1


def test_a_worker_that_died_in_the_midst_of_it_lets_another_go_on(app, fruit, visit, clock, server):
    add(visit(BUYER), server.address)
    order_case.order({fruit.id: Decimal(1)})
    assert actions.claim(hook().id, clock.now)
    assert send_due(app) == 0
    clock.move(minutes=2)
    assert send_due(app) == 1
    assert len(server.heard) == 1


def test_a_server_that_hangs_keeps_nobody_else_waiting(app, fruit, visit, servers):
    """The worker's own loop, with a server that never answers beside one that does."""
    slow, quick, named = servers
    add(visit(BUYER), named(slow))
    add(visit(BUYER), named(quick))
    slow.hang = True
    order_case.order({fruit.id: Decimal(1)})
    save()
    stop = threading.Event()
    worker = threading.Thread(target=sending.run, args=(app.app_context, stop), daemon=True)
    worker.start()
    try:
        wait_until(lambda: quick.kinds == ["order.placed"], what="the quick server's message")
        assert not slow.slow.is_set()
        assert slow.heard == []
    finally:
        slow.slow.set()
        stop.set()
        worker.join(30)
    assert not worker.is_alive()


def test_the_log_reaches_a_month_back(app, fruit, visit, clock, server):
    add(visit(BUYER), server.address)
    order_case.order({fruit.id: Decimal(1)})
    send_due(app)
    actions.forget_old_messages(clock.move(days=31))
    db.session.commit()
    assert db.session.scalars(select(HookMessage)).all() == []
    assert attempts() == 0
