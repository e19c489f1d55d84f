"""What members and staff look at: proposals that wait, the whole list, and one row, locked by whoever decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import contains_eager, joinedload

from app.catalog import search
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.members.models import Member, MemberKind

Found = TypeVar("Found", Article, Offering)

ROWS = 50
OWN_ROWS = 24
"""So many of a member's own offerings stand on a page."""


_PROPOSED = Offering.state == literal_column("'proposed'")
"""The word itself stands in the statement, so that the databases see that the index of what is proposed answers it."""
ARTICLE_WAITS = (_PROPOSED, Article.state == ApprovalState.PROPOSED)
"""Of an offering and its article: something new is proposed, and whoever proposed it still wants to make it."""
OFFERING_WAITS = (_PROPOSED, Article.state != ApprovalState.PROPOSED)
"""Of an offering and its article: one more is to make what is there already."""


def waiting_counts() -> tuple[int, int]:
    """How many proposed articles wait for staff, and how many offerings to make articles that are there already."""
    new, more = (func.count().filter(waits[1]) for waits in (ARTICLE_WAITS, OFFERING_WAITS))
    query = select(new, more).select_from(Offering).join(Article).where(_PROPOSED)
    articles, offerings = db.session.execute(query).one()
    return articles, offerings


def proposals(offering_ids: Collection[int], *, lock: bool = False) -> Sequence[Offering]:
    """Those of the offerings that there are, with their articles. With `lock` whoever decides next has to wait.

    The articles are held first and then the offerings, each by id, as everybody does who needs both.
    """
    query = select(Offering).where(Offering.id.in_(offering_ids)).order_by(Offering.id)
    if lock:
        held = select(Article).join(Offering).where(Offering.id.in_(offering_ids)).order_by(Article.id)
        fresh = {"populate_existing": True}
        db.session.scalars(held.with_for_update(of=Article).execution_options(**fresh)).all()
        query = query.with_for_update(of=Offering).execution_options(**fresh)
    return db.session.scalars(query.options(joinedload(Offering.article), joinedload(Offering.member))).all()


def proposal(offering_id: int, *, lock: bool = False) -> Offering:
    """One of them, or NotYours."""
    found = proposals([offering_id], lock=lock)
    if not found:
        raise NotYours
    return found[0]


def proposal_for(article_id: int, *, lock: bool = False) -> Offering:
    """The offering of whoever has proposed an article, or of whoever offers it first, or NotYours."""
    theirs = select(Offering.id).where(Offering.article_id == article_id).order_by(Offering.id)
    found = db.session.scalar(theirs.limit(1))
    if found is None:
        raise NotYours
    return proposal(found, lock=lock)


def article_page(words: Sequence[str], state: ApprovalState, category_id: int | None, number: int) -> Leaf[Article]:
    """One page of the articles in a state, by name; a number beyond the last page gives the last."""
    query = select(Article).where(Article.state == state)
    if category_id is not None:
        query = query.where(Article.category_id == category_id)
    if words:
        query = query.where(search.matches(words))
    return leaf(query.order_by(Article.sort_name, Article.id), number, ROWS)


def makers_of(articles: Collection[Article]) -> dict[int, int]:
    """How many members make each of the articles, by its id; those that nobody makes are left out."""
    ids = [article.id for article in articles]
    query = select(Offering.article_id, func.count()).group_by(Offering.article_id)
    approved = (Offering.article_id.in_(ids), Offering.state == ApprovalState.APPROVED)
    return dict(db.session.execute(query.where(*approved)).all())


def article(article_id: int, *, lock: bool = False) -> Article:
    """Any article, for staff, or NotYours. With `lock` whoever decides about it next has to wait."""
    return _one(select(Article).where(Article.id == article_id), lock=lock)


def articles_by_id(ids: Sequence[int]) -> Sequence[Article]:
    """Some articles, in any state."""
    return db.session.scalars(select(Article).where(Article.id.in_(ids))).all()


def articles_by_number(numbers: Sequence[str]) -> Sequence[Article]:
    """Those of the articles that there are, in any state."""
    return db.session.scalars(select(Article).where(Article.number.in_(numbers))).all()


def offering(offering_id: int, *, lock: bool = False) -> Offering:
    """Any offering, for staff, or NotYours."""
    return _one(select(Offering).where(Offering.id == offering_id), lock=lock)


def offering_of(member: Member, offering_id: int, *, lock: bool = False) -> Offering:
    """The member's own offering, or NotYours. With `lock` its article is held too, before it."""
    found = proposal(offering_id, lock=lock)
    if found.member_id != member.id:
        raise NotYours
    return found


def offering_by(member: Member, article_id: int) -> Offering | None:
    """What a member offers or has offered of an article."""
    return db.session.scalar(select(Offering).where(Offering.article_id == article_id, Offering.member_id == member.id))


def article_to_make(article_id: int, *, lock: bool = False) -> Article:
    """An article of the catalogue that a member may offer to make, or NotYours."""
    return _one(select(Article).where(Article.id == article_id, Article.state == ApprovalState.APPROVED), lock=lock)


def offerings_of(member: Member, words: Sequence[str], state: ApprovalState | None, number: int) -> Leaf[Offering]:
    """One page of what a member offers or has offered, by the article's name."""
    query = select(Offering).join(Offering.article).where(Offering.member_id == member.id)
    if state is not None:
        query = query.where(Offering.state == state)
    if words:
        query = query.where(search.matches(words))
    query = query.options(contains_eager(Offering.article).joinedload(Article.category))
    return leaf(query.order_by(Article.sort_name, Article.id), number, OWN_ROWS)


def counts_of(member: Member) -> dict[ApprovalState, int]:
    """How many of a member's offerings are in each state."""
    query = select(Offering.state, func.count()).where(Offering.member_id == member.id).group_by(Offering.state)
    return dict(db.session.execute(query).all())


def makeable(member: Member, words: Sequence[str]) -> Sequence[Article]:
    """Articles that answer a search and that the member does not offer yet, at most twenty."""
    own = select(Offering.article_id).where(
        Offering.member_id == member.id, Offering.state.in_((ApprovalState.PROPOSED, ApprovalState.APPROVED))
    )
    open_to_more = Article.kind.not_in((ArticleKind.BUNDLE, ArticleKind.SECOND_HAND))
    ids = search.hits(words, Article.state == ApprovalState.APPROVED, open_to_more, Article.id.not_in(own))[:20]
    found = {row.id: row for row in db.session.scalars(select(Article).where(Article.id.in_(ids)))}
    return [found[id_] for id_ in ids if id_ in found]


def offerings_for(article: Article) -> Sequence[Offering]:
    """Everybody who offers an article, approved or not, for staff."""
    query = select(Offering).where(Offering.article_id == article.id).options(joinedload(Offering.member))
    return db.session.scalars(query.order_by(Offering.id)).all()


def members_without(article: Article) -> Sequence[Member]:
    """Members that do not offer an article, by name; the sales company makes nothing but what is for members."""
    offering_it = select(Offering.member_id).where(
        Offering.article_id == article.id, Offering.state.in_((ApprovalState.PROPOSED, ApprovalState.APPROVED))
    )
    query = select(Member).where(Member.id.not_in(offering_it))
    if article.state != ApprovalState.MEMBERS:
        query = query.where(Member.kind == MemberKind.MEMBER)
    return db.session.scalars(query.order_by(Member.name)).all()


def _one(query: Select[Found], *, lock: bool) -> Found:
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Found | None = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found
