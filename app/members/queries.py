"""Reading members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.db import db, holds
from app.errors import NotYours
from app.files import StoredFile
from app.leaves import Leaf, leaf
from app.members.models import HeadCount, Member, MemberKind
from app.shelf import remember

PAGE = 50


@remember
def choices() -> list[tuple[str, str]]:
    """(id, name) of every producing member, for lists to choose from."""
    producing = select(Member.id, Member.name).where(Member.kind == MemberKind.MEMBER).order_by(Member.name)
    return [(str(member_id), name) for member_id, name in db.session.execute(producing)]


def sales_company() -> Member:
    """The sales company itself. Raises NoResultFound when it is not entered: a mistake of whoever set the house up."""
    return db.session.scalars(select(Member).where(Member.kind == MemberKind.SALES_COMPANY)).one()


def member_with(member_id: str | int, *, lock: bool = False) -> Member:
    """Any member by id, for staff; locked for whoever changes its facts. Raises NotYours."""
    wanted = int(member_id) if str(member_id).isdecimal() and len(str(member_id)) < 12 else 0
    query = select(Member).where(Member.id == wanted)
    found = db.session.scalar(query.with_for_update() if lock else query.options(*_with_papers()))
    if found is None:
        raise NotYours
    return found


def member_named(member_id: int) -> Member:
    """The bare row of any member by id, for staff. Raises NotYours."""
    found = db.session.get(Member, member_id)
    if found is None:
        raise NotYours
    return found


def listed(text: str = "", page: int = 1) -> Sequence[Member]:
    """A page of members by name, the sales company first; one row more than the page tells that there is a next."""
    query = select(Member).options(*_with_papers()).order_by(Member.kind.desc(), Member.name)
    if text:
        query = query.where(holds(Member.name, text))
    return db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()


def expiring(member: Member, by: date) -> int:
    """How many of the member's papers have run out by a day; one that was renewed has not."""
    return sum(1 for document in member.current_documents if document.valid_to is not None and document.valid_to < by)


def _with_papers() -> tuple[ExecutableOption, ...]:
    return (
        selectinload(Member.head_counts),
        selectinload(Member.documents),
        selectinload(Member.absences),
    )


def document_of(member: Member, document_id: int) -> StoredFile:
    """The file of one of the member's papers. Raises NotYours."""
    found = next((document.file for document in member.documents if document.id == document_id), None)
    if found is None:
        raise NotYours
    return found


def counts_of(member: Member, page: int) -> Leaf[HeadCount]:
    """A page of the member's head counts, the latest first, with the papers that show how they were made."""
    query = select(HeadCount).where(HeadCount.member_id == member.id).options(joinedload(HeadCount.evidence))
    return leaf(query.order_by(HeadCount.counted_on.desc(), HeadCount.id.desc()), page, PAGE)


def count_of(member_id: int, count_id: int) -> HeadCount:
    """One of the member's own counts. Raises NotYours."""
    found = db.session.scalar(select(HeadCount).where(HeadCount.id == count_id, HeadCount.member_id == member_id))
    if found is None:
        raise NotYours
    return found
