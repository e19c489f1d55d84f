"""Reading the library: what fits a requirement, lists, and where entries are used."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, counted, nearest
from app.tenders.library import likeness
from app.tenders.library.models import AnswerSource, EntryKind, LibraryEntry, LibraryToken, LibraryVersion
from app.tenders.library.values import Age, age
from app.tenders.models import Bid, BidAnswer, BidState, Tender, TenderRequirement

PAGE = 25
SUGGESTED = 5
MOST_USES = 50
LATEST = and_(LibraryVersion.entry_id == LibraryEntry.id, LibraryVersion.number == LibraryEntry.current)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry with its latest version, how old that is, and in how many answers it is used."""

    entry: LibraryEntry
    version: LibraryVersion
    age: Age
    uses: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entry that is like a requirement, in whole per cent, and how old it is on the last day for bids."""

    entry: LibraryEntry
    version: LibraryVersion
    age: Age
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a list of the library is narrowed to, and how it is sorted."""

    words: str = ""
    kind: EntryKind | None = None
    owner_id: int | None = None
    age: Age | None = None
    retired: bool = False
    sort: str = "title"


def search(narrowed: Narrowed, today: date, number: int = 1) -> Leaf[Listed]:
    """A page of the library. All words must be found, in any of their forms and in compounds."""
    query = _narrowed(select(LibraryEntry, LibraryVersion, _uses()).join(LibraryVersion, LATEST), narrowed, today)
    total, more = counted(query.with_only_columns(LibraryEntry.id).order_by(None))
    number = nearest(number, total, PAGE)
    rows = db.session.execute(
        query.options(joinedload(LibraryEntry.owner)).offset((number - 1) * PAGE).limit(PAGE)
    ).all()
    found = [
        Listed(entry, version, age(today, version.valid_to, version.review_on), uses) for entry, version, uses in rows
    ]
    return Leaf(found, number, total, PAGE, more)


def _narrowed(query: Select[Any], wanted: Narrowed, today: date) -> Select[Any]:
    query = query.where(LibraryEntry.retired_at.is_not(None) if wanted.retired else LibraryEntry.retired_at.is_(None))
    for roots in likeness.typed(wanted.words):
        query = query.where(_has(roots, wanted.retired))
    if wanted.kind is not None:
        query = query.where(LibraryEntry.kind == wanted.kind)
    if wanted.owner_id is not None:
        query = query.where(LibraryEntry.owner_id == wanted.owner_id)
    if wanted.age is not None:
        query = query.where(_is(wanted.age, today))
    return query.order_by(*_order(wanted.sort), LibraryEntry.id)


def _has(roots: frozenset[str], retired: bool) -> ColumnElement[bool]:
    """What is retired has no words of its own any longer: there the title is looked through."""
    if retired:
        return or_(*(func.lower(LibraryVersion.title).contains(root, autoescape=True) for root in sorted(roots)))
    there = select(LibraryToken.entry_id).where(LibraryToken.token.in_(roots))
    return LibraryEntry.id.in_(there)


def _is(wanted: Age, today: date) -> ColumnElement[bool]:
    """The same as `values.age`, for the database."""
    ends, review = LibraryVersion.valid_to, LibraryVersion.review_on
    holds, due = or_(ends.is_(None), ends >= today), and_(review.is_not(None), review <= today)
    return {
        Age.EXPIRED: and_(ends.is_not(None), ends < today),
        Age.TO_REVIEW: and_(holds, due),
        Age.FRESH: and_(holds, or_(review.is_(None), review > today)),
    }[wanted]


def _uses() -> Any:
    return (
        select(func.count(AnswerSource.id))
        .where(AnswerSource.entry_id == LibraryEntry.id)
        .correlate(LibraryEntry)
        .scalar_subquery()
        .label("uses")
    )


def _order(sort: str) -> tuple[Any, ...]:
    return {
        "valid_to": (LibraryVersion.valid_to.is_(None), LibraryVersion.valid_to),
        "review_on": (LibraryVersion.review_on.is_(None), LibraryVersion.review_on),
        "made_at": (LibraryVersion.made_at.desc(),),
        "uses": (_uses().desc(),),
    }.get(sort, (func.lower(LibraryVersion.title),))


def suggest(requirement: str, on: date, *, besides: Collection[int] = ()) -> list[Suggestion]:
    """The entries that are most like a requirement, how old they are on a day, at most five; two statements.

    ``besides`` are entries that need not be suggested: the answer has them already.
    """
    wanted = likeness.asked_for(requirement)
    if not wanted:
        return []
    rows = db.session.execute(_having_rare(wanted)).all()
    having = {token: count for _entry_id, token, _weight, count, _all in rows}
    entries = rows[0][4] if rows else 0
    compared = likeness.rarest(wanted, having, entries)
    if not compared:
        return []
    found = [(entry_id, token, weight) for entry_id, token, weight, _count, _all in rows if token in compared]
    weighed = {token: wanted[token] for token in wanted if token in compared or token not in having}
    alike = likeness.most_alike(weighed, found, having, entries)
    best = [one for one in alike if one.entry_id not in besides][:SUGGESTED]
    latest = _with_latest([one.entry_id for one in best])
    return [_suggestion(one, latest[one.entry_id], on) for one in best if one.entry_id in latest]


def _having_rare(wanted: Collection[str]) -> Select[int, str, int, int, int]:
    """Which entries have the rarest of these roots, in how many each stands, and how many entries there are."""
    counted = (
        select(LibraryToken.token, func.count().label("many"))
        .where(LibraryToken.token.in_(wanted))
        .group_by(LibraryToken.token)
        .order_by(func.count(), LibraryToken.token)
        .limit(likeness.RAREST)
        .subquery()
    )
    in_use = select(func.count(LibraryEntry.id)).where(LibraryEntry.retired_at.is_(None)).scalar_subquery()
    columns = (LibraryToken.entry_id, LibraryToken.token, LibraryToken.weight, counted.c.many, in_use)
    return select(*columns).join(counted, counted.c.token == LibraryToken.token)


def _with_latest(entry_ids: Collection[int]) -> dict[int, tuple[LibraryEntry, LibraryVersion]]:
    """Entries in use and their latest versions."""
    query = select(LibraryEntry, LibraryVersion).join(LibraryVersion, LATEST)
    rows = db.session.execute(
        query.where(LibraryEntry.id.in_(entry_ids), LibraryEntry.retired_at.is_(None)).options(
            joinedload(LibraryEntry.owner).lazyload(User.roles)
        )
    )
    return {entry.id: (entry, version) for entry, version in rows}


def _suggestion(like: likeness.Likeness, row: tuple[LibraryEntry, LibraryVersion], on: date) -> Suggestion:
    entry, version = row
    return Suggestion(entry, version, age(on, version.valid_to, version.review_on), round(like.score * 100))


def entry_with(entry_id: int, *, lock: bool = False) -> LibraryEntry:
    """An entry with all its versions. Raises NotYours when there is none."""
    query = (
        select(LibraryEntry)
        .where(LibraryEntry.id == entry_id)
        .options(selectinload(LibraryEntry.versions).joinedload(LibraryVersion.file))
    )
    query = query.with_for_update(of=LibraryEntry) if lock else query.options(joinedload(LibraryEntry.owner))
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def version_of(entry: LibraryEntry, number: int) -> LibraryVersion:
    """One of the entry's own versions. Raises NotYours for any other."""
    found = next((version for version in entry.versions if version.number == number), None)
    if found is None:
        raise NotYours
    return found


def answer_with(answer_id: int) -> BidAnswer | None:
    """An answer with its requirement, for staff who want to keep what it says; None when there is none."""
    query = select(BidAnswer).where(BidAnswer.id == answer_id).options(joinedload(BidAnswer.requirement))
    return db.session.scalar(query)


def versions_with(version_ids: Collection[int]) -> list[LibraryVersion]:
    """Versions by id, with their entries and files, in the order asked for; what there is none of is left out."""
    query = select(LibraryVersion).where(LibraryVersion.id.in_(version_ids))
    whole = (joinedload(LibraryVersion.entry), joinedload(LibraryVersion.file))
    found = {version.id: version for version in db.session.scalars(query.options(*whole))}
    return [found[version_id] for version_id in version_ids if version_id in found]


def latest_of(entry_ids: Collection[int]) -> dict[int, LibraryVersion]:
    """The latest version of each of the entries."""
    query = select(LibraryVersion).join(LibraryEntry, LATEST).where(LibraryEntry.id.in_(entry_ids))
    return {version.entry_id: version for version in db.session.scalars(query)}


@dataclass(frozen=True, slots=True)
class UsedIn:
    """An answer that took text from an entry, and from which version of it."""

    tender_id: int
    title: str
    requirement_id: int
    ref: str
    number: int
    state: BidState


def uses_of(entry: LibraryEntry) -> tuple[list[UsedIn], int]:
    """The latest answers that took text from the entry, and how many there are in all."""
    query = (
        select(Tender.id, Tender.title, TenderRequirement.id, TenderRequirement.ref, LibraryVersion.number, Bid.state)
        .select_from(AnswerSource)
        .join(LibraryVersion, LibraryVersion.id == AnswerSource.version_id)
        .join(BidAnswer, BidAnswer.id == AnswerSource.answer_id)
        .join(TenderRequirement, TenderRequirement.id == BidAnswer.requirement_id)
        .join(Bid, Bid.id == BidAnswer.bid_id)
        .join(Tender, Tender.id == Bid.tender_id)
        .where(AnswerSource.entry_id == entry.id)
        .order_by(AnswerSource.taken_at.desc(), AnswerSource.id.desc())
    )
    total = db.session.scalar(select(func.count(AnswerSource.id)).where(AnswerSource.entry_id == entry.id)) or 0
    return [UsedIn(*row) for row in db.session.execute(query.limit(MOST_USES))], total


def owners() -> Sequence[tuple[int, str]]:
    """(id, name) of those who see to an entry in use, by name."""
    query = (
        select(User.id, User.name)
        .where(User.id.in_(select(LibraryEntry.owner_id).where(LibraryEntry.retired_at.is_(None))))
        .order_by(User.name)
    )
    return [(user_id, name) for user_id, name in db.session.execute(query)]


def counts(today: date) -> dict[Age, int]:
    """How many entries in use are how old."""
    query = select(LibraryVersion.valid_to, LibraryVersion.review_on).join(LibraryEntry, LATEST)
    found = dict.fromkeys(Age, 0)
    for ends, review in db.session.execute(query.where(LibraryEntry.retired_at.is_(None))):
        found[age(today, ends, review)] += 1
    return found
