"""What buyers send as forms, good and bad: each has one outcome and says it in words."""

from __future__ import annotations

import warnings
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.errors import Refused
from app.tenders.forms import door
from app.tenders.forms.columns import Role, guess
from app.tenders.forms.models import Takes
from app.tenders.forms.reading import answer_to, form_of
from tests import buyers_forms, sheets
from tests.buyers_forms import box, cell, document, drop_down, parts_of, row


def parcel(**parts: bytes | str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def ole(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + name.encode("utf-16-le") + b"\0" * 600


def locked_parcel() -> bytes:
    data = bytearray(buyers_forms.workbook())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


WITH_MACROS = sheets.with_parts(buyers_forms.workbook(), **{"xl/vbaProject.bin": b"x"})
MACRO_TYPE = b"application/vnd.ms-word.document.macroEnabled.main+xml"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
LONG = [(str(number), "Krav", "Ska") for number in range(20_000)]
BAD = {
    "empty": (b"  ", "Filen är tom"),
    "csv named xlsx": (b"Nr;Krav\r\n1;F-skatt\r\n", "textfil"),
    "csv in UTF-16": ("Nr;Krav\n1;F-skatt".encode("utf-16"), "textfil"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "varken xlsx eller docx"),
    "old xls": (ole("Workbook"), "gamla formatet xls"),
    "old doc": (ole("WordDocument"), "gamla formatet doc"),
    "locked": (ole("EncryptedPackage"), "låst med lösenord"),
    "locked zip": (locked_parcel(), "låst med lösenord"),
    "macros in a workbook": (WITH_MACROS, "makron"),
    "macros in a document": (document(row("1", "x"), more={"word/vbaProject.bin": b"x"}), "makron"),
    "a docm without its macros": (document(row("1", "x"), more={"[Content_Types].xml": MACRO_TYPE}), "makron"),
    "ods": (parcel(mimetype="application/vnd.oasis.opendocument.text"), "varken xlsx eller docx"),
    "half a file": (buyers_forms.workbook()[:3000], "skadad"),
    "entities": (document(row("1", "x"), more={"word/document.xml": DOCTYPE}), "går inte att läsa"),
    "no XML": (document(row("1", "x"), more={"word/document.xml": b"hej"}), "går inte att läsa"),
    "a document without tables": (document(), "ingen tabell"),
    "a bomb": (document(row("1", "x"), more={"word/media/b.png": b"\0" * 60_000_000}), "packar upp till mer"),
    "20 000 rows": (buyers_forms.workbook(*LONG), "fler än 3 000 rader"),
    "20 000 rows in a document": (document("".join(row(str(n)) for n in range(3_100))), "fler än 3 000 rader"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_each_bad_file_is_refused_in_words(name):
    data, words = BAD[name]
    assert words in str(answer_to(data)["refused"]).replace("\u00a0", " ")


def test_a_file_of_50_mb_is_not_even_read():
    with pytest.raises(Refused, match="större än 20 MB"):
        door.read(b"PK" + b"\0" * 50_000_000)


def test_a_process_of_its_own_reads_and_answers():
    form = door.read(buyers_forms.workbook())
    assert [sheet.title for sheet in form.sheets] == ["Kravformulär"]
    with pytest.raises(Refused, match="textfil"):
        door.read(b"a;b")


def test_a_long_list_beside_the_requirements_stands_in_nobodys_way():
    def more(sheet):
        other = sheet.parent.create_sheet("Orter")
        for number in range(3_100):
            other.append([number])

    form = form_of(buyers_forms.workbook(change=more))
    assert [bool(sheet.problem) for sheet in form.sheets] == [False, True]


def test_sheets_nobody_sees_are_left_out_and_drop_downs_are_read():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        form = form_of(buyers_forms.rich_workbook())
    assert [sheet.title for sheet in form.sheets] == ["Kravformulär", "Prisbilaga"]
    assert form.sheets[0].choices == {3: ("JA", "NEJ"), 5: ("Göteborg", "Mölndal")}
    columns = guess(form.sheets[0])
    assert (columns.takes, columns.header, columns.yes, columns.no) == (Takes.REQUIREMENTS, 3, "JA", "NEJ")
    assert list(columns.roles.values()) == [Role.REF, Role.TEXT, Role.KIND, Role.ANSWER, Role.COMMENT, Role.EVIDENCE]
    prices = guess(form.sheets[1])
    assert prices.takes is Takes.ROWS
    assert [role.value for role in prices.roles.values()] == ["ref", "text", "quantity", "unit", "unit_price", "sum"]


def test_numbers_keep_the_decimals_that_the_buyer_shows():
    def shown(sheet):
        for line, value in ((4, 1.1), (5, 2), (6, 1.25)):
            sheet.cell(line, 1, value)
        sheet["A4"].number_format = "0.00"

    rows = form_of(buyers_forms.workbook(change=shown)).sheets[0].rows
    assert [each.cells[0].text for each in rows[2:]] == ["1.10", "2", "1.25"]


def test_a_documents_cells_are_read_as_they_are_seen():
    ins = '<w:ins w:id="1"><w:r><w:t>nytt</w:t></w:r></w:ins><w:del w:id="2"><w:r><w:t>gammalt</w:t></w:r></w:del>'
    wide = '<w:gridSpan w:val="2"/>'
    listed = cell().replace("<w:pPr>", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    table = row(cell("Krav", properties=wide), "Svar") + row(
        listed, cell(inner=ins), cell(inner=drop_down("Ja", "Nej"))
    )
    sheet = form_of(document(table + row("2", "Text", cell(inner=box("Ja"))))).sheets[0]
    assert [[(place, one.kind.value, one.text) for place, one in each.cells.items()] for each in sheet.rows] == [
        [(0, "text", "Krav"), (2, "text", "Svar")],
        [(0, "formula", ""), (1, "text", "nytt")],
        [(0, "text", "2"), (1, "text", "Text"), (2, "text", "\u2610 Ja")],
    ]
    assert (sheet.spans, sheet.choices[2]) == (((0, 1, 1, 1),), ("Ja", "Nej"))


def level(place: int, kind: str, words: str, start: int = 1) -> str:
    said = f'<w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{words}"/>'
    return f'<w:lvl w:ilvl="{place}">{said}</w:lvl>'


def of_kind(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


LISTS = "".join((
    f'<w:numbering xmlns:w="{buyers_forms.W}">',
    of_kind(4, level(0, "decimal", "%1", 3), level(1, "decimal", "%1.%2."), level(2, "lowerLetter", "%1.%2 %3)")),
    of_kind(5, level(0, "bullet", "-")),
    num(1, 4),
    num(2, 5),
    num(3, 4, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride>'),
    "</w:numbering>",
)).encode()  # fmt: skip
STYLED = f"""<w:styles xmlns:w="{buyers_forms.W}"><w:style w:styleId="Krav"><w:pPr><w:numPr><w:ilvl w:val="1"/>
<w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>""".encode()


def listed(level: int, number: int = 1, text: str = "") -> str:
    numbered = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return cell(text).replace("<w:pPr>", numbered)


def test_numbers_that_word_writes_itself_are_counted_as_word_counts():
    styled = cell("Med stil").replace("<w:pPr>", '<w:pPr><w:pStyle w:val="Krav"/>')
    lines = [
        listed(0),
        listed(1),
        listed(2),
        listed(2),
        styled,
        listed(0),
        listed(1),
        listed(0, 2, "Punkt"),
        listed(0, 3),
    ]
    table = "".join(row(one, "Text") for one in lines)
    form = form_of(document(table, more={"word/numbering.xml": LISTS, "word/styles.xml": STYLED}))
    assert [each.cells[0].text for each in form.sheets[0].rows] == [
        *("3", "3.1.", "3.1 a)", "3.1 b)", "3.2. Med stil", "4", "4.1.", "Punkt", "9"),
    ]


def test_a_table_in_a_table_and_a_table_taken_away_are_no_tables():
    inner = f"<w:tc><w:tbl>{row('1', 'Inre')}</w:tbl><w:p/></w:tc>"
    assert len(form_of(document(row("Nr", inner), row("a", "b"))).sheets) == 2
    assert "word/styles.xml" in parts_of(document(row("a")))
