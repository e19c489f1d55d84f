"""Requirements and rows are pasted, and answers proven; nobody overwrites another unseen."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from app.accounts.models import RoleName
from app.db import db
from app.demo.papers import paper
from app.files import StoredFile
from app.tenders.models import Appendix, BidAnswer, Evidence, TenderPriceRow, TenderRequirement
from tests.features.bid_case import Case, count, gaps
from tests.make import make_user
from tests.people import document, text, together

PDF = paper("Intyg", ["Ett prov."])


@pytest.fixture
def case(app, clock) -> Case:
    return Case(clock.now)


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def test_many_requirements_are_pasted_at_once(case, sales):
    lines = "B1; ska+bevis; ESPD; för varje part\nB2;\tbör; Beskriv arbetet\n\nB3; villkor; Vite 1 000 kr"
    answer = sales.post(f"{case.where}/krav/klistra", data={"paste-lot": "0", "paste-lines": lines.replace("\t", " ")})
    assert answer.status_code == 303
    added = db.session.scalars(select(TenderRequirement).where(TenderRequirement.ref.like("B%"))).all()
    assert [(r.ref, r.kind, r.proof_required) for r in added] == [
        ("B1", "must", True),
        ("B2", "scored", False),
        ("B3", "contract", False),
    ]
    assert added[0].text == "ESPD; för varje part"


def test_requirements_are_pasted_as_they_stand_in_the_buyers_document(case, sales):
    lines = (
        "4.1\tSka ha F-skatt; det gäller alla.",
        "4.2 Leverantören ska ha försäkring.",
        "B 3: Fakturan; Peppol.",
        "4.4\tbör\tMiljö",
    )
    answer = sales.post(f"{case.where}/krav/klistra", data={"paste-lot": "0", "paste-lines": "\n".join(lines)})
    assert answer.status_code == 303
    added = db.session.scalars(select(TenderRequirement).where(TenderRequirement.ref != "A1")).all()
    assert [(one.ref, one.kind, one.text) for one in added] == [
        ("4.1", "must", "Ska ha F-skatt; det gäller alla."),
        ("4.2", "must", "Leverantören ska ha försäkring."),
        ("B 3", "must", "Fakturan; Peppol."),
        ("4.4", "scored", "Miljö"),
    ]


def test_rows_are_pasted_from_a_spreadsheet(case, sales):
    lines = "2.1\tFruktkorg 5 kg\t1 500\tst\n2.2\tTrappstäd\t768\ttrapphus och månad\n2.3\tFönster\t9 200,5\tm2"
    data = {"paste-lot": str(case.lot.id), "paste-lines": lines}
    assert sales.post(f"{case.where}/rader/klistra", data=data).status_code == 303
    rows = db.session.scalars(select(TenderPriceRow).where(TenderPriceRow.ref.like("2.%"))).all()
    assert [(row.unit, row.unit_text, row.quantity) for row in rows] == [
        ("H87", "", Decimal(1500)),
        ("C62", "trapphus och månad", Decimal(768)),
        ("MTK", "", Decimal("9200.5")),
    ]


@pytest.mark.parametrize(
    ("page", "lines", "words"),
    [
        ("krav", "", "Klistra in minst en rad"),
        ("krav", "B1; ska", "Rad 1"),
        ("krav", "B1; ska; text\nB2; kanske; text", "Rad 2"),
        ("krav", "4.1 Leverans ska ske inom\n2 dagar från beställning", "Rad 2"),
        ("krav", "Text utan nummer", "Rad 1"),
        ("krav", "A1; ska; finns redan", "finns redan"),
        ("krav", "B1; ska; a\nB1; ska; b", "finns redan"),
        ("rader", "9; Korg; -5; st", "större än noll"),
        ("rader", "9; Korg; 1,5; st", "hela tal"),
        ("rader", "9; Korg; många; st", "ingen mängd"),
        ("rader", "9; Korg; NaN; st", "vanligt tal"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_added(case, sales, page, lines, words):
    before = count(TenderRequirement), count(TenderPriceRow)
    lot = "0" if page == "krav" else str(case.lot.id)
    answer = sales.post(f"{case.where}/{page}/klistra", data={"paste-lot": lot, "paste-lines": lines})
    assert answer.status_code == 422
    assert words in text(document(answer))
    assert (count(TenderRequirement), count(TenderPriceRow)) == before


def test_an_answer_is_saved_with_a_new_file_as_its_proof(case, sales):
    values = {"revision": "0", "says": "yes", "text": "Vi klarar det.", "responsible": "0", "proof_appendix": "0"}
    values |= {"proof_title": "Intyg", "proof_file": (BytesIO(PDF), "intyg.exe")}
    assert sales.post(case.answer_url, data=values, content_type="multipart/form-data").status_code == 303
    appendix = db.session.scalars(select(Appendix)).one()
    assert (appendix.number, appendix.title, appendix.file.name) == (1, "Intyg", "intyg.pdf")
    assert "A1" not in gaps(sales, case.where)
    file = sales.get(f"{case.where}/handlingar/bilagor/{appendix.id}")
    assert file.data == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    sales.post(f"{case.where}/handlingar/bilagor/{appendix.id}/ta-bort")
    assert count(Evidence) == 0
    assert "saknar bevis" in gaps(sales, case.where)


@pytest.mark.parametrize("data", [b"%PDF-1.7 nej", b"<svg/>", b"GIF89a....", b"\x89PNG\r\n\x1a\n" + b"0" * 50])
def test_a_proof_that_is_no_pdf_or_picture_is_refused_and_the_text_comes_back(case, sales, data):
    values = {"revision": "0", "says": "yes", "text": "Min långa text", "responsible": "0", "proof_appendix": "0"}
    values["proof_file"] = (BytesIO(data), "x.pdf")
    answer = sales.post(case.answer_url, data=values, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert document(answer).cssselect("textarea#text")[0].text.strip() == "Min långa text"
    assert (count(Appendix), count(StoredFile), count(BidAnswer)) == (0, 0, 0)


def test_two_who_answer_the_same_do_not_overwrite_each_other_unseen(case, sales, visit):
    other = visit(make_user("eva@samklang.example", roles=[RoleName.SALES], name="Eva Exempel").email)
    mine = {"revision": "0", "says": "yes", "text": "Mitt svar", "responsible": "0", "proof_appendix": "0"}
    assert other.post(case.answer_url, data={**mine, "text": "Evas svar"}).status_code == 303
    answer = sales.post(case.answer_url, data=mine)
    assert answer.status_code == 409
    page = document(answer)
    assert "Evas svar" in text(page)
    assert "Eva Exempel" in text(page)
    assert page.cssselect("textarea#text")[0].text.strip() == "Mitt svar"
    assert db.session.scalars(select(BidAnswer.text)).one() == "Evas svar"
    again = {**mine, "revision": page.cssselect("#revision")[0].get("value")}
    assert sales.post(case.answer_url, data=again).status_code == 303
    assert db.session.scalars(select(BidAnswer.text)).all() == ["Mitt svar"]


@pytest.mark.both
def test_of_two_at_the_same_moment_one_wins_and_one_is_told(case, visit):
    browsers = [visit(case.sam.email), visit(case.sam.email)]
    values = {"revision": "0", "says": "yes", "responsible": "0", "proof_appendix": "0"}
    answers = together(
        *(
            lambda browser=browser, n=n: browser.post(case.answer_url, data={**values, "text": f"Svar {n}"})
            for n, browser in enumerate(browsers)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert count(BidAnswer) == 1
