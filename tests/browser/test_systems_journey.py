"""Nora makes a key for her purchasing system and names an address, in a browser; the system uses the key."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

BUYER, MEMBER = "kontor@nordbyn.example", "ljungbacken@medlem.example"
WIDTHS = (1280, 360)


def look_closely(page: Page, look) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        look(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_key_is_made_used_and_revoked(new_page, sign_in, look):
    page = new_page()
    sign_in(page, BUYER)
    page.goto("/katalog")
    page.get_by_role("link", name="Konto", exact=True).click()
    expect(page.locator("h1")).to_have_text("Era egna system")
    look_closely(page, look)
    page.get_by_role("button", name="Skapa nyckeln").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    look_closely(page, look)
    page.get_by_label("Vad är den till?").fill("Inköp")
    page.get_by_label("30 dagar").check()
    page.get_by_role("button", name="Skapa nyckeln").click()
    secret = page.locator(".secret code").inner_text()
    look_closely(page, look)
    assert _who_am_i(page, secret)["organisation"] == "Nordbyn Teknik AB"
    page.goto("/system/nycklar")
    expect(page.locator("main")).not_to_contain_text(secret)
    row = page.get_by_role("row", name="Inköp")
    row.locator("summary").click()
    row.get_by_role("button", name="Återkalla").click()
    expect(page.get_by_role("status").first).to_contain_text("återkallad")
    look_closely(page, look)


def _who_am_i(page: Page, secret: str) -> dict[str, Any]:
    """Another file may just have sent a thousand calls in the same person's name: then one is told how long to wait."""
    while (answer := page.request.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})).status == 429:
        time.sleep(float(answer.headers["retry-after"]))
    assert answer.ok, answer.text()
    return answer.json()


@pytest.mark.parametrize("who", [BUYER, MEMBER])
def test_a_webhook_is_named_and_tried(new_page, sign_in, look, who):
    page = new_page()
    sign_in(page, who)
    page.goto("/system/webhookar")
    look_closely(page, look)
    page.get_by_label("Adress").fill("https://inkop.nordbyn.invalid/samsalj")
    page.get_by_role("button", name="Lägg till webhooken").click()
    expect(page.locator(".secret code")).to_contain_text("whsec_")
    look_closely(page, look)
    page.get_by_role("link", name="https://inkop.nordbyn.invalid/samsalj").click()
    page.get_by_role("button", name="Skicka ett prov").click()
    expect(page.get_by_role("status").first).to_contain_text("på väg")
    look_closely(page, look)
    for _ in range(60):  # the worker looks each second, and a name that nobody has takes a while to look up
        page.reload()
        if page.get_by_text("1 försök").count():
            break
        page.wait_for_timeout(500)
    page.get_by_text("1 försök").click()
    expect(page.locator("main")).to_contain_text("inget svar")
    look_closely(page, look)
    page.get_by_role("button", name="Gör uppehåll").click()
    look_closely(page, look)


def test_a_colleague_is_invited(new_page, sign_in, look):
    page = new_page()
    sign_in(page, BUYER)
    page.goto("/system/personer")
    look_closely(page, look)
    page.get_by_text("Bjud in någon").click()
    page.get_by_role("button", name="Skicka inbjudan").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    look_closely(page, look)


def test_whoever_acts_for_two_sees_for_whom(new_page, sign_in, look):
    staff, page = new_page(), new_page()
    sign_in(staff, "salj@samklang.example")
    staff.goto("/personal/medlemmar")
    staff.get_by_role("link", name="Ljungbacken").first.click()
    staff.get_by_text("Bjud in någon").click()
    staff.locator("[name=person]").fill("Nora")
    staff.locator("[name=address]").fill(BUYER)
    staff.get_by_role("button", name="Skicka inbjudan").click()
    expect(staff.get_by_role("status").first).to_contain_text("har redan ett konto")
    sign_in(page, BUYER)
    page.goto("/katalog")
    look_closely(page, look)
    page.locator(".acting-line").get_by_role("link").click()
    look_closely(page, look)
    page.get_by_role("button", name="Handla för Ljungbacken").click()
    expect(page.locator(".acting-line")).to_contain_text("Ljungbacken")
    look_closely(page, look)
