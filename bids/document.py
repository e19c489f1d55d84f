"""An offer and its appendices -> HTML in pieces -> one PDF (PDF/UA-1 and PDF/A-3a), the same bytes every time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.money import NO_BREAK_SPACE, Money
from bids import charts, markdown, swedish
from bids.appendices import Attached, attach
from bids.bars import Bar
from bids.binding import archive, sheets, stamping
from bids.binding.joining import Book, Part
from bids.chapters import BidView
from bids.offer import Offer
from bids.parties import PartyDocument
from bids.pieces import Piece, pieces
from bids.press import OURS, print_part
from bids.schedule import deliveries
from bids.scoring import deducted
from bids.structured import to_structured

TEMPLATES = Path(__file__).parent.parent / "templates" / "bids"
FRONT = "front"
_TIED = re.compile(r" (?=[§%])|(?<=[0-9]) (?=kap\.)|(?<=kap\.) (?=[0-9])")
COVER = range(1)
"""The pages without head and foot."""
MOST_TURNS = 4
"""So often the contents are set again because they need another page than was thought."""


@dataclass(frozen=True, slots=True)
class Sheaf:
    """A piece ready for the press: its HTML, and the pictures that it shows by their addresses."""

    name: str
    html: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What it is known by: equal sheaves give equal pages."""
        seen = hashlib.sha256(f"{self.name}\0{self.html}".encode())
        for address in sorted(self.pictures):
            seen.update(f"\0{address}\0{hashlib.sha256(self.pictures[address]).hexdigest()}".encode())
        return seen.hexdigest()


Press = Callable[[Sequence[Sheaf]], list[bytes]]
"""Prints sheaves; the pages come in their order."""


def to_pdf(
    offer: Offer,
    files: Mapping[int, bytes],
    pictures: Mapping[str, bytes] | None = None,
    press: Press | None = None,
) -> bytes:
    """The bid as a PDF with its appendices (number -> bytes) set in; the same offer and files give the same bytes.

    `pictures` are those that the offer's look and parties name, ready to print, by the hash of their file. Raises
    ValueError when a file is missing or is another than the offer holds, AppendixRefused when one cannot be printed.
    """
    view = BidView(offer, attach(offer, files))
    printing = press or press_here
    found = sheaves(view, pictures or {})
    return bind(view, printing(found), lambda front: printing([front])[0], pictures or {})


def press_here(sheaves: Sequence[Sheaf]) -> list[bytes]:
    """One after the other, in this process."""
    return [press_one(sheaf) for sheaf in sheaves]


def press_one(sheaf: Sheaf) -> bytes:
    """The pages of a sheaf."""
    shown = {
        address: (data, "image/png" if data[:4] == b"\x89PNG" else "image/jpeg")
        for address, data in sheaf.pictures.items()
    }
    return print_part(sheaf.html, sheaf.name, shown.get)


def sheaves(view: BidView, pictures: Mapping[str, bytes]) -> list[Sheaf]:
    """The body of the bid, piece by piece."""
    return [_sheaf(piece.name, piece_html(view, piece), view, pictures) for piece in pieces(view)]


def _sheaf(name: str, html: str, view: BidView, pictures: Mapping[str, bytes]) -> Sheaf:
    """Raises ValueError when a picture that is shown is not there."""
    wanted = {f"{OURS}picture/{one.number}": one.sha256 for one in view.pictures.values()}
    named = {view.style.logo, *(party.picture for party in view.offer.parties)} - {""}
    wanted |= {f"{OURS}file/{digest}": digest for digest in named}
    shown = {address: digest for address, digest in wanted.items() if f'src="{address}"' in html}
    missing = [address for address, digest in shown.items() if digest not in pictures]
    if missing:
        raise ValueError(f"no picture for {', '.join(missing)}")
    return Sheaf(name, html, {address: pictures[digest] for address, digest in shown.items()})


def bind(
    view: BidView, pressed: Sequence[bytes], print_front: Callable[[Sheaf], bytes], pictures: Mapping[str, bytes]
) -> bytes:
    """The parts behind cover and contents, the appendices after them, everything stamped and sealed."""
    parts = [Part(data) for data in pressed]
    front = _front(view, parts, print_front, pictures)
    book = Book()
    for part in (front, *parts):
        book.add(part)
    heads = sheets.add_sheets(book, view.attached, stamping.colour(view.shades.deep))
    pdf = book.close(_link_words(view))
    running = stamping.Running(
        left=_draft_words(view) + f"{called(view.offer)}: {view.offer.title}",
        right=f"Dnr {view.offer.diary_number}" if view.offer.diary_number else "",
        sender=view.sender,
        line=stamping.colour(view.shades.line),
        mark="UTKAST" if view.is_draft else "",
    )
    stamping.stamp(pdf, running, dict.fromkeys(heads, stamping.SHEET), heads, COVER)
    facts = archive.Facts(title(view.offer), view.sender, view.offer.made_on, to_structured(view.offer))
    if view.offer.is_application:
        facts = replace(facts, offer_name="ansokan.json", offer_words="Ansökan som uppgifter: JSON")
    return archive.seal(pdf, facts)


def _front(
    view: BidView, parts: Sequence[Part], print_front: Callable[[Sheaf], bytes], pictures: Mapping[str, bytes]
) -> Part:
    """Cover and contents. How many pages they need is known when they are set, so they may be set again."""
    body: dict[str, int] = {}
    first = 1
    for part in parts:
        body |= {anchor: first + page for anchor, (page, _x, _y) in part.anchors.items()}
        first += part.pages
    for one in view.attached:
        body[sheets.anchor_of(one.appendix.number)] = first
        first += len(one.sheets)
    needed = 2
    for _turn in range(MOST_TURNS):
        numbers = {anchor: page + needed for anchor, page in body.items()}
        printed = Part(print_front(_sheaf(FRONT, front_html(view, numbers), view, pictures)))
        if printed.pages == needed:
            return printed
        needed = printed.pages
    raise ValueError(f"the contents of {view.offer.title!r} find no end")


def _link_words(view: BidView) -> dict[str, str]:
    """What a link is called for whoever hears it, by its anchor."""
    words = {chapter.name: f"Till avsnitt {chapter.number}, {chapter.title}" for chapter in view.chapters}
    for one in view.attached:
        words[sheets.anchor_of(one.appendix.number)] = f"Till bilaga {one.appendix.number}, {one.appendix.title}"
    for (ref, _lot), anchor in view.anchors.items():
        words[anchor] = f"Till fråga {ref}" if view.offer.is_application else f"Till krav {ref} i listan"
        words[f"{anchor}-svar"] = f"Till hela svaret på krav {ref}"
    return words


def title(offer: Offer) -> str:
    """What the document is called."""
    return f"{called(offer)}: {offer.title}" + (f", {offer.diary_number}" if offer.diary_number else "")


def called(offer: Offer) -> str:
    """What kind of document it is."""
    return "Ansökan" if offer.is_application else "Anbud"


def _draft_words(view: BidView) -> str:
    settled = "fastställd" if view.offer.is_application else "fastställt"
    return f"UTKAST, inte {settled}. " if view.is_draft else ""


def front_html(view: BidView, pages: Mapping[str, int]) -> str:
    """Cover and contents; `pages` tells where each anchor stands."""
    values = {"view": view, "offer": view.offer, "pages": pages, "title": title(view.offer)}
    return str(_jinja.get_template("front.html").render(values))


def piece_html(view: BidView, piece: Piece) -> str:
    """A piece as an HTML document, in Swedish, made for paper."""
    values = {"view": view, "offer": view.offer, "slices": piece.slices, "title": title(view.offer)}
    return str(_jinja.get_template("piece.html").render(values))


def to_html(offer: Offer, attached: tuple[Attached, ...] = ()) -> str:
    """Everything the bid says, as HTML: its pieces one after the other."""
    view = BidView(offer, attached)
    return front_html(view, {}) + "".join(piece_html(view, piece) for piece in pieces(view))


def shares_drawn(view: BidView) -> Markup:
    """The parties' parts of the value as bars; the table with the figures follows."""
    bars = [
        Bar(party.name, view.parts.get(party.key, Decimal(0)), swedish.percent(view.parts.get(party.key, Decimal(0))))
        for party in view.delivering
    ]
    return charts.picture("Parternas del av anbudets värde", bars, view.shades) if len(bars) > 1 else Markup("")


def costs_drawn(view: BidView) -> Markup:
    """The parties' parts of a project's costs as bars; the table with the figures follows."""
    bars = view.money.bars
    return charts.picture("Parternas del av kostnaderna", bars, view.shades) if len(bars) > 1 else Markup("")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text, parted by blank lines."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def kronor(amount: Money | None) -> str:
    """The figure of an amount with two decimals, or a dash when there is none."""
    return "–" if amount is None else amount.amount()


def whole_kronor(amount: Money | None) -> str:
    """The figure of an amount without needless öre, or a dash when there is none."""
    return "–" if amount is None else swedish.kronor(amount.in_kronor())


def tied(text: str) -> str:
    """The text with ``LOU 15 kap. 1 §`` and ``30 %`` kept on one line."""
    return _TIED.sub(NO_BREAK_SPACE, text)


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
        "markdown": lambda text, view: markdown.to_html(text, view.pictures, view.style.colour),
        "tied": tied,
        "whole_kronor": whole_kronor,
    }
    jinja.globals |= {
        "moment": swedish.moment,
        "local_day": swedish.local_day,
        "deliveries": deliveries,
        "deducted": deducted,
        "shares_drawn": shares_drawn,
        "costs_drawn": costs_drawn,
    }
    return jinja


_jinja = _environment()
