"""Allergens in a list of ingredients: they must stand out from the rest (regulation (EU) 1169/2011, art. 21). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

NAMED_AS: dict[str, tuple[str, ...]] = {
    "gluten": ("gluten", "vete", "råg", "korn", "havre", "dinkel", "spelt", "kamut", "mannagryn"),
    "crustaceans": ("räk", "kräft", "krabb", "hummer", "skaldjur"),
    "eggs": ("ägg", "majonnäs"),
    "fish": ("fisk", "lax", "torsk", "sill", "tonfisk", "ansjovis", "makrill"),
    "peanuts": ("jordnöt",),
    "soybeans": ("soja", "tofu"),
    "milk": ("mjölk", "grädd", "smör", "ost", "yoghurt", "kvarg", "laktos", "vassle", "crème fraiche"),
    "nuts": ("nöt", "mandel", "mandlar", "hasselnöt", "valnöt", "cashew", "pekan", "pistage", "paranöt", "macadamia"),
    "celery": ("selleri",),
    "mustard": ("senap",),
    "sesame": ("sesam", "tahini"),
    "sulphites": ("sulfit", "svaveldioxid"),
    "lupin": ("lupin",),
    "molluscs": ("mussl", "ostron", "bläckfisk", "blötdjur"),
}
"""How each substance is written in Swedish lists of ingredients, by the beginning of the word."""

_INSIDE = 4
"""So long beginnings are found inside a word too: fullkornsvete, havremjölk. Shorter ones would mark rostad for ost."""


def emphasised(ingredients: str, allergens: Collection[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it names one of the allergens; together they are the text."""
    words = _pattern(tuple(sorted(code for code in allergens if code in NAMED_AS)))
    if words is None:
        return [(ingredients, False)] if ingredients else []
    pieces = words.split(ingredients)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


@lru_cache(maxsize=256)
def _pattern(allergens: tuple[str, ...]) -> re.Pattern[str] | None:
    forms = [re.escape(form) for code in allergens for form in NAMED_AS[code]]
    found = [rf"\w*{form}\w*" if len(form) >= _INSIDE else rf"\b{form}\w*" for form in sorted(forms, key=len)[::-1]]
    return re.compile(f"({'|'.join(found)})", re.IGNORECASE) if found else None
