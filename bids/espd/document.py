"""A signed declaration -> HTML -> a tagged PDF (PDF/UA-1) in Swedish, through the house's press."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bids.canonical import dumps, loads
from bids.document import tied
from bids.espd.snapshot import Said, Signed
from bids.espd.values import Form, Part
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
class Section:
    """One criterion with its answers."""

    name: str
    asks: str
    answers: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the declaration."""

    title: str
    sections: tuple[Section, ...]


def chapters_of(signed: Signed) -> tuple[Chapter, ...]:
    """The answers by part and criterion; a part without answers is left out."""
    found = []
    for part in Part:
        answers = [one for one in signed.answers if one.part == part]
        sections = [_section(list(several)) for _key, several in groupby(answers, key=lambda one: one.criterion_id)]
        if sections:
            found.append(Chapter(part.label, tuple(sections)))
    return tuple(found)


def _section(answers: list[Said]) -> Section:
    return Section(answers[0].criterion, answers[0].asks, tuple(answers))


def to_html(signed: Signed) -> str:
    """The declaration as one HTML document, made for paper."""
    return str(
        _jinja.get_template("declaration.html").render(
            one=signed, chapters=chapters_of(signed), promise=PROMISES[signed.form], forms=Form
        )
    )


def to_pdf(signed: Signed) -> bytes:
    """The same declaration always gives the same bytes."""
    return packed(print_html(to_html(signed), dumps(signed)))


def main() -> None:
    """``python -m bids.espd.document < values > file.pdf``: the press in a process of its own."""
    sys.stdout.buffer.write(to_pdf(loads(sys.stdin.read(), Signed)))


_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_jinja.filters["tied"] = tied

if __name__ == "__main__":
    main()
