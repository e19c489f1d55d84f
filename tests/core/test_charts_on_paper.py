"""A chart in the PDF: what is written beside its bars can be read."""

from __future__ import annotations

from decimal import Decimal

import pypdfium2

from bids import charts
from bids.bars import Bar
from bids.look import GREEN, shades
from bids.press import print_html

NAMES = ("Rullande Hjälpen Arbetskooperativ ek. för.", "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMM", "Lilla Ljungbacken")
SHEET = """<style>@font-face { font-family: Atkinson; src: url(bid:font/AtkinsonHyperlegible-Regular.ttf); }
@page { size: A4; margin: 0 } body { margin: 0 29mm }</style>"""


def test_the_words_beside_bars_lie_within_the_drawing():
    bars = [Bar(name, Decimal(10) ** 12, "1 000 000 000 000,55 kr") for name in NAMES]
    drawn = charts.picture("Delar", bars, shades(GREEN))
    html = f"<html lang='sv'><head><title>A</title>{SHEET}</head><body>{drawn}</body>"
    with pypdfium2.PdfDocument(print_html(html, "a")) as pdf:
        words = pdf[0].get_textpage()
        assert "Rullande Hjälpen" in words.get_text_range()
        boxes = [words.get_charbox(place) for place in range(words.count_chars())]
    point = 25.4 / 72
    assert min(left for left, *_ in boxes) * point >= 29
    assert max(right for _left, _bottom, right, _top in boxes) * point <= 210 - 29
