"""How wide letters are, so that words can be fitted into a drawing. Pure.

The widths of our usual face stand in a file of ours: a page that shows a chart needs no library that reads typefaces.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

USUAL = Path(__file__).with_name("letter_widths.json")
"""Of AtkinsonHyperlegible-Regular: the letters, as code points, of each width."""
USUAL_EM = 1000
ELLIPSIS = "…"


class Letters:
    """The letters of one face and how wide each is."""

    def __init__(self, em: int, widths: Mapping[int, int]) -> None:
        """``widths`` are by code point, in parts of the em."""
        self.em = em
        self.widths = widths

    def readable(self, text: str) -> str:
        """The text in letters that the face has; what it lacks is drawn as a question mark."""
        flat = unicodedata.normalize("NFC", " ".join(text.split()))
        return "".join(letter if ord(letter) in self.widths else "?" for letter in flat)

    def width(self, text: str, size: float) -> float:
        """How wide the text, which must be readable, is in points."""
        return sum(self.widths[ord(letter)] for letter in text) * size / self.em

    def fitted(self, text: str, size: float, room: float) -> str:
        """The text, cut so that it needs no more than so many points."""
        shown = self.readable(text)
        if self.width(shown, size) <= room:
            return shown
        while shown and self.width(shown + ELLIPSIS, size) > room:
            shown = shown[:-1]
        return shown.rstrip() + ELLIPSIS


@cache
def usual() -> Letters:
    """The face in which texts are set."""
    kept: dict[str, list[int]] = json.loads(USUAL.read_text(encoding="utf-8"))
    return Letters(USUAL_EM, {letter: int(width) for width, letters in kept.items() for letter in letters})
