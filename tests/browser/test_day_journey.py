"""The work supervisor takes the day along: on the phone, on paper and in the calendar. The buyer has a calendar too."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app import clock, workdays

NORDBYN, SALES = "kontor@nordbyn.example", "salj@samklang.example"
PHONE = {"viewport": {"width": 360, "height": 760}}


def in_a_while() -> str:
    """A working day on which everybody can deliver."""
    return workdays.working_days_after(clock.local_date(clock.now()) + timedelta(days=1), 8).isoformat()


def shot(page: Page, name: str) -> None:
    """A picture of the whole page, for whoever wants to look at it and says where to put it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def accepted(new_page, sign_in) -> Page:
    """Nordbyn has ordered fruit baskets, and the phone of whoever said yes."""
    buyer, phone = new_page(), new_page(**PHONE)
    sign_in(buyer, NORDBYN)
    buyer.goto("/katalog/fruktkorg-5-kg")
    buyer.locator("input[name=quantity]").fill("4")
    buyer.get_by_role("button", name="Lägg i varukorgen").click()
    buyer.get_by_role("button", name="Gå till kassan").click()
    buyer.locator("input[name=day]").fill(in_a_while())
    buyer.locator("textarea[name=note]").fill("Portkod 1234. Ställ på bordet.")
    buyer.get_by_role("button", name="Beställ för").click()
    number = "".join(sign for sign in buyer.locator("h1").inner_text() if sign.isdigit())
    sign_in(phone, "ljungbacken@medlem.example")
    phone.goto("/medlem/uppdrag")
    phone.locator(".card a", has_text="Göteborg").first.click()
    expect(phone.locator("h1")).to_contain_text(number)
    phone.get_by_role("button", name="Ja, vi tar det").click()
    return phone


def test_the_day_on_the_phone_on_paper_and_in_the_calendar(accepted, new_page, sign_in, look, live):
    phone = accepted
    phone.goto("/medlem")
    look(phone)
    shot(phone, "today")
    phone.get_by_role("link", name="Dagslista").click()
    look(phone)
    shot(phone, "day-empty")
    phone.goto(f"/medlem/dag?dag={in_a_while()}")
    expect(phone.locator("main")).to_contain_text("Portkod 1234")
    for place, name in enumerate(("Dagslista", "Packa per kund", "Packa per artikel", "Körlista")):
        phone.get_by_role("navigation", name="Listor").get_by_role("link", name=name).click()
        expect(phone.locator("h1")).to_have_text(name)
        look(phone)
        shot(phone, f"day-{place}")
    link = phone.get_by_role("link", name="Körlista (PDF)").get_attribute("href")
    answer = phone.request.get(live.url + link, timeout=60_000)
    assert answer.body().startswith(b"%PDF-")
    phone.locator("summary", has_text="Etiketter").click()
    look(phone)
    phone.goto("/medlem/kalender")
    look(phone)
    phone.get_by_role("button", name="Gör en adress").click()
    look(phone)
    shot(phone, "calendar")
    ics = phone.request.get(phone.locator("input[readonly]").input_value().replace("http://localhost", live.url))
    assert ics.ok
    assert b"Fruktkorg" in ics.body().replace(b"\r\n ", b"")

    staff, buyer = new_page(), new_page()
    sign_in(staff, SALES)
    staff.goto("/personal/bestallningar")
    staff.get_by_role("link", name="Dagslistor").click()
    staff.goto(f"/personal/dag/dagslista?dag={in_a_while()}")
    look(staff)
    shot(staff, "staff-day")
    staff.get_by_role("navigation", name="Listor").get_by_role("link", name="Körlista").click()
    look(staff)
    sign_in(buyer, NORDBYN)
    buyer.goto("/bestallningar")
    buyer.get_by_role("link", name="Leveranser i din kalender").click()
    look(buyer)
    buyer.locator("button", has_text="Gör en adress").first.click()
    look(buyer)
    shot(buyer, "buyer-calendar")
