"""What a printed bid says, what it keeps quiet about, and that it is the same every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from app.money import Money
from bids.document import paper_words, tied, to_html, to_pdf
from bids.kinds import BidForm, DocumentKind, OfferState, PartyRole
from bids.offer import Offer, PriceRow
from bids.parties import PartyDocument
from bids.press import OurFilesOnly
from tests.core.bid_files import appendices_a
from tests.core.bid_parties import RULLANDE
from tests.core.bid_samples import tender_a
from tests.core.bid_samples_b import tender_b

ROOT = Path(__file__).parents[2]


@cache
def printed_a() -> bytes:
    files = appendices_a()
    return to_pdf(tender_a(files), files)


@cache
def pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded().replace("\xa0", " ") for page in pdf]


def words(offer: Offer) -> str:
    """The text of the bid as HTML, where the layout does not cut lines."""
    return to_html(offer).replace("\xa0", " ")


def test_every_page_but_the_cover_says_where_one_is():
    told = pages(printed_a())
    for number, text in enumerate(told[1:], 2):
        assert f"Sida {number} av {len(told)}" in text
        assert "Dnr INK 2026/114" in text
    assert "Sida" not in told[0]


def test_contents_and_bookmarks_lead_to_the_right_pages():
    with pikepdf.open(BytesIO(printed_a())) as pdf:
        marks = [str(item.title) for item in pdf.open_outline().root]
        assert marks[:2] == ["1. Anbudsbrev", "2. Parter i anbudet"]
        under = [str(child.title) for item in pdf.open_outline().root for child in item.children]
    assert "Bilaga 4. Försäkringsbevis, ansvar 10 miljoner kronor" in under
    told = pages(printed_a())
    listed = next(line for line in told[1].splitlines() if line.startswith("Bilaga 4."))
    assert "Bilaga 4." in told[int(listed.split()[-1]) - 1]


def test_the_sums_are_there_to_the_krona():
    text = words(tender_a())
    for figure in ("940 400,00", "506 100,00", "1 446 500,00", "5 786 000,00", "212,00"):
        assert figure in text
    text = words(tender_b())
    for figure in ("778 960,00", "151 800,00", "777 900,00", "1 708 660,00", "1 578 660,00", "−90 000,00"):
        assert figure in text


def test_members_prices_and_margins_stay_with_us():
    text = " ".join(pages(printed_a())) + words(tender_a())
    for share in (share for row in tender_a().rows for share in row.shares):
        assert share.member_price.amount().replace("\xa0", " ") not in text
    for secret in ("Ramavtalsavgift", "ramavtalsavgift", "Påslag", "påslag", "Egna bilar räcker inte"):
        assert secret not in text


def test_every_requirement_stands_in_the_matrix_with_answer_proof_and_who():
    text = words(tender_a())
    for requirement in tender_a().requirements:
        assert f'">{requirement.ref}</th>' in text
    assert '<a href="bid:to/bilaga-4">Bilaga 4</a>' in text
    assert "Sekretess begärs" in text
    assert "värda pengar för konkurrenter" in text


def test_who_delivers_what():
    text = words(tender_a())
    assert '<td>Rullande Hjälpen Flytt &amp; Bud ek. för.</td><td class="n">450 st</td>' in text
    assert "91,94 %" in text


def test_subcontractors_with_their_share():
    sub = replace(RULLANDE, role=PartyRole.SUBCONTRACTOR)
    offer = replace(tender_a(), form=BidForm.SUBCONTRACTORS, parties=(tender_a().parties[1], sub))
    text = words(offer)
    assert 'id="subcontractors"' in text
    assert 'id="attorneys"' not in text
    assert "8,06 %" in text


def test_relied_on_companies():
    letter = PartyDocument(DocumentKind.COMMITMENT_LETTER, "Åtagande")
    relied = replace(RULLANDE, role=PartyRole.RELIED_ON, documents=(letter,))
    text = words(replace(tender_a(), form=BidForm.RELIED_ON, parties=(tender_a().parties[1], relied)))
    assert "Företag vars kapacitet vi åberopar" in text
    assert "Åtagande från åberopat företag" in text


def test_no_promise_without_reservation_when_a_term_is_refused():
    promise = "utan förbehåll"
    assert promise in words(tender_a())
    answers = tuple(
        replace(answer, answered=False) if answer.requirement_ref == "A13" else answer for answer in tender_a().answers
    )
    assert promise not in words(replace(tender_a(), answers=answers))


def test_a_draft_says_so_and_prints_what_it_has():
    rows: tuple[PriceRow, ...] = tuple(
        replace(row, shares=(), fee_percent=row.fee_percent + 95) for row in tender_a().rows
    )
    draft = replace(tender_a(), state=OfferState.DRAFT, rows=rows)
    text = words(draft)
    assert "Utkast till anbud" in text
    assert '<td class="n">–</td>' in text
    assert "Utkast till anbud" not in words(tender_a())


def test_texts_of_others_are_only_texts():
    evil = '<script>alert(1)</script><link rel=attachment href="file:///etc/passwd">{{ 7 * 7 }}'
    offer = replace(tender_a(), title=evil, letter=evil, appendices=())
    html = to_html(offer)
    assert "<script" not in html
    assert "<link" not in html
    assert "{{ 7 * 7 }}" in html
    with pikepdf.open(BytesIO(to_pdf(offer, {}))) as pdf:
        assert list(pdf.attachments) == ["anbud.json"]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1/", "bid:font/../x.ttf", "bid:picture/1", "data:,x"]
)
def test_nothing_but_our_own_is_fetched(address):
    with pytest.raises(ValueError, match="not one of our own"):
        OurFilesOnly().fetch(address)


def test_files_must_be_the_ones_the_offer_holds():
    files = appendices_a()
    offer = tender_a(files)
    with pytest.raises(ValueError, match="appendix 2"):
        to_pdf(offer, {number: data for number, data in files.items() if number != 2})
    with pytest.raises(ValueError, match="appendix 1"):
        to_pdf(offer, files | {1: files[2]})


PRINT = """
import hashlib
from bids.document import to_pdf
from bids.offer import from_json, to_json
from tests.core.bid_files import appendices_a
from tests.core.bid_samples import tender_a
files = appendices_a()
print(hashlib.sha256(to_pdf(from_json(to_json(tender_a(files))), files)).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_bytes_in_another_process(seed):
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(printed_a()).hexdigest()


def test_another_version_gives_other_bytes():
    offer = replace(tender_b(), version=2)
    assert to_pdf(offer, {}) != to_pdf(tender_b(), {})


@pytest.mark.parametrize(
    ("kind", "title", "called"),
    [
        (DocumentKind.ESPD, "ESPD", "Egenförsäkran (ESPD)"),
        (DocumentKind.ESPD, "", "Egenförsäkran (ESPD)"),
        (DocumentKind.POWER_OF_ATTORNEY, "Fullmakt för ombudet", "Fullmakt för ombudet"),
        (DocumentKind.POLICY, "Miljö 2026", "Policy eller rutin: Miljö 2026"),
    ],
)
def test_what_a_paper_is_called(kind, title, called):
    assert paper_words(PartyDocument(kind, title)) == called


def test_turnover_is_added_up_over_the_parties():
    assert "17 470 000" in words(tender_a())
    assert Money.kronor(11_160_000) + Money.kronor(6_310_000) == Money.kronor(17_470_000)


def test_the_number_of_a_chapter_stays_beside_its_word():
    nbsp = "\u00a0"
    assert (
        tied("enligt LOU 15 kap. 1 § och 30 % av det") == f"enligt LOU 15{nbsp}kap.{nbsp}1{nbsp}§ och 30{nbsp}% av det"
    )
    assert tied("på begäran (LOU 15 kap.).") == f"på begäran (LOU 15{nbsp}kap.)."
