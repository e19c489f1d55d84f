"""A yes by telephone, a standing order that is collected, and a batch in the checkout, in a browser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from app import clock, workdays

NORDBYN, STAFF = "kontor@nordbyn.example", "salj@samklang.example"


def soon(days: int = 8) -> str:
    """A working day on which everybody can deliver."""
    return workdays.working_days_after(clock.local_date(clock.now()) + timedelta(days=1), days).isoformat()


def put(page: Page, slug: str, quantity: str) -> None:
    page.goto(f"/katalog/{slug}")
    page.locator("input[name=quantity]").fill(quantity)
    page.get_by_role("button", name="Lägg i varukorgen").click()
    expect(page.locator("h1")).to_have_text("Varukorg")


def test_the_customer_says_yes_by_telephone(new_page, sign_in, look):
    buyer, staff = new_page(), new_page()
    sign_in(buyer, NORDBYN)
    put(buyer, "fruktkorg-5-kg", "3")
    buyer.get_by_role("link", name="Be om offert").click()
    buyer.locator("#day").fill(soon())
    buyer.get_by_role("button", name="Be om offert").click()
    number = re.search(r"\d+", buyer.locator("h1").inner_text())[0]
    sign_in(staff, STAFF)
    staff.goto(f"/personal/offerter/{number}")
    staff.get_by_role("button", name="Spara och skicka till kunden").click()
    expect(staff.locator(".flash")).to_contain_text("Offerten är skickad")
    link = staff.get_by_role("link", name="Version 1 som PDF")
    for _try in range(30):
        if link.count():
            break
        staff.wait_for_timeout(500)
        staff.reload()
    expect(link).to_be_visible()
    look(staff)
    buyer.reload()
    expect(buyer.get_by_role("link", name="Version 1 som PDF")).to_be_visible()
    look(buyer)
    staff.get_by_role("link", name="Kunden har sagt ja per telefon eller e-post").click()
    look(staff)
    staff.get_by_role("button", name=re.compile("Beställ för")).click()
    expect(staff.locator(".error-summary")).to_contain_text("Skriv namnet")
    look(staff)
    staff.locator("#name").fill("Nils Nordbyn")
    staff.locator("#heard").fill("Ringde klockan nio.")
    staff.get_by_role("button", name=re.compile("Beställ för")).click()
    expect(staff.locator(".flash")).to_contain_text("beställningen lagd")
    look(staff)
    buyer.reload()
    expect(buyer.locator(".timeline")).to_contain_text("Sa ja per telefon. Inskrivet av")
    look(buyer)


def test_a_standing_order_is_collected(new_page, sign_in, look):
    buyer = new_page()
    sign_in(buyer, NORDBYN)
    put(buyer, "fruktkorg-5-kg", "2")
    buyer.goto("/staende/ny")
    buyer.locator("#name").fill("Frukt")
    buyer.locator("#day").fill(soon(15))
    buyer.get_by_label("torsdag", exact=False).first.check()
    buyer.get_by_label("Vi hämtar").check()
    look(buyer)
    buyer.get_by_role("button", name="Visa dagarna").last.click()
    buyer.get_by_role("button", name="Starta den stående beställningen").click()
    expect(buyer.locator("main")).to_contain_text("Vi hämtar")
    look(buyer)


def test_a_batch_says_in_the_checkout_how_it_comes(new_page, sign_in, look):
    staff, buyer = new_page(), new_page()
    sign_in(buyer, NORDBYN)
    sign_in(staff, STAFF)
    buyer.goto("/katalog/fruktkorg-5-kg")
    article = re.search(r"Artikelnummer\s*(\S+)", buyer.locator("main").inner_text())[1]
    staff.goto("/personal/omgangar/ny")
    staff.locator("#name").fill("Julfrukt")
    staff.locator("#articles").fill(article)
    now = datetime.now(clock.SWEDEN)
    staff.locator("#opens_at").fill((now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    staff.locator("#closes_at").fill((now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
    staff.locator("#delivery_day").fill(soon(20))
    staff.get_by_role("button", name="Spara").click()
    expect(staff.locator("h1")).to_contain_text("Julfrukt")
    put(buyer, "fruktkorg-5-kg", "4")
    look(buyer)
    buyer.goto("/kassa")
    expect(buyer.locator("#coming")).to_contain_text("Det kommer för sig")
    look(buyer)
