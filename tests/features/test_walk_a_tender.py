"""Tender A of the demonstration, from invitation to frozen PDF; tender B, whose sums show at once."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.db import db
from app.tenders.models import Bid, BidVersion, Tender
from tests import buyers_forms
from tests.features.buyers_form_case import take_in
from tests.people import document, text

SALES, FRUIT, VAN = "salj@samklang.example", "ljungbacken@medlem.example", "rullande@medlem.example"
ASKED = {
    FRUIT: {"1.1": "190,80", "1.2": "233,10", "1.3": "134,10", "2.1": "197,10", "2.2": "239,40"},
    VAN: {"2.1": "197,10", "2.2": "239,40", "2.3": "40,50"},
}


def place(diary_number: str) -> str:
    tender_id = db.session.scalar(select(Tender.id).where(Tender.diary_number == diary_number))
    db.session.rollback()
    return f"/personal/upphandlingar/{tender_id}"


def bid_id(diary_number: str) -> int:
    found = db.session.scalar(select(Bid.id).join(Bid.tender).where(Tender.diary_number == diary_number))
    db.session.rollback()
    return found


def promise(browser, bid: int, prices: dict[str, str]):
    """Answer each row with its price, as the member reads it on the page."""
    page = browser.page(f"/medlem/anbud/{bid}")
    values = {"authorised": "y"}
    for number, legend in enumerate(page.cssselect(".promise-row legend")):
        values[f"rows-{number}-price"] = prices[text(legend).split()[0]]
        values[f"rows-{number}-capacity"] = "5 000"
    return browser.fill(f"/medlem/anbud/{bid}", values)


def sums(browser, where: str) -> list[str]:
    return [text(cell) for cell in browser.page(f"{where}/priser").cssselect("tfoot td")]


@pytest.fixture
def walked(demo, visit):
    """Tender A with everything promised, and nothing open but the validity."""
    sales, where, bid = visit(SALES), place("INK 2026/114"), bid_id("INK 2026/114")
    assert sales.post(f"{where}/priser/bjud-in").status_code == 303
    for email, prices in ASKED.items():
        assert promise(visit(email), bid, prices).status_code == 303
    return sales, where


def test_tender_a_from_invitation_to_frozen_pdf(walked, work_off):
    sales, where = walked
    assert sums(sales, where) == ["940 400,00 kr", "506 100,00 kr"]
    page = sales.page(f"{where}/lamna")
    assert [text(gap) for gap in page.cssselect(".gap-list .blocking a")] == ["Giltighetstid"]
    assert sales.post(f"{where}/lamna").status_code == 409
    sales.fill(f"{where}/anbud", {"offered_validity": "2027-04-30"}, form="form[action$=texter]")
    left = [text(gap) for gap in sales.page(f"{where}/lamna").cssselect(".gap-list li p")]
    assert [gap for gap in left if "hör inte till någon artikel" not in gap] == []
    assert sales.post(f"{where}/lamna").status_code == 303
    version = db.session.scalars(select(BidVersion)).one()
    assert version.sha256 == hashlib.sha256(version.offer_json.encode()).hexdigest()
    assert version.by_name == "Sixten Låtsasberg"
    assert "PDF-filen görs nu" in text(sales.page(f"{where}/lamna"))
    assert sales.get(f"{where}/lamna/version/1.pdf").status_code == 404
    work_off()
    pdf = sales.get(f"{where}/lamna/version/1.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF-")
    assert hashlib.sha256(pdf.data).hexdigest() in text(sales.page(f"{where}/lamna"))


def test_a_frozen_version_stays_while_a_new_draft_is_changed(walked, work_off):
    sales, where = walked
    sales.fill(f"{where}/anbud", {"offered_validity": "2027-04-30"}, form="form[action$=texter]")
    sales.post(f"{where}/lamna")
    work_off()
    first = sales.get(f"{where}/lamna/version/1.pdf").data
    refused = sales.post(f"{where}/priser/procent", data={"percent-fee": "2", "percent-margin": "20"})
    assert refused.status_code == 422
    assert sales.post(f"{where}/lamna/nytt-utkast").status_code == 303
    sales.post(f"{where}/priser/procent", data={"percent-fee": "2", "percent-margin": "20"})
    assert sums(sales, where) != ["940 400,00 kr", "506 100,00 kr"]
    assert sales.post(f"{where}/lamna").status_code == 303
    work_off()
    assert sales.get(f"{where}/lamna/version/1.pdf").data == first
    assert sales.get(f"{where}/lamna/version/2.pdf").data != first


def test_the_same_version_gives_the_same_bytes_from_the_command_line(walked, work_off, demo, tmp_path):
    sales, where = walked
    sales.fill(f"{where}/anbud", {"offered_validity": "2027-04-30"}, form="form[action$=texter]")
    sales.post(f"{where}/lamna")
    bid = bid_id("INK 2026/114")
    early = demo.test_cli_runner().invoke(args=["bid-pdf", str(bid), "-o", str(tmp_path / "a.pdf")])
    assert early.exit_code == 0, early.output
    work_off()
    assert sales.get(f"{where}/lamna/version/1.pdf").data == (tmp_path / "a.pdf").read_bytes()


def test_a_draft_is_written_and_a_missing_bid_is_told(demo, tmp_path):
    run, bid = demo.test_cli_runner(), bid_id("26-031")
    assert run.invoke(args=["bid-pdf", str(bid), "-o", str(tmp_path / "b.pdf")]).exit_code == 0
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF-")
    missing = run.invoke(args=["bid-pdf", "999", "-o", str(tmp_path / "c.pdf")])
    assert missing.exit_code == 1
    assert "999" in missing.stderr
    assert not (tmp_path / "c.pdf").exists()
    nowhere = run.invoke(args=["bid-pdf", str(bid), "-o", str(tmp_path / "ingen" / "d.pdf")])
    assert nowhere.exit_code == 1
    assert f"Mappen {tmp_path / 'ingen'} finns inte" in nowhere.stderr


def test_tender_b_shows_its_sums_and_its_comparison_figure(demo, visit):
    sales, where = visit(SALES), place("26-031")
    assert sums(sales, where) == ["778 960,00 kr", "151 800,00 kr", "777 900,00 kr"]
    figures = [text(figure) for figure in sales.page(f"{where}/priser").cssselect(".stat strong")]
    assert figures == ["1 708 660,00 kr", "6 834 640,00 kr", "1 578 660,00 kr"]
    assert {text(gap) for gap in sales.page(where).cssselect(".gap-list .gap-kind")} <= {"påminnelse"}


def test_a_preview_is_made_by_the_worker_and_says_draft(demo, visit, work_off):
    sales, where = visit(SALES), place("26-031")
    assert sales.get(f"{where}/lamna/utkast.pdf").status_code == 404
    assert sales.post(f"{where}/lamna/forhandsgranska").status_code == 303
    assert "PDF-filen görs nu" in text(sales.page(f"{where}/lamna"))
    work_off()
    assert "Öppna förhandsgranskningen" in text(sales.page(f"{where}/lamna"))
    answer = sales.get(f"{where}/lamna/utkast.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert "utkast" in answer.headers["Content-Disposition"]


def test_the_parties_get_letters_when_invited_submitted_and_decided(walked, outbox):
    sales, where = walked
    sales.fill(f"{where}/anbud", {"offered_validity": "2027-04-30"}, form="form[action$=texter]")
    sales.post(f"{where}/lamna")
    values = {"state": "won", "decided_on": "2027-01-20", "winner": "Vi", "points": "92,5"}
    assert sales.post(f"{where}/lamna/utfall", data={**values, "points": "-5"}).status_code == 422
    assert sales.post(f"{where}/lamna/utfall", data=values).status_code == 303
    kinds = [letter.kind for letter in outbox.to(FRUIT)]
    assert kinds == ["bid_invitation", "bid_submitted", "bid_outcome"]
    link = re.search(r"http://localhost(/medlem/anbud/\d+)", outbox.to(FRUIT)[0].body)
    assert link is not None
    assert "92,5" in text(sales.page(f"{where}/lamna"))
    assert db.session.scalars(select(Tender.state).where(Tender.diary_number == "INK 2026/114")).one() == "won"


def test_after_the_deadline_nothing_is_handed_in(walked, clock):
    sales, where = walked
    sales.fill(f"{where}/anbud", {"offered_validity": "2027-04-30"}, form="form[action$=texter]")
    clock.move(days=60)
    answer = sales.post(f"{where}/lamna")
    assert answer.status_code == 409
    assert "Sista anbudsdag var" in text(document(answer))
    assert db.session.scalar(select(BidVersion.id)) is None


def test_the_buyers_own_form_is_filled_in_when_the_bid_is_handed_in(walked, work_off):
    sales, where = walked
    sent = {"file": (io.BytesIO(buyers_forms.workbook(("A1", "Upphandlingen är reserverad.", "Ska"))), "krav.xlsx")}
    form = sales.post(f"{where}/formular", data=sent, content_type="multipart/form-data").headers["Location"]
    work_off()
    take_in(sales, form)
    answers = [each.get("href") for each in sales.page(f"{where}/svar").cssselect("tbody th a")]
    sales.fill(answers[0], {}, form="form[enctype]")
    sales.fill(f"{where}/anbud", {"offered_validity": "2027-04-30"}, form="form[action$=texter]")
    assert sales.post(f"{where}/lamna").status_code == 303
    work_off()
    link = sales.page(f"{where}/lamna").cssselect('a[href*="/version/1/formular/"]')[0]
    assert load_workbook(io.BytesIO(sales.get(link.get("href")).data)).active["D4"].value == "JA"
