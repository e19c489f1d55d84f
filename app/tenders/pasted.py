"""Many lines at once: what staff paste from the buyer's documents or a spreadsheet. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from app import units
from app.errors import Refused
from app.tenders.actions import NewRequirement, NewRow
from app.tenders.forms.columns import LEADING
from app.tenders.forms.words import STAGE_OF, read_kind, unit_of
from bids.kinds import RequirementKind, RequirementStage

MOST_LINES = 500
LONGEST_FIGURE = 5
MUST = "ska"
_PARTED = re.compile(r"[^;]{1,20};[^;]*;")
"""``A1; ska; …``: whoever writes so means the semicolons."""


def requirements(text: str) -> list[NewRequirement]:
    """``ref; kind; text`` a line, parted by semicolons or tabs; ``ska+bevis`` asks for proof.

    As it comes out of a buyer's document, a line may be the number and the text alone: a requirement that must be met.
    Raises Refused, naming the line, for one that cannot be read.
    """
    return [_requirement(number, line) for number, line in _lines(text)]


def _requirement(number: int, line: str) -> NewRequirement:
    alone = _number_and_text(line)
    ref, word, words = (alone[0], MUST, alone[1]) if alone else _parts(number, line, 3, "nummer; slag; text")
    try:
        said = read_kind(word)
    except ValueError as wrong:
        raise Refused(
            f"Rad {number}: ”{word[:30]}” är inget slag. Skriv ska, ska+bevis, bör, villkor, upplysning eller köparen."
        ) from wrong
    _refuse_long(number, ref, words)
    kind = said.kind_or(RequirementKind.MUST)
    return NewRequirement(
        ref=ref,
        kind=kind,
        stage=said.stage or STAGE_OF[kind],
        text=words,
        proof_required=said.proof,
        followed_up=said.followed_up,
    )


def questions(text: str) -> list[NewRequirement]:
    """``ref; most characters or a dash; question`` a line: what a funder asks. Raises Refused, naming the line."""
    return [_question(number, line) for number, line in _lines(text)]


def _question(number: int, line: str) -> NewRequirement:
    ref, most, words = _parts(number, line, 3, "nummer; högst antal tecken eller streck; fråga")
    figures = "".join(most.split())
    if figures not in {"-", "–"} and not (figures.isascii() and figures.isdigit() and len(figures) <= LONGEST_FIGURE):
        raise Refused(f"Rad {number}: ”{most[:30]}” är inget antal tecken. Skriv till exempel 2000, eller ett streck.")
    _refuse_long(number, ref, words)
    return NewRequirement(
        ref=ref,
        kind=RequirementKind.QUESTION,
        stage=RequirementStage.AWARD,
        text=words,
        most_characters=int(figures) if figures.isdigit() else 0,
    )


def _number_and_text(line: str) -> tuple[str, str] | None:
    """``4.1`` and ``Ska ha F-skatt``, parted by a tab or by nothing but space; None for a line with more in it."""
    if "\t" in line:
        ref, _, words = (part.strip() for part in line.partition("\t"))
        return (ref, words) if ref and words and "\t" not in words else None
    found = None if _PARTED.match(line) else LEADING.match(line)
    words = line[found.end() :].strip() if found else ""
    return (found[1], words) if found and words[0].isupper() else None  # Not so: "2 dagar", where a line was broken.


def rows(text: str) -> list[NewRow]:
    """``ref; text; quantity; unit`` a line, parted by semicolons or tabs.

    Raises Refused, naming the line, for one that cannot be read.
    """
    return [_row(number, line) for number, line in _lines(text)]


def _row(number: int, line: str) -> NewRow:
    ref, words, amount, unit_word = _parts(number, line, 4, "nummer; text; mängd per år; enhet")
    _refuse_long(number, ref, words)
    try:
        quantity = Decimal("".join(amount.split()).replace(",", "."))
    except InvalidOperation as wrong:
        raise Refused(f"Rad {number}: ”{amount[:30]}” är ingen mängd.") from wrong
    code, unit_text = unit_of(unit_word)
    try:
        units.check_quantity(code, quantity)
    except ValueError as wrong:
        raise Refused(f"Rad {number}: {wrong}") from wrong
    return NewRow(ref=ref, text=words, unit=code, quantity=quantity, unit_text=unit_text)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise Refused("Klistra in minst en rad.")
    if len(lines) > MOST_LINES:
        raise Refused(f"Klistra in högst {MOST_LINES} rader åt gången.")
    yield from lines


def _parts(number: int, line: str, count: int, shape: str) -> list[str]:
    parts = [part.strip() for part in line.split("\t" if "\t" in line else ";", count - 1)]
    if len(parts) < count or not all(parts):
        raise Refused(f"Rad {number}: skriv raden som {shape}.")
    return parts


def _refuse_long(number: int, ref: str, words: str) -> None:
    if len(ref) > 20:
        raise Refused(f"Rad {number}: numret får ha högst 20 tecken.")
    if len(words) > 5000:
        raise Refused(f"Rad {number}: texten får ha högst 5 000 tecken.")
