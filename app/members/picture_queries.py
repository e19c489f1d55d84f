"""Reading the pictures on members' pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app import albums, pictures
from app.albums import PictureState
from app.db import db
from app.errors import NotYours
from app.files import StoredFile
from app.members.models import Member
from app.members.picture_models import MemberPicture
from app.pictures import PAGE, Face, PictureFile

MOST_WAITING = 30


def album_of(member: Member) -> Sequence[MemberPicture]:
    """All pictures of a member in their order, whatever staff have said."""
    query = select(MemberPicture).where(MemberPicture.member_id == member.id)
    return db.session.scalars(query.order_by(MemberPicture.position, MemberPicture.id)).all()


def shown(member: Member) -> Sequence[MemberPicture]:
    """The pictures of a member that everybody sees, in their order."""
    return [row for row in album_of(member) if row.is_shown]


def faces(member_ids: Iterable[int]) -> dict[int, Face]:
    """The first picture of each member that has one: one statement for a whole page."""
    wanted = list(member_ids)
    if not wanted:
        return {}
    earlier = aliased(MemberPicture)
    first = (
        select(func.min(earlier.position))
        .where(earlier.member_id == MemberPicture.member_id, earlier.state == PictureState.APPROVED)
        .scalar_subquery()
    )
    query = (
        select(MemberPicture.member_id, MemberPicture.description, PictureFile.width, PictureFile.height)
        .add_columns(StoredFile.sha256)
        .join(PictureFile, PictureFile.picture_id == MemberPicture.picture_id)
        .join(StoredFile, StoredFile.id == PictureFile.file_id)
        .where(MemberPicture.member_id.in_(wanted), MemberPicture.state == PictureState.APPROVED)
        .where(MemberPicture.position == first, PictureFile.width <= PAGE)
        .order_by(MemberPicture.member_id, PictureFile.width)
    )
    return pictures.faces(db.session.execute(query))


def is_out(picture_ids: Collection[int]) -> bool:
    """Whether everybody may see one of these pictures, since it is approved for some member's page."""
    shown = (MemberPicture.picture_id.in_(picture_ids), MemberPicture.state == PictureState.APPROVED)
    return db.session.scalar(select(MemberPicture.id).where(*shown).limit(1)) is not None


def is_of(picture_ids: Collection[int], member: Member) -> bool:
    """Whether one of these pictures lies in a member's album."""
    own = (MemberPicture.picture_id.in_(picture_ids), MemberPicture.member_id == member.id)
    return db.session.scalar(select(MemberPicture.id).where(*own).limit(1)) is not None


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
