"""Two wordings side by side, with what differs marked word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they stand in this wording only."""

    words: str
    changed: bool


def compare(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both wordings in pieces; put together the pieces give the wordings back, sign by sign."""
    old, new = _words(before), _words(after)
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a < b:
            left.append(Piece("".join(old[a:b]), tag != "equal"))
        if c < d:
            right.append(Piece("".join(new[c:d]), tag != "equal"))
    return tuple(left), tuple(right)


def _words(text: str) -> list[str]:
    """Words and the spaces between them; a space that does not break holds a sum together."""
    return re.findall(r"[^\S\xa0]+|[\S\xa0]+", text)
