"""Makes the new articles of an assortment: worked out before anybody has to wait, and written in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app import audit
from app.accounts.models import User
from app.catalog import rows
from app.catalog.drafts import UNKNOWN_CPV, slugify, suggested_price
from app.catalog.imports.loading import in_batches
from app.catalog.imports.plan import Kind, Outcome
from app.catalog.models import ApprovalState, Article, Category, CpvCode, Offering, OfferingArea
from app.db import db, table_of
from app.errors import Refused
from app.places import swedish_order


@dataclass(frozen=True, slots=True)
class New:
    """A new article with its offering, all but what must be free when it is taken: number and address."""

    row: int
    article: dict[str, Any]
    offering: dict[str, Any]
    municipalities: tuple[str, ...]


def worked_out(outcomes: Sequence[Outcome], member_id: int, now: datetime) -> list[New]:
    """The new articles that are planned, as rows. Pure."""
    return [_worked_out(outcome, member_id, now) for outcome in outcomes if outcome.kind is Kind.NEW]


def _worked_out(outcome: Outcome, member_id: int, now: datetime) -> New:
    draft, terms = outcome.draft, outcome.terms
    proposed = {"state": ApprovalState.PROPOSED, "created_at": now}
    article = {
        **rows.columns_of(draft),
        **proposed,
        "sort_name": swedish_order(draft.name),
        "price": suggested_price(outcome.member_price),
        "proposed_by_id": member_id,
    }
    offering = {
        **proposed,
        "member_id": member_id,
        "member_price": outcome.member_price,
        "capacity_per_week": terms.capacity_per_week,
        "lead_days": terms.lead_days,
    }
    return New(outcome.row, article, offering, tuple(sorted(terms.municipalities)))


def make(new: Sequence[New], member_id: int, *, by: User | None, now: datetime) -> dict[int, int]:
    """Write new articles with the member's offerings; gives the ids of the articles by row. Raises Refused.

    The caller holds what makes names and numbers free (`rows.one_at_a_time`).
    """
    if not new:
        return {}
    _must_be_there(new)
    addresses, numbers = _Addresses([one.article["name"] for one in new]), _Numbers()
    numbered = {
        numbers.following(one.article["category_id"]): (one, addresses.free(one.article["name"])) for one in new
    }
    articles = [{**one.article, "number": number, "slug": slug} for number, (one, slug) in numbered.items()]
    db.session.execute(insert(table_of(Article)), articles)
    ids = _ids_of(list(numbered))
    made = {one.row: ids[number] for number, (one, _slug) in numbered.items()}
    _offer(new, made, member_id)
    audit.record_many(Article, {id_: {"member_id": member_id} for id_ in made.values()}, "proposed", by=by, now=now)
    return made


def _must_be_there(new: Sequence[New]) -> None:
    """Somebody may have taken away a shelf or a code since the file was read."""
    if not {one.article["category_id"] for one in new} <= set(db.session.scalars(select(Category.id))):
        raise Refused("En av kategorierna finns inte längre. Läs in filen igen.")
    codes = {one.article["cpv"] for one in new} - {None}
    for some in in_batches(sorted(codes)):
        if len(db.session.scalars(select(CpvCode.code).where(CpvCode.code.in_(some))).all()) < len(some):
            raise Refused(UNKNOWN_CPV)


def _ids_of(numbers: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in in_batches(numbers):
        query = select(Article.number, Article.id).where(Article.number.in_(some))
        found |= {row.number: row.id for row in db.session.execute(query)}
    return found


def _offer(new: Sequence[New], made: dict[int, int], member_id: int) -> None:
    offerings = [{**one.offering, "article_id": made[one.row]} for one in new]
    db.session.execute(insert(table_of(Offering)), offerings)
    ids: dict[int, int] = {}
    for some in in_batches(sorted(made.values())):
        mine = (Offering.member_id == member_id, Offering.article_id.in_(some))
        query = select(Offering.article_id, Offering.id).where(*mine)
        ids |= {row.article_id: row.id for row in db.session.execute(query)}
    areas = [
        {"offering_id": ids[made[one.row]], "municipality": municipality}
        for one in new
        for municipality in one.municipalities
    ]
    db.session.execute(insert(table_of(OfferingArea)), areas)


class _Numbers:
    """The next free article numbers, asked for once per category."""

    def __init__(self) -> None:
        self.prefixes: dict[int, str] = {}
        self.last: dict[str, int] = {}

    def following(self, category_id: int) -> str:
        """``FRU-042``, and the next time ``FRU-043``."""
        if category_id not in self.prefixes:
            prefix, last = rows.last_number(category_id)
            self.prefixes[category_id] = prefix
            self.last.setdefault(prefix, last)
        prefix = self.prefixes[category_id]
        self.last[prefix] += 1
        return f"{prefix}-{self.last[prefix]:03d}"


class _Addresses:
    """Free addresses of articles; what is taken is asked for once."""

    def __init__(self, names: Sequence[str]) -> None:
        wanted = sorted({slugify(name) for name in names})
        self.taken: set[str] = set()
        self.next: dict[str, int] = {}
        for some in in_batches(wanted):
            self.taken |= set(db.session.scalars(select(Article.slug).where(Article.slug.in_(some))))

    def free(self, name: str) -> str:
        """The name as an address, with a number behind it when somebody has it."""
        wanted = slugify(name)
        if wanted not in self.taken:
            self.taken.add(wanted)
            return wanted
        if wanted not in self.next:
            alike = select(Article.slug).where(Article.slug.startswith(f"{wanted}-", autoescape=True))
            self.taken |= set(db.session.scalars(alike))
            self.next[wanted] = 2
        while (slug := f"{wanted}-{self.next[wanted]}") in self.taken:
            self.next[wanted] += 1
        self.taken.add(slug)
        return slug
