"""Spreadsheets that people hand in: read rightly, or refused with a sentence; never half."""

from __future__ import annotations

import csv
import struct
import time
import zlib
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.errors import Refused
from app.money import Money
from app.spreadsheets import door
from app.spreadsheets.reading import rows_of
from app.spreadsheets.table import MOST_ROWS, CellKind, address, armed, disarmed, number, yes_or_no
from app.spreadsheets.writing import Sheet, csv_file, xlsx
from tests import sheets

HEADING = ("Namn", "Pris", "Enhet")


def cells(data: bytes) -> dict[str, tuple[CellKind, str]]:
    """All cells by address."""
    return {cell.address: (cell.kind, cell.text) for row in rows_of(data) for cell in row.cells.values()}


def no(data: bytes) -> str:
    """The sentence with which it is refused, by the process that people's files meet."""
    with pytest.raises(Refused) as refusal:
        door.read(data)
    return str(refusal.value)


@pytest.mark.parametrize("alphabet", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_in_all_alphabets_and_with_all_separators(alphabet, separator):
    data = sheets.csv(HEADING, ("Räksmörgås – å 5 €", "12.50", "st"), separator=separator, alphabet=alphabet)
    table = door.read(data)
    assert [cell.text for cell in table.heading.cells.values()] == list(HEADING)
    assert [cell.text for cell in table.rows[0].cells.values()] == ["Räksmörgås – å 5 €", "12.50", "st"]
    assert table.rows[0].cells[1].address == "B2"


def test_csv_with_quotation_marks_line_breaks_and_a_named_separator():
    data = 'sep=|\r\nNamn|Pris\r\n"Stor ""fin"" korg\r\npå två rader | ja"|12,50\r\n\r\nNästa|1\r\n'.encode()
    assert cells(data) == {
        "A1": (CellKind.TEXT, "Namn"),
        "B1": (CellKind.TEXT, "Pris"),
        "A2": (CellKind.TEXT, 'Stor "fin" korg\r\npå två rader | ja'),
        "B2": (CellKind.TEXT, "12,50"),
        "A4": (CellKind.TEXT, "Nästa"),
        "B4": (CellKind.TEXT, "1"),
    }


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"Namn;Pris\r\nA\0B;1\r\n", "går inte att läsa som text"),
        (b"Namn;Pris\r\n\x81\x8d;1\r\n", "går inte att läsa som text"),
        ("Namn;Pris\n\0;1".encode("utf-16"), "går inte att läsa som text"),
        (b'Namn;Pris\r\n"A;1\r\nB;2\r\n', "citattecken"),
        (b"Namn;Pris\r\n" + b"x" * 30_000 + b";1\r\n", "20\xa0000 tecken"),
        (b"Namn\r\n" + b"x\r\n" * (MOST_ROWS + 1), "fler än 10\xa0000 rader"),
        (b"Namn\r\n" + b";" * 70 + b"x\r\n", "60 kolumner"),
        (b"", "tom"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "lösenord eller sparad i det gamla formatet"),
        (b"PK\x03\x04 och sedan annat", "skadad"),
        (b"Namn\r\n", "inga rader"),
    ],
)
def test_what_cannot_be_read_is_refused(data, said):
    assert said in no(data)


def test_a_workbook_as_a_program_writes_it():
    data = sheets.xlsx(
        ("Namn", "Pris", "När", "RUT", "Antal"),
        ("Räksmörgås", 12.5, date(2026, 11, 30), True, 0.1 + 0.2),
        (None, None, None, None, None),
        ("2026-11-30", 1234567, datetime(2026, 11, 30, 8, 0), False, 12.0),  # noqa: DTZ001  Excel has no zones
    )
    assert cells(data) == {
        "A1": (CellKind.TEXT, "Namn"),
        "B1": (CellKind.TEXT, "Pris"),
        "C1": (CellKind.TEXT, "När"),
        "D1": (CellKind.TEXT, "RUT"),
        "E1": (CellKind.TEXT, "Antal"),
        "A2": (CellKind.TEXT, "Räksmörgås"),
        "B2": (CellKind.NUMBER, "12.5"),
        "C2": (CellKind.DAY, "2026-11-30"),
        "D2": (CellKind.BOOLEAN, "ja"),
        "E2": (CellKind.NUMBER, "0.3"),
        "A4": (CellKind.TEXT, "2026-11-30"),
        "B4": (CellKind.NUMBER, "1234567"),
        "C4": (CellKind.DAY, "2026-11-30"),
        "D4": (CellKind.BOOLEAN, "nej"),
        "E4": (CellKind.NUMBER, "12"),
    }


def test_formulas_errors_and_merged_cells_are_known_for_what_they_are():
    def merge(sheet):
        sheet.merge_cells("A3:A4")
        sheet["B2"] = "=1+1"
        sheet["B3"] = "#N/A"
        sheet["B3"].data_type = "e"
        sheet["B4"] = "=text"
        sheet["B4"].data_type = "s"

    found = cells(sheets.xlsx(HEADING, ("A", 1, "st"), ("B", 2, "st"), (None, 3, "st"), change=merge))
    assert found["B2"][0] is CellKind.FORMULA
    assert found["B3"][0] is CellKind.ERROR
    assert found["B4"] == (CellKind.TEXT, "=text")
    assert (found["A3"], found["A4"]) == ((CellKind.MERGED, "B"), (CellKind.MERGED, ""))


def test_merged_cells_without_end_cost_nothing():
    page = "xl/worksheets/sheet1.xml"
    whole = sheets.xlsx(HEADING, ("A", 1, "st"))
    with ZipFile(BytesIO(whole)) as parcel:
        merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>'
        content = parcel.read(page).replace(b"</sheetData>", merged)
    began = time.monotonic()
    found = rows_of(sheets.with_parts(whole, **{page: content}))
    assert [row.number for row in found] == [1, 2]
    assert {cell.kind for cell in found[1].cells.values()} == {CellKind.MERGED}
    assert time.monotonic() - began < 5


def test_a_file_that_lies_about_its_size_is_read_to_its_end():
    data = sheets.xlsx(HEADING, *(("A", 1, "st") for _ in range(20)))
    with ZipFile(BytesIO(data)) as parcel:
        page = parcel.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:C21"', b'ref="A1:A1"')
    assert b'ref="A1:A1"' in page
    assert len(rows_of(sheets.with_parts(data, **{"xl__worksheets__sheet1.xml": page}))) == 21


def test_the_sheet_called_sortiment_is_read_where_there_are_several():
    def add(sheet):
        sheet.parent.create_sheet("sortiment").append(["Rätt"])

    assert cells(sheets.xlsx(("Fel",), change=add)) == {"A1": (CellKind.TEXT, "Rätt")}
    assert "flera blad" in no(sheets.xlsx(("Fel",), change=lambda sheet: sheet.parent.create_sheet("Annat")))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"xl__vbaProject.bin": b"Sub Auto_Open()"}, "makron"),
        ({"xl__externalLinks__externalLink1.xml": b"<a/>"}, "andra filer"),
        ({"xl__big.xml": b"<a>" + b" " * 40_000_000}, "packar upp till mer"),
        ({"xl__workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "går inte att läsa som kalkylblad"),
        ({"xl__workbook.xml": b"<a>"}, "går inte att läsa som kalkylblad"),
        ({"xl__workbook.xml": b"\0"}, "går inte att läsa som kalkylblad"),
    ],
)
def test_a_workbook_with_something_else_in_its_parcel(parts, said):
    assert said in no(sheets.with_parts(sheets.xlsx(HEADING, ("A", 1, "st")), **parts))


def test_a_parcel_that_says_it_is_small_is_weighed_all_the_same():
    """160 MB of spaces that the list of contents calls 100 bytes."""
    data = sheets.with_parts(sheets.xlsx(HEADING, ("A", 1, "st")), **{"xl__more.xml": b" " * 160_000_000})
    place = data.rindex(b"PK\x01\x02")
    lying = bytearray(data)
    size = struct.pack("<I", 160_000_000)
    for spot in (data.index(size), data.index(size, place)):
        lying[spot : spot + 4] = struct.pack("<I", 100)
    assert bytes(lying) != data
    said = no(bytes(lying))
    assert "skadad" in said or "packar upp till mer" in said


def test_forty_parts_that_are_all_the_same_bytes_are_weighed_one_by_one():
    """A parcel whose list names one long part many times unfolds without being large itself."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(b" " * 4_900_000) + packer.flush()
    crc = zlib.crc32(b" " * 4_900_000)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as parcel:
        parcel.writestr("xl/workbook.xml", b"<a/>")
    start = out.getvalue()[: out.getvalue().rindex(b"PK\x01\x02")]
    common = struct.pack("<HHHHIII", 20, 0, 8, 0, crc, len(body), 4_900_000)
    local = b"PK\x03\x04" + common + struct.pack("<HH", 1, 0) + b"a" + body
    listed = out.getvalue()[out.getvalue().rindex(b"PK\x01\x02") : out.getvalue().rindex(b"PK\x05\x06")]
    entry = b"PK\x01\x02\x14\0" + common + struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, len(start)) + b"a"
    folder = listed + entry * 40
    end = struct.pack("<HHHHIIH", 0, 0, 41, 41, len(folder), len(start) + len(local), 0)
    data = start + local + folder + b"PK\x05\x06" + end
    assert len(data) < 20_000
    assert no(data) in {
        "Filen packar upp till mer än vi tar emot. Spara den på nytt som xlsx, utan annat än sortimentet.",
        "Filen är skadad. Spara den på nytt och ladda upp den igen.",
    }


def test_a_workbook_with_too_much_in_it():
    assert "60 kolumner" in no(sheets.xlsx([*HEADING, *([None] * 60), "x"], ("A", 1, "st")))
    assert "fler än 10\xa0000 rader" in no(sheets.xlsx(*(("A",) for _ in range(MOST_ROWS + 2))))
    assert "20\xa0000 tecken" in no(sheets.xlsx(HEADING, ("x" * 25_000, 1, "st")))


def test_a_document_of_another_program_is_no_spreadsheet():
    out = BytesIO()
    with ZipFile(out, "w") as parcel:
        parcel.writestr("word/document.xml", "<a/>")
    assert "går inte att läsa som kalkylblad" in no(out.getvalue())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12,50", "12.50"),
        ("12.5", "12.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"),
        ("12\u202f345\u202f678", "12345678"),
        ("−3", "-3"),
        (" 7 ", "7"),
    ],
)
def test_numbers_as_people_write_them(written, meant):
    assert number(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written", ["", "tolv", "1.234,50", "1,234.50", "1 23", "1e5", "--1", "٣", "1,2,3", "2026-11-30", "NaN", "9" * 40]
)
def test_what_is_no_number(written):
    with pytest.raises(ValueError, match="not a number"):
        number(written)


def test_yes_and_no():
    assert [yes_or_no(said) for said in ("Ja", " x ", "nej", "FALSKT")] == [True, True, False, False]
    with pytest.raises(ValueError, match="neither"):
        yes_or_no("kanske")


def test_addresses_as_spreadsheet_programs_write_them():
    assert [address(place, 7) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A7", "Z7", "AA7", "AZ7", "BA7", "ZZ7", "AAA7",
    ]  # fmt: skip


@given(st.text())
def test_a_disarmed_text_is_no_formula_and_comes_back(text):
    written = disarmed(text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert armed(written) == text


WRITTEN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=40).filter(str.strip)


@given(st.lists(WRITTEN | st.integers(0, 10**9) | st.decimals(0, 10**6, places=2), min_size=1, max_size=6))
def test_what_is_written_is_read_again(row):
    heading = [f"h{place}" for place in range(len(row))]
    with csv_file(heading, [row]) as one, xlsx([Sheet("Lista", heading, [row])]) as other:
        for read in (rows_of(one.read()), rows_of(other.read())):
            assert [_value(cell.text, value) for cell, value in zip(read[1].cells.values(), row, strict=True)] == row


def _value(text: str, like: object) -> object:
    return text if isinstance(like, str) else number(text)


def test_no_export_holds_a_formula():
    evil = ['=HYPERLINK("http://x")', "+1", "-1+1", "@SUM(A1)", "\t=1", "'=1"]
    with csv_file(["a"], [[text] for text in evil]) as file:
        read = list(csv.reader(StringIO(file.read().decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in read[1:]] == [f"'{text}" for text in evil]
    with xlsx([Sheet("Lista", ["a"], [[text] for text in evil])]) as file:
        page = load_workbook(file).active
        assert [(cell.data_type, cell.value) for cell in page["A"][1:]] == [("s", text) for text in evil]


def test_money_days_and_numbers_are_values_in_both_formats():
    row = [Money(121250), date(2026, 11, 30), Decimal("2.5"), None]
    with csv_file(["a", "b", "c", "d"], [row]) as file:
        assert file.read().decode("utf-8-sig").splitlines()[1] == "1212,50;2026-11-30;2,5;"
    with xlsx([Sheet("Lista", ["a", "b", "c", "d"], [row])]) as file:
        amount, day, quantity, nothing = (cell.value for cell in load_workbook(file).active[2])
        assert (amount, day.date(), quantity, nothing) == (1212.5, date(2026, 11, 30), 2.5, None)


def test_a_process_without_memory_or_time_refuses(monkeypatch):
    monkeypatch.setattr(door, "PATIENCE", 0.01)
    assert "går inte att läsa" in no(sheets.xlsx(HEADING, ("A", 1, "st")))
