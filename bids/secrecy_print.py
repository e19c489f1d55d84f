"""The request for secrecy, and the page in a secret appendix's place, as tagged PDFs. Only workers come here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bids import swedish
from bids.legal_forms import signing
from bids.masking import HIDDEN_APPENDIX, secrets_of
from bids.offer import Offer, to_json
from bids.press import print_html

TEMPLATES = Path(__file__).parent.parent / "templates" / "bids"
STYLE = Markup((TEMPLATES / "paper.css").read_text(encoding="utf-8"))  # noqa: S704  our own style sheet


def to_pdf(offer: Offer) -> bytes:
    """The request for all of the offer's secrets, each with its harm; the same offer gives the same bytes."""
    return print_html(to_html(offer), f"request {to_json(offer)}")


def to_html(offer: Offer) -> str:
    """The request as one HTML document."""
    return _jinja.get_template("secrecy_request.html").render(
        offer=offer,
        secrets=secrets_of(offer),
        senders=[party.name for party in signing(offer)],
        made_on=swedish.day(swedish.local_day(offer.made_on, offer.zone)),
        style=STYLE,
    )


@cache
def blank_page() -> bytes:
    """What is printed in the place of a secret appendix: a page that says so, always the same bytes."""
    return print_html(_jinja.get_template("masked_page.html").render(style=STYLE, title=HIDDEN_APPENDIX), "masked page")


_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_jinja.filters |= {"day": swedish.day, "listing": swedish.listing}
