"""An offer and its appendices -> HTML -> a tagged PDF (PDF/UA-1), the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.money import NO_BREAK_SPACE, Money
from bids import placeholder, swedish
from bids.appendices import Attached, Sheet, attach
from bids.chapters import BidView
from bids.offer import Offer, to_json
from bids.parties import PartyDocument
from bids.press import OURS, Find, print_html
from bids.schedule import deliveries
from bids.scoring import deducted
from bids.setting_in import finish

TEMPLATES = Path(__file__).parent.parent / "templates" / "bids"


def to_pdf(offer: Offer, files: Mapping[int, bytes]) -> bytes:
    """The bid as a PDF with its appendices (number -> bytes) set in; the same offer and files give the same bytes.

    Raises ValueError when a file is missing or is another than the offer holds, AppendixRefused when one cannot be
    printed.
    """
    attached = attach(offer, files)
    return finish(render(offer, attached), attached)


def render(offer: Offer, attached: tuple[Attached, ...]) -> bytes:
    """The bid as WeasyPrint prints it, a placeholder where each appendix page will be set in."""
    return print_html(to_html(offer, attached), to_json(offer), _sheets(attached))


def to_html(offer: Offer, attached: tuple[Attached, ...] = ()) -> str:
    """The bid as one HTML document, in Swedish, made for paper."""
    return str(_jinja.get_template("offer.html").render(view=BidView(offer, attached), offer=offer))


def _sheets(attached: Iterable[Attached]) -> Find:
    """The pictures that hold the appendices' places, by their addresses."""
    pictures = {
        f"{OURS}sheet/{sheet.index}": (sheet.picture or placeholder.picture(sheet.index), "image/png")
        for one in attached
        for sheet in one.sheets
    }
    return pictures.get


def room(sheet: Sheet, *, first: bool) -> str:
    """The style that gives a sheet all the paper there is, never larger than it was made.

    The first sheet of an appendix leaves room for its title.
    """
    wide, high = (269.0, 168.0) if sheet.is_wide else (182.0, 254.0)
    high -= HEADING if first else 0
    scale = min(wide / sheet.width, high / sheet.height, MM_A_POINT)
    return f"width:{sheet.width * scale:.3f}mm;height:{sheet.height * scale:.3f}mm"


HEADING = 20.0
"""Millimetres for the title of an appendix, three lines at most."""
MM_A_POINT = 25.4 / 72


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text, parted by blank lines."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def kronor(amount: Money | None) -> str:
    """The figure of an amount with two decimals, or a dash when there is none."""
    return "–" if amount is None else amount.amount()


def whole_kronor(amount: Money | None) -> str:
    """The figure of an amount without needless öre, or a dash when there is none."""
    return "–" if amount is None else swedish.number(amount.in_kronor())


def tied(text: str) -> str:
    """The text with ``18 §`` and ``30 %`` kept on one line."""
    return text.replace(" §", f"{NO_BREAK_SPACE}§").replace(" %", f"{NO_BREAK_SPACE}%")


def paper_words(paper: PartyDocument) -> str:
    """What a document is called: its kind, its title, or both when neither says the other."""
    kind, title = paper.kind.label, paper.title.strip()
    if title.lower() in kind.lower():
        return kind
    return title if kind.split()[0].lower() in title.lower() else f"{kind}: {title}"


def _environment() -> Environment:
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters |= {
        "day": swedish.day,
        "number": swedish.number,
        "percent": swedish.percent,
        "paragraphs": paragraphs,
        "kronor": kronor,
        "listing": swedish.listing,
        "paper_words": paper_words,
        "tied": tied,
        "whole_kronor": whole_kronor,
    }
    jinja.globals |= {
        "moment": swedish.moment,
        "local_day": swedish.local_day,
        "deliveries": deliveries,
        "deducted": deducted,
        "room": room,
    }
    return jinja


_jinja = _environment()
