"""Forms as buyers send them, for tests: a workbook with all that must survive, a document, and hostile ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from tests.sheets import with_parts

HEADINGS = ("Nr", "Krav", "Typ", "Svar (Ja/Nej)", "Kommentar", "Hänvisning till bilaga")
REQUIREMENTS = (
    ("1.1", "Leverantören ska ha F-skatt.", "Ska"),
    ("1.2", "Beskriv ert kvalitetsarbete.", "Bör"),
    ("1.10", "Fakturan skickas som Peppol.", "Kontrakt, särskild uppföljning"),
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"


NEWER_LIST = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}">'
    '<x14:dataValidations count="1"><x14:dataValidation type="list"><x14:formula1><xm:f>Listor!$A$1:$A$2</xm:f>'
    "</x14:formula1><xm:sqref>F4:F9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
)
"""A drop-down that looks into another sheet, as newer programs write it."""


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(
    *rows: Sequence[Any], headings: Sequence[str] = HEADINGS, change: Callable[[Any], None] | None = None
) -> bytes:
    """A requirement sheet under two lines of title, with a drop-down for the answer."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Kravformulär"
    sheet.append(["Frukt till Kommunen"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(list(headings))
    for row in rows or REQUIREMENTS:
        sheet.append(list(row))
    choices = DataValidation(type="list", formula1='"JA,NEJ"', allow_blank=True)
    choices.add("D4:D400")
    sheet.add_data_validation(choices)
    if change:
        change(sheet)
    return saved(book)


def rich_workbook() -> bytes:
    """The same with a price sheet, formulas, a chart, a comment, conditional formats, a hidden list and an odd part."""

    def more(sheet: Any) -> None:
        book = sheet.parent
        sheet["B4"].font = Font(bold=True)
        sheet["D4"].fill = PatternFill("solid", fgColor="FFFF00")
        sheet["B5"].comment = Comment("Skriv högst en sida.", "Köparen")
        sheet.conditional_formatting.add(
            "D4:D9", CellIsRule(operator="equal", formula=['"NEJ"'], font=Font(color="FF0000"))
        )
        prices = book.create_sheet("Prisbilaga")
        prices.append(["Pos", "Benämning", "Uppskattad årsvolym", "Enhet", "Pris per enhet", "Summa"])
        prices.append(["1.1", "Fruktkorg", 100, "styck", None, "=C2*E2"])
        prices.append(["1.2", "Extra frukt", 12.5, "kg", None, "=C3*E3"])
        prices.append([None, "Totalt", None, None, None, "=SUM(F2:F3)"])
        prices["E2"].number_format = prices["F2"].number_format = "#,##0.00"
        chart = BarChart()
        chart.add_data(Reference(prices, min_col=6, min_row=1, max_row=3), titles_from_data=True)
        prices.add_chart(chart, "H2")
        hidden = book.create_sheet("Listor")
        hidden.append(["Göteborg"])
        hidden.append(["Mölndal"])
        hidden.sheet_state = "veryHidden"

    made = with_parts(workbook(change=more), **{"customXml/item1.xml": "<köpare>Kommunen</köpare>"})
    sheet = parts_of(made)["xl/worksheets/sheet1.xml"].replace(b"</worksheet>", NEWER_LIST.encode() + b"</worksheet>")
    return with_parts(made, **{"xl/worksheets/sheet1.xml": sheet})


def price_book(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    book.active.title = "Prisbilaga"
    book.active.append(["Pos", "Benämning", "Uppskattad årsvolym", "Enhet", "Pris per enhet", "Summa"])
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def cell(text: str = "", inner: str = "", properties: str = "") -> str:
    return (
        f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr><w:rPr><w:i/></w:rPr></w:pPr>{_run(text)}{inner}</w:p></w:tc>"
    )


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(one if one.startswith('<w:tc>') else cell(one) for one in cells)}</w:tr>"


def box(words: str) -> str:
    """A box to tick, with what it means behind it."""
    return (
        '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612"/>'
        '<w14:uncheckedState w14:val="2610"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>\u2610</w:t></w:r>'
        f"</w:sdtContent></w:sdt>{_run(f' {words} ')}"
    )


def drop_down(*words: str) -> str:
    items = "".join(f'<w:listItem w:displayText="{word}" w:value="{word}"/>' for word in words)
    return (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/><w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
        '<w:sdtContent><w:r><w:rPr><w:rStyle w:val="Platshllartext"/></w:rPr><w:t>Välj ett objekt.</w:t></w:r>'
        "</w:sdtContent></w:sdt>"
    )


def document(*tables: str, before: str = "Kravformulär", more: dict[str, bytes] | None = None) -> bytes:
    """A document with such tables, and parts that nobody of ours knows."""
    body = f"<w:p>{_run(before)}</w:p>" + "".join(f"<w:tbl><w:tblPr/>{table}</w:tbl><w:p/>" for table in tables)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="{W}" '
        f'xmlns:w14="{W14}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}"/>',
        "word/header1.xml": f'<w:hdr xmlns:w="{W}"><w:p/></w:hdr>',
        "word/media/image1.png": b"\x89PNG not really",
        **(more or {}),
    }
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as parcel:
        for name, content in parts.items():
            parcel.writestr(name, content)
    return out.getvalue()


def requirement_document() -> bytes:
    lines = [row(ref, text, kind, cell(inner=drop_down("Ja", "Nej")), "") for ref, text, kind in REQUIREMENTS[:2]]
    boxes = row("1.10", REQUIREMENTS[2][1], "Villkor", cell(inner=box("Ja") + box("Nej")), "")
    return document(row("Nr", "Krav", "Typ", "Svar (Ja/Nej)", "Kommentar") + "".join(lines) + boxes)


def parts_of(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as parcel:
        return {name: parcel.read(name) for name in parcel.namelist()}
