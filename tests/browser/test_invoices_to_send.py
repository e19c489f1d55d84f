"""Finance opens what was not sent, reads what a receiver wants, and posts an invoice itself: at a desk, on a phone."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

FINANCE = "ekonomi@samklang.example"
LIST = "/personal/fakturor/utskick"
REASONS = (
    '{"all": [{"list_id": "OPStatusReason", "code": "REF", "words": "Ordernumret finns inte hos oss", '
    '"fields": [["BT-13", "PO-4711"]]}, {"list_id": "OPStatusAction", "code": "NIN", "words": "", "fields": []}]}'
)


@pytest.fixture
def troubled(live):
    """An invoice that the access point has refused, and that its receiver rejects."""
    with closing(sqlite3.connect(live.folder / "samsalj.db", timeout=30)) as house:
        for table in ("dispatch_attempt", "invoice_dispatch", "invoice_response"):
            house.execute(f"DELETE FROM {table}")  # noqa: S608  our own names
        house.execute("DELETE FROM invoice WHERE id = 1")
        (customer,) = house.execute("SELECT id FROM customer WHERE kind = 'public' ORDER BY id LIMIT 1").fetchone()
        house.execute(
            "INSERT INTO invoice (id, kind, series, number, customer_id, issued_at, due_on, net, vat, gross, document)"
            " VALUES (1, 'invoice', '', 10001, ?, '2026-11-23 08:00:00', '2026-12-23', 100, 25, 125, '{}')",
            (customer,),
        )
        row = (1, 1, "access_point", "failed", "Mottagaren är inte registrerad i Peppol (0007:5599992020).", "k1")
        house.execute(
            "INSERT INTO invoice_dispatch (id, invoice_id, route, state, why, key, queued_at, tries, asked)"
            " VALUES (?, ?, ?, ?, ?, ?, '2026-11-23 08:00:00', 0, 0)",
            row,
        )
        for status, said in ((503, "Service Unavailable"), (422, row[4])):
            house.execute(
                "INSERT INTO dispatch_attempt (dispatch_id, at, route, status, milliseconds, said)"
                " VALUES (1, '2026-11-23 08:00:05', 'access_point', ?, 120, ?)",
                (status, said),
            )
        house.execute(
            "INSERT INTO invoice_response (inbox_id, invoice_id, received_at, code, response_id, document_number,"
            " sender, said_at, note, clarifications, problem, waits, handled_by)"
            " VALUES ('in-1', 1, '2026-11-24 09:00:00', 'RE', 'r1', '10001', '0007:5599992020', '2026-11-24T09:30:00',"
            " 'Ring Åsa på inköp.', ?, '', 1, '')",
            (REASONS,),
        )
        house.commit()


@pytest.mark.parametrize("width", [1280, 360])
def test_what_was_not_sent_is_seen_to(new_page, sign_in, look, troubled, width):
    page = new_page(viewport={"width": width, "height": 800})
    sign_in(page, FINANCE)
    page.goto("/personal/")
    page.get_by_role("link", name="fakturor att skicka eller ta hand om").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fakturor att skicka")
    look(page)
    page.get_by_role("link", name="Svar att ta hand om").click()
    expect(page.get_by_text("BT-13: PO-4711")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Markera som åtgärdat").click()
    expect(page.get_by_text("Inget svar väntar")).to_be_visible()
    page.goto(f"{LIST}?visa=fel")
    page.locator("tbody th a").first.click()
    page.get_by_text("Försök att skicka").first.click()
    expect(page.get_by_text("Service Unavailable")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Den är skickad för hand").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)
    page.get_by_label("Hur skickades den?").fill("Postad i måndags")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Fakturan är noterad som skickad för hand.")).to_be_visible()
    expect(page.locator(".status-line")).to_contain_text("Skickad för hand")
    look(page)
