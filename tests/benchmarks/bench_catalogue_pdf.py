"""How long a printed catalogue of 500 articles with a picture each takes, and how much memory, in a process of its own.

This limit is in seconds, not a ratio: the customer's words are "500 articles with pictures under 2 minutes".
"""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from app.catalog.printing import setting as print_setting
from app.catalog.printing.values import (
    CatalogueEdition,
    PrintedArticle,
    PrintedMember,
    PrintedPicture,
    PrintedPrice,
    PrintedPrices,
    PrintedSection,
    Seller,
)
from app.customers.models import CustomerKind
from app.money import Money

ARTICLES, SHELVES, MEMBERS = 500, 12, 40
SECONDS, MEGABYTES = 120, 1024
WORDS = "Vi packar på morgonen och levererar till receptionen. Den tomma korgen tar vi med tillbaka.".split()  # noqa: SIM905
ROOT = Path(__file__).resolve().parents[2]


def picture(seed: int) -> bytes:
    """A made-up photograph as the picture press leaves it: a JPEG 400 pixels wide."""
    chance = random.Random(seed)  # noqa: S311  made-up pictures
    image = Image.effect_noise((400, 267), 60).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, size = chance.randrange(400), chance.randrange(267), chance.randrange(20, 120)
        draw.ellipse((x, y, x + size, y + size), fill=tuple(chance.randrange(256) for _ in range(3)))
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def large_catalogue(articles: int = ARTICLES) -> tuple[CatalogueEdition, Callable[[str], bytes]]:
    """A catalogue for public buyers, the audience that sees most, and its pictures."""
    chance = random.Random(1)  # noqa: S311  made-up words
    shelves = sorted(file.stem for file in print_setting.ART.glob("*.svg"))[:SHELVES]
    kept: dict[str, bytes] = {}

    def taken(seed: int, words: str) -> PrintedPicture:
        data = picture(seed)
        digest = hashlib.sha256(data).hexdigest()
        kept[digest] = data
        return PrintedPicture(digest, words)

    def article(number: int) -> PrintedArticle:
        text = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(20, 60)))
        makers = tuple(f"medlem-{one}" for one in sorted(chance.sample(range(MEMBERS), 3)))
        return PrintedArticle(
            number=f"ART-{number:03d}",
            name=f"{chance.choice(WORDS).capitalize()} {chance.choice(WORDS)} {number}",
            description=text,
            unit="styck",
            price=PrintedPrice(Money(chance.randrange(1000, 900000)), "exkl. moms"),
            picture=taken(number, f"Artikel {number} står på ett bord"),
            makers=makers,
            municipalities=("Göteborg", "Mölndal", "Partille"),
            lead_days=chance.randrange(10),
            facts=("Innehåller spannmål med gluten och mjölk.",) if number % 4 == 0 else (),
            cpv=f"{30000000 + number // 5}-1",
            cpv_label="Påhittad kod",
        )

    return CatalogueEdition(
        audience=CustomerKind.PUBLIC,
        prices=PrintedPrices.NET,
        made_on=date(2026, 11, 25),
        seller=Seller("Samklang Sälj ek. för.", "salj@samklang.example", "031-390 06 01", "Påhittskajen 7, Göteborg"),
        sections=tuple(
            PrintedSection(name, f"Kategori {place}", name, tuple(article(n) for n in range(place, articles, SHELVES)))
            for place, name in enumerate(shelves)
        ),
        members=tuple(
            PrintedMember(
                f"medlem-{n}",
                f"Medlem {n} ek. för.",
                "Göteborg",
                " ".join(WORDS),
                62,
                date(2026, 10, 1),
                (taken(10_000 + n, "Folk i arbete"), taken(20_000 + n, "Verkstaden")),
            )
            for n in range(MEMBERS)
        ),
    ), kept.__getitem__


MEASURE = """
import resource, sys, time
from tests.benchmarks.bench_catalogue_pdf import large_catalogue
from app.catalog.printing import setting as print_setting
edition, read = large_catalogue()
start = time.monotonic()
data = print_setting.to_pdf(edition, read)
taken = time.monotonic() - start
print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(data) / 2**20)
if len(sys.argv) > 1:
    open(sys.argv[1], "wb").write(data)
"""


def measure() -> Iterator[tuple[str, float, float]]:
    """Seconds and megabytes, with the limits they must keep under."""
    done = subprocess.run([sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, memory, _size = map(float, done.stdout.split())
    yield "printed catalogue of 500 articles with pictures, seconds", seconds, SECONDS
    yield "the same, megabytes at most", memory, MEGABYTES


if __name__ == "__main__":
    command = [sys.executable, "-c", MEASURE, *sys.argv[1:]]
    print(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)  # noqa: T201
