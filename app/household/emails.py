"""The letter that keeps us from being late with the tax agency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from app import clock, mail
from app.db import db
from app.household.queries import Waiting
from app.mail import Letter
from app.members.queries import sales_company
from app.orders.emails import link_to

KIND = "relief_reminder"


def is_reminded(today: date) -> bool:
    """Whether this year's letter has been written."""
    this_year = Letter.created_at >= clock.start_of(today.replace(month=1, day=1))
    return db.session.scalar(select(Letter.id).where(Letter.kind == KIND, this_year).limit(1)) is not None


def remind(left: Sequence[Waiting], last_day: date, *, now: datetime) -> Letter:
    """To the house itself: what is left to ask for, and until when. No person is named."""
    house = sales_company()
    body = mail.words(KIND, left=left, last_day=last_day, link=link_to("personal/rut-rot"))
    subject = "Begär rut och rot av Skatteverket senast den 31 januari"
    return mail.write(kind=KIND, to=(house.name, house.email), subject=subject, body=body, now=now)
