"""What members and staff do with the pictures of members' pages."""

from __future__ import annotations

from datetime import datetime

from app import albums, pictures
from app.accounts.models import User
from app.albums import PictureState
from app.members.models import Member
from app.members.picture_models import MemberPicture
from app.members.picture_queries import album_of

MOST = 12
"""Pictures of a member."""


def add_picture(member: Member, data: bytes, description: str, *, by: User, now: datetime) -> MemberPicture:
    """Staff put a picture last on a member's page; everybody sees it at once.

    Raises Refused for what is no picture, for one too many and for a description that is missing or too long.
    """
    return _put(member, data, description, PictureState.APPROVED, what="added", by=by, now=now)


def propose_picture(member: Member, data: bytes, description: str, *, by: User, now: datetime) -> MemberPicture:
    """The member hands in a picture for its page; nobody else sees it before staff have. Raises Refused."""
    return _put(member, data, description, PictureState.WAITING, what="proposed", by=by, now=now)


def move(row: MemberPicture, step: int, *, by: User, now: datetime) -> MemberPicture:
    """One place towards the front (-1) or the back (1)."""
    return albums.move(album_of(row.member), row, step, by=by, now=now)


def _put(
    member: Member, data: bytes, description: str, state: PictureState, *, what: str, by: User, now: datetime
) -> MemberPicture:
    """The caller holds the member's row, so that two who hand in at the same moment do not share a place."""
    album, description = album_of(member), albums.check_description(description)
    albums.check_room(album, MOST)
    row = MemberPicture(
        member=member,
        picture=pictures.take_in(data, now=now),
        description=description,
        state=state,
        added_at=now,
    )
    return albums.put(album, row, what=what, by=by, now=now)
