"""Sam sets how work is shared out, asks what would happen, and reads why somebody was asked."""

from __future__ import annotations

from playwright.sync_api import expect

SALES = "salj@samklang.example"


def test_sam_sets_a_rule_and_tries_what_would_happen(page, sign_in, look):
    sign_in(page, SALES)
    page.goto("/personal/fordelning")
    expect(page.get_by_role("table", name="Ramavtal")).to_contain_text("Rangordning")
    look(page)
    page.get_by_role("link", name="Ändra Frukt till Västerhamn").click()
    expect(page.locator("[name=places-0-place]")).to_have_value("1")
    look(page)
    page.locator("[name=places-1-place]").fill("1")
    page.get_by_role("button", name="Spara regeln").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    look(page)
    page.locator("[name=places-1-place]").fill("2")
    page.get_by_role("button", name="Spara regeln").click()
    expect(page.get_by_role("status").first).to_contain_text("Sparat")
    page.get_by_role("link", name="Håll undan kapacitet").click()
    page.locator("#q").fill("fruktkorg")
    page.locator("#q").press("Enter")
    look(page)
    page.get_by_role("link", name="Ljungbacken").first.click()
    look(page)
    page.goto("/personal/fordelning/tank-om")
    look(page)
    page.locator("#member").select_option(label="Ljungbacken Frukt ek. för.")
    page.get_by_role("button", name="Prova").click()
    expect(page.get_by_role("heading", name="Vad som skulle hända")).to_be_visible()
    look(page)


def test_sam_bars_a_member_for_a_customer_and_adds_a_place_of_work(page, sign_in, look):
    sign_in(page, SALES)
    page.goto("/personal/kunder?q=nordbyn")
    page.get_by_role("link", name="Nordbyn Teknik AB").click()
    page.get_by_role("link", name="Välj eller spärra en medlem").click()
    look(page)
    page.locator("[name=member]").select_option(index=1)
    page.get_by_label("Inte den här medlemmen").check()
    page.locator("[name=reason]").fill("Tvist om nycklar.")
    page.get_by_role("button", name="Spara önskemålet").click()
    expect(page.get_by_text("Tvist om nycklar.")).to_be_visible()
    look(page)
    page.goto("/personal/medlemmar?q=rullande")
    page.get_by_role("link", name="Rullande").first.click()
    expect(page.get_by_text("Cykelverkstan i Mölndal", exact=True)).to_be_visible()
    look(page)
    page.get_by_role("link", name="Lägg till en arbetsplats").click()
    look(page)
