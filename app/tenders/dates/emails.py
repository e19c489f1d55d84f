"""The letter that tells staff what comes. Its words are in templates/emails/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import current_app

from app import mail
from app.accounts.models import User
from app.formats import swedish_day
from app.mail import Letter
from app.tenders.dates.queries import Dated
from app.tenders.dates.words import said


def what_comes(user: User, rows: Sequence[Dated], *, today: date, now: datetime) -> Letter:
    """What happens within the days that the person asked for, and has not been told of before."""
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    lines = [
        (swedish_day(one.occasion.day, today), one.occasion, said(one.occasion, one.title), one.tender, one.place)
        for one in rows
    ]
    first = rows[0]
    subject = f"{said(first.occasion, first.title)} {lines[0][0]}: {first.tender.title}"
    more = f" och {len(rows) - 1} till" if len(rows) > 1 else ""
    body = mail.words("tender_days", user=user, lines=lines, base=base)
    return mail.write(kind="tender_days", to=(user.name, user.email), subject=subject + more, body=body, now=now)
