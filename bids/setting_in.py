"""Setting uploaded pages into the bid's own: a page becomes a form that fills the unit square."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from bids import fonts_in

MARKS = {"BMC", "BDC", "EMC", "MP", "DP"}
FOREIGN = ("/StructParent", "/StructParents", "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/Ref")
"""Keys that point into the document a page comes from."""
DOUBTFUL = ("/Interpolate", "/Intent", "/Alternates")
"""Keys of pictures that a file to keep must not have, or only with certain values."""


def as_form(page: pikepdf.Page) -> Any:
    """The page as a form that fills the unit square, turned as the viewer would turn it.

    The page's own marks are removed, because everything on it already belongs to one figure of the bid.
    """
    form = page.as_form_xobject()
    left, bottom, width, height = fonts_in.shown_box(page)
    form.BBox = Array([left, bottom, left + width, bottom + height])
    form.Matrix = Array(_to_unit_square(left, bottom, width, height, fonts_in.turned(page)))
    for part in _forms(form, set()):
        _unmark(part)
    return form


def _to_unit_square(left: float, bottom: float, width: float, height: float, turned: int) -> list[float]:
    """The matrix that puts the page's box on (0, 0)-(1, 1), turned clockwise as the viewer would."""
    x, y = left / width, bottom / height
    matrices = {
        0: [1 / width, 0, 0, 1 / height, -x, -y],
        90: [0, -1 / width, 1 / height, 0, -y, 1 + x],
        180: [-1 / width, 0, 0, -1 / height, 1 + x, 1 + y],
        270: [0, 1 / width, -1 / height, 0, 1 + y, -x],
    }
    return [round(number, 9) for number in matrices[turned]]


def _forms(form: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    """The form, and every form and pattern drawn within it, each once."""
    if form.objgen in seen and form.objgen != (0, 0):
        return
    seen.add(form.objgen)
    yield form
    resources = form.get("/Resources", Dictionary())
    for kind in ("/XObject", "/Pattern"):
        for part in resources.get(kind, Dictionary()).values():
            for key in (*FOREIGN, *DOUBTFUL):
                _drop(part, key)
            if isinstance(part, pikepdf.Stream) and part.get("/Subtype") != Name.Image:
                yield from _forms(part, seen)


def _unmark(form: Any) -> None:
    for key in FOREIGN:
        _drop(form, key)
    if "/Properties" in form.get("/Resources", Dictionary()):
        del form.Resources.Properties
    kept = [step for step in pikepdf.parse_content_stream(form) if str(step.operator) not in MARKS]
    form.write(pikepdf.unparse_content_stream(kept))


def _drop(part: Any, key: str) -> None:
    if key in part:
        del part[key]
