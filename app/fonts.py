"""The typeface as the browser wants it: WOFF2 with the letters that our pages use."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import fontpkg_atkinson_hyperlegible
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

NAMES: Final = {
    "atkinson-regular": "AtkinsonHyperlegible-Regular.ttf",
    "atkinson-bold": "AtkinsonHyperlegible-Bold.ttf",
    "atkinson-italic": "AtkinsonHyperlegible-Italic.ttf",
    "atkinson-bold-italic": "AtkinsonHyperlegible-BoldItalic.ttf",
}
"""Our name of a face (as in ``/typsnitt/<name>.woff2``) to its file in the font package."""

# Latin, Latin-1, and what the typeface has of Latin Extended-A (Polish, Turkish, Sámi names); then signs.
LETTERS: Final = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’‚“”„†•…‰‹›€™−≈≠≤≥")]
"""Code points kept; a letter outside them is drawn in the reader's own sans serif."""


@cache
def woff2(name: str) -> bytes:
    """The face called ``name`` (a key of `NAMES`) as WOFF2, some 20 kB; made once per process. Raises KeyError."""
    font = TTFont(Path(fontpkg_atkinson_hyperlegible.ROOT) / "files" / NAMES[name])
    options = Options()
    options.layout_features = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()
