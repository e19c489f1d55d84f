"""Carries out the plan of an assortment: thousands of rows in one transaction, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from app import albums, audit
from app.accounts.models import User
from app.albums import PictureState
from app.catalog import indexing, rows
from app.catalog.changing.proposal_actions import put_right
from app.catalog.imports import making
from app.catalog.imports.changes import ask_for_change
from app.catalog.imports.loading import in_batches
from app.catalog.imports.making import New
from app.catalog.imports.models import OwnNumber
from app.catalog.imports.plan import Kind, Outcome
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.picture_actions import MOST
from app.catalog.picture_models import ArticlePicture
from app.catalog.picture_queries import album_of
from app.db import db, table_of
from app.errors import Refused
from app.members.models import Member
from app.pictures import Picture


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be written, worked out as far as that can be done without asking the database."""

    outcomes: tuple[Outcome, ...]
    """Without those that change nothing."""
    new: tuple[New, ...]


def worked_out(outcomes: Sequence[Outcome], member_id: int, *, now: datetime) -> Work:
    """The work that a plan makes. Pure."""
    some = tuple(outcome for outcome in outcomes if outcome.kind is not Kind.UNCHANGED)
    return Work(some, tuple(making.worked_out(some, member_id, now)))


def carry_out(work: Work, member: Member, pictures: Mapping[str, Picture], *, by: User | None, now: datetime) -> int:
    """Write all of it; returns how many rows changed anything. Raises Refused, and the caller rolls all back.

    New articles and offerings are proposals, as if they had been typed one by one; capacity and lead time hold at once.
    """
    rows.one_at_a_time()
    ids = {one.row: one.standing.article_id for one in work.outcomes if one.standing}
    ids |= making.make(work.new, member.id, by=by, now=now)
    _change_terms([one for one in work.outcomes if one.live], by=by, now=now)
    articles, offerings = _articles(work.outcomes, ids), _offerings(work.outcomes, member)
    for outcome in work.outcomes:
        try:
            _carry_out(outcome, articles, offerings, member, pictures, by=by, now=now)
        except Refused as no:
            raise Refused(f"Rad {outcome.row}: {no}") from no
    _keep_own_numbers({ids[one.row]: one.own_number for one in work.outcomes if one.own_number}, member.id)
    indexing.reindex_many(ids.values())
    return len(work.outcomes)


def _carry_out(
    outcome: Outcome,
    articles: Mapping[int, Article],
    offerings: Mapping[int, Offering],
    member: Member,
    pictures: Mapping[str, Picture],
    *,
    by: User | None,
    now: datetime,
) -> None:
    """What is done row by row: new articles are made together, and so are changes that hold at once."""
    if outcome.kind is Kind.OFFER:
        _offer(outcome, articles[outcome.row], member, by=by, now=now)
    if outcome.ask:
        _ask(outcome, offerings[outcome.row], member, by=by, now=now)
    for source, description in outcome.pictures:
        _hang(articles[outcome.row], member, pictures[source], description, by=by, now=now)


def _articles(outcomes: Sequence[Outcome], ids: Mapping[int, int]) -> dict[int, Article]:
    """The articles that something is done to row by row, by row; held so that nobody else changes them."""
    rows_of = {ids[one.row]: one.row for one in outcomes if one.kind is Kind.OFFER or one.ask or one.pictures}
    found: dict[int, Article] = {}
    for some in in_batches(sorted(rows_of)):
        query = select(Article).where(Article.id.in_(some)).order_by(Article.id).with_for_update()
        found |= {rows_of[article.id]: article for article in db.session.scalars(query)}
    return found


def _offerings(outcomes: Sequence[Outcome], member: Member) -> dict[int, Offering]:
    """The member's offerings that a change is asked for of, by row, held."""
    rows_of = {one.standing.article_id: one.row for one in outcomes if one.standing and one.ask}
    found: dict[int, Offering] = {}
    for some in in_batches(sorted(rows_of)):
        mine = (Offering.member_id == member.id, Offering.article_id.in_(some))
        query = select(Offering).where(*mine).order_by(Offering.id).with_for_update()
        found |= {rows_of[offering.article_id]: offering for offering in db.session.scalars(query)}
    return found


def _offer(outcome: Outcome, article: Article, member: Member, *, by: User | None, now: datetime) -> None:
    price = outcome.member_price
    offering = rows.offer(article, member, outcome.terms, price, ApprovalState.PROPOSED, now=now)
    audit.record(offering, "proposed", by=by, now=now, member_price=price.ore)


def _ask(outcome: Outcome, offering: Offering, member: Member, *, by: User | None, now: datetime) -> None:
    """What is published waits for a yes to each change; a proposal that waits anyway is put right."""
    if offering.state == ApprovalState.PROPOSED:
        put_right(offering, outcome.draft, outcome.terms, outcome.member_price, by=by, now=now)
    else:
        ask_for_change(outcome, offering, member, by=by, now=now)


def _change_terms(outcomes: Sequence[Outcome], *, by: User | None, now: datetime) -> None:
    """How much and how fast. Where is part of what has been approved, and is asked for.

    The offerings are held, and have been found to be the member's own and not withdrawn.
    """
    terms = {one.standing.offering_id: one.terms for one in outcomes if one.standing and one.standing.offering_id}
    if not terms:
        return
    offering = table_of(Offering)
    change = update(offering).where(offering.c.id == bindparam("which"))
    change = change.values(capacity_per_week=bindparam("capacity"), lead_days=bindparam("lead"))
    changed = [{"which": id_, "capacity": one.capacity_per_week, "lead": one.lead_days} for id_, one in terms.items()]
    db.session.execute(change, changed)
    db.session.expire_all()
    said: dict[int, dict[str, str | int | None]]
    said = {id_: {"capacity": str(one.capacity_per_week), "lead_days": one.lead_days} for id_, one in terms.items()}
    audit.record_many(Offering, said, "terms changed", by=by, now=now)


def _hang(
    article: Article, member: Member, picture: Picture, description: str, *, by: User | None, now: datetime
) -> None:
    """Propose a picture; one that hangs there already is left alone. Raises Refused."""
    album = album_of(article.id)
    if albums.hangs(album, picture):
        return
    albums.check_room(album, MOST)
    row = ArticlePicture(
        article=article,
        handed_in_by=member,
        picture=picture,
        description=albums.check_description(description),
        state=PictureState.WAITING,
        added_at=now,
    )
    albums.put(album, row, what="proposed", by=by, now=now)


def _keep_own_numbers(said: Mapping[int, str], member_id: int) -> None:
    """What the member calls its articles, by their ids; a number that has moved to another belongs there now."""
    numbers = set(said.values())
    there = select(OwnNumber.article_id, OwnNumber.number).where(OwnNumber.member_id == member_id)
    gone = [row.article_id for row in db.session.execute(there) if row.article_id in said or row.number in numbers]
    for some in in_batches(gone):
        db.session.execute(delete(OwnNumber).where(OwnNumber.member_id == member_id, OwnNumber.article_id.in_(some)))
    kept = [{"member_id": member_id, "article_id": id_, "number": number} for id_, number in said.items()]
    if kept:
        db.session.execute(insert(table_of(OwnNumber)), kept)
