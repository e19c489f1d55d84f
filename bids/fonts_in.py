"""Can a stranger's page be set into a PDF/UA document as it is? What would break the rules is looked for here."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Name

from bids.lasting import contents_last, lasts

ENCODINGS = {Name.WinAnsiEncoding, Name.MacRomanEncoding}
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
MOST_NESTED = 20
PACKED = (Name.FlateDecode, pikepdf.Array([Name.FlateDecode]))


def shown_box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of what is shown of the page, before it is turned."""
    crop, media = _corners(page.cropbox), _corners(page.mediabox)
    left, bottom = max(crop[0], media[0]), max(crop[1], media[1])
    right, top = min(crop[2], media[2]), min(crop[3], media[3])
    return left, bottom, right - left, top - bottom


def _corners(box: Any) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (float(number) for number in box)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def turned(page: pikepdf.Page) -> int:
    """How many degrees clockwise the page is turned when shown: 0, 90, 180 or 270."""
    node: Any = page.obj
    for _ in range(MOST_NESTED):
        if "/Rotate" in node or "/Parent" not in node:
            break
        node = node.Parent
    return round(int(node.get("/Rotate", 0)) / 90) * 90 % 360


def shown_size(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height in points as the page is shown."""
    _, _, width, height = shown_box(page)
    return (height, width) if turned(page) in {90, 270} else (width, height)


def can_be_set_in(page: pikepdf.Page) -> bool:
    """Whether fonts are embedded and readable (ISO 14289-1, 7.21), colours last, and nothing is noted or hidden on it.

    Annotations are drawn by the viewer and would be lost, hidden layers would become visible.
    """
    try:
        if page.obj.get("/Annots") is not None and _is_marked_up(page):
            return False
        fit = all(_resources_fit(each) and lasts(each) for each in _all_resources(page.resources, 0))
        return fit and contents_last(page)
    except (pikepdf.PdfError, TypeError, ValueError, AttributeError, KeyError, RecursionError):
        return False


def _is_marked_up(page: pikepdf.Page) -> bool:
    """Links leave no mark on paper; everything else may."""
    return any(note.get("/Subtype") != Name.Link for note in page.obj.Annots.as_list())


def _all_resources(resources: Any, depth: int) -> Iterator[Any]:
    """The page's resources and those of every form and pattern in them."""
    if depth > MOST_NESTED:
        raise ValueError("forms nested too deep")
    yield resources
    for kind in ("/XObject", "/Pattern"):
        for part in resources.get(kind, pikepdf.Dictionary()).values():
            if isinstance(part, pikepdf.Stream) and "/Resources" in part:
                yield from _all_resources(part.Resources, depth + 1)


def unpacks_beyond(page: pikepdf.Page, most: int) -> bool:
    """Whether what is drawn on the page is larger than ``most`` bytes unpacked: small files can hold gigabytes.

    Raises what pikepdf raises for a broken page.
    """
    drawn = page.obj.get("/Contents", pikepdf.Array())
    streams: list[Any] = [drawn] if isinstance(drawn, pikepdf.Stream) else list(drawn.as_list())
    for resources in _all_resources(page.resources, 0):
        parts = resources.get("/XObject", pikepdf.Dictionary()).values()
        streams += [part for part in parts if part.get("/Subtype") == Name.Form]
    return sum(_unpacked(stream, most) for stream in streams) > most


def _unpacked(stream: Any, most: int) -> int:
    """The stream's size unpacked, never unpacking more than one byte beyond ``most``."""
    raw: bytes = stream.read_raw_bytes()
    if stream.get("/Filter") not in PACKED:
        return len(raw)
    return len(zlib.decompressobj().decompress(raw, most + 1))


def _resources_fit(resources: Any) -> bool:
    layered = any(
        properties.get("/Type") in {Name.OCG, Name.OCMD}
        for properties in resources.get("/Properties", pikepdf.Dictionary()).values()
        if isinstance(properties, pikepdf.Dictionary)
    )
    hidden = any("/OC" in part for part in resources.get("/XObject", pikepdf.Dictionary()).values())
    fonts = resources.get("/Font", pikepdf.Dictionary()).values()
    return not layered and not hidden and all(_font_fits(font) for font in fonts)


def _font_fits(font: Any) -> bool:
    """Embedded, and each glyph leads back to a letter."""
    if font.Subtype == Name.Type3:
        return False
    if font.Subtype == Name.Type0:
        (descendant,) = font.DescendantFonts.as_list()
        mapped = descendant.Subtype != Name.CIDFontType2 or "/CIDToGIDMap" in descendant
        known_encoding = font.Encoding in {Name("/Identity-H"), Name("/Identity-V")}
        return "/ToUnicode" in font and mapped and known_encoding and _is_embedded(descendant)
    readable = "/ToUnicode" in font or font.get("/Encoding") in ENCODINGS
    return readable and "/Widths" in font and _is_embedded(font) and _encoding_fits(font)


def _is_embedded(font: Any) -> bool:
    descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
    return any(file in descriptor for file in FONT_FILES)


def _encoding_fits(font: Any) -> bool:
    """A TrueType font is either symbolic without an encoding, or not symbolic with a plain one (7.21.6)."""
    if font.Subtype != Name.TrueType:
        return True
    symbolic = bool(int(font.FontDescriptor.get("/Flags", 0)) & 4)
    encoding = font.get("/Encoding")
    return encoding is None if symbolic else encoding in ENCODINGS
