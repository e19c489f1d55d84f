"""Whether a tender is what a profile looks for, and by what it was found. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog.language import parts, root, words_of
from app.money import Money
from app.tenders.watching.whereabouts import counties

SHORTEST_CPV, LONGEST_CPV = 2, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a profile looks for. A phrase is words that must all be there; a ``cpv`` is the first digits of codes."""

    phrases: tuple[str, ...] = ()
    cpv: tuple[str, ...] = ()
    counties: frozenset[str] = frozenset()
    least: Money | None = None
    most: Money | None = None
    only_reserved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What there is to look at of a tender. No counties, or no value, when the notice does not tell."""

    tokens: frozenset[str]
    cpv: tuple[str, ...] = ()
    counties: frozenset[str] = frozenset()
    value: Money | None = None
    reserved: bool = False


def tokens_of(text: str) -> frozenset[str]:
    """The roots of a text's words, and of what its compounds are made of."""
    words = set(words_of(text))
    return frozenset(root(word) for word in words).union(*(parts(word) for word in words))


def found(wish: Wish, seen: Seen) -> tuple[str, ...] | None:
    """By what the tender was found, in Swedish sentences; None when it is not what is looked for.

    Words and codes are two ways to say what: either is enough. What a notice does not tell rules nothing out.
    """
    phrases = [phrase for phrase in wish.phrases if _holds(seen.tokens, phrase)]
    codes = [code for code in seen.cpv if code.startswith(wish.cpv)] if wish.cpv else []
    if (wish.phrases or wish.cpv) and not phrases and not codes:
        return None
    if wish.only_reserved and not seen.reserved:
        return None
    if wish.counties and seen.counties and not wish.counties & seen.counties:
        return None
    if not _is_worth(wish, seen.value):
        return None
    return tuple(_because(wish, seen, phrases, codes))


def _holds(tokens: frozenset[str], phrase: str) -> bool:
    words = words_of(phrase)
    return bool(words) and all(_is_there(tokens, word) for word in words)


def _is_there(tokens: frozenset[str], word: str) -> bool:
    """Städning finds kontorsstädning; kontorsstädning finds städning av kontor."""
    pieces = parts(word)
    return root(word) in tokens or (len(pieces) > 1 and pieces <= tokens)


def _is_worth(wish: Wish, value: Money | None) -> bool:
    if value is None:
        return True
    return (wish.least is None or value >= wish.least) and (wish.most is None or value <= wish.most)


def _because(wish: Wish, seen: Seen, phrases: list[str], codes: list[str]) -> list[str]:
    told = []
    if phrases:
        told.append(f"Ord: {', '.join(phrases[:5])}.")
    if codes:
        told.append(f"CPV: {', '.join(codes[:5])}.")
    if wish.counties:
        names = [counties().get(code, code) for code in sorted(wish.counties & seen.counties)]
        told.append(f"Plats: {', '.join(names[:5])}." if names else "Platsen framgår inte.")
    if (wish.least or wish.most) and seen.value is None:
        told.append("Värdet framgår inte.")
    return told or ["Profilen tar med alla upphandlingar."]
