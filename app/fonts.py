"""The faces of our typeface, and where they lie once `font_cutting` has cut them for the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import current_app

NAMES: Final = {
    "atkinson-regular": "AtkinsonHyperlegible-Regular.ttf",
    "atkinson-bold": "AtkinsonHyperlegible-Bold.ttf",
    "atkinson-italic": "AtkinsonHyperlegible-Italic.ttf",
    "atkinson-bold-italic": "AtkinsonHyperlegible-BoldItalic.ttf",
}
"""Our name of a face (as in ``/typsnitt/<name>.woff2``) to its file in the font package."""


def woff2(name: str) -> bytes:
    """The face called ``name`` for the browser. Raises FileNotFoundError for one that has not been cut."""
    if name not in NAMES:
        raise FileNotFoundError(name)
    folder: Path = current_app.config["FONTS"]
    return (folder / f"{name}.woff2").read_bytes()
