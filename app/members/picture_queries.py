"""Reading the pictures on members' pages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app import albums
from app.albums import PictureState
from app.db import db
from app.errors import NotYours
from app.members.models import Member
from app.members.picture_models import MemberPicture

MOST_WAITING = 30


def album_of(member: Member) -> Sequence[MemberPicture]:
    """All pictures of a member in their order, whatever staff have said."""
    query = select(MemberPicture).where(MemberPicture.member_id == member.id)
    return db.session.scalars(query.order_by(MemberPicture.position, MemberPicture.id)).all()


def shown(member: Member) -> Sequence[MemberPicture]:
    """The pictures of a member that everybody sees, in their order."""
    return [row for row in album_of(member) if row.is_shown]


def picture_of(member: Member, row_id: int) -> MemberPicture:
    """One of the member's pictures. Raises NotYours."""
    return albums.one_in(album_of(member), row_id)


def locked(member: Member) -> Member:
    """The same member with its row held, so that two who hand in at the same moment do not share a place."""
    return db.session.scalars(select(Member).where(Member.id == member.id).with_for_update()).one()


def waiting_count() -> int:
    """How many pictures of members wait for staff."""
    query = select(func.count()).select_from(MemberPicture).where(MemberPicture.state == PictureState.WAITING)
    return db.session.scalar(query) or 0


def waiting() -> Sequence[MemberPicture]:
    """Pictures of members that wait for staff, the oldest first."""
    query = select(MemberPicture).where(MemberPicture.state == PictureState.WAITING)
    return db.session.scalars(query.order_by(MemberPicture.id).limit(MOST_WAITING)).all()


def waiting_picture(row_id: int) -> MemberPicture:
    """Any picture of a member, for whoever decides: the next one has to wait. Raises NotYours."""
    query = select(MemberPicture).where(MemberPicture.id == row_id)
    held = query.with_for_update(of=MemberPicture).execution_options(populate_existing=True)
    found = db.session.scalar(held)
    if found is None:
        raise NotYours
    return found
