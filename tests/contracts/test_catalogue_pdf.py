"""The printed catalogue before foreign judges: veraPDF, qpdf and poppler."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.catalog.pricing.steps import Step
from app.catalog.printing import setting as print_setting
from app.catalog.printing.values import PrintedList, PrintedMember, PrintedPrice, PrintedPrices, PrintedSection
from app.customers.models import CustomerKind
from app.money import Money
from tests.contracts.verapdf import broken_rules
from tests.core.test_catalogue_print import BASKET, LJUNGBACKEN, PICTURE, SHOWN, edition

LONG = "Världens längsta artikelnamn som ingen någonsin skulle skriva men som ändå måste få plats på sidan " * 2


def catalogues():
    """An ordinary one, a private one, one with prices left out, and one with all that is too long or missing."""
    price = PrintedPrice(Money(21200), "exkl. moms", deposit=Money(6000))
    priced = replace(BASKET, price=price, facts=("Innehåller mjölk.",))
    gross = replace(BASKET, price=PrintedPrice(Money(22472), "inkl. moms", Money(4494), "kg"), cpv=None)
    baskets = [
        replace(priced, number=f"FRU-{n:03d}", name=f"Fruktkorg {n}", picture=SHOWN if n % 2 else None)
        for n in range(60)
    ]
    yield "public", edition(*baskets, members=(replace(LJUNGBACKEN, pictures=(SHOWN, SHOWN)),))
    private = edition(gross, audience=CustomerKind.PRIVATE, prices=PrintedPrices.GROSS)
    yield "private", replace(private, municipality="Mölndal", category="Frukt")
    yield "unpriced", edition(audience=CustomerKind.COMPANY, prices=PrintedPrices.NONE)
    agreed = PrintedPrice(
        Money(19800), "exkl. moms", deposit=Money(6000), mark="avtalspris",
        steps=tuple(Step(Decimal(least), Money(19800 - least)) for least in (5, 10, 20, 50, 100, 1000)),
    )  # fmt: skip
    listed = PrintedList("Frukt", "ramavtal INK 2026/114", "avtalspris", ("Västerhamns kommun",), date(2027, 6, 30))
    yield "agreed", edition(replace(priced, price=agreed), replace(priced, number="FRU-9"), listed=listed)
    strange = replace(
        priced,
        number="Å" * 20,
        name=LONG.strip(),
        description=f"{'Ordutanmellanslag' * 40}\n\n<b>Inte fet</b> & en emoji 🍎 ",
        unit="trapphus och månad med tillägg för kvällsarbete",
        price=PrintedPrice(Money(10**12), "exkl. moms"),
        municipalities=("Göteborg",) * 300,
        lead_days=0,
        cpv_label=LONG,
    )
    section = PrintedSection("lang", LONG.strip(), "other", (strange, replace(strange, number="B", picture=None)))
    yield "strange", edition(sections=(section,), members=(PrintedMember("ljungbacken", LONG, "", "", None, None),))


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalogues")
    for name, values in catalogues():
        (folder / f"{name}.pdf").write_bytes(print_setting.to_pdf(values, lambda _digest: PICTURE))
    return folder


def run(*command: object) -> str:
    if not shutil.which(str(command[0])):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read_aloud(file) -> str:
    """The text in the order of the tags."""
    return " ".join(" ".join(re.findall(r'"(.*)"', run("pdfinfo", "-struct-text", file))).split())


def test_verapdf_finds_nothing(printed):
    assert broken_rules(*sorted(printed.glob("*.pdf"))) == []


@pytest.mark.parametrize("name", ["public", "private", "unpriced", "agreed", "strange"])
def test_whole_and_with_every_font_inside(printed, name):
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", printed / f"{name}.pdf")
    fonts = run("pdffonts", printed / f"{name}.pdf").splitlines()[2:]
    assert all(line.split()[-5] == "yes" for line in fonts)


def test_tagged_and_titled(printed):
    info = run("pdfinfo", printed / "private.pdf")
    assert "Katalog för privatpersoner: Frukt, Mölndal, 25" in info
    assert "Tagged:          yes" in info


def test_the_reading_order_is_the_readers(printed):
    text = read_aloud(printed / "public.pdf")
    order = ["Katalog", "Innehåll", "Så köper ni", "Frukt", "Fruktkorg 0", "FRU-000", "212,00", "Fem kilo", "Görs av",
             "Fruktkorg 1", "Våra medlemmar", "62", "Register", "Efter namn", "Efter CPV-kod"]  # fmt: skip
    places, at = [], 0
    for words in order:
        at = text.index(words, at)
        places.append(at)
    assert places == sorted(places)


def test_the_index_names_the_page_on_which_the_article_stands(printed):
    text = read_aloud(printed / "public.pdf")
    told = int(re.search(r"Efter artikelnummer .*FRU-059 (\d+)", text)[1])
    page = run("pdftotext", "-f", told, "-l", told, printed / "public.pdf", "-")
    assert "FRU-059" in page
    assert "Fruktkorg 59" in page


def test_no_card_is_torn_by_a_page(printed):
    pages = run("pdftotext", printed / "public.pdf", "-").split("\f")
    shown = [page for page in pages if "Fem kilo frukt" in page]
    assert len(shown) > 10
    for page in shown:
        assert page.count("Fem kilo frukt.") == page.count("Görs av Ljungbacken Frukt") == page.count("212,00")
