"""Reading the vaults: a member its own, staff all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.db import db, holds
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.members.models import Member, MemberDocument
from app.members.vault.models import DocumentReminder
from app.members.vault.standing import SOON, Standing, standing

PAGE = 25
MOST_VERSIONS = 50
_newer = aliased(MemberDocument)
REPLACED = select(_newer.id).where(_newer.replaces_id == MemberDocument.id).exists()
"""Whether a newer paper has been laid in the place of this one."""


@dataclass(frozen=True, slots=True)
class Held:
    """A paper and how it stands today."""

    document: MemberDocument
    standing: Standing

    @property
    def can_be_renewed(self) -> bool:
        """Whether it is the newest of its line."""
        return self.standing != Standing.REPLACED


def _replaced_on(day: date) -> ColumnElement[bool]:
    """Whether a newer paper holds by then. One that is handed in ahead leaves the older in its place until it does."""
    begun = or_(_newer.valid_from.is_(None), _newer.valid_from <= day)
    return select(_newer.id).where(_newer.replaces_id == MemberDocument.id, begun).exists()


def held_by(member: Member, today: date, *, kind: str = "", number: int = 1) -> Leaf[Held]:
    """A member's papers that nothing has replaced, the ones that run out first at the top."""
    query = select(MemberDocument).where(MemberDocument.member_id == member.id, ~_replaced_on(today))
    query = query.where(MemberDocument.kind == kind) if kind else query
    return _stand(_sorted(query, "valid_to").options(joinedload(MemberDocument.file)), today, number)


def search(
    today: date,
    *,
    words: str = "",
    kind: str = "",
    needs: Standing | None = None,
    unchecked: bool = False,
    sort: str = "valid_to",
    number: int = 1,
) -> Leaf[Held]:
    """All members' papers that nothing has replaced, narrowed; for staff."""
    query = select(MemberDocument).join(MemberDocument.member).where(~_replaced_on(today))
    for word in words.split()[:8]:
        query = query.where(or_(holds(MemberDocument.title, word), holds(Member.name, word)))
    if kind:
        query = query.where(MemberDocument.kind == kind)
    if needs is not None:
        query = query.where(_stands(needs, today))
    if unchecked:
        query = query.where(MemberDocument.checked_at.is_(None))
    whole = (contains_eager(MemberDocument.member), joinedload(MemberDocument.file))
    return _stand(_sorted(query, sort).options(*whole), today, number)


def _stands(wanted: Standing, today: date) -> ColumnElement[bool]:
    """The same as `standing.standing`, for the database."""
    ends, begins = MemberDocument.valid_to, MemberDocument.valid_from
    usable = and_(MemberDocument.file_id.is_not(None), MemberDocument.fault == "")
    not_begun = and_(begins.is_not(None), begins > today, or_(ends.is_(None), ends >= today))
    begun = or_(begins.is_(None), begins <= today)
    return {
        Standing.FAULTY: ~usable,
        Standing.EXPIRED: and_(usable, ends < today),
        Standing.RUNS_OUT: and_(usable, begun, ends >= today, ends <= today + SOON),
        Standing.NOT_YET: and_(usable, not_begun),
        Standing.VALID: and_(usable, begun, or_(ends.is_(None), ends > today + SOON)),
        Standing.REPLACED: REPLACED,
    }[wanted]


def _sorted(query: Select[Any], sort: str) -> Select[Any]:
    """`member` needs the member joined; the caller sees to that."""
    by = {
        "member": (Member.name,),
        "title": (func.lower(MemberDocument.title),),
        "added": (MemberDocument.added_at.desc(),),
    }.get(sort, (MemberDocument.valid_to.is_(None), MemberDocument.valid_to))
    return query.order_by(*by, MemberDocument.id)


def _stand(query: Select[Any], today: date, number: int) -> Leaf[Held]:
    found = leaf(query, number, PAGE)
    rows = [Held(document, standing_of(document, today, is_replaced=False)) for document in found.rows]
    return Leaf(rows, found.number, found.total, found.size, found.more)


def standing_of(document: MemberDocument, today: date, *, is_replaced: bool) -> Standing:
    """How a paper stands today."""
    return standing(
        today, document.valid_from, document.valid_to, is_usable=document.is_usable, is_replaced=is_replaced
    )


def counts(today: date, member: Member | None = None) -> dict[Standing, int]:
    """How many papers stand how, of one member or of all; what is replaced is not counted."""
    query = select(
        MemberDocument.valid_from, MemberDocument.valid_to, MemberDocument.file_id, MemberDocument.fault
    ).where(~REPLACED)
    query = query.where(MemberDocument.member_id == member.id) if member is not None else query
    found = dict.fromkeys(Standing, 0)
    for begins, ends, file_id, fault in db.session.execute(query):
        found[standing(today, begins, ends, is_usable=file_id is not None and not fault)] += 1
    return found


def to_renew(member: Member, today: date) -> int:
    """How many of the member's papers run out soon, have run out or are not right."""
    wanted = or_(*(_stands(one, today) for one in (Standing.RUNS_OUT, Standing.EXPIRED, Standing.FAULTY)))
    query = select(func.count(MemberDocument.id)).where(MemberDocument.member_id == member.id, ~REPLACED, wanted)
    return db.session.scalar(query) or 0


def unchecked() -> int:
    """How many papers staff have not looked at."""
    query = select(func.count(MemberDocument.id)).where(MemberDocument.checked_at.is_(None), ~REPLACED)
    return db.session.scalar(query) or 0


def document_of(member: Member, document_id: int, *, lock: bool = False) -> MemberDocument:
    """The member's own paper. Raises NotYours for any other."""
    return _one(document_id, MemberDocument.member_id == member.id, lock=lock)


def any_document(document_id: int, *, lock: bool = False) -> MemberDocument:
    """Any member's paper, for staff. Raises NotYours when there is none."""
    return _one(document_id, lock=lock)


def _one(document_id: int, *conditions: ColumnElement[bool], lock: bool = False) -> MemberDocument:
    query = select(MemberDocument).where(MemberDocument.id == document_id, *conditions)
    if lock:
        query = query.with_for_update(of=MemberDocument)
    else:
        query = query.options(joinedload(MemberDocument.member), joinedload(MemberDocument.file))
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def line_of(document: MemberDocument) -> list[MemberDocument]:
    """The paper with all that came before and after it in the same place, the newest first."""
    rows = db.session.scalars(
        select(MemberDocument).where(
            MemberDocument.member_id == document.member_id, MemberDocument.kind == document.kind
        )
    ).all()
    by_id = {row.id: row for row in rows}
    after = {row.replaces_id: row for row in rows if row.replaces_id is not None}
    newest = document
    for _step in range(MOST_VERSIONS):
        newest = after.get(newest.id, newest)
    found: list[MemberDocument] = []
    row = by_id.get(newest.id)
    while row is not None and len(found) < MOST_VERSIONS:
        found.append(row)
        row = by_id.get(row.replaces_id or 0)
    return found


def running_out(today: date) -> Sequence[tuple[MemberDocument, frozenset[int]]]:
    """The papers that run out within the longest reminder and are the newest of their line, and which were sent."""
    query = (
        select(MemberDocument)
        .join(MemberDocument.member)
        .where(~REPLACED, MemberDocument.valid_to >= today, MemberDocument.valid_to <= today + SOON)
        .options(contains_eager(MemberDocument.member))
        .order_by(Member.name, MemberDocument.valid_to, MemberDocument.id)
    )
    found = db.session.scalars(query).all()
    told: dict[int, set[int]] = {}
    sent = select(DocumentReminder.document_id, DocumentReminder.days).join(
        MemberDocument, MemberDocument.id == DocumentReminder.document_id
    )
    for document_id, days in db.session.execute(sent.where(MemberDocument.valid_to >= today)):
        told.setdefault(document_id, set()).add(days)
    return [(document, frozenset(told.get(document.id, ()))) for document in found]
