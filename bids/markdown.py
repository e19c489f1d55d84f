"""Texts of a bid, written in Markdown: headings, lists, tables, emphasis, links, the bid's own pictures, and charts.

HTML is no part of it: it is refused when a text is saved, and printed as the letters it is wherever it slips through.
Nothing is fetched: a picture is one of the bid's own, or none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from bids import charts
from bids.look import GREEN, LookRefused, Picture, shades

LONGEST = 50_000
PICTURE = "bild:"
CHART = "diagram"
LINKS = {"http", "https", "mailto"}
HIGHEST, LOWEST = 3, 4
"""Headings of a text stand under the chapter's, which is the second level."""


def check(text: str, pictures: Mapping[int, Picture]) -> str:
    """The text as it is saved. Raises LookRefused, with what to do, for what cannot be printed as it is meant."""
    tidy = text.replace("\r\n", "\n").strip()
    if len(tidy) > LONGEST:
        raise LookRefused(f"Texten har {len(tidy)} tecken. Ett avsnitt får ha högst {LONGEST}. Dela upp det.")
    if "\x00" in tidy:
        raise LookRefused("Texten innehåller ett tecken som inte går att spara. Skriv den på nytt.")
    reader = Doubter("commonmark", {"html": True}).enable("table")
    for token in _all(reader.parse(tidy)):
        if token.type in {"html_block", "html_inline"}:
            raise LookRefused(
                f"Texten innehåller HTML: ”{token.content.strip()[:40]}”. Skriv med Markdown i stället,"
                " eller sätt ett omvänt snedstreck framför tecknet <."
            )
        if token.type == "link_open" and not _may_lead(str(token.attrs.get("href", ""))):
            address = str(token.attrs.get("href", ""))[:60]
            raise LookRefused(f"Länken till ”{address}” leder ingenstans i en PDF. Skriv hela adressen, med https://.")
        if token.type == "image":
            _check_picture(token, pictures)
        if _is_chart(token):
            charts.read(token.content)
    return tidy


def shown_in(text: str) -> set[int]:
    """The numbers of the bid's pictures that a text shows."""
    tokens = _all(Doubter("commonmark", {"html": True}).enable("table").parse(text))
    found = (_number(str(token.attrs.get("src", ""))) for token in tokens if token.type == "image")
    return {number for number in found if number is not None}


def _check_picture(token: Token, pictures: Mapping[int, Picture]) -> None:
    address = str(token.attrs.get("src", ""))
    if not address.startswith(PICTURE):
        raise LookRefused(
            f"Bilden ”{address[:60]}” ligger inte i anbudet, och inget hämtas från andra ställen."
            " Lägg till den under Bilder och skriv till exempel ![Våra korgar](bild:1)."
        )
    if _number(address) not in pictures:
        raise LookRefused(f"Det finns ingen {address[:20]} i anbudet. Lägg till bilden först.")


def to_html(text: str, pictures: Mapping[int, Picture] | None = None, colour: str = GREEN) -> Markup:
    """The text as HTML for print. What `check` would refuse is left out, or stands as plain letters."""
    reader = Reader("commonmark", {"html": False, "breaks": True}, renderer_cls=Printer).enable("table")
    tokens = reader.parse(text.replace("\r\n", "\n"))
    _lower_headings(tokens)
    shown = reader.renderer.render(tokens, reader.options, {"pictures": pictures or {}, "colour": colour})
    return Markup(shown)  # noqa: S704  the printer escapes all but its own tags


class Reader(MarkdownIt):
    """Reads links and pictures that can lead somewhere; the letters of others are printed."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  the base class calls it so
        """Whether it is one."""
        return _may_lead(url)


class Doubter(MarkdownIt):
    """Reads everything, so that it can be looked at."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802  the base class calls it so
        """Every address."""
        return True


class Printer(RendererHTML):
    """Writes pictures and charts as a bid prints them."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002
        """One of the bid's own."""
        return str(_picture(tokens[idx], env["pictures"]))

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002
        """A chart, or a text that keeps its lines."""
        return str(_fence(tokens[idx], env["colour"]))


def _may_lead(address: str) -> bool:
    """Whether a link or picture with that address is one; else its letters are printed."""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return False
    return scheme in LINKS or bool(re.fullmatch(rf"{PICTURE}\d+", address))


def _all(tokens: Sequence[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *_all(token.children or ()))]


def _lower_headings(tokens: Sequence[Token]) -> None:
    """No level is left out: who jumps from heading to heading would look for the missing one."""
    ranks = sorted({int(token.tag[1]) for token in tokens if token.type == "heading_open"})
    last = HIGHEST - 1
    for token in tokens:
        if token.type == "heading_open":
            last = min(HIGHEST + ranks.index(int(token.tag[1])), last + 1, LOWEST)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{last}"


def _is_chart(token: Token) -> bool:
    return token.type == "fence" and token.info.strip().partition(" ")[0] == CHART


def _number(address: str) -> int | None:
    digits = address.removeprefix(PICTURE) if address.startswith(PICTURE) else ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else None


def _picture(token: Token, known: Mapping[int, Picture]) -> Markup:
    picture = known.get(_number(str(token.attrs.get("src", ""))) or -1)
    words = token.content.strip()
    if picture is None:
        return Markup("<em>Bilden finns inte: {}</em>").format(words)
    return Markup('<img class="own" src="bid:picture/{}" alt="{}">').format(
        picture.number, words or picture.description
    )


def _fence(token: Token, colour: str) -> Markup:
    if not _is_chart(token):
        return Markup("<pre>{}</pre>").format(token.content)
    try:
        bars = charts.read(token.content)
    except LookRefused:
        return Markup("<pre>{}</pre>").format(token.content)
    title = token.info.strip().partition(" ")[2].strip() or "Diagram"
    return charts.drawn(escape(title), "Stapel", bars, shades(colour))
