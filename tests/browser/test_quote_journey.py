"""A quote in a browser, from the basket to the order that another person approves; and the basket of last time."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from app import clock, workdays
from tests.browser.conftest import Look

NORDBYN, OTTO, STAFF = "kontor@nordbyn.example", "otto@nordbyn.example", "salj@samklang.example"


def soon() -> str:
    """A working day on which everybody can deliver."""
    return workdays.working_days_after(clock.local_date(clock.now()) + timedelta(days=1), 8).isoformat()


def put(page: Page, slug: str, quantity: str) -> None:
    page.goto(f"/katalog/{slug}")
    page.locator("input[name=quantity]").fill(quantity)
    page.get_by_role("button", name="Lägg i varukorgen").click()
    expect(page.locator("h1")).to_have_text("Varukorg")


def number_of(page: Page) -> str:
    return re.search(r"\d+", page.locator("h1").inner_text())[0]


def test_from_a_question_to_an_approved_order(new_page, sign_in, look):
    buyer, otto, staff = new_page(), new_page(), new_page()
    sign_in(buyer, NORDBYN)
    set_a_limit(buyer, look)
    number = ask_for_a_quote(buyer, look)
    sign_in(staff, STAFF)
    write_two_versions(staff, number, look)
    order = accept_the_quote(buyer, number, look)
    sign_in(otto, OTTO)
    approve(otto, staff, order, look)
    staff.goto(f"/personal/offerter/{number}")
    look(staff)
    assert order in staff.locator("main").inner_text()


def set_a_limit(buyer: Page, look: Look) -> None:
    """Above a thousand kronor another person says yes too."""
    buyer.goto("/organisation")
    look(buyer)
    buyer.locator("#limit").fill("inget")
    buyer.get_by_role("button", name="Spara gränsen").click()
    look(buyer)
    buyer.locator("#limit").fill("1 000")
    buyer.get_by_role("button", name="Spara gränsen").click()
    expect(buyer.locator("main")).to_contain_text("väntar tills en annan person")


def ask_for_a_quote(buyer: Page, look: Look) -> str:
    """Eight baskets, and a question with them. Gives the quote's number."""
    put(buyer, "fruktkorg-5-kg", "8")
    buyer.get_by_role("link", name="Be om offert").click()
    look(buyer)
    buyer.locator("#day").fill(soon())
    buyer.locator("#note").fill("Kan det bli billigare om vi tar åtta?")
    buyer.get_by_role("button", name="Be om offert").click()
    number = number_of(buyer)
    look(buyer)
    return number


def write_two_versions(staff: Page, number: str, look: Look) -> None:
    """A price that is none and one that is too low come back; what is sent then is written anew."""
    staff.goto("/personal/offerter")
    look(staff)
    staff.get_by_role("link", name=number, exact=True).click()
    staff.locator("input[id^=price-]").fill("gratis")
    staff.get_by_role("button", name="Spara och skicka till kunden").click()
    expect(staff.locator(".error-summary")).to_contain_text("skriv priset i kronor")
    look(staff)
    staff.locator("input[id^=price-]").fill("190")
    staff.get_by_role("button", name="Spara och skicka till kunden").click()
    expect(staff.locator(".error-summary")).to_contain_text("mindre än medlemmen får")
    expect(staff.get_by_label("Skicka ändå")).to_be_visible()
    look(staff)
    staff.locator("input[id^=price-]").fill("195")
    staff.locator("#text").fill("Fri leverans före klockan nio.")
    staff.get_by_role("button", name="Spara och skicka till kunden").click()
    expect(staff.locator(".flash")).to_contain_text("Offerten är skickad")
    staff.get_by_role("button", name="Skriv en ny version").click()
    look(staff)
    staff.locator("#article").fill("Kontorsstädning")
    staff.get_by_role("button", name="Lägg till artikeln").click()
    expect(staff.locator(".flash")).to_contain_text("finns i offerten")
    staff.get_by_role("button", name="Spara och skicka till kunden").click()
    look(staff)


def accept_the_quote(buyer: Page, number: str, look: Look) -> str:
    """The customer says who accepts, and learns who is asked. Gives the order's number."""
    buyer.goto(f"/offerter/{number}")
    expect(buyer.locator("h2").first).to_have_text("Version 2")
    look(buyer)
    buyer.locator("#name").fill("")
    buyer.get_by_role("button", name=re.compile("Anta och beställ för")).click()
    look(buyer)
    buyer.locator("#name").fill("Nora Nordbyn")
    buyer.locator("summary", has_text="Kostnadsställe och referens").click()
    buyer.locator("input[id^=cost_centre-]").first.fill("4711")
    look(buyer)
    buyer.get_by_role("button", name=re.compile("Anta och beställ för")).click()
    order = number_of(buyer)
    expect(buyer.locator(".note")).to_contain_text("Otto Påhitt")
    look(buyer)
    buyer.goto("/offerter")
    look(buyer)
    return order


def approve(otto: Page, staff: Page, order: str, look: Look) -> None:
    """Otto cannot say no without a reason, and says yes; staff see meanwhile that the order waits."""
    otto.goto("/organisation")
    look(otto)
    otto.get_by_role("link", name=order, exact=True).click()
    otto.locator("summary", has_text="Godkänn inte").click()
    look(otto)
    otto.get_by_role("button", name="Avslå beställningen").click()
    expect(otto.locator(".error-summary")).to_contain_text("Skriv varför")
    look(otto)
    staff.goto(f"/personal/bestallningar/{order}")
    look(staff)
    otto.get_by_role("button", name=re.compile("Godkänn beställningen för")).click()
    expect(otto.locator(".flash")).to_contain_text("Beställningen är godkänd")
    look(otto)


def test_last_times_basket_is_put_again_and_saved(new_page, sign_in, look):
    buyer, staff = new_page(), new_page()
    sign_in(buyer, NORDBYN)
    put(buyer, "smorgas-levererad", "12")
    buyer.get_by_role("button", name="Gå till kassan").click()
    buyer.locator("summary", has_text="Kostnadsställe och referens").click()
    look(buyer)
    buyer.locator("#day").fill(soon())
    buyer.get_by_role("button", name=re.compile("Beställ för")).click()
    buyer.get_by_role("button", name="Lägg i varukorgen").click()
    expect(buyer.locator(".flash")).to_contain_text("1 artikel ligger i varukorgen")
    buyer.locator("summary", has_text="Spara varukorgen").click()
    look(buyer)
    buyer.locator("#draft-name").fill("Styrelsemöte")
    buyer.get_by_role("button", name="Spara varukorgen").click()
    buyer.get_by_role("link", name="Sparade varukorgar").click()
    look(buyer)
    buyer.get_by_role("button", name="Lägg i varukorgen Styrelsemöte").click()
    expect(buyer.locator("h1")).to_have_text("Varukorg")

    sign_in(staff, STAFF)
    staff.goto("/personal/kunder?q=nordbyn")
    staff.get_by_role("link", name="Nordbyn Teknik AB").first.click()
    staff.get_by_role("link", name="Gör en offert").click()
    look(staff)
    staff.get_by_role("button", name="Fortsätt till raderna").click()
    look(staff)
