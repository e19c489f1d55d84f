"""Without a mouse: a held-back e-invoice is mended and sent, a line credited, a card paid with, and some given back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app import clock, orderflow, workdays
from app.accounts.models import User
from app.catalog.models import Article
from app.customers.models import Customer, CustomerKind, InvoiceRoute
from app.db import db
from app.factory import create_app
from app.orders.cart import Delivery
from app.orders.models import Order
from config import from_env
from tests.browser.conftest import Live
from tests.servers import environment, house_up
from tests.stripe_stand_in import KEY, SECRET, Stripe, stand_in

FINANCE, INGRID, SALES = "ekonomi@samklang.example", "ingrid@exempel.example", "salj@samklang.example"
MOST_TABS = 150


@pytest.fixture(scope="module")
def stripe() -> Iterator[Stripe]:
    with stand_in() as server:
        yield server


@pytest.fixture(scope="module")
def settings(furnished: Path, stripe: Stripe, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A copy of the demonstration that takes cards and lays its e-invoices into a folder."""
    folder = tmp_path_factory.mktemp("money") / "instance"
    shutil.copytree(furnished, folder)
    (folder / "drop").mkdir()
    cards = {"STRIPE_SECRET_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_BASE": stripe.address}
    return environment(folder, INVOICE_DROP_FOLDER=str(folder / "drop"), **cards)


@pytest.fixture(scope="module")
def inside(settings: dict[str, str]) -> Iterator[Flask]:
    """The same house from within, to let members do their part."""
    app = create_app(from_env(settings))
    with app.app_context():
        yield app


@pytest.fixture(scope="module")
def live(settings: dict[str, str], stripe: Stripe, inside: Flask) -> Iterator[Live]:
    folder = Path(settings["SAMSALJ_INSTANCE"])
    with house_up(folder, **settings) as url:
        stripe.hook = f"{url}/stripe/webhook"
        yield Live(url, folder)


@pytest.fixture
def held_back(inside: Flask) -> None:
    """A public body has got fruit, and its invoice has no reference."""
    customer = db.session.scalars(select(Customer).where(Customer.email == "kontor@nordbyn.example")).one()
    customer.kind, customer.invoice_route = CustomerKind.PUBLIC, InvoiceRoute.PEPPOL
    customer.electronic_address = "0007:5599992020"
    fruit = db.session.scalars(select(Article).where(Article.slug == "fruktkorg-5-kg")).one()
    day = workdays.working_days_after(clock.local_date(clock.now()) + timedelta(days=1), 12)
    to = Delivery(day, customer.name, customer.street, customer.postcode, customer.city, customer.municipality)
    who = {"customer": customer, "by": _sam(), "now": clock.now()}
    _deliver(orderflow.checkout({fruit.id: Decimal(4)}, to, ticket="t" * 24, **who))


def _sam() -> User:
    return db.session.scalars(select(User).where(User.email == SALES)).one()


def _deliver(order: Order) -> None:
    """The members say yes and deliver. Nothing is read afterwards, so that the house may write."""
    for assignment in list(order.assignments):
        orderflow.accept(assignment, {}, by=_sam(), now=clock.now())
        orderflow.deliver(assignment, by=_sam(), now=clock.now())
    db.session.commit()


def tab_to(page: Page, goal: Locator) -> None:
    """Press the tabulator until something has the focus."""
    expect(goal).to_have_count(1, timeout=20_000)
    for _ in range(MOST_TABS):
        if goal.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{goal} cannot be reached")


def press(page: Page, goal: Locator) -> None:
    tab_to(page, goal)
    page.keyboard.press("Enter")


def write(page: Page, goal: Locator, words: str) -> None:
    tab_to(page, goal)
    page.keyboard.type(words)


def reload_until(page: Page, goal: Locator) -> None:
    """Look at the page again until the worker has done its part."""
    for _ in range(60):
        if goal.count():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(f"{goal} does not come")


@pytest.mark.usefixtures("held_back")
def test_money_is_looked_after_without_a_mouse(new_page, sign_in, axe, look):
    fia = new_page()
    sign_in(fia, FINANCE)
    reload_until(fia, fia.get_by_role("link", name="e-faktura som hålls kvar"))
    press(fia, fia.get_by_role("link", name="e-faktura som hålls kvar"))
    expect(fia.get_by_role("heading", level=1)).to_have_text("E-fakturor som hålls kvar")
    axe(fia)
    press(fia, fia.locator("tbody th a"))
    look(fia)
    press(fia, fia.get_by_role("link", name="Till referenserna"))
    write(fia, fia.get_by_label("Beställarreferens"), "NB-100")
    fia.keyboard.press("Enter")
    expect(fia.locator(".flash")).to_contain_text("E-fakturan görs om")
    reload_until(fia, fia.get_by_text("Ingenting hålls kvar"))
    axe(fia)

    places = fia.get_by_role("navigation", name="Fakturor och betalningar")
    press(fia, places.get_by_role("link", name="Fakturor", exact=True))
    press(fia, fia.locator("tbody th a").first)
    reload_until(fia, fia.get_by_role("link", name="E-faktura (XML)"))
    press(fia, fia.locator("summary", has_text="Kreditera fakturan"))
    write(fia, fia.get_by_role("textbox", name=re.compile("^Kreditera: ")).first, "100")
    write(fia, fia.get_by_label("Varför krediteras det?"), "En korg var skadad")
    axe(fia)
    press(fia, fia.get_by_role("button", name="Kreditera beloppen"))
    expect(fia.get_by_role("heading", level=1)).to_contain_text("Kreditfaktura")
    look(fia)

    ingrid = new_page(viewport={"width": 390, "height": 800})
    sign_in(ingrid, INGRID)
    ingrid.goto("/katalog/fruktkorg-5-kg")
    press(ingrid, ingrid.get_by_role("button", name="Lägg i varukorgen"))
    press(ingrid, ingrid.get_by_role("button", name="Gå till kassan"))
    look(ingrid)
    press(ingrid, ingrid.get_by_role("button", name=re.compile("^Beställ för")))
    press(ingrid, ingrid.get_by_role("button", name="Betala", exact=True))
    reload_until(ingrid, ingrid.get_by_text(re.compile("^(Reserverad på kortet|Betald med kort)$")))
    look(ingrid)

    _deliver(db.session.scalars(select(Order).order_by(Order.id.desc())).first())
    fia.goto("/personal/betalningar")
    axe(fia)
    press(fia, fia.locator("tbody th a"))
    reload_until(fia, fia.get_by_role("heading", name="Betala tillbaka"))
    write(fia, fia.get_by_label("Tillbaka, exkl. moms"), "50")
    write(fia, fia.get_by_label("Varför"), "Ett äpple var dåligt")
    look(fia)
    press(fia, fia.get_by_role("button", name="Betala tillbaka till kortet"))
    expect(fia.get_by_text("Pengarna går tillbaka.")).to_be_visible()
    reload_until(fia, fia.locator("tbody .badge", has_text="Återbetald"))
    axe(fia)
    ingrid.reload()
    expect(ingrid.get_by_text("Betald med kort").first).to_be_visible()
    axe(ingrid)
