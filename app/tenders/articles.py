"""How a price row points at our catalogue, and a promise at the party's own offering: at a version, as it was then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy import and_, case, or_, select

from app import audit
from app.accounts.models import User
from app.catalog import language, search
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.versions import ArticleVersion, OfferingVersion, publish_article, publish_offering
from app.db import db
from app.errors import Refused
from app.tenders.actions import check_open
from app.tenders.bid_holds import unit_word
from app.tenders.models import BidParty, Promise, PromiseState, Tender, TenderPriceRow

MOST_WORDS = 6
TELLING = 5
"""Letters: shorter words bind others together, or are measures."""
MOST_LIKE = 40
MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class Tied:
    """The article that a row points at, as it was then."""

    article: Article
    version: ArticleVersion

    @property
    def is_newest(self) -> bool:
        """Whether the article is still what it was."""
        return self.version.number == self.article.version


def tie(row: TenderPriceRow, number: str, *, newest: bool, by: User | None, now: datetime) -> TenderPriceRow:
    """Let a row point at the article with this number, or at none when it is blank.

    A row that points at it already keeps its version, unless the `newest` is asked for. Raises Refused.
    """
    check_open(row.tender)
    before = row.article_id, row.article_version
    if not number.strip():
        row.article_id = row.article_version = None
    else:
        article = _numbered(number.strip().upper())
        if newest or article.id != row.article_id:
            publish_article(article, by=None, now=now)
            row.article_id, row.article_version = article.id, article.version
    if (row.article_id, row.article_version) != before:
        details = {"ref": row.ref, "article_id": row.article_id, "version": row.article_version}
        audit.record(row.tender, "row_tied", by=by, now=now, **details)
    return row


def suggested(row: TenderPriceRow) -> list[Article]:
    """The articles that are most like what the buyer calls the row, those in the row's unit before others as like.

    An article is like a row when the search knows it by half of the row's longer words at least; one statement.
    """
    every = language.query_words(row.text)
    words = ([word for word in every if len(word) >= TELLING] or every)[:MOST_WORDS]
    if not words:
        return []
    finds = [case((search.matches([word]), 1), else_=0) for word in words]
    likeness = sum(finds[1:], finds[0]).label("likeness")
    query = (
        select(Article, likeness)
        .where(Article.state == ApprovalState.APPROVED, or_(*(search.matches([word]) for word in words)))
        .order_by(likeness.desc(), Article.sort_name, Article.id)
        .limit(MOST_LIKE)
    )
    found = [(many, article) for article, many in db.session.execute(query) if many * 2 >= len(words)]
    found.sort(key=lambda one: (-one[0], unit_word(one[1]) != unit_word(row), -_alike(one[1].name, row.text)))
    return [article for _many, article in found[:MOST_SUGGESTED]]


def _alike(name: str, text: str) -> float:
    """How much two names are the same, letter by letter: what the search does not tell apart."""
    return SequenceMatcher(None, name.casefold(), text.casefold()).ratio()


def next_untied(tender: Tender, row: TenderPriceRow) -> TenderPriceRow | None:
    """The next row that no article answers to, round the list; none when all are tied."""
    place = tender.rows.index(row)
    after = [*tender.rows[place + 1 :], *tender.rows[:place]]
    return next((one for one in after if one.article_id is None), None)


def tied(row: TenderPriceRow) -> Tied | None:
    """What the row points at."""
    if row.article_id is None or row.article_version is None:
        return None
    version = and_(ArticleVersion.article_id == Article.id, ArticleVersion.number == row.article_version)
    query = select(Article, ArticleVersion).join(ArticleVersion, version).where(Article.id == row.article_id)
    return Tied(*db.session.execute(query).one())


def point_at_offerings(party: BidParty, *, now: datetime) -> None:
    """Let what the party has promised point at its own offerings of the rows' articles, as they are now."""
    promises = [one for one in party.promises if one.state == PromiseState.PROMISED]
    ids = [one.row.article_id for one in promises if one.row.article_id is not None]
    approved = (Offering.article_id.in_(ids), Offering.state == ApprovalState.APPROVED)
    own = select(Offering).where(Offering.member_id == party.member_id, *approved)
    offerings = {one.article_id: publish_offering(one, by=None, now=now) for one in db.session.scalars(own)}
    for promise in promises:
        found = offerings.get(promise.row.article_id or 0)
        promise.offering_id = found.id if found else None
        promise.offering_version = found.version if found else None


def promised_for(row: TenderPriceRow) -> list[tuple[Promise, OfferingVersion | None]]:
    """What has been promised of a row, each with the offering that it rested on."""
    rested_on = and_(
        OfferingVersion.offering_id == Promise.offering_id, OfferingVersion.number == Promise.offering_version
    )
    query = (
        select(Promise, OfferingVersion)
        .outerjoin(OfferingVersion, rested_on)
        .where(Promise.row_id == row.id, Promise.state == PromiseState.PROMISED)
        .order_by(Promise.id)
    )
    return [(promise, offering) for promise, offering in db.session.execute(query)]


def _numbered(number: str) -> Article:
    query = select(Article).where(Article.number == number, Article.state == ApprovalState.APPROVED)
    found = db.session.scalar(query)
    if found is None:
        raise Refused(f"Det finns ingen artikel {number} i katalogen.")
    return found
