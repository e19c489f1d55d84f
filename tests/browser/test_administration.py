"""Staff fill a house in a browser: a member, a customer, their people, and colleagues; every page for everybody."""

from __future__ import annotations

import email
import re
from email.policy import default

import pytest
from playwright.sync_api import Page, expect

SALES, ADMIN = "salj@samklang.example", "admin@samklang.example"
CALL = "Vägar som håller"
"""A funder's call has other rooms; `test_call_journey` walks them."""
PASSWORD = "tre-ord-som-ingen-vet"


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def test_a_member_is_entered_invited_and_comes_in(new_page, sign_in, look, live):
    page = new_page()
    sign_in(page, SALES)
    page.goto("/personal/medlemmar")
    page.get_by_role("link", name="Ny medlem").click()
    look(page)
    facts = {"name": "Björkö Såg ek. för.", "legal_form": "ekonomisk förening", "org_number": "769999-7001"}
    where = {"street": "Sågvägen 4", "postcode": "41100", "city": "Göteborg", "email": "post@bjorko.example"}
    fill(page, {**facts, **where})
    send(page, "Spara medlemmen")
    expect(page.get_by_role("alert").first).to_be_focused()
    expect(page.locator("#municipality-error")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Björkö Såg ek. för.")
    look(page)
    page.locator("[name=municipality]").select_option(label="Göteborg")
    page.locator("[name=org_number]").fill("769999-7008")
    send(page, "Spara medlemmen")
    expect(page.locator("h1")).to_have_text("Björkö Såg ek. för.")
    page.get_by_text("Bjud in någon").click()
    look(page)
    laid = len(live.letters())
    fill(page, {"person": "Kim Exempel", "address": "kim@bjorko.example"})
    send(page, "Skicka inbjudan")
    expect(page.get_by_role("status").first).to_contain_text("kim@bjorko.example")
    look(page)
    letter = email.message_from_bytes(live.wait_for_letters(laid + 1)[-1].read_bytes(), policy=default)
    kim = new_page()
    kim.goto(re.search(r"https?://\S+/nytt-losenord/\S+", letter.get_content())[0])
    look(kim)
    fill(kim, {"password": PASSWORD, "password_confirm": PASSWORD})
    kim.locator("form[name=reset_password_form] [type=submit]").click()
    kim.wait_for_url("**/logga-in")
    fill(kim, {"email": "kim@bjorko.example", "password": PASSWORD})
    kim.locator("form[name=login_user_form] [type=submit]").click()
    expect(kim).to_have_url(re.compile(r"/medlem/$"))
    page.reload()
    page.get_by_role("row", name="Kim Exempel").get_by_role("button", name="Stäng").click()
    expect(page.get_by_role("row", name="Kim Exempel")).to_contain_text("Stängt")
    kim.reload()
    expect(kim).to_have_url(re.compile(r"/logga-in"))


def test_a_customer_is_entered_with_a_place(new_page, sign_in, look):
    page = new_page()
    sign_in(page, SALES)
    page.goto("/personal/")
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Kunder").click()
    look(page)
    page.get_by_role("link", name="Ny kund").click()
    look(page)
    page.get_by_label("Kommun, region eller myndighet").check()
    known = {"name": "Provköpings kommun", "org_number": "212099-9013", "email": "inkop@provkoping.example"}
    fill(page, {**known, "street": "Torget 1", "postcode": "411 00", "city": "Provköping", "payment_days": "60"})
    page.locator("[name=municipality]").select_option(label="Göteborg")
    send(page, "Spara kunden")
    expect(page.locator("#payment_days-error")).to_contain_text("räntelagen")
    look(page)
    fill(page, {"payment_days": "30", "org_number": "212099-9020"})
    send(page, "Spara kunden")
    expect(page.locator("h1")).to_have_text("Provköpings kommun")
    page.get_by_role("link", name="Lägg till en plats").click()
    look(page)
    fill(page, {"name": "Skolan", "street": "Skolgatan 2", "postcode": "41100", "city": "Provköping"})
    page.locator("main [name=municipality]").select_option(label="Göteborg")
    send(page, "Spara platsen")
    expect(page.get_by_role("row", name="Skolan")).to_contain_text("Skolgatan 2")
    look(page)
    page.get_by_role("link", name="Skolan").click()
    page.locator("summary", has_text="Ta bort").click()
    look(page)
    page.get_by_role("button", name="Ta bort").click()
    expect(page.get_by_role("status").first).to_contain_text("Platsen är borttagen.")
    expect(page.get_by_role("row", name="Skolan")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accounts_of_staff(new_page, sign_in, look, scheme):
    page = new_page(color_scheme=scheme)
    sign_in(page, ADMIN)
    page.goto("/personal/")
    page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Konton").click()
    look(page)
    page.get_by_text("Bjud in någon").click()
    fill(page, {"person": "Fia Exempel", "address": "fia"})
    send(page, "Skicka inbjudan")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("[name=person]")).to_have_value("Fia Exempel")
    look(page)


def test_no_table_of_ours_scrolls_sideways_on_a_phone(new_page, sign_in, axe):
    page = new_page(viewport={"width": 360, "height": 740})
    sign_in(page, SALES)
    for path in ("katalog", "kunder", "medlemmar", "prislistor", "kundgrupper", "upphandlingar"):
        page.goto(f"/personal/{path}")
        expect(page.locator("tbody [role=row]").first).to_be_visible()
        stands_whole(page)
        page.locator("tbody th a").filter(has_not_text=CALL).last.click()
        expect(page.locator(".back")).to_be_visible()
        stands_whole(page)
        axe(page)
    for room in ("Områden och rader", "Krav", "Priser", "Svar", "Handlingar"):
        page.get_by_role("link", name=re.compile(f"^{room}")).first.click()
        expect(page.get_by_role("link", name=re.compile(f"^{room}")).first).to_have_attribute("aria-current", "page")
        stands_whole(page)
        axe(page)


def stands_whole(page: Page) -> None:
    """No table is wider than its frame."""
    wide = page.locator(".table-region").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.getAttribute('aria-label'))"
    )
    assert wide == [], page.url
