"""The printing press: HTML -> a tagged PDF (PDF/UA-1), the same bytes every time; nothing is fetched from anywhere."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from bids.tagging import give_scope
from bids.typeface import FONT_FILES

OURS = "bid:"
"""Our own scheme. Nothing else is ever fetched, whatever the texts of a document say."""
FONTS = frozenset(file.name for file in FONT_FILES.iterdir() if file.name.endswith(".ttf"))

Find = Callable[[str], tuple[bytes, str] | None]
"""From an address of ours to bytes and media type; None for one that is not there."""


class Style:
    """A style sheet of ours that many documents share: read once, with its typeface, by each thread that prints.

    Reading it is a seventh of the work on a short document. Threads share none, as Pango keeps no order among them.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._read = threading.local()

    def read(self) -> dict[str, Any]:
        """For WeasyPrint: the sheet, and the typefaces that it has brought."""
        if not hasattr(self._read, "options"):
            fonts = FontConfiguration()
            sheet = CSS(string=self._text, base_url=OURS, url_fetcher=OurFilesOnly(), font_config=fonts)
            self._read.options = {"stylesheets": [sheet], "font_config": fonts}
        options: dict[str, Any] = self._read.options
        return options


def print_html(html: str, identifier: str, find: Find = lambda _address: None, *, style: Style | None = None) -> bytes:
    """The HTML as a PDF. ``identifier`` takes the place of a random one; ``find`` gives the document's own pictures."""
    return _print(html, identifier, find, give_scope, style)


def print_part(html: str, prefix: str, find: Find = lambda _address: None) -> bytes:
    """A part of a document that is bound later; no other part has the same ``prefix``."""
    return _print(html, prefix, find, partial(give_scope, prefix=prefix))


def _print(html: str, identifier: str, find: Find, finisher: Callable[..., None], style: Style | None = None) -> bytes:
    printed: bytes = HTML(string=html, base_url=OURS, url_fetcher=OurFilesOnly(find)).write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(identifier.encode()).digest()[:16],
        finisher=finisher,
        **(style.read() if style else {"font_config": FontConfiguration()}),
    )
    return printed


def packed(printed: bytes) -> bytes:
    """The same document in a third of the bytes."""
    with pikepdf.open(BytesIO(printed)) as pdf:
        smaller = BytesIO()
        pdf.save(smaller, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return smaller.getvalue()


class OurFilesOnly(URLFetcher):  # type: ignore[misc]
    """Gives out the typeface and the document's own pictures, and nothing else."""

    def __init__(self, find: Find = lambda _address: None) -> None:
        super().__init__(allowed_protocols=set())
        self._find = find

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - the base class calls it so
        """The bytes of one of our own addresses. Raises ValueError for any other."""
        font = url.removeprefix(f"{OURS}font/")
        if font in FONTS:
            return URLFetcherResponse(url, (FONT_FILES / font).read_bytes(), {"Content-Type": "font/ttf"})
        found = self._find(url) if url.startswith(OURS) else None
        if found is None:
            raise ValueError(f"not one of our own files: {url[:80]}")
        return URLFetcherResponse(url, found[0], {"Content-Type": found[1]})
