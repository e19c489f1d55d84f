"""Nordbyn lets fruit come each week, and Sam gathers orders for a batch: the pages as they are met."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from app import clock, workdays

SALES, BUYER = "salj@samklang.example", "kontor@nordbyn.example"


def test_nordbyn_lets_fruit_come_each_week(page, sign_in, look):
    sign_in(page, BUYER)
    page.goto("/katalog/fruktkorg-5-kg")
    page.get_by_role("button", name="Lägg i varukorgen").click()
    page.goto("/varukorg")
    page.get_by_role("link", name="Låt det komma igen").click()
    look(page)
    page.get_by_role("button", name="Visa dagarna").last.click()
    expect(page.get_by_role("alert").first).to_be_focused()
    look(page)
    page.get_by_label("Vad vill du kalla den?").fill("Frukt till kontoret")
    today = clock.local_date(clock.now())
    page.locator("#day").fill(workdays.working_days_after(today, 15).isoformat())
    page.get_by_label("torsdag").first.check()
    page.get_by_role("button", name="Visa dagarna").last.click()
    expect(page.get_by_role("heading", name="Då kommer det de här dagarna")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Starta den stående beställningen").click()
    expect(page.get_by_role("status").first).to_contain_text("Nu är den igång")
    look(page)
    page.locator("summary", has_text="Gör uppehåll").click()
    page.locator("#uppehall-first").fill((today + timedelta(days=40)).isoformat())
    page.get_by_role("button", name="Gör uppehåll").click()
    expect(page.get_by_text("tills du låter det fortsätta").first).to_be_visible()
    look(page)
    page.get_by_role("link", name="Ändra", exact=True).click()
    look(page)
    page.goto("/staende")
    look(page)
    sign_in(page, SALES)
    page.goto("/personal/staende")
    look(page)
    page.get_by_role("link", name="Frukt till kontoret").click()
    look(page)


def test_sam_gathers_orders_for_a_batch_and_nordbyn_orders_in_it(page, sign_in, look):
    today = clock.local_date(clock.now())
    sign_in(page, SALES)
    page.goto("/personal/omgangar")
    look(page)
    page.get_by_role("link", name="Ny omgång").click()
    page.get_by_label("Artikelnummer").fill("FRU-003")
    page.get_by_label("Vad heter omgången?").fill("Julbak")
    page.locator("#opens_at").fill(f"{today - timedelta(days=1)}T08:00")
    page.locator("#closes_at").fill(f"{today + timedelta(days=3)}T12:00")
    page.locator("#delivery_day").fill(workdays.working_days_after(today + timedelta(days=3), 8).isoformat())
    page.locator("#least").fill("20")
    look(page)
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("status").first).to_contain_text("Omgången är upplagd")
    look(page)
    page.goto("/personal/omgangar")
    look(page)
    sign_in(page, BUYER)
    page.goto("/katalog/fruktkorg-3-kg")
    expect(page.get_by_text("Beställ senast")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Lägg i varukorgen").click()
    page.goto("/varukorg")
    expect(page.get_by_text("Görs i omgångar: vi samlar").first).to_be_visible()
    look(page)
    page.goto("/kassa")
    look(page)
    page.get_by_role("button", name="Beställ för").click()
    expect(page.get_by_text("Väntar på sin omgång")).to_be_visible()
    look(page)
    sign_in(page, SALES)
    page.goto("/personal/omgangar")
    page.get_by_role("link", name="Julbak").click()
    expect(page.get_by_role("table", name="Det som är beställt")).to_contain_text("Nordbyn Teknik AB")
    look(page)
    page.goto("/personal/")
    look(page)
