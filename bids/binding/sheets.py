"""Appendix pages: a page of ours with the stranger's page or picture as one figure, its title a heading.

They are written straight into the book. A layout engine would take ten times as long for a page with one picture.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from bids.appendices import Attached, Sheet, open_pdf
from bids.binding.joining import Book, Mark
from bids.binding.lettering import Face
from bids.binding.stamping import MM
from bids.setting_in import as_form

A4 = (595.28, 841.89)
SIDE, TOP, BOTTOM = 14 * MM, 24 * MM, 18 * MM
HEADING, HEADING_LINE = 12.5, 15.5
GREEN = "0.114 0.29 0.22"
LONGEST = 160
"""Letters of an appendix's title in its heading."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all sheets share: the face of headings (its font is put in place when all is written) and its colour."""

    face: Face
    fonts: Any
    colour: str


def anchor_of(number: int) -> str:
    """The anchor of an appendix."""
    return f"bilaga-{number}"


def add_sheets(book: Book, attached: Iterable[Attached], colour: str = GREEN) -> dict[int, str]:
    """Add every appendix, with bookmarks under the last chapter; what stands at the head of each page."""
    face = Face("AtkinsonHyperlegible-Bold")
    ground = Ground(face, book.pdf.make_indirect(Dictionary()), colour)
    heads: dict[int, str] = {}
    for one in attached:
        source = open_pdf(one.data) if any(sheet.picture is None for sheet in one.sheets) else None
        section = _element(book, "Sect", book.document)
        book.kids.append(section)
        section.K = Array()
        for sheet in one.sheets:
            drawn = _picture(book.pdf, sheet.picture) if sheet.picture else _page(book.pdf, source, sheet)
            _add(book, ground, section, one, sheet, drawn=drawn)
            where = f", sida {sheet.page} av {len(one.sheets)}" if len(one.sheets) > 1 else ""
            heads[len(book.pdf.pages) - 1] = f"Bilaga {one.appendix.number}{where}: {one.appendix.title}"
        if source is not None:
            book.keep(source)
    if face.used:
        ground.fonts.BidH = face.embed(book.pdf)
    return heads


def _page(pdf: pikepdf.Pdf, source: pikepdf.Pdf | None, sheet: Sheet) -> Any:
    if source is None:
        raise ValueError(f"sheet {sheet.index} has neither a picture nor a page")
    return pdf.copy_foreign(as_form(source.pages[sheet.page - 1]))


def _picture(pdf: pikepdf.Pdf, data: bytes) -> Any:
    """An image; a JPEG goes in as it is."""
    with Image.open(BytesIO(data)) as image:
        grey = image.mode == "L"
        plain = image.format == "JPEG" and image.mode in {"L", "RGB"}
        pixels = b"" if plain else zlib.compress(image.convert("L" if grey else "RGB").tobytes(), 6)
        width, height = image.size
    drawn = pikepdf.Stream(pdf, data if plain else pixels)
    drawn.Type, drawn.Subtype = Name.XObject, Name.Image
    drawn.Width, drawn.Height, drawn.BitsPerComponent = width, height, 8
    drawn.ColorSpace = Name.DeviceGray if grey else Name.DeviceRGB
    drawn.Filter = Name.DCTDecode if plain else Name.FlateDecode
    return pdf.make_indirect(drawn)


def _add(book: Book, ground: Ground, section: Any, one: Attached, sheet: Sheet, *, drawn: Any) -> None:
    wide, high = (A4[1], A4[0]) if sheet.is_wide else A4
    page = book.pdf.add_blank_page(page_size=(wide, high))
    heading = _heading(ground.face, one, wide - 2 * SIDE) if sheet.page == 1 else []
    room = high - TOP - BOTTOM - (len(heading) * HEADING_LINE + 9 if heading else 0)
    scale = min((wide - 2 * SIDE) / sheet.width, room / sheet.height, 1)
    width, height = sheet.width * scale, sheet.height * scale
    left, bottom = (wide - width) / 2, BOTTOM + room - height
    parts, parents = [], Array()
    if heading:
        element = _element(book, "H3", section, page, 0)
        section.K.append(element)
        parents.append(element)
        parts.append(_drawn_heading(ground, heading, high))
        _lead_to(book, one, high)
    element = _element(book, "Figure", section, page, len(parents))
    title = one.appendix.title
    element.Alt = String(f"Bilaga {one.appendix.number}, sida {sheet.page} av {len(one.sheets)}: {title}")
    box = Array([round(side, 2) for side in (left, bottom, left + width, bottom + height)])
    element.A = Dictionary(O=Name.Layout, BBox=box)
    section.K.append(element)
    place = f"{width:.3f} 0 0 {height:.3f} {left:.3f} {bottom:.3f}"
    border = f"q .835 .867 .827 RG .5 w {left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re S Q"
    parts.append(f"/Figure <</MCID {len(parents)}>> BDC q {place} cm /S Do Q EMC /Artifact BMC {border} EMC".encode())
    parents.append(element)
    page.obj.Resources = book.pdf.make_indirect(Dictionary(XObject=Dictionary(S=drawn), Font=ground.fonts))
    page.obj.Contents = book.pdf.make_stream(b"\n".join(parts))
    page.obj.StructParents = book.next_parent
    book.parents.append(book.next_parent)
    book.parents.append(parents)
    book.next_parent += 1


def _heading(face: Face, one: Attached, room: float) -> list[str]:
    """The title in three lines at most."""
    title = face.readable(f"Bilaga {one.appendix.number}. {one.appendix.title}")
    words, lines = (title[:LONGEST] + "…" if len(title) > LONGEST else title).split(" "), [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if face.width(longer, HEADING) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [face.fitted(line, HEADING, room) for line in lines[:3]]


def _drawn_heading(ground: Ground, lines: list[str], high: float) -> bytes:
    shown = []
    for number, line in enumerate(lines):
        y = high - TOP - HEADING - number * HEADING_LINE
        space = " " if number + 1 < len(lines) else ""
        drawn = ground.face.shown(line + space)
        shown.append(f"1 0 0 1 {SIDE:.2f} {y:.2f} Tm ".encode() + drawn + b" Tj")
    head = f"/H3 <</MCID 0>> BDC BT {ground.colour} rg /BidH {HEADING} Tf ".encode()
    return head + b" ".join(shown) + b" ET EMC"


def _lead_to(book: Book, one: Attached, high: float) -> None:
    place = (len(book.pdf.pages) - 1, SIDE, high - TOP + 6)
    book.anchors[anchor_of(one.appendix.number)] = place
    title = f"Bilaga {one.appendix.number}. {one.appendix.title}"
    mark = Mark(title if len(title) <= LONGEST else title[:LONGEST] + "…", *place)
    (book.marks[-1].under if book.marks else book.marks).append(mark)


def _element(book: Book, kind: str, parent: Any, page: pikepdf.Page | None = None, number: int | None = None) -> Any:
    element = Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=parent)
    if page is not None:
        element.Pg = page.obj
        element.K = Array([number])
    return book.pdf.make_indirect(element)
