"""Buyers' xlsx and docx: our answers in their places, and everything else in the file as the buyer made it."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from lxml import etree
from openpyxl import load_workbook

from bids.forms import word
from bids.forms.entries import FILLED, FORMULA, MERGED, CannotFill, Entry, Table
from bids.forms.filling import fill
from bids.forms.parcel import rewritten
from bids.forms.sums import stale
from tests import buyers_forms
from tests.buyers_forms import box, cell, document, parts_of, row

pytestmark = pytest.mark.filterwarnings("ignore:Data Validation extension")
KRAV, PRIS, TABLE = Table(0, "Kravformulär"), Table(1, "Prisbilaga"), Table(0, "Tabell 1")
SHEET, PRICES, BOOK, PAPER = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml", word.DOCUMENT
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def changed(before: bytes, after: bytes) -> set[str]:
    old, new = parts_of(before), parts_of(after)
    assert list(old) == list(new)
    return {name for name in old if old[name] != new[name]}


def without_cells(part: bytes, names: set[str]) -> bytes:
    """A sheet as it is, but for some cells: what is left must be the same."""
    root = etree.fromstring(part)
    for found in [each for each in root.iter(f"{S}c") if each.get("r") in names]:
        found.getparent().remove(found)
    return etree.tostring(root, method="c14n")


def paper_text(data: bytes, line: int, column: int) -> str:
    root = word.parsed(parts_of(data)[PAPER])
    return word.text_of(word.grid(word.tables(root)[0])[line - 1][column].node)


def test_answers_change_their_cells_and_nothing_else():
    before = buyers_forms.rich_workbook()
    entries = [
        Entry(KRAV, 4, 3, "JA"),
        Entry(KRAV, 5, 4, 'Se <bilaga> & "1"\nRad två'),
        Entry(KRAV, 40, 4, "Långt ner"),
    ]
    after, left = fill("xlsx", before, entries)
    assert (left, changed(before, after)) == ([], {SHEET})
    names = {"D4", "E5", "E40"}
    old, new = parts_of(before)[SHEET], parts_of(after)[SHEET]
    assert without_cells(old, names) == re.sub(rb'<row r="40"></row>', b"", without_cells(new, names))
    sheet = load_workbook(BytesIO(after))["Kravformulär"]
    assert (sheet["D4"].value, sheet["E5"].value) == ("JA", 'Se <bilaga> & "1"\nRad två')
    assert sheet["D4"].fill.fgColor.rgb == "00FFFF00"
    assert sheet.data_validations.dataValidation[0].formula1 == '"JA,NEJ"'


def test_prices_are_numbers_and_sums_are_counted_again():
    before = buyers_forms.rich_workbook()
    after, left = fill(
        "xlsx", before, [Entry(PRIS, 2, 4, number=Decimal("12.50")), Entry(PRIS, 2, 5, number=Decimal(1250))]
    )
    assert [(one.where, one.reason) for one in left] == [("Prisbilaga F2", FORMULA)]
    assert changed(before, after) == {PRICES, BOOK}
    sheet = load_workbook(BytesIO(after))["Prisbilaga"]
    assert (sheet["E2"].value, sheet["E2"].number_format, sheet["F2"].value) == (12.5, "#,##0.00", "=C2*E2")
    assert b'fullCalcOnLoad="1"' in parts_of(after)[BOOK]


def test_what_formulas_showed_before_our_prices_is_forgotten():
    before = buyers_forms.rich_workbook()
    shown = re.sub(rb"(</f>)<v>?[^>]*>(?:</v>)?", rb"\1<v>0</v>", parts_of(before)[PRICES])
    assert shown.count(b"<v>0</v>") == 3
    after, _left = fill("xlsx", rewritten(before, {PRICES: shown}), [Entry(PRIS, 2, 4, number=Decimal(5))])
    assert parts_of(after)[PRICES].count(b"<v>0</v>") == 0
    untouched, _left = fill("xlsx", rewritten(before, {PRICES: shown}), [Entry(PRIS, 2, 1, "Fruktkorg")])
    assert parts_of(untouched)[PRICES].count(b"<v>0</v>") == 3


@pytest.mark.parametrize(
    ("formulas", "forgotten"),
    [
        ({"F2": "C2*E2", "A3": "A2+1"}, {"F2"}),
        ({"F2": "C2*$E$2", "F4": "SUM(F2:F3)", "H1": "F4*1.25", "B1": "LEN(A1)"}, {"F2", "F4", "H1"}),
        ({"G1": "SUM(D:F)", "G2": "Blad!E3", "G3": 'IF(A1="E5";1;2)'}, {"G1", "G3"}),
    ],
)
def test_only_formulas_that_lead_back_to_a_price_are_forgotten(formulas, forgotten):
    assert stale(formulas, {4}) == forgotten


def test_a_cell_that_is_merged_gets_its_answer_in_the_first_of_them():
    before = buyers_forms.workbook(change=lambda sheet: (sheet.merge_cells("E4:F4"), sheet.merge_cells("D5:D6")))
    entries = [Entry(KRAV, 4, 5, "Till vänster"), Entry(KRAV, 6, 3, "NEJ")]
    after, left = fill("xlsx", before, entries)
    assert load_workbook(BytesIO(after)).active["E4"].value == "Till vänster"
    assert [(one.where, one.reason) for one in left] == [("Kravformulär D6", MERGED)]


@pytest.mark.parametrize(
    ("there", "entry", "is_written"),
    [
        (5, Entry(KRAV, 4, 4, "Ja"), False),
        ("Poäng", Entry(KRAV, 4, 4, "Ja"), False),
        (125, Entry(KRAV, 4, 4, number=Decimal(90)), False),
        (0, Entry(KRAV, 4, 4, number=Decimal(90)), True),
        ("Välj i listan", Entry(KRAV, 4, 4, "Ja"), True),
        ("[Ange svar]", Entry(KRAV, 4, 4, "Ja"), True),
        ("Nej", Entry(KRAV, 4, 4, "Ja"), True),
        ("…", Entry(KRAV, 4, 4, "Ja"), True),
        ("Ja, när som helst", Entry(KRAV, 4, 4, "Nej"), False),
    ],
)
def test_what_the_buyer_has_written_in_a_cell_is_never_written_over(there, entry, is_written):
    def put(sheet):
        sheet["E4"] = there

    after, left = fill("xlsx", buyers_forms.workbook(change=put), [entry])
    shown = load_workbook(BytesIO(after))["Kravformulär"]["E4"].value
    assert (shown != there) is is_written
    assert [(one.where, one.reason) for one in left] == ([] if is_written else [("Kravformulär E4", FILLED)])


def test_rows_and_cells_may_go_without_names():
    before = buyers_forms.workbook()
    nameless = re.sub(
        rb'<(row|c) r="[A-Z0-9]+"', rb"<\1", parts_of(before)[SHEET].replace(b'<row r="3"', b'<row R="3"')
    )
    nameless = nameless.replace(b'<row R="3"', b'<row r="3"')
    after, _left = fill("xlsx", rewritten(before, {SHEET: nameless}), [Entry(KRAV, 4, 4, "Här")])
    assert load_workbook(BytesIO(after)).active["E4"].value == "Här"
    assert load_workbook(BytesIO(after)).active["B5"].value == "Beskriv ert kvalitetsarbete."


def test_signs_that_no_file_may_hold_are_left_out():
    after, _left = fill("xlsx", buyers_forms.workbook(), [Entry(KRAV, 4, 4, "=1+1\x00\x1f\ufffe slut")])
    found = load_workbook(BytesIO(after)).active["E4"]
    assert (found.value, found.data_type) == ("=1+1 slut", "s")


def test_a_sheet_that_is_not_there_is_refused():
    with pytest.raises(CannotFill, match="Bladet Prisbilaga finns inte"):
        fill("xlsx", buyers_forms.workbook(), [Entry(PRIS, 2, 4, "x")])
    with pytest.raises(CannotFill, match="Tabell 9 finns inte"):
        fill("docx", buyers_forms.requirement_document(), [Entry(Table(8, "Tabell 9"), 1, 1, "x")])


def test_a_documents_other_parts_are_the_same_to_the_byte():
    before = buyers_forms.requirement_document()
    after, left = fill("docx", before, [Entry(TABLE, 2, 4, "Vi har\nF-skatt"), Entry(TABLE, 2, 3, "Ja")])
    assert (left, changed(before, after)) == ([], {PAPER})
    assert (paper_text(after, 2, 4), paper_text(after, 2, 3)) == ("Vi har\nF-skatt", "Ja")
    assert paper_text(after, 3, 3) == ""
    written = parts_of(after)[PAPER].decode()
    assert written.count("<w:dropDownList>") == 2
    assert written.count("w:showingPlcHdr") == 1
    assert "<w:rPr><w:i/></w:rPr><w:t" in written


def test_the_right_box_is_ticked():
    after, _left = fill("docx", buyers_forms.requirement_document(), [Entry(TABLE, 4, 3, "Nej")])
    assert paper_text(after, 4, 3) == "\u2610 Ja \u2612 Nej"
    alone = document(row("Nr", "Ja", "Nej") + row("1", cell(inner=box("")), cell(inner=box(""))))
    after, _left = fill("docx", alone, [Entry(TABLE, 2, 1, "X")])
    assert [paper_text(after, 2, place) for place in (1, 2)] == ["\u2612", "\u2610"]


def test_a_control_around_a_whole_cell_takes_the_answer_and_asks_no_more():
    asks = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
    table = (
        row("Nr", "Svar")
        + f"<w:tr>{cell('1')}{asks}{cell('Klicka här för att ange text.')}</w:sdtContent></w:sdt></w:tr>"
    )
    before = document(table)
    assert paper_text(before, 2, 1) == ""
    after, _left = fill("docx", before, [Entry(TABLE, 2, 1, "Vårt svar")])
    assert paper_text(after, 2, 1) == "Vårt svar"
    assert b"showingPlcHdr" not in parts_of(after)[PAPER]


def test_what_the_buyer_has_written_in_a_cell_stays_above_our_answer():
    before = document(row("Nr", "Svar") + row("1", "Beskriv här:"))
    after, _left = fill("docx", before, [Entry(TABLE, 2, 1, "Så här.")])
    assert paper_text(after, 2, 1) == "Beskriv här:\nSå här."


def test_a_cell_that_goes_on_from_above_is_left():
    down = '<w:vMerge w:val="restart"/>'
    before = document(row("1", cell("Svar", properties=down)) + row("2", cell(properties="<w:vMerge/>")))
    after, left = fill("docx", before, [Entry(TABLE, 2, 1, "x"), Entry(TABLE, 9, 1, "x")])
    assert [one.where for one in left] == ["Tabell 1, rad 2, kolumn 2", "Tabell 1, rad 9, kolumn 2"]
    assert changed(before, after) <= {PAPER}


def test_the_same_answers_give_the_same_bytes():
    before = buyers_forms.rich_workbook()
    entries = [Entry(KRAV, 4, 3, "JA")]
    assert fill("xlsx", before, entries) == fill("xlsx", before, entries)


def test_a_library_that_writes_the_whole_book_anew_would_lose_parts():
    """Why the cells are written through the XML: openpyxl does not keep what it does not know."""
    before, out = buyers_forms.rich_workbook(), BytesIO()
    with pytest.warns(UserWarning, match="Data Validation extension is not supported and will be removed"):
        load_workbook(BytesIO(before)).save(out)
    assert "customXml/item1.xml" not in parts_of(out.getvalue())
    assert b"x14:dataValidation" not in parts_of(out.getvalue())[SHEET]
    after, _left = fill("xlsx", before, [Entry(KRAV, 4, 3, "JA")])
    assert parts_of(before).keys() == parts_of(after).keys()
    assert b"Listor!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>F4:F9" in parts_of(after)[SHEET]
