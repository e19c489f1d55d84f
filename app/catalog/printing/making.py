"""Who makes what a printed catalogue holds, how soon and where: of single articles, and of bundles by their parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload

from app.catalog import bundles
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, Offering, OfferingArea
from app.catalog.printing.values import MOST_ARTICLES, PrintOptions
from app.db import db
from app.members.models import Member

CHUNK = 500
"""Ids that are asked for by one question."""
Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class Made:
    """An article that can be had: by whom, in how many working days, and where."""

    makers: tuple[Member, ...]
    """The quickest first; a bundle's in the order of its parts."""
    lead_days: int
    municipalities: frozenset[str]
    of_parts: tuple[tuple[Member, ...], ...] = ()
    """Who makes each part of a bundle."""


def conditions(options: PrintOptions, whole: Iterable[int]) -> list[ColumnElement[bool]]:
    """What an article must be to be printed. `whole` are the ids of the bundles that can be had."""
    made: ColumnElement[bool] = exists().where(Offering.article_id == Article.id, *_offering_conditions(options))
    ids = list(whole)[: MOST_ARTICLES + 1]  # So many are refused already.
    wanted = [Article.state == ApprovalState.APPROVED, or_(made, Article.id.in_(ids)) if ids else made]
    if options.category_id is not None:
        wanted.append(Article.category_id == options.category_id)
    if not options.may_buy(ArticleKind.PLACEMENT):
        wanted.append(Article.kind != ArticleKind.PLACEMENT)
    return wanted


def whole_bundles(options: PrintOptions) -> dict[int, Made]:
    """All bundles that can be had in the asked category and municipality, or anywhere. As many questions as for one.

    They are read as they are now and not as a process remembers them: paper lasts.
    """
    category = [] if options.category_id is None else [Article.category_id == options.category_id]
    found = ((row, bundles.as_value(row).within(options.municipality)) for row in bundles.complete(*category))
    return {row.id: _bundle(row, bundle) for row, bundle in found if bundle}


def made(ids: Sequence[int], options: PrintOptions) -> dict[int, Made]:
    """The same of those of the articles that members offer by themselves."""
    found: dict[int, list[Offering]] = {}
    for some in chunks(ids):
        query = select(Offering).options(joinedload(Offering.member))
        query = query.where(Offering.article_id.in_(some), *_offering_conditions(options))
        for offering in db.session.scalars(query.order_by(Offering.lead_days, Offering.id)):
            found.setdefault(offering.article_id, []).append(offering)
    return {article_id: _single(offerings) for article_id, offerings in found.items()}


def chunks(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    """So many at a time as go into one question."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _offering_conditions(options: PrintOptions) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Offering.state == ApprovalState.APPROVED]
    if options.municipality is not None:
        there = exists().where(
            OfferingArea.offering_id == Offering.id, OfferingArea.municipality == options.municipality
        )
        wanted.append(there)
    return wanted


def _single(offerings: Sequence[Offering]) -> Made:
    places = frozenset(code for offering in offerings for code in offering.municipalities)
    return Made(_each_once(offering.member for offering in offerings), offerings[0].lead_days, places)


def _bundle(row: Article, bundle: bundles.Bundle) -> Made:
    members = {one.member_id: one.member for part in row.parts for one in bundles.makers_of(part)}
    of_parts = tuple(_each_once(members[one.member_id] for one in part.makers) for part in bundle.parts)
    makers = tuple(members[member_id] for member_id in bundle.maker_ids)
    return Made(makers, bundle.lead_days, bundle.municipalities, of_parts)


def _each_once(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(dict.fromkeys(members))
