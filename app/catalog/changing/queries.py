"""Reading requests to change something, published versions and pauses; somebody else's row is as good as not there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app import audit
from app.catalog import pausing, review
from app.catalog.changing.kinds import State
from app.catalog.changing.models import OPEN, ChangeRequest, ChangeState
from app.catalog.models import ON_SALE, ApprovalState, Article, Offering, OfferingPause
from app.catalog.versions import (
    ArticleVersion,
    OfferingVersion,
    article_content,
    offering_content,
)
from app.db import db
from app.errors import NotYours
from app.members.models import Member

MOST_SHOWN = 50
"""So many of a member's requests, or of the versions of an article, are shown at a time."""

ASKING = frozenset({"asked", "sent again"})
ANSWERING = frozenset({ChangeState.RETURNED.value, ChangeState.APPROVED.value, ChangeState.DECLINED.value})


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much lies in each of the inbox's heaps."""

    new_articles: int
    new_offerings: int
    articles: int
    offerings: int
    returned: int

    @property
    def total(self) -> int:
        """What waits for staff; what has been returned waits for whoever made it."""
        return self.new_articles + self.new_offerings + self.articles + self.offerings


def waiting() -> Waiting:
    """The counts of the inbox."""
    query = select(
        func.count().filter(_waits(ChangeRequest.article_id)),
        func.count().filter(_waits(ChangeRequest.offering_id)),
        func.count().filter(ChangeRequest.state == ChangeState.RETURNED),
    ).where(ChangeRequest.state.in_(OPEN))
    articles, offerings, returned = db.session.execute(query).one()
    return Waiting(*review.waiting_counts(), articles, offerings, returned)


def _waits(subject: object) -> ColumnElement[bool]:
    return and_(ChangeRequest.state == ChangeState.WAITING, subject.is_not(None))  # type: ignore[attr-defined]


def request_with(request_id: int, *, lock: bool = False) -> ChangeRequest:
    """Any request, for staff, or NotYours. With `lock` whoever decides about it next has to wait."""
    return _one(whole().where(ChangeRequest.id == request_id), lock=lock)


def request_by_staff(request_id: int, about: Article | Offering | None = None, *, lock: bool = False) -> ChangeRequest:
    """A request that one of us has made, about the article or offering if one is given, or NotYours."""
    ours = whole().where(ChangeRequest.id == request_id, ChangeRequest.member_id.is_(None))
    if about is not None:
        column = ChangeRequest.article_id if isinstance(about, Article) else ChangeRequest.offering_id
        ours = ours.where(column == about.id)
    return _one(ours, lock=lock)


def request_of(member: Member, request_id: int, *, lock: bool = False) -> ChangeRequest:
    """The member's own request, or NotYours."""
    mine = (ChangeRequest.id == request_id, ChangeRequest.member_id == member.id)
    return _one(whole().where(*mine), lock=lock)


@dataclass(frozen=True, slots=True)
class Said:
    """One turn in the talk about a request."""

    what: str
    """As the audit log calls the act."""
    at: datetime
    by: str
    words: str
    """What was said with it; may be nothing."""


def talk(request: ChangeRequest) -> list[Said]:
    """All that was done and said about a request, the oldest first.

    The log has kept the words only for a time: of what is older the request itself knows the last words of each side.
    """
    acts = audit.acts_on(request, MOST_SHOWN)
    last = {one.what in ASKING: one.id for one in acts if one.what in ASKING or one.what in ANSWERING}
    kept = {last.get(True): request.note, last.get(False): request.answer}
    return [Said(one.what, one.at, one.by_name, str(one.details.get("said", kept.get(one.id, "")))) for one in acts]


def requests_of(member: Member) -> Sequence[ChangeRequest]:
    """What a member has asked for: first what is open, then the newest."""
    closed = ChangeRequest.state.not_in(OPEN)
    query = whole().where(ChangeRequest.member_id == member.id).order_by(closed, ChangeRequest.id.desc())
    return db.session.scalars(query.limit(MOST_SHOWN)).all()


def open_for(member: Member, offerings: Collection[Offering]) -> Sequence[ChangeRequest]:
    """The member's requests about these offerings or their articles that nobody has settled."""
    about = or_(
        ChangeRequest.offering_id.in_([one.id for one in offerings]),
        ChangeRequest.article_id.in_([one.article_id for one in offerings]),
    )
    mine = (ChangeRequest.member_id == member.id, ChangeRequest.state.in_(OPEN))
    return db.session.scalars(whole().where(about, *mine).order_by(ChangeRequest.id)).all()


def open_about(article: Article) -> Sequence[ChangeRequest]:
    """Requests about an article or about somebody's offering of it that nobody has settled, the oldest first."""
    concerned = or_(ChangeRequest.article_id == article.id, Offering.article_id == article.id)
    query = whole().outerjoin(Offering, Offering.id == ChangeRequest.offering_id).where(concerned)
    return db.session.scalars(query.where(ChangeRequest.state.in_(OPEN)).order_by(ChangeRequest.id)).all()


def open_request(subject: Article | Offering, member: Member) -> ChangeRequest | None:
    """The member's request about this that nobody has settled yet."""
    about = ChangeRequest.article_id if isinstance(subject, Article) else ChangeRequest.offering_id
    mine = (about == subject.id, ChangeRequest.member_id == member.id, ChangeRequest.state.in_(OPEN))
    return db.session.scalar(whole().where(*mine).order_by(ChangeRequest.id))


def article_of(member: Member, article_id: int, *, lock: bool = False) -> Article:
    """An article of the catalogue that the member may ask to change, or NotYours.

    It has proposed it, or nobody else makes it.
    """
    article = review.article_to_make(article_id, lock=lock)
    if not _is_its(member, article):
        raise NotYours
    return article


def may_change(member: Member, offerings: Collection[Offering]) -> frozenset[int]:
    """The ids of those articles, among the ones it makes, that the member may ask to change."""
    ids = [one.article_id for one in offerings if one.state == ApprovalState.APPROVED]
    others = select(Offering.article_id).where(
        Offering.article_id.in_(ids), Offering.member_id != member.id, Offering.state == ApprovalState.APPROVED
    )
    query = select(Article.id).where(
        Article.id.in_(ids),
        Article.state == ApprovalState.APPROVED,
        or_(Article.proposed_by_id == member.id, Article.id.not_in(others)),
    )
    return frozenset(db.session.scalars(query))


def _is_its(member: Member, article: Article) -> bool:
    makers = {one.member_id for one in article.offerings if one.state == ApprovalState.APPROVED}
    return article.proposed_by_id == member.id or makers == {member.id}


def state_now(subject: Article | Offering) -> State:
    """What holds at this moment, as a version would keep it."""
    sold = subject.state in ON_SALE
    content = article_content(subject) if isinstance(subject, Article) else offering_content(subject)
    return {**content, "sold": sold}


def state_at(subject: Article | Offering, number: int) -> State:
    """What a published version says, as of something that is sold. Raises NotYours when there is no such version."""
    if isinstance(subject, Article):
        return article_version(subject, number).content
    version = db.session.get(OfferingVersion, (subject.id, number))
    if version is None:
        raise NotYours
    return {"municipalities": sorted(subject.municipalities), **version.content}  # The oldest do not tell where.


def article_versions(article: Article, *, before: int | None = None) -> Sequence[ArticleVersion]:
    """Published states, the newest first; `before` is the number from which to go on. One more tells of more."""
    query = select(ArticleVersion).where(ArticleVersion.article_id == article.id)
    if before is not None:
        query = query.where(ArticleVersion.number < before)
    return db.session.scalars(query.order_by(ArticleVersion.number.desc()).limit(MOST_SHOWN + 1)).all()


def article_version(article: Article, number: int) -> ArticleVersion:
    """One published state, or NotYours."""
    found = db.session.get(ArticleVersion, (article.id, number))
    if found is None:
        raise NotYours
    return found


def offering_versions(article: Article) -> Sequence[tuple[OfferingVersion, Member]]:
    """What members have been paid for an article and where they delivered it, the newest first."""
    query = (
        select(OfferingVersion, Member)
        .join(Offering, Offering.id == OfferingVersion.offering_id)
        .join(Member, Member.id == Offering.member_id)
        .where(Offering.article_id == article.id)
        .order_by(OfferingVersion.published_at.desc(), OfferingVersion.offering_id, OfferingVersion.number.desc())
    )
    return [(version, member) for version, member in db.session.execute(query.limit(MOST_SHOWN))]


def pauses_of(offering: Offering, today: date) -> Sequence[OfferingPause]:
    """The offering's pauses that are not over, in order."""
    coming = (OfferingPause.offering_id == offering.id, OfferingPause.last_day >= today)
    return db.session.scalars(select(OfferingPause).where(*coming).order_by(OfferingPause.first_day)).all()


def pauses(offering_ids: Collection[int], today: date) -> dict[int, list[OfferingPause]]:
    """The same for several offerings at once, by offering."""
    coming = (OfferingPause.offering_id.in_(offering_ids), OfferingPause.last_day >= today)
    found: dict[int, list[OfferingPause]] = {}
    for pause in db.session.scalars(select(OfferingPause).where(*coming).order_by(OfferingPause.first_day)):
        found.setdefault(pause.offering_id, []).append(pause)
    return found


def day_for_all(article_ids: Collection[int], day: date) -> date:
    """The first working day, from a day on, on which each of the articles has a maker that does not rest."""
    made = (Offering.article_id.in_(article_ids), Offering.state == ApprovalState.APPROVED)
    makers = db.session.execute(select(Offering.id, Offering.article_id).where(*made)).all()
    resting = pauses([offering_id for offering_id, _ in makers], day)
    articles: dict[int, list[list[tuple[date, date]]]] = {}
    for offering_id, article_id in makers:
        days = [(one.first_day, one.last_day) for one in resting.get(offering_id, ())]
        articles.setdefault(article_id, []).append(days)
    return pausing.day_for_all(day, list(articles.values()))


def whole() -> Select[ChangeRequest]:
    """Requests with all that a line about them tells."""
    return select(ChangeRequest).options(
        joinedload(ChangeRequest.article).joinedload(Article.category),
        joinedload(ChangeRequest.offering).joinedload(Offering.article),
        joinedload(ChangeRequest.offering).joinedload(Offering.member),
        joinedload(ChangeRequest.member),
    )


def _one(query: Select[ChangeRequest], *, lock: bool) -> ChangeRequest:
    if lock:
        query = query.with_for_update(of=ChangeRequest).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found
