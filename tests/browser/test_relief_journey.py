"""A private person asks for the deduction in a browser; staff say which work it is, and finance looks after it."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from app import clock, workdays
from tests.tax_persons import TOLVAN, number

SALES, FINANCE = "salj@samklang.example", "ekonomi@samklang.example"
WHO = {"name": "Ingrid Exempel", "email": "ingrid@exempel.example"}
WHERE = {"recipient": "Ingrid", "street": "Hemgatan 3", "postcode": "411 03", "city": "Göteborg"}


def soon() -> str:
    """A working day on which everybody can deliver."""
    return workdays.working_days_after(clock.local_date(clock.now()) + timedelta(days=1), 12).isoformat()


def order(page: Page) -> None:
    page.locator("form:has([name=ticket]) button[type=submit]:not([formaction])").last.click()


def test_somebody_without_an_account_asks_for_it(new_page, look):
    page = new_page()
    page.goto("/katalog/hemstadning")
    expect(page.locator("main")).to_contain_text("rut- eller rotavdrag i kassan")
    look(page)
    page.locator("input[name=quantity]").fill("3")
    page.get_by_role("button", name="Lägg i varukorgen").click()
    page.get_by_role("button", name="Gå till kassan").click()
    look(page)
    for name, value in {**WHO, **WHERE, "day": soon()}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=municipality]").select_option(label="Göteborg")
    page.locator("[name=relief_lines]").check()
    page.locator("[name=person]").fill("19121212-1213")
    order(page)
    expect(page.locator("#person-error")).to_be_visible()
    expect(page.locator("#living-error")).to_be_visible()
    look(page)
    page.locator("[name=person]").fill(TOLVAN)
    page.get_by_text("Dela avdraget med någon du bor med").click()
    page.locator("[name=other_person]").fill(number())
    page.locator("[name=other_share]").fill("50")
    page.locator("[name=living]").check()
    if page.locator("[name=consent]").count():
        page.locator("[name=consent]").check()
    order(page)
    expect(page.locator("h1")).to_contain_text("Beställning")
    expect(page.locator("main")).to_contain_text("••••••••-1212")
    expect(page.locator("main")).not_to_contain_text(TOLVAN)
    look(page)


def test_staff_say_what_an_article_is_to_the_tax(new_page, sign_in, look):
    page = new_page()
    sign_in(page, SALES)
    page.goto("/personal/katalog?q=KON-001")
    page.get_by_role("link", name="Konferensdag").first.click()
    page.get_by_role("link", name="Moms och avdrag").click()
    look(page)
    page.locator("[name=valid_from]").fill(soon())
    page.locator("[name=restaurant]").fill("55")
    page.locator("[name=standard]").fill("44")
    page.locator("[name=why]").fill("Kalkyl för 2026")
    page.get_by_role("button", name="Spara delningen").click()
    expect(page.locator(".error-summary")).to_contain_text("100 procent")
    look(page)
    page.locator("[name=standard]").fill("45")
    page.get_by_role("button", name="Spara delningen").click()
    expect(page.locator("main")).to_contain_text("Kalkyl för 2026")
    look(page)


def test_finance_sees_what_is_to_be_asked_for(new_page, sign_in, look):
    page = new_page()
    sign_in(page, FINANCE)
    for heap in ("begara", "obetalda", "filer"):
        page.goto(f"/personal/rut-rot?hog={heap}")
        expect(page.locator("h1")).to_have_text("RUT och ROT")
        look(page)
