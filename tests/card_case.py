"""A house that takes cards, with a stand-in for Stripe beside it, and a customer who pays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import jobs
from app.accounts.models import RoleName
from app.customers.models import CustomerKind
from app.db import db
from app.members.models import Member
from app.money import Money
from app.orders.models import Assignment, Order
from app.payments.models import MoneyTask, Payment
from app.payments.refund_models import Refund
from tests import make
from tests.people import Visitor
from tests.stripe_stand_in import KEY, SECRET, Stripe, stand_in

FRIDAY, FAR = date(2026, 11, 27), date(2026, 12, 4)
FRUIT = Money(22472)
"""212 kr with six per cent VAT, which food has in 2026."""
KIM, FINANCE = "kim@exempel.example", "fia@samklang.example"


def furnish() -> dict[str, int]:
    """Ljungbacken packs fruit at 212 kr, Köksljus makes sandwiches at 62, both food; Kim buys privately, Fia counts."""
    make.make_sales_company(phone="031-700 00 00", bankgiro="999-0003", vat_number="SE769999000301")
    ljungbacken, kokljus = make.make_ljungbacken(), make.make_kokljus()
    fruit, sandwich = make.make_article(), make.make_article("Smörgås", price=Money(6200))
    make.make_offering(fruit, ljungbacken)
    make.make_offering(sandwich, kokljus)
    kim = make.make_customer(kind=CustomerKind.PRIVATE, name="Kim Köpare", org_number=None, email=KIM)
    make.make_user(KIM, customer=kim, name="Kim Köpare")
    nordbyn = make.make_nordbyn()
    make.make_user("kontor@nordbyn.example", customer=nordbyn)
    for member in (ljungbacken, kokljus):
        make.make_user(member.email, member=member)
    make.make_user(FINANCE, roles=(RoleName.FINANCE,), name="Fia Finans")
    make.make_sam()
    db.session.commit()
    return {"fruit": fruit.id, "sandwich": sandwich.id, "site": kim.sites[0].id, "their_site": nordbyn.sites[0].id}


@contextmanager
def taking_cards(app: Flask, clock: Any) -> Iterator[Stripe]:
    """The house with its two secrets, and Stripe at the stand-in's address."""
    with stand_in(lambda: float(clock.now.timestamp())) as stripe:
        app.config.update(STRIPE_SECRET_KEY=KEY, STRIPE_WEBHOOK_SECRET=SECRET, STRIPE_BASE=stripe.address)
        app.config["STRIPE_PATIENCE"] = (1.0, 1.0)
        yield stripe


@dataclass
class Shop:
    """All that a test of card payment does, as people and Stripe do it."""

    stripe: Stripe
    visit: Callable[[str | None], Visitor]
    work_off: Callable[[], int]
    clock: Any
    ids: dict[str, int]

    def order(self, day: date = FRIDAY, *, by: Visitor | None = None, **quantities: str) -> Visitor:
        """Kim fills a basket, chooses the card and orders; the page at Stripe is opened."""
        browser = by or self.visit(KIM)
        for name, quantity in (quantities or {"fruit": "1"}).items():
            browser.post("/varukorg/lagg-i", data={"article": self.ids[name], "quantity": quantity})
        answer = browser.fill("/kassa", {"site": str(self.ids["site"]), "day": day.isoformat(), "pay": "card"})
        assert answer.status_code == 303, answer.text[:3000]
        assert answer.location.endswith("/kort")
        self.work_off()
        return browser

    def tell(self) -> None:
        """Stripe sends what is new, and the worker deals with it, until nothing more happens."""
        while events := self.stripe.new_events():
            for event in events:
                assert self.knock(event) == 200
            self.work_off()

    def knock(self, event: dict[str, Any], **signing: Any) -> int:
        """One event, as Stripe sends it."""
        body, signature = self.stripe.signed(event, **signing)
        headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
        return self.visit(None).post("/stripe/webhook", data=body, headers=headers).status_code

    def pay(self, **otherwise: Any) -> str:
        """The customer pays on the page that was opened last; gives the intent's id."""
        intent = self.stripe.books.pay(self.session["id"], **otherwise)
        self.tell()
        return str(intent["id"])

    def paid(self, day: date = FRIDAY, **quantities: str) -> Order:
        """A whole order by card, paid."""
        self.order(day, **quantities)
        self.pay()
        return the_order()

    @property
    def session(self) -> dict[str, Any]:
        """The page that was opened last."""
        return self.stripe.books.all("checkout.session")[-1]

    def accept(self, slug: str) -> list[str]:
        """A member says yes to all that it is offered; gives the addresses of its assignments."""
        member = db.session.scalars(select(Member).where(Member.slug == slug)).one()
        browser, ids = self.visit(member.email), select(Assignment.id).where(Assignment.member_id == member.id)
        paths = [f"/medlem/uppdrag/{id_}" for id_ in db.session.scalars(ids).all()]
        for path in paths:
            browser.fill(path, {}, form="form[action$='/ja']")
        return paths

    def deliver(self, *slugs: str) -> None:
        """Members say yes and deliver, and the worker settles."""
        for slug in slugs:
            self.hand_over(slug, self.accept(slug))

    def hand_over(self, slug: str, paths: list[str]) -> None:
        """A member delivers what it has said yes to, and the worker settles."""
        browser = self.visit(db.session.scalars(select(Member.email).where(Member.slug == slug)).one())
        for path in paths:
            browser.fill(path, {}, form="form[action$='/levererat']")
        self.work_off()
        self.tell()

    def later(self, **how_far: float) -> None:
        """Time passes, and the routines of each minute run once."""
        self.clock.move(**how_far)
        sweep(self.clock.now)
        self.work_off()
        self.tell()


@pytest.fixture
def shop(
    app: Flask, town: dict[str, int], clock: Any, visit: Callable[[str | None], Visitor], work_off: Callable[[], int]
) -> Iterator[Shop]:
    """For a file whose `town` is this case: ``shop = card_case.shop``."""
    with taking_cards(app, clock) as stripe:
        yield Shop(stripe, visit, work_off, clock, town)


def sweep(now: Any) -> None:
    """What one of the workers looks after each minute."""
    for routine in jobs.routines:
        if routine.__module__ in {"app.stripeflow", "app.payoutflow"}:
            routine(now)
    db.session.commit()


def the_order() -> Order:
    """The only one, or the last."""
    db.session.expire_all()
    return db.session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()


def payment() -> Payment:
    """The payment that was opened last."""
    db.session.expire_all()
    return db.session.scalars(select(Payment).order_by(Payment.id.desc()).limit(1)).one()


def refunds() -> list[Refund]:
    """All of them."""
    db.session.expire_all()
    return list(db.session.scalars(select(Refund).order_by(Refund.id)))


def tasks() -> list[str]:
    """What kinds of things wait for finance."""
    db.session.expire_all()
    waiting = select(MoneyTask).where(MoneyTask.done_at.is_(None)).order_by(MoneyTask.id)
    return [one.kind.value for one in db.session.scalars(waiting)]


WEEK = timedelta(days=7)
