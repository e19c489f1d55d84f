"""One-page papers for the demonstration's vaults. They say themselves that they are made up."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from weasyprint import HTML
from weasyprint.urls import URLFetcher

STYLE = """
@page { size: A4; margin: 30mm 25mm;
  @bottom-center { content: "Påhittad handling för demonstration. Företaget finns inte."; font-size: 9pt } }
body { font-family: "Atkinson Hyperlegible", "DejaVu Sans", sans-serif; font-size: 12pt; line-height: 1.5 }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 12mm }
"""


def paper(title: str, lines: Sequence[str]) -> bytes:
    """A tagged one-page PDF in Swedish with a heading and a paragraph for each line; the same words, the same bytes."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    html = (
        f'<html lang="sv"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    made: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=set())).write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=hashlib.sha256(html.encode()).digest()[:16]
    )
    return made
