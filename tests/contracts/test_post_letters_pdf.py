"""Letters by post before foreign judges: veraPDF for PDF/UA-1, poppler for where the address stands."""

from __future__ import annotations

import re
import subprocess
from datetime import date

import pytest

from app.members.paper.setting import to_pdf
from app.members.paper.values import Bundle, Page
from app.papers import Party
from tests.contracts.verapdf import broken_rules

SENDER = Party(
    "Samklang Sälj ek. för.", "769999-0003", "Provgatan 1", "411 01", "Göteborg", "post@samklang.example", ""
)
TO = ("Ljungbacken Frukt ek. för.", "Kim Exempel", "Provgatan 1", "411 01 Göteborg")
WORDS = ("Hej!", "Vi har ett uppdrag till er:\n- Fruktkorg 5 kg: 6 st", "Vänliga hälsningar\nSamklang")
LETTER = Page(12, date(2026, 11, 23), TO, "Nytt uppdrag, beställning 1001", WORDS)
LONG = Page(13, date(2026, 11, 23), ("Å" * 90, *TO), "Ord " * 40, ("Långt stycke. " * 400, "Å" * 400))


def bundle(*pages: Page, again: str = "") -> Bundle:
    return Bundle(1, "2026-11-23 09:00 av Sam Exempel", again, SENDER, pages)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("letters")
    (folder / "first.pdf").write_bytes(to_pdf(bundle(LETTER, LONG, LETTER)))
    (folder / "copy.pdf").write_bytes(to_pdf(bundle(LETTER, again="Postat förut, 2026-11-23 10:00 av Sam Exempel")))
    return folder


def test_everybody_can_read_them(printed):
    assert broken_rules(*sorted(printed.glob("*.pdf"))) == []


def test_the_address_shows_in_the_window_of_an_envelope(printed):
    """A C5 envelope has it to the right, from 45 mm down and 100 mm in."""
    done = subprocess.run(
        ["pdftotext", "-bbox", "-f", "1", "-l", "1", str(printed / "first.pdf"), "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Ljungbacken<', done.stdout)
    left, top = (float(number) / 72 * 25.4 for number in found.groups())
    assert 100 <= left <= 115
    assert 45 <= top <= 60


def test_the_same_values_give_the_same_bytes():
    assert to_pdf(bundle(LETTER)) == to_pdf(bundle(LETTER))
