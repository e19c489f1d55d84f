"""The numbers that Word writes itself: they stand nowhere in the text, only the rules by which they are counted do.

The rules lie in word/numbering.xml (ECMA-376 part 1, 17.9): a paragraph names a list and a level, or its style does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from bids.forms.word import Node, parsed, w

NUMBERING, STYLES = "word/numbering.xml", "word/styles.xml"
MOST_LEVELS = 9
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is counted and written: ``%1.%2`` in ``decimal``."""

    start: int
    kind: str
    text: str


Lists = Mapping[str, tuple[str, Mapping[int, Level]]]
"""By the number of a list: which counters it shares, and its levels."""


def numbers_in(root: Node, parts: Mapping[str, bytes]) -> dict[Node, str]:
    """What Word writes in front of each paragraph that it numbers: ``3.1.``; bullets are no numbers."""
    lists = _lists(parts.get(NUMBERING, b""))
    of_styles = _of_styles(parts.get(STYLES, b""))
    counters: dict[str, dict[int, int]] = {}
    found: dict[Node, str] = {}
    for paragraph in root.iter(w("p")):
        number, level = _wanted(paragraph, of_styles)
        if number not in lists or level not in lists[number][1]:
            continue
        shared, levels = lists[number]
        counts = counters.setdefault(shared, {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if label := _label(levels, counts, level):
            found[paragraph] = label
    return found


def _label(levels: Mapping[int, Level], counts: Mapping[int, int], level: int) -> str:
    if levels[level].kind in {"bullet", "none"}:
        return ""

    def written(place: re.Match[str]) -> str:
        each = int(place[1]) - 1
        if each not in levels:
            return ""
        return _figure(counts.get(each, levels[each].start), levels[each].kind)

    return _PLACE.sub(written, levels[level].text).strip()


def _figure(value: int, kind: str) -> str:
    """``3``, ``c``, ``iii`` - whichever the list counts in."""
    if kind.endswith("Letter") and value > 0:
        letter = chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1)
    elif kind.endswith("Roman"):
        letter, left = "", value
        for worth, sign in ROMAN:
            letter, left = letter + sign * (left // worth), left % worth
    else:
        return f"{value:02d}" if kind == "decimalZero" else str(value)
    return letter.upper() if kind.startswith("upper") else letter


def _wanted(paragraph: Node, of_styles: Mapping[str, tuple[str, int]]) -> tuple[str, int]:
    properties = paragraph.find(w("pPr"))
    if properties is None:
        return "", 0
    style = properties.find(w("pStyle"))
    otherwise = of_styles.get(style.get(w("val")) or "", ("", 0)) if style is not None else ("", 0)
    return _numbered(properties.find(w("numPr")), otherwise)


def _numbered(node: Node | None, otherwise: tuple[str, int]) -> tuple[str, int]:
    if node is None:
        return otherwise
    number, level = node.find(w("numId")), node.find(w("ilvl"))
    return (
        otherwise[0] if number is None else number.get(w("val")) or "",
        otherwise[1] if level is None else _int(level, 0),
    )


def _int(node: Node | None, otherwise: int) -> int:
    written = "" if node is None else node.get(w("val")) or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 5 else otherwise


def _lists(data: bytes) -> Lists:
    root = _root(data)
    if root is None:
        return {}
    abstract = {each.get(w("abstractNumId")): _levels(each) for each in root.iter(w("abstractNum"))}
    found = {}
    for each in root.iter(w("num")):
        of = each.find(w("abstractNumId"))
        shared = "" if of is None else of.get(w("val")) or ""
        own = {
            _int_of(over, "ilvl"): start
            for over in each.iter(w("lvlOverride"))
            if (start := over.find(w("startOverride"))) is not None
        }
        levels = dict(abstract.get(shared, {}))
        for level, start in own.items():
            if level in levels:
                levels[level] = Level(_int(start, 1), levels[level].kind, levels[level].text)
        found[each.get(w("numId")) or ""] = (f"num {each.get(w('numId'))}" if own else shared, levels)
    return found


def _levels(abstract: Node) -> dict[int, Level]:
    found = {}
    for level in abstract.iter(w("lvl")):
        kind, text = level.find(w("numFmt")), level.find(w("lvlText"))
        place = _int_of(level, "ilvl")
        if 0 <= place < MOST_LEVELS:
            found[place] = Level(
                _int(level.find(w("start")), 1),
                "decimal" if kind is None else kind.get(w("val")) or "decimal",
                "" if text is None else text.get(w("val")) or "",
            )
    return found


def _int_of(node: Node, name: str) -> int:
    written = node.get(w(name)) or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 5 else -1


def _of_styles(data: bytes) -> dict[str, tuple[str, int]]:
    root = _root(data)
    if root is None:
        return {}
    found = {}
    for style in root.iter(w("style")):
        numbered = style.find(f"{w('pPr')}/{w('numPr')}")
        if numbered is not None:
            found[style.get(w("styleId")) or ""] = _numbered(numbered, ("", 0))
    return found


def _root(data: bytes) -> Node | None:
    try:
        return parsed(data) if data else None
    except etree.XMLSyntaxError:
        return None
