"""Can a stranger's page lie in a PDF/A-3 file as it is? What a later reader might see otherwise is looked for here.

Ink colours mean nothing without the printer they were made for, and some ways of packing pictures or of changing tones
are forbidden (ISO 19005-3, 6.1.4, 6.2.4, 6.2.5, 6.2.8). Such pages are printed as pictures.
"""

from __future__ import annotations

import re
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

INK = re.compile(rb"[\d.]\s+[kK](?=\s|$)")
"""The operators that choose a colour in ink."""
INLINE = re.compile(rb"(?<=\s)BI\s")
UNKNOWN = re.compile(rb"(?:^|\s)BX\s")
"""Operators that not every reader knows may follow."""
ENOUGH = 4
"""So deep a colour space is looked into."""
MODES = frozenset(
    Name(f"/{mode}")
    for mode in (
        *("Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn"),
        *("HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity"),
    )
)
BASED = {"/Indexed": 1, "/Pattern": 1, "/Separation": 2, "/DeviceN": 2}
"""Where a colour space names the one that it rests on."""
TONES = ("/TR", "/TR2", "/HT", "/HTO", "/HTP", "/BG", "/UCR")
UNPACKERS = {"/JPXDecode", "/LZWDecode", "/Crypt"}


def lasts(resources: Any) -> bool:
    """Whether what the resources hold may lie in the file. Raises what pikepdf raises for broken ones."""
    spaces = resources.get("/ColorSpace", Dictionary()).values()
    drawn = resources.get("/XObject", Dictionary()).values()
    shaded = (shading.ColorSpace for shading in resources.get("/Shading", Dictionary()).values())
    states = resources.get("/ExtGState", Dictionary()).values()
    return (
        not any(_is_ink(space) for space in (*spaces, *shaded))
        and all(_part_lasts(part) for part in drawn)
        and all(_state_lasts(state) for state in states)
        and not any(isinstance(one, pikepdf.Stream) and _draws_in_ink(one) for one in _patterns(resources))
    )


def _patterns(resources: Any) -> list[Any]:
    return list(resources.get("/Pattern", Dictionary()).values())


def contents_last(page: pikepdf.Page) -> bool:
    """The same of what is drawn on the page itself."""
    drawn = page.obj.get("/Contents", pikepdf.Array())
    streams = [drawn] if isinstance(drawn, pikepdf.Stream) else list(drawn.as_list())
    group = page.obj.get("/Group", Dictionary())
    return not any(_draws_in_ink(stream) for stream in streams) and not _is_ink(group.get("/CS"))


def _draws_in_ink(stream: Any) -> bool:
    drawn: bytes = stream.read_bytes()
    return bool(INK.search(drawn) or UNKNOWN.search(drawn) or b"/DeviceCMYK" in drawn or INLINE.search(drawn))


def _part_lasts(part: Any) -> bool:
    if part.get("/Subtype") == Name.Image:
        filters = part.get("/Filter", pikepdf.Array())
        packed = {str(filters)} if isinstance(filters, pikepdf.Name) else {str(one) for one in filters.as_list()}
        mask = part.get("/SMask")
        whole = mask is None or _part_lasts(mask)
        return whole and not packed & UNPACKERS and not _is_ink(part.get("/ColorSpace")) and "/Alternates" not in part
    if part.get("/Subtype") == Name.Form:
        group = part.get("/Group", Dictionary())
        return not _draws_in_ink(part) and not _is_ink(group.get("/CS")) and "/PS" not in part
    return False


def _state_lasts(state: Any) -> bool:
    modes = state.get("/BM", Name.Normal)
    known = modes in MODES if isinstance(modes, pikepdf.Name) else False
    return known and not any(tone in state for tone in TONES)


def _is_ink(space: Any, depth: int = 0) -> bool:
    """Whether the colour space is, or rests on, ink without a profile."""
    if space is None or depth > ENOUGH:
        return depth > ENOUGH
    if isinstance(space, pikepdf.Name):
        return space in {Name.DeviceCMYK, Name("/CMYK")}
    if isinstance(space, pikepdf.Array):
        kind = str(space[0])
        if kind in BASED:
            based_on = space.as_list()[BASED[kind]] if len(space) > BASED[kind] else None
            return _is_ink(based_on, depth + 1)
    return False
