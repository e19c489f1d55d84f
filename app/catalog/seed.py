"""Made-up catalogues of any size, the same each time, for measuring how fast the pages answer."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, insert, select
from stdnum import luhn

from app import places
from app.catalog import indexing, start
from app.catalog.drafts import slugify
from app.catalog.models import ApprovalState, Article, Category, Offering, OfferingArea
from app.db import db
from app.members.models import Member
from app.money import Money
from app.vat import VatClass

WORDS = Path(__file__).parents[1] / "data" / "seed.toml"
MOST_MEMBERS = 999
MARK = "PROV-"
"""With this begins the number of every made-up article."""
BATCH = 1000


@dataclass(frozen=True, slots=True)
class _Maker:
    id: int
    shelf: int
    """Which shelf of the words it has most on."""
    areas: tuple[str, ...]


def seed(articles: int, members: int, *, now: datetime) -> tuple[int, int]:
    """Fill up to so many made-up articles from so many made-up members; returns how many of each were added.

    Raises ValueError for more members than there are numbers for.
    """
    if not 0 < members <= MOST_MEMBERS or articles < 0:
        raise ValueError(f"between 1 and {MOST_MEMBERS} members, and no less than 0 articles")
    start.load_law()
    shelves = _shelves()
    there = db.session.scalar(select(func.count()).select_from(Member).where(Member.slug.startswith("prov-"))) or 0
    db.session.add_all(_member(number) for number in range(there, members))
    db.session.flush()
    made = db.session.scalar(select(func.count()).where(Article.number.startswith(MARK))) or 0
    makers = _makers()
    for first in range(made, articles, BATCH):
        _add_articles(range(first, min(first + BATCH, articles)), shelves, makers, now)
    return max(0, articles - made), max(0, members - there)


def _add_articles(numbers: Sequence[int], shelves: dict[str, int], makers: Sequence[_Maker], now: datetime) -> None:
    """One batch, from rows to search index."""
    highest = db.session.scalar(select(func.max(Article.id))) or 0
    db.session.execute(insert(Article), [_article(number, shelves, now) for number in numbers])
    known = select(Article.id, Article.number, Article.price).where(Article.id > highest).order_by(Article.id)
    offerings = [offer for row in db.session.execute(known) for offer in _offerings(row, makers, now)]
    last = db.session.scalar(select(func.max(Offering.id))) or 0
    db.session.execute(insert(Offering), offerings)
    made = db.session.execute(select(Offering.id, Offering.member_id).where(Offering.id > last))
    areas = {maker.id: maker.areas for maker in makers}
    db.session.execute(
        insert(OfferingArea),
        [{"offering_id": id_, "municipality": code} for id_, member_id in made for code in areas[member_id]],
    )
    indexing.reindex_all(above=highest)


def _article(number: int, shelves: dict[str, int], now: datetime) -> dict[str, Any]:
    lot = Random(f"article {number}")  # noqa: S311  made-up goods, not secrets
    shelf = _words()["shelf"][number % len(shelves)]
    name = f"{lot.choice(shelf['products'])} {lot.choice(shelf['kinds'])}, {lot.choice(shelf['sizes'])}"
    return {
        "number": f"{MARK}{number:05d}",
        "slug": f"{slugify(name)}-{number}",
        "name": name,
        "sort_name": places.swedish_order(name),
        "description": f"{name}. {shelf['sentence']}",
        "category_id": shelves[shelf["slug"]],
        "cpv": shelf["cpv"],
        "unit": shelf["unit"],
        "unit_text": "",
        "vat_class": VatClass(shelf["vat_class"]),
        "price": Money.kronor(lot.randint(*shelf["prices"])),
        "state": ApprovalState.APPROVED,
        "created_at": now,
    }


def _offerings(row: Any, makers: Sequence[_Maker], now: datetime) -> Iterator[dict[str, Any]]:
    """One to three members make each article, most often one."""
    number = int(row.number.removeprefix(MARK))
    lot = Random(f"offering {number}")  # noqa: S311
    able = [maker for maker in makers if maker.shelf == number % len(_words()["shelf"])] or makers
    for maker in lot.sample(able, min(len(able), lot.choice((1, 1, 1, 2, 2, 3)))):
        yield {
            "article_id": row.id,
            "member_id": maker.id,
            "member_price": row.price.percent(lot.randint(84, 92)),
            "capacity_per_week": Decimal(lot.choice((5, 10, 20, 40, 80, 200))),
            "lead_days": lot.choice((1, 2, 2, 3, 3, 5, 5, 7, 10, 15)),
            "state": ApprovalState.APPROVED,
            "created_at": now,
        }


def _member(number: int) -> Member:
    lot = Random(f"member {number}")  # noqa: S311
    words = _words()
    town = lot.choice(places.all_municipalities())
    trade = words["member_trades"][number % len(words["member_trades"])]
    place = words["member_places"][number // len(words["member_trades"]) % len(words["member_places"])]
    digits = f"769997{number:03d}"
    digits += luhn.calc_check_digit(digits)
    return Member(
        slug=f"prov-{number:03d}",
        name=f"{place} {trade} {number + 1} ek. för.",
        org_number=f"{digits[:6]}-{digits[6:]}",
        legal_form="ekonomisk förening",
        street=f"Provvägen {number + 1}",
        postcode="000 00",
        city=town.name,
        municipality=town.code,
        email=f"prov-{number:03d}@medlem.example",
    )


def _makers() -> list[_Maker]:
    """The made-up members, and where each of them works: its own municipality and up to seven more of its county."""
    rows = db.session.execute(
        select(Member.id, Member.slug, Member.municipality).where(Member.slug.startswith("prov-")).order_by(Member.slug)
    )
    trades = len(_words()["shelf"])
    return [_Maker(id_, int(slug.removeprefix("prov-")) % trades, _areas(slug, code)) for id_, slug, code in rows]


def _areas(slug: str, code: str) -> tuple[str, ...]:
    county = [place.code for place in places.all_municipalities() if place.county_code == code[:2]]
    county.remove(code)
    lot = Random(f"areas {slug}")  # noqa: S311
    return (code, *sorted(lot.sample(county, min(7, len(county)))))


def _shelves() -> dict[str, int]:
    """Ids of the categories by slug; those that are missing are made."""
    there = {category.slug: category for category in db.session.scalars(select(Category))}
    for position, shelf in enumerate(_words()["shelf"]):
        if shelf["slug"] not in there:
            names = {name: shelf[name] for name in ("slug", "name_sv", "name_en", "illustration")}
            there[shelf["slug"]] = Category(position=position, **names)
            db.session.add(there[shelf["slug"]])
    db.session.flush()
    return {shelf["slug"]: there[shelf["slug"]].id for shelf in _words()["shelf"]}


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
