"""A municipality named among the words of a search: *städning Borås* asks for cleaning in Borås. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from app import places
from app.catalog.language import SMALL_WORDS, WORD, words_of
from app.places import Municipality

_LOOSE = " ,;:.-–/\t\n"
"""What may stand between the words and is left over when some are taken out."""
_LINKS = re.compile(r"(^|\s)(i|på|till|in|to)\s*$", re.IGNORECASE)
"""What leads to a place and says nothing without it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A municipality that was named, and what is left of the search without it."""

    place: Municipality
    rest: str

    @property
    def beside_others(self) -> bool:
        """Whether anything else is sought."""
        return any(word not in SMALL_WORDS for word in words_of(self.rest))


def place_in(typed: str) -> Spoken | None:
    """The municipality that consecutive words name, the last if there are several, or None.

    A longer name goes before a shorter one at the same place, so that Upplands-Bro is not read as anything else.
    """
    text = unicodedata.normalize("NFKC", typed)
    found = [(match.start(), match.end(), tuple(words_of(match.group()))) for match in WORD.finditer(text)]
    for last in range(len(found), 0, -1):
        for first in range(max(0, last - _longest()), last):
            name = tuple(word for _start, _end, words in found[first:last] for word in words)
            if place := _by_words().get(name):
                before, after = text[: found[first][0]].rstrip(_LOOSE), text[found[last - 1][1] :].strip(_LOOSE)
                return Spoken(place, f"{_LINKS.sub('', before).rstrip(_LOOSE)} {after}".strip())
    return None


@lru_cache(maxsize=1)
def _by_words() -> dict[tuple[str, ...], Municipality]:
    return {tuple(words_of(place.name)): place for place in places.all_municipalities()}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(len(words) for words in _by_words())
