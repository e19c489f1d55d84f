"""A worker that is killed while Stripe draws or gives back: the next one brings it to the same end, and once only."""

from __future__ import annotations

import importlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import cardflow, changeflow, clock, jobs, orderflow, stripeflow, workdays
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.orders.cart import Delivery
from app.orders.models import Order
from app.payments.models import Payment
from app.payments.states import PaymentState
from config import from_env
from tests import card_case
from tests.servers import environment, flask, running, wait_until
from tests.stripe_stand_in import KEY, SECRET, Stripe, Trouble, stand_in


@dataclass
class Installation:
    """An installation of its own that takes cards, whose worker is a real process."""

    folder: Path
    database_url: str
    stripe: Stripe
    app: Flask

    def here(self, act: Callable[[], Any]) -> Any:
        """Do something as the web server of this installation does, and save it."""

        def inside() -> Any:
            with self.app.app_context():
                found = act()
                db.session.commit()
                return found

        return Context().run(inside)

    @contextmanager
    def worker(self) -> Iterator[Any]:
        with running(flask("worker"), environ(self.folder, self.database_url, self.stripe), self.folder / "log") as one:
            yield one

    def kill_worker(self, in_the_middle: Callable[[], bool]) -> None:
        with self.worker() as process:
            wait_until(in_the_middle, seconds=180, what="the middle of the work")
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)

    def state(self) -> PaymentState:
        return self.here(lambda: db.session.scalars(select(Payment.state)).one())


def environ(folder: Path, database_url: str, stripe: Stripe) -> dict[str, str]:
    secrets = {"STRIPE_SECRET_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_BASE": stripe.address}
    return environment(folder, DATABASE_URL=database_url, **secrets)


@pytest.fixture
def installation(house, tmp_path):
    with stand_in() as stripe:
        url = house.another(tmp_path, "law")
        app = importlib.import_module("app.factory").create_app(from_env(environ(tmp_path, url, stripe)))
        yield Installation(tmp_path, url, stripe, app)
        with app.app_context():
            db.engine.dispose()


def pay(installation: Installation, days: int) -> None:
    """Kim orders by card for so many working days ahead, and pays."""

    def order() -> None:
        ids = card_case.furnish()
        kim = db.session.scalars(select(Customer).where(Customer.email == card_case.KIM)).one()
        user = db.session.scalars(select(User).where(User.email == card_case.KIM)).one()
        day = workdays.working_days_after(clock.local_date(clock.now()), days)
        delivery = Delivery(day, "Kim", "Gatan 1", "411 01", "Göteborg", "1480")
        cart = {ids["fruit"]: Decimal(1)}
        cardflow.checkout(cart, delivery, customer=kim, ticket="x" * 24, by=user, now=clock.now())

    installation.here(order)
    installation.here(jobs.work_off)
    installation.stripe.books.pay(installation.stripe.books.all("checkout.session")[0]["id"])
    installation.here(lambda: stripeflow.look(db.session.scalars(select(Payment.id)).one()))


def deliver() -> None:
    order = db.session.scalars(select(Order)).one()
    member = order.assignments[0].member
    user = db.session.scalars(select(User).where(User.email == member.email)).one()
    for one in order.assignments:
        orderflow.accept(one, {line.id: line.offered for line in one.lines}, by=user, now=clock.now())
        orderflow.deliver(one, by=user, now=clock.now())


def cancel() -> None:
    order = db.session.scalars(select(Order)).one()
    changeflow.cancel(order, by=db.session.get(User, order.placed_by_id), now=clock.now())


@pytest.mark.parametrize("done", [True, False], ids=["done at Stripe", "not begun at Stripe"])
@pytest.mark.parametrize("what", ["capture", "refund"])
def test_a_worker_killed_in_the_middle_leaves_the_same_end(installation, what, done):
    pay(installation, 3 if what == "capture" else 12)
    installation.here(deliver if what == "capture" else cancel)
    request = "POST /v1/payment_intents/{intent}/capture" if what == "capture" else "POST /v1/refunds"
    intent = installation.stripe.books.all("payment_intent")[0]["id"]
    path = f"/v1/payment_intents/{intent}/capture" if what == "capture" else "/v1/refunds"
    installation.stripe.troubles.append(Trouble(path, "slow" if done else "slow 500", 1, seconds=8))
    asked = installation.stripe.asked
    trouble = installation.stripe.troubles[-1]
    installation.kill_worker(lambda: bool(asked(request)) if done else not trouble.times)
    ended = PaymentState.CAPTURED if what == "capture" else PaymentState.REFUNDED
    with installation.worker():
        wait_until(lambda: installation.state() == ended, seconds=240, what="the work")
    (charge,) = installation.stripe.books.all("charge")
    assert charge["amount_captured"] == 22472
    assert charge["amount_refunded"] == (0 if what == "capture" else 22472)
    assert len(installation.stripe.books.all("refund")) == (0 if what == "capture" else 1)
