"""Which letters go by post, and what has been printed together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.mail import Letter
from app.members.models import Member


class PaperRun(Base):
    """Letters that were printed together. It is open until somebody says that they have gone to the post."""

    __tablename__ = "paper_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_by: Mapped[str] = mapped_column(default="")
    letters: Mapped[list[PaperLetter]] = relationship(back_populates="run", order_by="PaperLetter.id")


class PaperLetter(Base):
    """A letter that goes by post, with the postal address as it was when the letter was written."""

    __tablename__ = "paper_letter"
    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    contact_name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("paper_run.id"), index=True)
    """What it was printed with; none while it waits."""
    letter: Mapped[Letter] = relationship()
    member: Mapped[Member] = relationship()
    run: Mapped[PaperRun | None] = relationship(back_populates="letters")
