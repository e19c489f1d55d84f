"""The quote on paper. Only workers come here: the press is large, and web processes are to stay small."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import select

from app import clock, files, formats, jobs, mail
from app.db import db
from app.orders.quotes.document import QuotePaper
from app.orders.quotes.models import QuoteVersion
from app.orders.quotes.paper import file_name, values_of
from bids.canonical import dumps
from bids.press import print_html
from config import ROOT


@jobs.job
def print_quote(version_id: int) -> None:
    """Make the PDF, enclose it in the letter that waits for it, and let the letter go."""
    version = db.session.scalars(select(QuoteVersion).where(QuoteVersion.id == version_id).with_for_update()).one()
    if version.file is not None:
        return
    data = to_pdf(values_of(version))
    version.file = files.save(data, name=file_name(version), media_type="application/pdf", now=clock.now())
    if version.letter is not None:
        version.letter.attachment = version.file
        mail.post(version.letter)


def to_pdf(paper: QuotePaper) -> bytes:
    """A tagged PDF (PDF/UA-1) in Swedish; the same values give the same bytes."""
    html = _jinja.get_template("quote.html").render(paper=paper, quantity=formats.quantity, style=STYLE)
    return print_html(html, dumps(paper))


TEMPLATES = ROOT / "templates" / "quotes"
STYLE = Markup((TEMPLATES / "quote.css").read_text(encoding="utf-8"))  # noqa: S704  our own style sheet
_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
