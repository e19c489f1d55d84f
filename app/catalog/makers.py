"""The members as customers meet them: a list by place, and one member with what it makes and where it delivers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from app import places
from app.catalog.maker_index import MakerCategory, MakerPlace
from app.db import db, holds
from app.errors import NotYours
from app.leaves import MOST, Leaf, counted, nearest
from app.members.models import Member, MemberKind
from app.places import Municipality

PAGE = 24
_SLUG = re.compile("[a-z0-9-]{1,100}")


@dataclass(frozen=True, slots=True)
class MakerFilters:
    """What a person asks for: a part of the name, where the member is or delivers, and what kind of thing it makes."""

    name: str = ""
    municipality: str | None = None
    category_id: int | None = None


@dataclass(frozen=True, slots=True)
class MakerCard:
    """A member on the list."""

    id: int
    slug: str
    name: str
    about: str
    city: str
    place: Municipality
    category_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class County:
    """The municipalities of one county in which a member delivers."""

    name: str
    whole: bool
    municipalities: tuple[str, ...]
    """Names, in Swedish order."""


def maker_page(filters: MakerFilters, number: int) -> Leaf[MakerCard]:
    """One page of the members that sell something, by county, municipality and name. Three statements.

    A number beyond the last page gives the last.
    """
    conditions = _conditions(filters)
    total, more = counted(select(Member.id).where(*conditions))
    number = nearest(number, total, PAGE)
    first = (number - 1) * PAGE
    columns = (Member.id, Member.slug, Member.name, Member.about, Member.city, Member.municipality)
    query = select(*columns).where(*conditions).order_by(Member.municipality, Member.name, Member.id)
    rows = db.session.execute(query.offset(first).limit(min(PAGE, MOST - first))).all()
    return Leaf(_cards(rows), number, total, PAGE, more)


def maker(slug: str) -> Member:
    """The member with this address, if it sells anything now; else NotYours. Who sells nothing has no page."""
    if not _SLUG.fullmatch(slug):  # PostgreSQL would break on some of what an address can hold.
        raise NotYours
    wanted = (Member.slug == slug, *_conditions(MakerFilters()))
    found = db.session.scalar(select(Member).where(*wanted).options(selectinload(Member.head_counts)))
    if found is None:
        raise NotYours
    return found


def sells(member: Member) -> bool:
    """Whether the member has a public page."""
    query = select(Member.id).where(Member.id == member.id, *_conditions(MakerFilters()))
    return db.session.scalar(query) is not None


def delivers_in(member: Member) -> list[County]:
    """Where the member delivers anything, county by county."""
    codes = set(db.session.scalars(select(MakerPlace.municipality).where(MakerPlace.member_id == member.id)))
    counties: dict[str, list[Municipality]] = {}
    for place in places.all_municipalities():
        counties.setdefault(place.county, []).append(place)
    served = {name: tuple(one.name for one in all_ if one.code in codes) for name, all_ in counties.items()}
    found = [County(name, len(names) == len(counties[name]), names) for name, names in served.items() if names]
    return sorted(found, key=lambda county: places.swedish_order(county.name))


def _conditions(filters: MakerFilters) -> list[ColumnElement[bool]]:
    """What a member must be to be listed; what it makes and where it delivers need not be the same thing."""
    makes = select(MakerCategory.member_id).where(MakerCategory.member_id == Member.id)
    if filters.category_id is not None:
        makes = makes.where(MakerCategory.category_id == filters.category_id)
    wanted: list[ColumnElement[bool]] = [Member.kind == MemberKind.MEMBER, makes.exists()]
    if filters.municipality is not None:
        delivers = select(MakerPlace.member_id).where(
            MakerPlace.member_id == Member.id, MakerPlace.municipality == filters.municipality
        )
        wanted.append(or_(Member.municipality == filters.municipality, delivers.exists()))
    if filters.name:
        wanted.append(holds(Member.name, filters.name))
    return wanted


def _cards(rows: Sequence[Any]) -> list[MakerCard]:
    query = select(MakerCategory.member_id, MakerCategory.category_id)
    shown = query.where(MakerCategory.member_id.in_([row.id for row in rows])).order_by(MakerCategory.category_id)
    made: dict[int, list[int]] = {}
    for member_id, category_id in db.session.execute(shown) if rows else ():
        made.setdefault(member_id, []).append(category_id)
    return [
        MakerCard(
            id=row.id,
            slug=row.slug,
            name=row.name,
            about=row.about,
            city=row.city,
            place=places.municipality(row.municipality),
            category_ids=tuple(made.get(row.id, ())),
        )
        for row in rows
    ]
