"""The whole way of a joint bid in a browser: a notice, members invited, prices promised, frozen, a PDF to send."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

PRICES = {
    "ljungbacken@medlem.example": {"1.1": "190,80", "1.2": "233,10", "1.3": "134,10", "2.1": "197,10", "2.2": "239,40"},
    "rullande@medlem.example": {"2.1": "197,10", "2.2": "239,40", "2.3": "40,50"},
}
"""Nine tenths of the bid prices: two per cent are the framework fee and eight the margin."""
WORKSPACE = "/personal/upphandlingar/1"
TABS = ("", "/rader", "/krav", "/anbud", "/priser", "/svar", "/handlingar", "/egenforsakran", "/lamna", "/uppgifter")
NOTICE = Path(__file__).parents[1] / "contracts" / "notices"


def answer(page: Page, prices: dict[str, str]) -> None:
    """Fill in a member's own rows, and sign."""
    for place, price in enumerate(prices.values()):
        page.locator(f"[name=rows-{place}-price]").fill(price)
        page.locator(f"[name=rows-{place}-capacity]").fill("5000")
    page.locator("[name=signed_by]").fill("Lova Hittepå")
    page.locator("[name=authorised]").check()
    page.get_by_role("button", name="Skicka svaret").click()


def reload_until(page: Page, link: str) -> None:
    """A worker makes the PDF meanwhile; the page survives being loaded again."""
    for _ in range(60):
        if page.get_by_role("link", name=re.compile(link)).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"no {link!r} on {page.url}\n{page.locator('main').inner_text()}")


def test_from_invitation_to_a_frozen_pdf(new_page, sign_in, look, live, tmp_path):
    staff = new_page()
    sign_in(staff, "salj@samklang.example")
    for tab in TABS:
        assert staff.goto(f"{WORKSPACE}{tab}").status == 200
        look(staff)
    staff.goto(f"{WORKSPACE}/lamna")
    expect(staff.locator("summary", has_text="Fastställ")).to_have_count(0)
    staff.goto(f"{WORKSPACE}/priser")
    staff.get_by_role("button", name=re.compile("Bjud in")).click()
    expect(staff.locator(".flash-success")).to_be_visible()

    for email, prices in PRICES.items():
        member = new_page(viewport={"width": 390, "height": 800})
        sign_in(member, email)
        member.goto("/medlem/anbud/1")
        look(member)
        answer(member, prices)
        expect(member.locator(".flash-success")).to_be_visible()
        look(member)
        assert "212,00" not in member.content(), "the bid's price is not the member's business"
    others = set(PRICES["ljungbacken@medlem.example"].values()) - set(PRICES["rullande@medlem.example"].values())
    assert not [price for price in others if price in member.content()]

    staff.goto(f"{WORKSPACE}/priser")
    text = staff.locator("main").inner_text().replace("\u00a0", " ")
    assert "940 400,00" in text
    assert "506 100,00" in text
    staff.goto(f"{WORKSPACE}/anbud")
    staff.locator("[name$=offered_validity]").fill("2027-06-30")
    staff.get_by_role("button", name="Spara texterna").click()
    staff.goto(f"{WORKSPACE}/lamna")
    expect(staff.locator("aside")).to_contain_text("Inget hindrar anbudet")
    expect(staff.locator("aside .blocking")).to_have_count(0)
    look(staff)
    staff.locator("summary", has_text="Fastställ").click()
    staff.locator(".confirm-body button").click()
    reload_until(staff, "PDF")
    look(staff)

    address = staff.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href")
    pdf = staff.request.get(f"{live.url}{address}").body()
    assert hashlib.sha256(pdf).hexdigest() in staff.content(), "the page tells the sum of the very file"
    kept = tmp_path / "anbud.pdf"
    kept.write_bytes(pdf)
    again = tmp_path / "igen.pdf"
    live.command("bid-pdf", "1", "-o", str(again))
    assert again.read_bytes() == pdf
    words = subprocess.run(["pdftotext", "-layout", kept, "-"], capture_output=True, check=True, text=True).stdout
    words = words.replace("\u00a0", " ")
    for shown in ("940 400,00", "506 100,00", "INK 2026/114", "Bilaga 1", "Fullmakt"):
        assert shown in words
    for secret in ("190,80", "233,10"):
        assert secret not in words, "what members are paid stays in the house"


def test_a_notice_becomes_a_tender_and_garbage_does_not(page, sign_in, look):
    sign_in(page, "salj@samklang.example")
    page.goto("/personal/upphandlingar")
    look(page)
    page.get_by_role("link", name="Läs in annonser").click()
    look(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "x.xml", "mimeType": "text/xml", "buffer": b"<!DOCTYPE a><a/>"}
    )
    page.locator("main form [type=submit]").first.click()
    expect(page.locator(".error-summary")).to_contain_text("DOCTYPE")
    look(page)
    page.locator("input[type=file]").set_input_files(NOTICE / "fruktkorgar.xml")
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url(re.compile(r"/personal/upphandlingar/\d+"))
    look(page)
