"""Reading profiles and what they have found, and what members can do as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, cast, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import User
from app.catalog.models import ApprovalState, Article, Offering, OfferingArea
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.members.models import HeadCount, Member
from app.money import Money
from app.tenders.models import Tender, TenderState
from app.tenders.watching.matching import Seen, Wish, tokens_of
from app.tenders.watching.models import TenderHit, TenderProfile
from app.tenders.watching.whereabouts import counties, counties_in
from bids.fit import Fit, Need, Skill, fit

PAGE = 25
WEEKS = 52
MOST_PROFILES = 200


def profiles() -> Sequence[TenderProfile]:
    """All profiles by name, with their readers."""
    query = select(TenderProfile).options(selectinload(TenderProfile.readers))
    return db.session.scalars(query.order_by(TenderProfile.name, TenderProfile.id).limit(MOST_PROFILES)).all()


def profile_with(profile_id: int, *, lock: bool = False) -> TenderProfile:
    """A profile. Raises NotYours when there is none."""
    query = select(TenderProfile).where(TenderProfile.id == profile_id).options(selectinload(TenderProfile.readers))
    found = db.session.scalar(query.with_for_update(of=TenderProfile) if lock else query)
    if found is None:
        raise NotYours
    return found


def open_hits(now: datetime, profile_id: int | None, page: int) -> Leaf[TenderHit]:
    """What has been found and can still be bid for, the newest day first and in it what fits best."""
    query = (
        select(TenderHit)
        .join(TenderHit.tender)
        .where(*_is_open(now))
        .options(contains_eager(TenderHit.tender), joinedload(TenderHit.profile))
        .order_by(TenderHit.found_on.desc(), TenderHit.score.desc(), TenderHit.tender_id, TenderHit.profile_id)
    )
    return leaf(query.where(TenderHit.profile_id == profile_id) if profile_id else query, page, PAGE)


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Tender.state == TenderState.NOTICED, or_(Tender.deadline.is_(None), Tender.deadline > now)


def open_tenders(now: datetime) -> Sequence[Tender]:
    """The tenders that can still be bid for and that nobody has decided about."""
    query = select(Tender).where(*_is_open(now)).options(selectinload(Tender.lots)).order_by(Tender.id)
    return db.session.scalars(query).all()


def wish_of(profile: TenderProfile) -> Wish:
    """What a profile looks for, as a value."""
    return Wish(
        phrases=tuple(line.strip() for line in profile.words.splitlines() if line.strip()),
        cpv=tuple(code for code in profile.cpv.split(",") if code),
        counties=frozenset(code for code in profile.counties.split(",") if code),
        least=profile.least,
        most=profile.most,
        only_reserved=profile.only_reserved,
    )


def seen_of(tender: Tender) -> Seen:
    """What there is to look at of a tender, as a value."""
    lots = tender.lots
    texts = [tender.title, tender.description, *(lot.title for lot in lots), *(lot.description for lot in lots)]
    return Seen(
        tokens=tokens_of("\n".join(texts)),
        cpv=codes_of(tender),
        counties=places_of(tender),
        value=tender.ceiling,
        reserved=tender.reserved or tender.reserved_execution,
    )


def need_of(tender: Tender) -> Need:
    """What a tender asks for, as a value."""
    yearly = Money(tender.ceiling.ore // max(tender.term_years, 1)) if tender.ceiling is not None else None
    return Need(codes_of(tender), places_of(tender), yearly, tender.reserved)


def codes_of(tender: Tender) -> tuple[str, ...]:
    """The CPV codes of the tender and its lots, the main one first, without check digits."""
    written = ",".join((tender.cpv, *(lot.cpv for lot in tender.lots))).replace(";", ",").split(",")
    codes = (code.strip().partition("-")[0] for code in written)
    return tuple(dict.fromkeys(code for code in codes if len(code) == 8 and code.isascii() and code.isdigit()))


def places_of(tender: Tender) -> frozenset[str]:
    """The counties in which it is to be done."""
    return counties_in(",".join((tender.place, *(lot.place for lot in tender.lots))))


def fit_of(tender: Tender) -> Fit:
    """How well one tender fits, asking only for what is sold under codes of its divisions."""
    need = need_of(tender)
    divisions = sorted({code[:2] for code in need.cpv})
    return fit(need, skills(divisions), shares(), counties()) if divisions else fit(need, (), {}, {})


def skills(divisions: Iterable[str] | None = None) -> list[Skill]:
    """What members sell by CPV code: to which counties, and for how much a year at our prices if all capacity is sold.

    With `divisions` only what is sold under codes that begin so.
    """
    worth = func.sum(cast(Offering.capacity_per_week, Float) * cast(Article.price, Float))
    sold = _sold(select(Member.name, Article.cpv, worth.label("worth")), divisions).group_by(Member.name, Article.cpv)
    county = func.substr(OfferingArea.municipality, 1, 2)
    areas = _sold(select(Member.name, Article.cpv, county.label("county")), divisions)
    where: dict[tuple[str, str], set[str]] = {}
    for name, cpv, code in db.session.execute(
        areas.join(OfferingArea, OfferingArea.offering_id == Offering.id).distinct()
    ):
        where.setdefault((name, cpv), set()).add(code)
    return [
        Skill(name, cpv, frozenset(where.get((name, cpv), ())), Money(int(worth * WEEKS / 1000)))
        for name, cpv, worth in db.session.execute(sold.order_by(Member.name, Article.cpv))
    ]


def _sold(query: Select[*tuple[Any, ...]], divisions: Iterable[str] | None) -> Select[*tuple[Any, ...]]:
    found = (
        query.select_from(Offering)
        .join(Offering.article)
        .join(Offering.member)
        .where(
            Offering.state == ApprovalState.APPROVED,
            Article.state == ApprovalState.APPROVED,
            Article.cpv.is_not(None),
        )
    )
    return found if divisions is None else found.where(or_(*(Article.cpv.startswith(code) for code in divisions)))


def shares() -> dict[str, int | None]:
    """Each member's share of the target group at its last count, in whole per cent."""
    latest = select(HeadCount.member_id, func.max(HeadCount.counted_on).label("day")).group_by(HeadCount.member_id)
    last = latest.subquery()
    query = (
        select(Member.name, HeadCount)
        .join(HeadCount, HeadCount.member_id == Member.id)
        .join(last, (last.c.member_id == HeadCount.member_id) & (last.c.day == HeadCount.counted_on))
    )
    return {name: count.percent for name, count in db.session.execute(query)}


def readers_waiting() -> dict[User, list[TenderHit]]:
    """Who is to be told of what: hits that no daily list has had, by reader, the best first."""
    query = (
        select(TenderHit)
        .where(TenderHit.told_at.is_(None))
        .options(joinedload(TenderHit.profile).selectinload(TenderProfile.readers), joinedload(TenderHit.tender))
        .order_by(TenderHit.score.desc(), TenderHit.tender_id, TenderHit.profile_id)
    )
    waiting: dict[User, list[TenderHit]] = {}
    for hit in db.session.scalars(query):
        for reader in hit.profile.readers:
            if reader.active and reader.is_staff:
                waiting.setdefault(reader, []).append(hit)
    return waiting
