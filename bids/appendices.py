"""Uploaded appendices: looked through when they come, laid out as sheets when the bid is printed."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from bids import fonts_in, pictures
from bids.offer import Appendix, Offer
from bids.refusal import AppendixRefused

__all__ = ["AppendixRefused", "Attached", "Looked", "Sheet", "attach", "check_appendix", "check_image", "check_pdf"]

LARGEST = 25 * 1024 * 1024
MOST_PAGES = 200
MOST_DRAWN = 50 * 1024 * 1024
"""Bytes of drawing on one page, unpacked."""
POINTS_A_PIXEL = 72 / 100
"""A picture is printed with a hundred dots an inch or finer."""
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Looked:
    """What an uploaded file turned out to be, whatever its name says. A picture is one page."""

    media_type: str
    pages: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of an appendix. ``picture`` is its bytes as an image, or None when the page itself is set in later.

    ``index`` is its place among all sheets of the bid; width and height are as the page is shown, in points.
    """

    index: int
    page: int
    width: float
    height: float
    picture: bytes | None

    @property
    def is_wide(self) -> bool:
        """Whether the page wants to lie down."""
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Attached:
    """An appendix with its bytes and sheets."""

    appendix: Appendix
    data: bytes
    sheets: tuple[Sheet, ...]


def check_appendix(data: bytes) -> Looked:
    """What the file is. Raises AppendixRefused for anything but a PDF or a picture that can be printed."""
    if data.lstrip()[:5] == b"%PDF-":
        return Looked(PDF, check_pdf(data))
    check_image(data)
    return Looked(pictures.media_type(data), 1)


def check_pdf(data: bytes) -> int:
    """The number of pages. Scripts, forms and attached files in it are never carried over into the bid.

    Raises AppendixRefused for what is no PDF, is locked, broken, empty, or too large to print.
    """
    _refuse_size(data)
    if data.lstrip()[:5] != b"%PDF-":
        raise AppendixRefused("Filen är ingen PDF. Spara dokumentet som PDF och ladda upp det igen.")
    with open_pdf(data) as pdf:
        pages = len(pdf.pages)
        if not pages:
            raise AppendixRefused("PDF-filen har inga sidor. Spara dokumentet som PDF på nytt.")
        if pages > MOST_PAGES:
            raise AppendixRefused(f"PDF-filen har {pages} sidor. En bilaga får ha högst {MOST_PAGES}. Dela upp den.")
        for page in pdf.pages:
            _refuse_broken_page(page)
    return pages


def check_image(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises AppendixRefused for what is no PNG, JPEG or WebP, or is too large."""
    _refuse_size(data)
    return pictures.size(data)


def open_pdf(data: bytes) -> pikepdf.Pdf:
    """The open file. Raises AppendixRefused when it is locked or broken."""
    try:
        pdf = pikepdf.open(BytesIO(data))
    except pikepdf.PasswordError as wrong:
        raise AppendixRefused(LOCKED) from wrong
    except (pikepdf.PdfError, ValueError, RecursionError) as wrong:
        raise AppendixRefused(BROKEN) from wrong
    if pdf.is_encrypted:
        pdf.close()
        raise AppendixRefused(LOCKED)
    return pdf


LOCKED = "PDF-filen är låst med lösenord eller spärrad. Då kan inte alla läsa den. Spara en kopia utan lås."
BROKEN = "PDF-filen är trasig och går inte att öppna. Spara dokumentet som PDF på nytt."


def _refuse_size(data: bytes) -> None:
    if not data:
        raise AppendixRefused("Filen är tom. Välj filen igen.")
    if len(data) > LARGEST:
        raise AppendixRefused("Filen är större än 25 MB. Spara den med lägre upplösning eller dela upp den.")


def _refuse_broken_page(page: pikepdf.Page) -> None:
    try:
        _, _, width, height = fonts_in.shown_box(page)
        too_much = fonts_in.unpacks_beyond(page, MOST_DRAWN)
    except (pikepdf.PdfError, zlib.error, ValueError, TypeError, AttributeError, RecursionError) as wrong:
        raise AppendixRefused(BROKEN) from wrong
    if too_much:
        raise AppendixRefused(
            "En sida i PDF-filen är orimligt stor när den packas upp. Skriv ut den som bild i stället."
        )
    if not (3 <= width <= 14_400 and 3 <= height <= 14_400):
        raise AppendixRefused("En sida i PDF-filen har en omöjlig storlek. Spara dokumentet som PDF på nytt.")


def attach(offer: Offer, files: Mapping[int, bytes]) -> tuple[Attached, ...]:
    """The offer's appendices in order of number, with their sheets.

    Raises ValueError when a file is missing or is not the one whose hash the offer holds, AppendixRefused when it
    cannot be printed.
    """
    attached: list[Attached] = []
    for appendix in sorted(offer.appendices, key=lambda appendix: appendix.number):
        data = files.get(appendix.number)
        if data is None or hashlib.sha256(data).hexdigest() != appendix.sha256:
            raise ValueError(f"appendix {appendix.number} is not the file that the offer holds")
        first = sum(len(earlier.sheets) for earlier in attached)
        attached.append(Attached(appendix, data, _sheets(data, first)))
    return tuple(attached)


def _sheets(data: bytes, first: int) -> tuple[Sheet, ...]:
    if check_appendix(data).media_type != PDF:
        picture, width, height = pictures.printable(data)
        return (Sheet(first, 1, width * POINTS_A_PIXEL, height * POINTS_A_PIXEL, picture),)
    with open_pdf(data) as pdf:
        return tuple(_sheet(data, page, first, number) for number, page in enumerate(pdf.pages, 1))


def _sheet(data: bytes, page: pikepdf.Page, first: int, number: int) -> Sheet:
    """A page whose fonts cannot be vouched for is printed as a picture, so that the bid stays valid PDF/UA."""
    width, height = fonts_in.shown_size(page)
    picture = None if fonts_in.can_be_set_in(page) else pictures.of_page(data, number - 1)
    return Sheet(first + number - 1, number, width, height, picture)
