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
from app.catalog import indexing, maker_index, start
from app.catalog.drafts import Draft, slugify, written
from app.catalog.kinds import ArticleKind, units_of
from app.catalog.models import ApprovalState, Article, Category, Offering, OfferingArea
from app.catalog.versions import ArticleVersion, OfferingVersion
from app.db import Base, db
from app.members.models import Member
from app.money import Money
from app.vat import VatClass

WORDS = Path(__file__).parents[1] / "data" / "seed.toml"
MOST_MEMBERS = 9999
MARK = "PROV-"
"""With this begins the number of every made-up article."""
BATCH = 1000
_KINDS = (ArticleKind.GOODS, ArticleKind.TIMED_SERVICE, ArticleKind.MEASURED_SERVICE)


@dataclass(frozen=True, slots=True)
class _Maker:
    id: int
    shelf: int
    """Which shelf of the words it has most on."""
    areas: tuple[str, ...]


class _Makers:
    """The members, and what is asked of them again and again."""

    def __init__(self, makers: list[_Maker]) -> None:
        self.all = makers
        self.areas = {maker.id: maker.areas for maker in makers}
        self.by_shelf: dict[int, list[_Maker]] = {}
        for maker in makers:
            self.by_shelf.setdefault(maker.shelf, []).append(maker)


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
    maker_index.rebuild()
    return max(0, articles - made), max(0, members - there)


def _add_articles(numbers: Sequence[int], shelves: dict[str, int], makers: _Makers, now: datetime) -> None:
    """One batch, from rows to search index, as version 1 of themselves."""
    highest = db.session.scalar(select(func.max(Article.id))) or 0
    articles = [{"id": highest + place, **_article(number, shelves, now)} for place, number in enumerate(numbers, 1)]
    last = db.session.scalar(select(func.max(Offering.id))) or 0
    drawn = [offer for row, number in zip(articles, numbers, strict=True) for offer in _offerings(row, number, makers)]
    offerings = [{"id": last + place, "created_at": now, **offer} for place, offer in enumerate(drawn, 1)]
    areas = [
        {"offering_id": offering["id"], "municipality": code}
        for offering in offerings
        for code in makers.areas[offering["member_id"]]
    ]
    units = {row["id"]: row["unit"] for row in articles}
    _put(Article, articles)
    _put(Offering, offerings)
    _put(OfferingArea, areas)
    _put(ArticleVersion, [_article_version(row) for row in articles])
    _put(OfferingVersion, [_offering_version(row, units[row["article_id"]]) for row in offerings])
    indexing.reindex_all(above=highest)


def _put(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Past the session, which would keep a record of every row."""
    db.session.connection().execute(insert(db.metadata.tables[model.__tablename__]), rows)


def _article_version(row: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "description", "category_id", "unit", "unit_text", "vat_class", "cpv")
    content = written(Draft(**{name: row[name] for name in names}))
    return _version("article", row, {**content, "number": row["number"], "price": row["price"].ore})


def _version(kind: str, row: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    kept = {"number": 1, "published_at": row["created_at"], "published_by": "Samsälj", "content": content}
    return {f"{kind}_id": row["id"], **kept}


def _offering_version(row: dict[str, Any], unit: str) -> dict[str, Any]:
    return _version("offering", row, {"member_price": row["member_price"].ore, "unit": unit})


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
        "kind": next(kind for kind in _KINDS if shelf["unit"] in units_of(kind)),
        "price": Money.kronor(lot.randint(*shelf["prices"])),
        "state": ApprovalState.APPROVED,
        "version": 1,
        "created_at": now,
    }


def _offerings(row: dict[str, Any], number: int, makers: _Makers) -> Iterator[dict[str, Any]]:
    """One to three members make each article, most often one."""
    lot = Random(f"offering {number}")  # noqa: S311
    able = makers.by_shelf.get(number % len(_words()["shelf"])) or makers.all
    for maker in lot.sample(able, min(len(able), lot.choice((1, 1, 1, 2, 2, 3)))):
        yield {
            "article_id": row["id"],
            "member_id": maker.id,
            "member_price": row["price"].percent(lot.randint(84, 92)),
            "capacity_per_week": Decimal(lot.choice((5, 10, 20, 40, 80, 200))),
            "lead_days": lot.choice((1, 2, 2, 3, 3, 5, 5, 7, 10, 15)),
            "state": ApprovalState.APPROVED,
            "version": 1,
        }


def _member(number: int) -> Member:
    lot = Random(f"member {number}")  # noqa: S311
    words = _words()
    town = lot.choice(places.all_municipalities())
    trade = words["member_trades"][number % len(words["member_trades"])]
    place = words["member_places"][number // len(words["member_trades"]) % len(words["member_places"])]
    digits = f"769997{number:03d}" if number < 1000 else f"76{980000 + number:07d}"
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


def _makers() -> _Makers:
    """The made-up members, and where each of them works: its own municipality and up to seven more of its county."""
    rows = db.session.execute(
        select(Member.id, Member.slug, Member.municipality).where(Member.slug.startswith("prov-")).order_by(Member.id)
    )
    trades = len(_words()["shelf"])
    return _Makers(
        [_Maker(id_, int(slug.removeprefix("prov-")) % trades, _areas(slug, code)) for id_, slug, code in rows]
    )


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
