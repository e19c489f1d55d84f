"""The printed bid before foreign judges: veraPDF, qpdf and poppler."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace

import pytest

from bids import pictures
from bids.budget_values import Budget
from bids.document import to_pdf
from bids.kinds import OfferState
from bids.look import Look, Picture, Section, Style
from bids.offer import Appendix
from tests.contracts.verapdf import broken_rules
from tests.core import bid_files
from tests.core.bid_samples import tender_a
from tests.core.bid_samples_b import tender_b
from tests.core.call_samples import PAPERS, application


def with_files(*files: bytes):
    appendices = tuple(
        Appendix(number=number, title=f"Handling {number}", media_type="", sha256=hashlib.sha256(data).hexdigest())
        for number, data in enumerate(files, 1)
    )
    return replace(tender_a(), appendices=appendices), dict(enumerate(files, 1))


OWN = """## Så arbetar vi

Vi **lovar** [mer](https://salj.example/sa).

- Ett
- Två

| Vara | Antal |
|---|--:|
| Korg | 40 |

![Fyra frukter i en korg](bild:1)

```diagram Timmar per år
Ljungbacken: 1200
Rullande Hjälpen: 650
```
"""


def own_look() -> bytes:
    """A draft in another colour, with a logo, an own section with all that it can hold, and members' pages."""
    shown, _width, _height = pictures.printable(bid_files.picture())
    look = Look(
        sections=(Section(name="own-1", title="Om oss", text=OWN), Section(name="social", shown=False)),
        pictures=(Picture(1, "p", "Korg"),),
        style=Style("#7a1f3d", "p"),
    )
    parties = tuple(
        replace(party, about="Vi är ett **företag**.\n\nOch vi växer.", picture="p", picture_words="Verkstaden")
        for party in tender_a().parties
    )
    offer = replace(tender_a(), look=look, parties=parties, appendices=(), state=OfferState.DRAFT)
    return to_pdf(offer, {}, {"p": shown})


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bids")
    files = bid_files.appendices_a()
    bids = {
        "a": to_pdf(tender_a(files), files),
        "b": to_pdf(tender_b(), {}),
        "strange": to_pdf(*with_files(*bid_files.strange_papers())),
        "empty": to_pdf(
            replace(
                tender_a(),
                parties=(),
                rows=(),
                lots=(),
                requirements=(),
                answers=(),
                appendices=(),
                references=(),
                letter="",
                contact=None,
                offered_validity=None,
                diary_number="",
            ),
            {},
        ),
    }
    unshared = tuple(replace(row, shares=()) for row in tender_a().rows)
    bids["draft"] = to_pdf(replace(tender_a(), rows=unshared, parties=tender_a().parties[:1], appendices=()), {})
    bids["own"] = own_look()
    letters = {number: bid_files.paper(title, title) for number, (title, _party) in PAPERS.items()}
    bids["application"] = to_pdf(application(letters), letters)
    bids["application-begun"] = to_pdf(
        application(budget=Budget(), appendices=(), answers=(), parties=(), state=OfferState.DRAFT), {}
    )
    for name, data in bids.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return folder


def run(*command: object) -> str:
    if not shutil.which(str(command[0])):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_verapdf_finds_nothing(printed, flavour):
    assert broken_rules(*sorted(printed.glob("*.pdf")), flavour=flavour) == []


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_verapdf_would_find_something(tmp_path, flavour):
    (tmp_path / "untagged.pdf").write_bytes(bid_files.unembedded())
    assert broken_rules(tmp_path / "untagged.pdf", flavour=flavour) != []


@pytest.mark.parametrize("name", ["a", "b", "strange", "empty", "application"])
def test_whole_and_with_every_font_inside(printed, name):
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", printed / f"{name}.pdf")
    fonts = run("pdffonts", printed / f"{name}.pdf").splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts)


def test_tagged_titled_and_in_swedish(printed):
    info = run("pdfinfo", printed / "a.pdf")
    assert "Anbud: Fruktkorgar till arbetsplatser, INK 2026/114" in info
    assert "Tagged:          yes" in info
    assert "JavaScript:      no" in info


def test_the_reading_order_is_the_buyers(printed):
    text = run("pdftotext", printed / "a.pdf", "-")
    order = [
        "Innehåll",
        "Vi godtar upphandlingens villkor",
        "Firmateckning",
        "Minst 30",
        "Vem levererar vad",
        "Köparens text",
        "Anbudssumma per år, exkl. moms",
        "Underskrift och namnförtydligande",
        "ger Samklang Sälj rätt",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
