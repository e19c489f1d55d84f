"""Cuts the typeface for the browser: WOFF2 with the letters that our pages use.

Only commands come here: the cutting tools are large, and web processes are to stay small.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Final

import fontpkg_atkinson_hyperlegible
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from app.fonts import NAMES

# Latin, Latin-1, and what the typeface has of Latin Extended-A (Polish, Turkish, Sámi names); then signs.
LETTERS: Final = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’‚“”„†•…‰‹›€™−≈≠≤≥")]
"""Code points kept; a letter outside them is drawn in the reader's own sans serif."""


def woff2(name: str) -> bytes:
    """The face called ``name`` (a key of `NAMES`) as WOFF2, some 20 kB. Raises KeyError for another."""
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


def cut_all(folder: Path) -> None:
    """Lay those faces in the folder that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        place = folder / f"{name}.woff2"
        if not place.exists():
            draft = place.with_suffix(f".{os.getpid()}")
            draft.write_bytes(woff2(name))
            draft.replace(place)
