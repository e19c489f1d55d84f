"""A catalogue's values -> HTML -> a tagged PDF. Only workers and the command line come here: the press is large."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.catalog.drafts import slugify
from app.catalog.facets import short_name
from app.catalog.printing.indexes import by_cpv, by_number, letters
from app.catalog.printing.values import CatalogueEdition, PrintedPrices, joined
from app.customers.models import CustomerKind
from bids import swedish
from bids.canonical import dumps
from bids.document import paragraphs, tied
from bids.press import OURS, packed, print_html
from bids.typeface import FONT_FILES
from config import ROOT

TEMPLATES = ROOT / "templates" / "catalogue"
ART = ROOT / "app" / "static" / "img"
MOST_NAMED = 8
"""More municipalities than so many are told as a number."""
AUDIENCES = {
    CustomerKind.PUBLIC: "För offentliga köpare",
    CustomerKind.COMPANY: "För företag och föreningar",
    CustomerKind.PRIVATE: "För privatpersoner",
}
PRICES = {
    PrintedPrices.NET: "exklusive moms",
    PrintedPrices.GROSS: "inklusive moms",
    PrintedPrices.NONE: "visas inte",
}


def to_pdf(edition: CatalogueEdition, read: Callable[[str], bytes]) -> bytes:
    """The catalogue as PDF/UA-1 in Swedish. `read` gives a picture's JPEG by the hash of its bytes.

    Raises what `read` raises: a picture that the disk has lost is not left out in silence.
    """
    shown = {digest: read(digest) for digest in sorted(edition.digests)}

    def find(address: str) -> tuple[bytes, str] | None:
        kind, _, name = address.removeprefix(OURS).partition("/")
        if kind == "picture" and name in shown:
            return shown[name], "image/jpeg"
        if kind == "art" and name in _ART:
            return (ART / name).read_bytes(), "image/svg+xml"
        return None

    return packed(print_html(to_html(edition), dumps(edition), find))


def to_html(edition: CatalogueEdition) -> str:
    """The catalogue as one HTML document, made for paper."""
    names = {member.slug: short_name(member.name) for member in edition.members}
    page = _jinja.get_template("catalogue.html")
    html = page.render(
        edition=edition,
        title=title(edition),
        style=STYLE,
        audience=AUDIENCES[edition.audience],
        price_words=PRICES[edition.prices],
        is_private=edition.audience == CustomerKind.PRIVATE,
        is_public=edition.audience == CustomerKind.PUBLIC,
        names=lambda made: joined([names[slug] for slug in made.makers]),
        makes=lambda member: edition.made_by(member.slug),
        by_name=letters(edition.articles),
        by_number=by_number(edition.articles),
        by_cpv=by_cpv(edition.articles),
        lead=lead,
        where=where,
        price_note=price_note(edition),
    )
    return html.translate(dict.fromkeys(_without_glyph(html)))


def _without_glyph(text: str) -> list[int]:
    """Signs that our typeface cannot print and that carry no word, such as emoji: they would be empty boxes."""
    return [ord(sign) for sign in set(text) if ord(sign) not in GLYPHS and not sign.isalnum() and not sign.isspace()]


def title(edition: CatalogueEdition) -> str:
    """What the document is called: ``Katalog för offentliga köpare: Städning, Mölndal, 25 november 2026``."""
    listed = edition.listed.words if edition.listed else None
    parts = listed, edition.category, edition.municipality, swedish.day(edition.made_on)
    chosen = [part for part in parts if part]
    return f"Katalog {AUDIENCES[edition.audience].lower()}: {', '.join(chosen)}"


def file_name(edition: CatalogueEdition) -> str:
    """``katalog-offentliga-2026-11-25.pdf``, with the place and the category where there is one."""
    words = {"public": "offentliga", "company": "foretag", "private": "privat"}[edition.audience]
    listed = slugify(edition.listed.name) if edition.listed else ""
    parts = ["katalog", words, listed, edition.municipality or "", edition.category or "", edition.made_on.isoformat()]
    return f"{'-'.join(part for part in parts if part).lower().replace(' ', '-')}.pdf"


def lead(days: int) -> str:
    """How soon it comes."""
    if days == 0:
        return "Levereras samma dag"
    return f"Levereras inom {days} {'arbetsdag' if days == 1 else 'arbetsdagar'}"


def where(municipalities: Sequence[str]) -> str:
    """Where it is delivered, in words that follow `lead`."""
    if len(municipalities) > MOST_NAMED:
        return f" i {len(municipalities)} kommuner"
    return f" i {joined(municipalities)}"


def price_note(edition: CatalogueEdition) -> str:
    """From when to when the prices hold, and where they come from; words that follow after ``kronor …``."""
    day = swedish.day(edition.made_on)
    if edition.listed is None:
        return f"De gäller den {day}."
    until = f" till och med den {swedish.day(edition.listed.last)}" if edition.listed.last else " tills vidare"
    return (
        f"De som är märkta {edition.listed.mark} följer {edition.listed.words} och gäller{until}. "
        f"De andra är våra ordinarie priser den {day}."
    )


GLYPHS = frozenset(TTFont(str(FONT_FILES / "AtkinsonHyperlegible-Regular.ttf")).getBestCmap())
STYLE = Markup((TEMPLATES / "catalogue.css").read_text(encoding="utf-8"))  # noqa: S704  our own style sheet
_ART = frozenset(file.name for file in ART.glob("*.svg"))
_jinja = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_jinja.filters |= {
    "day": swedish.day,
    "number": swedish.number,
    "percent": swedish.percent,
    "paragraphs": paragraphs,
    "tied": tied,
}
