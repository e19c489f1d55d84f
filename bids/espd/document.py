"""A signed declaration -> HTML -> a tagged PDF (PDF/UA-1) in Swedish, through the house's press."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bids.canonical import dumps, loads
from bids.document import tied
from bids.espd.repeating import number_of, own_id
from bids.espd.snapshot import Said, Signed
from bids.espd.values import NO, Form, Part
from bids.espd.words import PHRASES, nth_words
from bids.press import packed, print_html

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "bids"
PROMISES = {
    Form.ESPD: "Undertecknad försäkrar att uppgifterna i delarna ovan är riktiga och lämnade med full kännedom om "
    "följderna av allvarligt oriktiga uppgifter, och att bevis kan lämnas utan dröjsmål på begäran (LOU 15 kap.).",
    Form.OWN: "Undertecknad försäkrar att uppgifterna är riktiga, och att bevis kan lämnas utan dröjsmål på begäran. "
    "Ändras något under upphandlingen meddelas köparen.",
    Form.SANCTIONS: "Undertecknad försäkrar att ingen av omständigheterna i artikel 5k i rådets förordning (EU) nr "
    "833/2014 föreligger, och att köparen meddelas om det ändras under upphandlingen eller kontraktets tid.",
}


@dataclass(frozen=True, slots=True)
class Block:
    """Answers that belong together: one of several years or references, or what is said once."""

    title: str
    answers: tuple[tuple[str, str], ...]
    """Each question, and what was said."""


@dataclass(frozen=True, slots=True)
class Section:
    """One criterion with its answers."""

    name: str
    asks: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the declaration."""

    title: str
    sections: tuple[Section, ...]


def chapters_of(signed: Signed) -> tuple[Chapter, ...]:
    """The answers by part and criterion; a part without answers is left out."""
    found = []
    for part in Part:
        answers = [one for one in signed.answers if one.part == part and not _says_nothing(one)]
        sections = [_section(list(several)) for _key, several in groupby(answers, key=lambda one: one.criterion_id)]
        if sections:
            found.append(Chapter(part.label, tuple(sections)))
    return tuple(found)


def _says_nothing(answer: Said) -> bool:
    """That nothing is to be fetched is said to the buyer's system, once for each criterion, and is no news on paper."""
    asked = answer.question.removesuffix(nth_words(number_of(answer.id)))
    return answer.value == NO and asked == PHRASES["is this information available electronically"]


def _section(answers: list[Said]) -> Section:
    several = {own_id(one.id) for one in answers if number_of(one.id) > 1}
    blocks = groupby(answers, key=lambda one: number_of(one.id) if own_id(one.id) in several else 0)
    return Section(answers[0].criterion, answers[0].asks, tuple(_block(number, list(own)) for number, own in blocks))


def _block(number: int, answers: list[Said]) -> Block:
    """The title says which of several it is, so that its questions need not."""
    said = tuple((one.question.removesuffix(nth_words(number)), one.words) for one in answers)
    return Block(f"Nr {number}" if number else "", said)


def to_html(signed: Signed, *, is_copy: bool = False) -> str:
    """The declaration as one HTML document, made for paper. A masked copy says that it is one, and has no hash."""
    return str(
        _jinja.get_template("declaration.html").render(
            one=signed,
            chapters=chapters_of(signed),
            promise=PROMISES[signed.form],
            forms=Form,
            is_copy=is_copy,
        )
    )


def to_pdf(signed: Signed, *, is_copy: bool = False) -> bytes:
    """The same declaration always gives the same bytes."""
    return packed(print_html(to_html(signed, is_copy=is_copy), dumps(signed)))


def main() -> None:
    """``python -m bids.espd.document < values > file.pdf``: the press in a process of its own."""
    sys.stdout.buffer.write(to_pdf(loads(sys.stdin.read(), Signed)))


_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_jinja.filters["tied"] = tied

if __name__ == "__main__":
    main()
