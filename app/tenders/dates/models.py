"""What must be known of a tender to reckon its days, our own entries, and who wants to be told."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import clock
from app.accounts.models import User
from app.db import Base
from app.tenders.dates.reckoning import HowSent, Notice
from app.tenders.tender import Tender


class TenderDates(Base):
    """What the tender's own row does not say of its days; none until somebody has entered something."""

    __tablename__ = "tender_dates"
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), primary_key=True)
    questions_until: Mapped[datetime | None]
    """The buyer's own last moment for questions."""
    is_urgent: Mapped[bool] = mapped_column(default=False)
    """The buyer has shortened the time for bids because of urgency (LOU 11 kap. 10 §)."""
    notice_sent_on: Mapped[date | None]
    """When the buyer sent the notice of its award decision."""
    notice_sent_how: Mapped[HowSent | None]
    report_asked_on: Mapped[date | None]
    """When we asked the buyer for its reasons (LOU 12 kap. 13 §)."""
    tender: Mapped[Tender] = relationship()

    @property
    def questions_on(self) -> date | None:
        """The buyer's own last day for questions."""
        return clock.local_date(self.questions_until) if self.questions_until is not None else None

    @property
    def notice(self) -> Notice | None:
        """The notice of the award decision, if it has come."""
        if self.notice_sent_on is None or self.notice_sent_how is None:
            return None
        return Notice(self.notice_sent_on, self.notice_sent_how)


class TenderEntry(Base):
    """Something of our own in the calendar: a visit to the site, a meeting."""

    __tablename__ = "tender_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    at: Mapped[time | None]
    """Swedish time; none for the whole day."""
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str]
    created_at: Mapped[datetime]
    tender: Mapped[Tender] = relationship()


class ReminderWish(Base):
    """Somebody of the staff wants a letter so many days before what is in the calendar."""

    __tablename__ = "reminder_wish"
    __table_args__ = (CheckConstraint("days_ahead BETWEEN 0 AND 30", name="days_within_a_month"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    days_ahead: Mapped[int]
    looked_on: Mapped[date | None]
    """The last day on which we looked for something to remind of."""
    user: Mapped[User] = relationship()


class TenderReminder(Base):
    """That somebody has been reminded of something on that day; if it moves to another, it is told again."""

    __tablename__ = "tender_reminder"
    __table_args__ = (UniqueConstraint("user_id", "about", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id", ondelete="CASCADE"), index=True)
    about: Mapped[str]
    """Such as ``tender-12-deadline`` or ``tender-entry-7``."""
    day: Mapped[date]
    sent_at: Mapped[datetime]


class TenderCalendar(Base):
    """That somebody of the staff has a calendar of all tenders at a secret address; the address is the mark, signed."""

    __tablename__ = "tender_calendar"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(unique=True)
    """Drawn by lot, and never given again."""
    made_at: Mapped[datetime]
    by_name: Mapped[str]
    user: Mapped[User] = relationship()
