"""The letters' values -> HTML -> a tagged PDF in Swedish. Only the press comes here: it is large."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.members.paper.values import Bundle
from bids.canonical import dumps
from bids.press import print_html
from config import ROOT

TEMPLATES = ROOT / "templates" / "paper"


def to_pdf(bundle: Bundle) -> bytes:
    """The letters as PDF/UA-1; the same values give the same bytes."""
    return print_html(to_html(bundle), dumps(bundle))


def to_html(bundle: Bundle) -> str:
    """All letters as one HTML document, each on a page of its own."""
    return _jinja.get_template("letters.html").render(bundle=bundle, style=STYLE)


STYLE = Markup((TEMPLATES / "letters.css").read_text(encoding="utf-8"))  # noqa: S704  our own style sheet
_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
