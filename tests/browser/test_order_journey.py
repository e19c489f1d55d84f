"""The whole way of an order in a browser: one basket, three members, one of them replaced, all delivered, invoiced."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from app import clock, workdays
from app.demo.load import accounts
from tests.browser.conftest import Look

NORDBYN = "kontor@nordbyn.example"
CATALOGUE = ("katalog", "katalog/forslag", "katalog/ny", "katalog/ny?sort=goods", "katalog/ny?sort=bundle", "katalog/1")
BASKET = {"fruktkorg-5-kg": "4", "kontorsstadning": "3", "smorgas-levererad": "12"}
PHONE = {"viewport": {"width": 390, "height": 780}}


def soon() -> str:
    """A working day on which everybody can deliver."""
    return workdays.working_days_after(clock.local_date(clock.now()) + timedelta(days=1), 12).isoformat()


def open_assignment(page: Page, number: str) -> None:
    page.goto("/medlem/uppdrag")
    page.locator(".card a", has_text="Göteborg").first.click()
    expect(page.locator("h1")).to_contain_text(number)


def member_of(name: str) -> str:
    """The account of the member with this name."""
    return next(email for email, who in accounts() if who == name)


def asked(page: Page) -> list[str]:
    """On the staff's page of an order: the members whose answer is waited for."""
    rows = page.locator("table tr", has=page.locator(".badge", has_text="Väntar på svar"))
    return [text.strip() for text in rows.locator("th").all_inner_texts()]


def test_from_basket_to_invoice(new_page, sign_in, look, live):
    buyer, staff = new_page(), new_page()
    sign_in(buyer, NORDBYN)
    number = order_the_basket(buyer, look)

    sign_in(staff, "salj@samklang.example")
    staff.goto(f"/personal/bestallningar/{number}")
    look(staff)
    members = asked(staff)
    assert len(members) == 3, "three members get their parts"

    decliner, *others = members
    no = new_page(**PHONE)
    sign_in(no, member_of(decliner))
    look(no)
    decline(no, number, look)

    staff.reload()
    replaced = asked(staff)
    assert decliner not in replaced
    assert len(replaced) == 3, "one is replaced"
    assert set(others) <= set(replaced)
    buyer.reload()
    assert decliner not in buyer.content(), "the customer never sees who declined"

    for name in replaced:
        page = new_page(**PHONE)
        sign_in(page, member_of(name))
        accept_and_deliver(page, number, look)

    fetch_the_invoice(buyer, live.url, look)
    staff.goto("/personal/brev")
    staff.locator("table a").first.click()
    look(staff)
    letters = "".join(path.read_text("utf-8") for path in live.wait_for_letters(9))
    assert "faktura-10001.pdf" in letters


def order_the_basket(buyer: Page, look: Look) -> str:
    """Three things of different members go into one basket. Gives the order's number."""
    for slug, quantity in BASKET.items():
        buyer.goto(f"/katalog/{slug}")
        buyer.locator("input[name=quantity]").fill(quantity)
        buyer.get_by_role("button", name="Lägg i varukorgen").click()
        expect(buyer.locator("h1")).to_have_text("Varukorg")
    look(buyer)
    buyer.get_by_role("button", name="Gå till kassan").click()
    look(buyer)
    buyer.locator("input[name=day]").fill(soon())
    buyer.locator("input[name=order_reference]").fill("PO-77")
    buyer.get_by_role("button", name=re.compile("Beställ för")).click()
    number = re.search(r"\d+", buyer.locator("h1").inner_text())[0]
    look(buyer)
    return number


def decline(no: Page, number: str, look: Look) -> None:
    """A member says why it cannot."""
    open_assignment(no, number)
    look(no)
    no.locator("summary", has_text="Nej, vi kan inte").click()
    no.locator("textarea[name=reason]").fill("Vi är sjuka den dagen.")
    no.get_by_role("button", name="Tacka nej till uppdraget").click()
    expect(no.locator(".flash")).to_contain_text("Vi frågar någon annan")


def accept_and_deliver(page: Page, number: str, look: Look) -> None:
    """A member says yes, and has delivered all of its part."""
    open_assignment(page, number)
    page.get_by_role("button", name="Ja, vi tar det").click()
    expect(page.locator(".badge").first).to_have_text("Ni har tackat ja")
    look(page)
    page.locator("summary", has_text="Vi har levererat allt").click()
    page.locator(".confirm-body").get_by_role("button", name="Vi har levererat allt").click()
    expect(page.locator(".flash")).to_contain_text("Kunden har fått besked")


def fetch_the_invoice(buyer: Page, url: str, look: Look) -> None:
    """It stands on the order's page once the worker has made it."""
    link = buyer.get_by_role("link", name="Ladda ner fakturan (PDF)")
    for _ in range(60):
        buyer.reload()
        if link.count():
            break
        buyer.wait_for_timeout(500)
    look(buyer)
    answer = buyer.request.get(f"{url}{link.get_attribute('href')}")
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")


def test_a_phone_shows_all_of_each_row_without_scrolling_sideways(page, axe):
    """Price, sum and the way to take something out lay outside the screen."""
    page.set_viewport_size({"width": 360, "height": 740})
    for slug in ("tryckt-kasse-packad-och-klar", "kontorsstadning"):
        page.goto(f"/katalog/{slug}")
        page.get_by_role("button", name="Lägg i varukorgen").click()
    nothing_aside(page, rows=2)
    expect(page.get_by_role("row").filter(has_text="Ta bort")).to_have_count(2)
    expect(page.get_by_role("columnheader", name="Summa")).to_have_count(1)
    axe(page)
    page.goto("/kassa")
    order_as_ingrid(page)
    nothing_aside(page, rows=2)
    axe(page)
    page.goto("/bestallningar")
    nothing_aside(page, rows=1)
    axe(page)


def nothing_aside(page: Page, *, rows: int) -> None:
    """The table has so many rows or more, and no part of it lies outside its frame."""
    expect(page.get_by_role("table")).to_have_count(1)
    assert page.locator("tbody [role=row]").count() >= rows
    wide, room = page.locator(".table-region").evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert wide <= room
    cells = page.locator("tbody [role=cell]:visible")
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in map(box_of, cells.all()))


def box_of(cell: Locator) -> FloatRect:
    """Where a visible thing stands."""
    found = cell.bounding_box()
    assert found
    return found


def order_as_ingrid(page: Page) -> None:
    """Fill in the checkout as a private person, and order."""
    values = {"name": "Ingrid Exempel", "email": "ingrid@exempel.example", "day": soon(), "recipient": "Ingrid"}
    for name, value in {**values, "street": "Hemgatan 3", "postcode": "411 03", "city": "Göteborg"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=municipality]").select_option(label="Göteborg")
    page.locator("[name=consent]").check()
    page.get_by_role("button", name=re.compile("Beställ för")).click()
    expect(page.locator("h1")).to_contain_text("Beställning")


def choose_by_keys(page: Page, field: str, name: str) -> None:
    """Write the first letter of a name in a list, and go down to it: the driver's keyboard has no å, ä or ö."""
    listed = page.locator(f"[name={field}]")
    listed.focus()
    page.keyboard.type(name[0])
    for _step in range(30):
        if listed.locator("option:checked").inner_text() == name:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} is not in the list")


def test_a_guest_orders_with_the_keyboard_alone(page, look):
    """From the start page to a placed order without touching a mouse."""
    page.goto("/katalog/fruktkorg-5-kg")
    page.locator("input[name=quantity]").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Varukorg")
    press_until(page, "Gå till kassan")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kassa")
    who = {"name": "Ingrid Exempel", "email": "ingrid@exempel.example"}
    where = {"recipient": "Ingrid", "street": "Hemgatan 3", "postcode": "411 03", "city": "Göteborg"}
    for name, value in {**who, **where}.items():
        page.locator(f"[name={name}]").focus()
        page.keyboard.type(value)
    page.locator("[name=day]").fill(soon())
    choose_by_keys(page, "municipality", "Göteborg")
    page.keyboard.press("Enter")
    if page.locator("h1").inner_text() == "Kassa":
        press_until(page, "Beställ för")
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Beställning")
    look(page)


def press_until(page: Page, label: str) -> None:
    """Tab until a button or a link with this label has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if label in page.evaluate("document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"no way to {label!r} by keyboard")


@pytest.mark.parametrize(
    "path", ["/varukorg", "/kassa", "/bestallningar", "/katalog", "/katalog/fruktkorg-5-kg", "/katalog?q=frukt"]
)
def test_pages_for_visitors(page, look, path):
    page.goto(path)
    look(page)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "bestallningar",
        "bestallningar?hog=open",
        "medlemmar",
        "medlemmar/2",
        "brev",
        "arbeten",
        "kunder",
        *CATALOGUE,
    ],
)
def test_pages_for_staff(page, sign_in, look, path):
    sign_in(page, "salj@samklang.example")
    assert page.goto(f"/personal/{path}").status == 200
    look(page)


@pytest.mark.parametrize("path", ["", "uppdrag", "erbjudanden", "anbud"])
def test_pages_for_members(page, sign_in, look, path):
    sign_in(page, "ljungbacken@medlem.example")
    assert page.goto(f"/medlem/{path}").status == 200
    look(page)


def test_a_wrong_quantity_is_told_and_takes_focus(page, look):
    page.goto("/katalog/fruktkorg-5-kg")
    page.locator("input[name=quantity]").fill("2")
    page.get_by_role("button", name="Lägg i varukorgen").click()
    page.locator("input.quantity").fill("-3")
    page.get_by_role("button", name="Räkna om").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("input.quantity")).to_have_value("-3")
    look(page)


def test_a_quantity_in_which_it_is_not_sold_is_put_right_where_it_was_typed(page, look):
    page.goto("/katalog/tryckt-kasse-packad-och-klar")
    page.locator("#quantity").fill("3")
    page.get_by_role("button", name="Lägg i varukorgen").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#quantity")).to_have_value("3")
    look(page)
    page.get_by_role("link", name="Minsta beställning är 25 st").click()
    expect(page.locator("#quantity")).to_be_focused()
    page.locator("#quantity").fill("25")
    page.get_by_role("button", name="Lägg i varukorgen").click()
    expect(page.locator("h1")).to_have_text("Varukorg")
