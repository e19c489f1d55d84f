"""Carries out the plan of an assortment: thousands of rows in one transaction, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from app import albums, audit
from app.accounts.models import User
from app.albums import PictureState
from app.catalog import indexing, rows
from app.catalog.drafts import slugify, suggested_price
from app.catalog.import_changes import ask_for_change
from app.catalog.import_loading import in_batches
from app.catalog.import_models import OwnNumber
from app.catalog.import_plan import Kind, Outcome
from app.catalog.models import ApprovalState, Article, Category, CpvCode, Offering
from app.catalog.picture_actions import MOST
from app.catalog.picture_models import ArticlePicture
from app.catalog.picture_queries import album_of
from app.catalog.proposal_actions import put_right
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.pictures import Picture


def carry_out(
    outcomes: Sequence[Outcome], member: Member, pictures: Mapping[str, Picture], *, by: User | None, now: datetime
) -> int:
    """Write all outcomes; returns how many rows changed anything. Raises Refused, and the caller rolls all back.

    New articles and offerings are proposals, as if they had been typed one by one; capacity and lead time hold at once.
    """
    rows.one_at_a_time()
    new = [outcome for outcome in outcomes if outcome.kind is Kind.NEW]
    articles = dict(zip((one.row for one in new), _propose_articles(new, member, by=by, now=now), strict=True))
    articles |= _articles(outcomes)
    offerings = _offerings(outcomes, member)
    for outcome in outcomes:
        try:
            _carry_out(outcome, articles, offerings, member, pictures, by=by, now=now)
        except Refused as no:
            raise Refused(f"Rad {outcome.row}: {no}") from no
    _keep_own_numbers(outcomes, articles, member)
    db.session.flush()
    indexing.reindex_member(member.id)
    return sum(1 for outcome in outcomes if outcome.kind is not Kind.UNCHANGED)


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
    """All but the making of new articles, which are made together."""
    if outcome.kind is Kind.OFFER:
        _offer(outcome, articles[outcome.row], member, by=by, now=now)
    if outcome.live:
        _change_terms(outcome, offerings[outcome.row], by=by, now=now)
    if outcome.ask:
        _ask(outcome, offerings[outcome.row], member, by=by, now=now)
    for source, description in outcome.pictures:
        _hang(articles[outcome.row], member, pictures[source], description, by=by, now=now)


def _articles(outcomes: Sequence[Outcome]) -> dict[int, Article]:
    """The articles that are there and that something happens to, by row; held so that nobody else changes them."""
    rows_of = {one.standing.article_id: one.row for one in outcomes if one.standing and one.kind is not Kind.UNCHANGED}
    found: dict[int, Article] = {}
    for some in in_batches(sorted(rows_of)):
        query = select(Article).where(Article.id.in_(some)).order_by(Article.id).with_for_update()
        found |= {rows_of[article.id]: article for article in db.session.scalars(query)}
    return found


def _offerings(outcomes: Sequence[Outcome], member: Member) -> dict[int, Offering]:
    """The member's offerings that change, by row, held."""
    rows_of = {one.standing.article_id: one.row for one in outcomes if one.standing and one.kind is Kind.CHANGE}
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


def _change_terms(outcome: Outcome, offering: Offering, *, by: User | None, now: datetime) -> None:
    """How much and how fast. Where is part of what has been approved, and is asked for."""
    rows.must_be(offering, ApprovalState.PROPOSED, ApprovalState.APPROVED)
    offering.capacity_per_week, offering.lead_days = outcome.terms.capacity_per_week, outcome.terms.lead_days
    capacity = str(offering.capacity_per_week)
    audit.record(offering, "terms changed", by=by, now=now, capacity=capacity, lead_days=offering.lead_days)


def _hang(
    article: Article, member: Member, picture: Picture, description: str, *, by: User | None, now: datetime
) -> None:
    """Propose a picture; one that hangs there already is left alone. Raises Refused."""
    album = album_of(article.id)
    if any(one.picture_id == picture.id for one in album):
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


def _keep_own_numbers(outcomes: Sequence[Outcome], articles: Mapping[int, Article], member: Member) -> None:
    """What the member calls its articles; a number that has moved to another article belongs there now."""
    said = {articles[one.row].id: one.own_number for one in outcomes if one.own_number}
    for row in db.session.scalars(select(OwnNumber).where(OwnNumber.member_id == member.id)):
        if row.article_id in said or row.number in said.values():
            db.session.delete(row)
    db.session.flush()
    db.session.add_all(OwnNumber(member_id=member.id, article_id=id_, number=number) for id_, number in said.items())


def _propose_articles(outcomes: Sequence[Outcome], member: Member, *, by: User | None, now: datetime) -> list[Article]:
    """New articles with the member's offerings, under numbers and addresses that are free."""
    addresses, numbers, _held = _Addresses(outcomes), _Numbers(), _named_by(outcomes)
    made: list[tuple[Article, Offering]] = []
    with db.session.no_autoflush:
        for outcome in outcomes:
            draft = rows.checked(outcome.draft)
            number, slug = numbers.following(draft.category_id), addresses.free(draft.name)
            article = Article(number=number, slug=slug, state=ApprovalState.PROPOSED, created_at=now)
            rows.write(article, draft)
            article.price, article.proposed_by = suggested_price(outcome.member_price), member
            db.session.add(article)
            terms, price = outcome.terms, outcome.member_price
            made.append((article, rows.new_offering(article, member, terms, price, ApprovalState.PROPOSED, now=now)))
    db.session.flush()
    for article, _offering in made:
        audit.record(article, "proposed", by=by, now=now, member_id=member.id)
    return [article for article, _offering in made]


def _named_by(outcomes: Sequence[Outcome]) -> list[object]:
    """Shelves and codes that the rows name. Whoever holds them saves the session from asking for them row by row."""
    codes = sorted({outcome.draft.cpv for outcome in outcomes if outcome.draft.cpv})
    held: list[object] = [*db.session.scalars(select(Category))]
    for some in in_batches(codes):
        held += db.session.scalars(select(CpvCode).where(CpvCode.code.in_(some)))
    return held


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

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        wanted = sorted({slugify(outcome.draft.name) for outcome in outcomes})
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
