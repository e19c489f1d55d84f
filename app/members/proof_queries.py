"""Reading proof and outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours
from app.members import outcomes
from app.members.models import Member
from app.members.proof_models import Certificate, Criterion, OutcomeYear, SocialProof

MOST_WAITING = 30


def proof_of(member: Member) -> list[tuple[Criterion, SocialProof | None]]:
    """All four criteria, with what was found."""
    rows = db.session.scalars(select(SocialProof).where(SocialProof.member_id == member.id))
    found = {row.criterion: row for row in rows}
    return [(criterion, found.get(criterion)) for criterion in Criterion]


def criterion_of(member: Member, criterion: Criterion) -> SocialProof | None:
    """What was found about one criterion."""
    query = select(SocialProof).where(SocialProof.member_id == member.id, SocialProof.criterion == criterion)
    return db.session.scalar(query)


def certificates_of(member: Member) -> Sequence[Certificate]:
    """All certificates of a member, also those that have run out; the newest first."""
    query = select(Certificate).where(Certificate.member_id == member.id)
    return db.session.scalars(query.order_by(Certificate.valid_to.desc(), Certificate.id.desc())).all()


def valid_certificates(member: Member, day: date) -> list[Certificate]:
    """Those that hold on a day."""
    return [one for one in certificates_of(member) if one.holds_on(day)]


def certificate_of(member: Member, certificate_id: int) -> Certificate:
    """One of the member's certificates. Raises NotYours."""
    query = select(Certificate).where(Certificate.id == certificate_id, Certificate.member_id == member.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def years_of(member: Member) -> Sequence[OutcomeYear]:
    """All years, the latest first."""
    query = select(OutcomeYear).where(OutcomeYear.member_id == member.id)
    return db.session.scalars(query.order_by(OutcomeYear.year.desc())).all()


def figures_of(member: Member) -> list[outcomes.Figures]:
    """The years that staff have checked, without what could tell of single persons."""
    return [
        outcomes.figures(row.year, places=row.places, hours=row.hours, to_work=row.to_work, to_studies=row.to_studies)
        for row in years_of(member)
        if row.is_checked
    ]


def year_of(member: Member, year: int) -> OutcomeYear | None:
    """One year, for whoever changes it: the next one has to wait."""
    query = select(OutcomeYear).where(OutcomeYear.member_id == member.id, OutcomeYear.year == year)
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def years_to_check() -> Sequence[OutcomeYear]:
    """Years that members have told of and nobody has checked, the oldest first, at most thirty."""
    query = select(OutcomeYear).where(OutcomeYear.checked_on.is_(None)).options(joinedload(OutcomeYear.member))
    return db.session.scalars(query.order_by(OutcomeYear.id).limit(MOST_WAITING)).all()


def held(member: Member) -> Member:
    """The member as it is now, for whoever changes it: the next one has to wait."""
    query = select(Member).where(Member.id == member.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
