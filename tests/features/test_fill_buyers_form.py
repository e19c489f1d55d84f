"""What we answer and what we price goes back in the buyer's own file, as a draft stands and as it was handed in."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app import clock as app_clock
from app import jobs
from app.db import db
from app.money import Money
from app.tenders import actions, versions
from app.tenders.forms import returning
from app.tenders.forms.models import FilledForm
from app.tenders.models import BidAnswer, BidVersion, Evidence, RowPrice, TenderPriceRow, TenderRequirement
from app.tenders.offers import offer_of
from bids.forms import word
from tests import buyers_forms
from tests.buyers_forms import row
from tests.features.bid_case import Case
from tests.features.buyers_form_case import handed_in, take_in
from tests.furnished import furnished
from tests.people import save, text

pytestmark = pytest.mark.filterwarnings("ignore:Data Validation extension")


@furnished
def case(app):
    """A tender with a draft bid."""
    made = Case(app_clock.now())
    save()
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def answer(case, ref: str, *, says: bool | None, words: str = "", proof: str = "") -> None:
    requirement_id = db.session.scalar(select(TenderRequirement.id).where(TenderRequirement.ref == ref))
    evidence = [Evidence(title=proof, valid_to=date(2027, 1, 1))] if proof else []
    db.session.add(
        BidAnswer(
            bid_id=case.bid.id,
            requirement_id=requirement_id,
            says=says,
            text=words,
            saved_at=app_clock.now(),
            evidence=evidence,
        )
    )
    save()


def price(case, ref: str, kronor: int) -> None:
    row_id = db.session.scalar(
        select(TenderPriceRow.id).where(TenderPriceRow.ref == ref, TenderPriceRow.lot_id.is_(None))
    )
    db.session.add(RowPrice(bid_id=case.bid.id, row_id=row_id, fixed_unit_price=Money.kronor(kronor)))
    save()


def file_of(browser, where: str) -> bytes:
    got = browser.get(f"{where}/svar/fil")
    assert got.status_code == 200, got.text
    return got.data


def test_answers_and_prices_go_back_into_the_buyers_workbook(case, sales, work_off):
    sent = buyers_forms.rich_workbook()
    where = handed_in(sales, case, work_off, sent, "Kravformulär frukt.xlsx")
    take_in(sales, where)
    take_in(sales, where, 1)
    answer(case, "1.1", says=True, words="Godkända sedan 2012.", proof="Besked från Skatteverket")
    answer(case, "1.2", says=False, words="Nej, tyvärr.")
    answer(case, "1.10", says=None, words="Halvfärdigt")
    price(case, "1.1", 125)
    assert "Kravformulär frukt.xlsx" in text(sales.page(f"{case.where}/svar"))
    seen = text(sales.page(f"{where}/svar"))
    assert "6 celler får det som anbudet säger nu" in seen
    assert "Prisbilaga F2: Cellen är en formel" in seen
    answered = sales.get(f"{where}/svar/fil")
    assert 'filename="' in answered.headers["Content-Disposition"]
    book = load_workbook(BytesIO(answered.data))
    sheet, prices = book["Kravformulär"], book["Prisbilaga"]
    assert [[cell.value for cell in row[3:]] for row in sheet.iter_rows(4, 6)] == [
        ["JA", "Godkända sedan 2012.", "Besked från Skatteverket"],
        ["NEJ", "Nej, tyvärr.", None],
        [None, None, None],
    ]
    assert [(prices[f"E{line}"].value, prices[f"F{line}"].value) for line in (2, 3)] == [
        (125, "=C2*E2"),
        (None, "=C3*E3"),
    ]
    before, after = buyers_forms.parts_of(sent), buyers_forms.parts_of(answered.data)
    assert {name for name in before if before[name] != after[name]} == {
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    }


def test_answers_go_back_into_the_buyers_document(case, sales, work_off):
    sent = buyers_forms.requirement_document()
    where = handed_in(sales, case, work_off, sent, "krav.docx")
    take_in(sales, where)
    answer(case, "1.1", says=True, words="Ja, sedan 2012.")
    answer(case, "1.10", says=False)
    got = buyers_forms.parts_of(file_of(sales, where))
    grid = word.grid(word.tables(word.parsed(got[word.DOCUMENT]))[0])
    assert [[word.text_of(cell.node) for cell in line[3:]] for line in grid[1:]] == [
        ["Ja", "Ja, sedan 2012."],
        ["", ""],
        ["\u2610 Ja \u2612 Nej", ""],
    ]
    before = buyers_forms.parts_of(sent)
    assert {name for name in before if before[name] != got[name]} == {word.DOCUMENT}


def test_a_document_with_a_table_for_each_requirement_is_pointed_out_once_and_filled_in_table_by_table(
    case, sales, work_off
):
    asked = [("4.1", "Ska ha F-skatt."), ("4.2", "Beskriv ert kvalitetsarbete."), ("4.3", "Ska sända Peppol.")]
    tables = [
        row("Krav", ref) + row("Kravtext", words) + row("Svar (Ja/Nej)", "") + row("Kommentar", "")
        for ref, words in asked
    ]
    where = handed_in(sales, case, work_off, buyers_forms.document(*tables), "krav.docx")
    seen = sales.page(where)
    assert [text(each) for each in seen.cssselect("tbody th")] == ["3 likadana tabeller, tabell 1 till 3"]
    assert "Visa de 3 tabellerna en och en" in text(seen)
    singly = sales.page(f"{where}?alla=1")
    assert [text(each) for each in singly.cssselect("tbody th")][1:] == [
        "Tabell 1: Kravformulär",
        "Tabell 2",
        "Tabell 3",
    ]
    take_in(sales, where, 3)
    answer(case, "4.1", says=True, words="Sedan 2012.")
    answer(case, "4.3", says=False)
    got = buyers_forms.parts_of(file_of(sales, where))
    grids = [word.grid(table) for table in word.tables(word.parsed(got[word.DOCUMENT]))]
    assert [[word.text_of(line[1].node) for line in grid[2:]] for grid in grids] == [
        ["Ja", "Sedan 2012."],
        ["", ""],
        ["Nej", ""],
    ]


def test_where_a_form_has_one_column_for_all_the_yes_is_in_the_words(case, sales, work_off):
    where = handed_in(
        sales,
        case,
        work_off,
        buyers_forms.workbook(("5", "Krav", "Ska"), headings=("Nr", "Krav", "Typ", "X", "Svar i fritext")),
    )
    take_in(sales, where)
    answer(case, "5", says=True, words="Så gör vi.")
    assert load_workbook(BytesIO(file_of(sales, where))).active["E4"].value == "Ja. Så gör vi."


def test_crosses_go_where_the_form_has_a_column_for_yes_and_one_for_no(case, sales, work_off):
    crosses = buyers_forms.workbook(("5", "A", "Ska"), ("6", "B", "Ska"), headings=("Nr", "Krav", "Typ", "Ja", "Nej"))
    where = handed_in(sales, case, work_off, crosses)
    take_in(sales, where)
    answer(case, "5", says=True)
    answer(case, "6", says=False)
    sheet = load_workbook(BytesIO(file_of(sales, where))).active
    assert [[sheet[f"{letter}{line}"].value for letter in "DE"] for line in (4, 5)] == [["X", None], [None, "X"]]


def test_a_tender_without_a_bid_has_no_answers_to_give_back(case, sales, work_off, clock):
    plain = actions.register(actions.TenderFacts(title="Annan", buyer_name="K"), by=case.sam, now=clock.now)
    save()
    elsewhere = SimpleNamespace(where=f"/personal/upphandlingar/{plain.id}")
    where = handed_in(sales, elsewhere, work_off, buyers_forms.workbook())
    take_in(sales, where)
    assert not sales.page(where).cssselect('a[href$="/svar"]')
    assert sales.get(f"{where}/svar").status_code == 404


def test_nothing_to_fill_in_says_so(case, sales, work_off):
    sent = buyers_forms.workbook()
    where = handed_in(sales, case, work_off, sent)
    take_in(sales, where)
    assert "Inget att fylla i än" in text(sales.page(f"{where}/svar"))
    assert buyers_forms.parts_of(file_of(sales, where)) == buyers_forms.parts_of(sent)


def test_what_is_handed_in_has_the_form_as_it_was_then(case, sales, work_off, clock):
    where = handed_in(sales, case, work_off, buyers_forms.workbook())
    take_in(sales, where)
    answer(case, "1.1", says=True, words="Då")
    bid = case.bid
    version = versions.freeze(bid, offer_of(bid, now=clock.now), by=case.sam, now=clock.now)
    assert returning.has_forms(bid)
    jobs.enqueue(returning.FILLING, version_id=version.id)
    work_off()
    versions.reopen(db.session.merge(bid), by=case.sam, now=clock.now)
    given = db.session.scalars(select(BidAnswer)).one()
    given.text = "Nu"
    save()
    kept = db.session.scalars(select(FilledForm)).one()
    page = sales.page(f"{case.where}/lamna")
    link = page.cssselect(f'a[href$="/formular/{kept.id}"]')[0]
    assert text(link) == "Köparens formulär, ifyllt: krav.xlsx"
    assert load_workbook(BytesIO(sales.get(link.get("href")).data)).active["E4"].value == "Då"
    assert load_workbook(BytesIO(file_of(sales, where))).active["E4"].value == "Nu"
    number = db.session.scalar(select(BidVersion.number))
    assert sales.get(f"{case.where}/lamna/version/{number}/formular/{kept.id + 1}").status_code == 404
    removed = sales.post(f"{where}/ta-bort", follow_redirects=True)
    assert "hör till ett lämnat anbud" in removed.text
    returning.fill_for_version(version.id)
    assert len(db.session.scalars(select(FilledForm)).all()) == 1
