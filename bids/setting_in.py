"""Setting uploaded pages into the bid's own: each placeholder picture becomes the page itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from bids import fonts_in
from bids.appendices import Attached, open_pdf
from bids.placeholder import index_of

MARKS = {"BMC", "BDC", "EMC", "MP", "DP"}
FOREIGN = ("/StructParent", "/StructParents", "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/Ref")
"""Keys that point into the document a page comes from."""


def finish(printed: bytes, attached: Iterable[Attached]) -> bytes:
    """The printed bid with its appendices set in; the same input always gives the same bytes.

    The pages' own marks are removed, because everything on them already belongs to one figure of the bid.
    """
    with pikepdf.open(BytesIO(printed)) as bid:
        wanted = {sheet.index for one in attached for sheet in one.sheets if sheet.picture is None}
        if wanted:
            places = _placeholders(bid, wanted)
            for one in attached:
                _set_in(bid, one, places)
        finished = BytesIO()
        bid.save(finished, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return finished.getvalue()


def _placeholders(bid: pikepdf.Pdf, wanted: set[int]) -> dict[int, tuple[Any, str]]:
    """Where each sheet's placeholder hangs: a dictionary of resources and the name in it."""
    places: dict[int, tuple[Any, str]] = {}
    for page in bid.pages:
        drawn = page.resources.get("/XObject", Dictionary())
        for name, part in drawn.items():
            index = index_of(part)
            if index in wanted:
                places[index] = (drawn, name)
    return places


def _set_in(bid: pikepdf.Pdf, one: Attached, places: dict[int, tuple[Any, str]]) -> None:
    sheets = [sheet for sheet in one.sheets if sheet.picture is None]
    if not sheets:
        return
    with open_pdf(one.data) as source:
        for sheet in sheets:
            drawn, name = places[sheet.index]
            form = _as_form(source.pages[sheet.page - 1])
            drawn[name] = bid.copy_foreign(form)


def _as_form(page: pikepdf.Page) -> Any:
    """The page as a form that fills the unit square, where the placeholder picture was drawn."""
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
            for key in FOREIGN:
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
