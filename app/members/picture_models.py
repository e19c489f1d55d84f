"""Photographs on members' public pages."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.albums import InAlbum
from app.db import Base
from app.members.models import Member


class MemberPicture(InAlbum, Base):
    """A picture of a member's place, people at work or things."""

    __tablename__ = "member_picture"
    __table_args__ = (
        Index("ix_member_picture_member_id_position", "member_id", "position"),
        Index("ix_member_picture_state", "state", "id"),
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    member: Mapped[Member] = relationship()
