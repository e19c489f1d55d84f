"""What stands on every page and belongs to none: running head, whose bid it is, page x of y, and the draft's mark.

It is drawn when the parts are bound, because only then anybody knows how many pages there are; as artifacts, so that
nobody has it read aloud on each page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from bids.binding.lettering import Face

MM = 72 / 25.4
SIZE = 8.5
GREY = "0.333 0.322 0.29"
MARK_SIZE = 96.0
FAINT = 0.13
"""How much of the draft's mark is seen over what lies under it."""


@dataclass(frozen=True, slots=True)
class Margins:
    """Where head and foot stand on a kind of page, in millimetres from its edges."""

    side: float
    head: float
    rule: float
    foot: float


UPRIGHT = Margins(22, 23, 26, 14.5)
LYING = Margins(20, 20, 23, 12)
SHEET = Margins(14, 15, 18, 9)


@dataclass(frozen=True, slots=True)
class Running:
    """What the head and foot of every page say. ``line`` is the colour of the rule; ``mark`` lies across a draft."""

    left: str
    right: str
    sender: str
    line: str
    mark: str = ""


def colour(shade: str) -> str:
    """``#rrggbb`` as a PDF draws it."""
    return " ".join(f"{int(shade[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))


def stamp(
    pdf: pikepdf.Pdf, running: Running, margins: Mapping[int, Margins], heads: Mapping[int, str], plain: range
) -> None:
    """Draw on every page; `margins` and `heads` by page where they are not the usual ones, `plain` gets no head."""
    regular, bold = Face("AtkinsonHyperlegible-Regular"), Face("AtkinsonHyperlegible-Bold")
    total = len(pdf.pages)
    drawn: list[bytes] = []
    for number, page in enumerate(pdf.pages):
        box = [float(side) for side in page.mediabox]
        wide, high = box[2] - box[0], box[3] - box[1]
        parts = []
        if number not in plain:
            usual = LYING if wide > high else UPRIGHT
            where = f"Sida {number + 1} av {total}"
            head = heads.get(number, running.left)
            parts = _frame(regular, running, margins.get(number, usual), (wide, high), (head, where))
        if running.mark:
            parts.append(_across(bold, running.mark, wide, high))
        drawn.append(b"\n".join([b"Q", *parts]))
    _write(pdf, drawn, regular, bold)


def _write(pdf: pikepdf.Pdf, drawn: list[bytes], regular: Face, bold: Face) -> None:
    fonts = {"/BidR": regular.embed(pdf)}
    if bold.used:
        fonts["/BidB"] = bold.embed(pdf)
    faint = pdf.make_indirect(Dictionary(Type=Name.ExtGState, ca=FAINT))
    begin = pdf.make_stream(b"q\n")
    done: set[tuple[int, int]] = set()
    for page, content in zip(pdf.pages, drawn, strict=True):
        before = page.obj.Contents
        streams = [before] if isinstance(before, pikepdf.Stream) else before.as_list()
        page.obj.Contents = pikepdf.Array([begin, *streams, pdf.make_stream(content)])
        resources = page.obj.Resources
        if resources.objgen not in done or not resources.is_indirect:
            done.add(resources.objgen)
            for key, font in fonts.items():
                _among(resources, "/Font")[key] = font
            if bold.used:
                _among(resources, "/ExtGState")["/BidFaint"] = faint


def _among(resources: Any, kind: str) -> Any:
    if kind not in resources:
        resources[kind] = Dictionary()
    return resources[kind]


def _frame(
    face: Face, running: Running, margins: Margins, size: tuple[float, float], words: tuple[str, str]
) -> list[bytes]:
    (wide, high), (head, where) = size, words
    side = margins.side * MM
    room = wide - 2 * side
    left = face.fitted(head, SIZE, room * 0.66)
    right = face.fitted(running.right, SIZE, room * 0.32)
    sender = face.fitted(running.sender, SIZE, room * 0.66)
    top, foot = high - margins.head * MM, margins.foot * MM
    rule = high - margins.rule * MM
    head_parts = [
        b"/Artifact <</Type /Pagination /Subtype /Header>> BDC",
        _text(face, left, side, top),
        _text(face, right, wide - side - face.width(right, SIZE), top),
        f"q {running.line} RG .6 w {side:.2f} {rule:.2f} m {wide - side:.2f} {rule:.2f} l S Q".encode(),
        b"EMC",
    ]
    foot_parts = [
        b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC",
        _text(face, sender, side, foot),
        _text(face, where, wide - side - face.width(where, SIZE), foot),
        b"EMC",
    ]
    return head_parts + foot_parts


def _text(face: Face, text: str, x: float, y: float) -> bytes:
    if not text:
        return b""
    drawn = face.shown(text)
    return f"BT {GREY} rg /BidR {SIZE} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm ".encode() + drawn + b" Tj ET"


def _across(face: Face, mark: str, wide: float, high: float) -> bytes:
    """The draft's mark from corner to corner, over everything and so faint that everything can be read."""
    shown = face.readable(mark)
    turn = math.atan2(high, wide)
    size = min(MARK_SIZE, 0.7 * math.hypot(wide, high) / face.width(shown, 1))
    cos, sin = math.cos(turn), math.sin(turn)
    half, drop = face.width(shown, size) / 2, size * 0.35
    x, y = wide / 2 - half * cos + drop * sin, high / 2 - half * sin - drop * cos
    return (
        b"/Artifact <</Type /Background /Subtype /Watermark>> BDC q /BidFaint gs "
        + f"BT .35 .33 .3 rg /BidB {size:.2f} Tf {cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {x:.2f} {y:.2f} Tm ".encode()
        + face.shown(shown)
        + b" Tj ET Q EMC"
    )
