"""A party's paper -> HTML -> a tagged PDF in Swedish, the same bytes every time. Only the press comes here."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bids import swedish
from bids.canonical import dumps
from bids.party_documents import PartySheet
from bids.press import print_html

TEMPLATES = Path(__file__).parent.parent / "templates" / "bids"
STYLE = Markup((TEMPLATES / "paper.css").read_text(encoding="utf-8"))  # noqa: S704  our own style sheet


def to_pdf(sheet: PartySheet) -> bytes:
    """The paper as PDF/UA-1: with the signatures' names, or with lines to sign by hand."""
    return print_html(to_html(sheet), dumps(sheet))


def to_html(sheet: PartySheet) -> str:
    """The paper as one HTML document."""
    return _jinja.get_template("party_document.html").render(sheet=sheet, text=sheet.text, style=STYLE)


_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_jinja.globals["moment"] = swedish.moment
