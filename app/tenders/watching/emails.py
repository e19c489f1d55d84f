"""The daily list by letter. Its words are in templates/emails/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from app import mail
from app.accounts.models import User
from app.mail import Letter
from app.tenders.watching.models import TenderHit
from app.units import counted

MOST = 30
"""So many tenders are told of in a letter; the page has all."""


def daily_list(user: User, hits: Sequence[TenderHit], *, now: datetime) -> Letter:
    """What was found since the last list, what fits best first; a tender that several profiles found stands once."""
    once: dict[int, list[TenderHit]] = {}
    for hit in hits:
        once.setdefault(hit.tender_id, []).append(hit)
    found = list(once.values())
    base = current_app.config["BASE_URL"]
    body = mail.words("tender_list", user=user, found=found[:MOST], more=len(found) - MOST, base=base)
    subject = counted(len(found), "ny upphandling att titta på", "nya upphandlingar att titta på")
    return mail.write(kind="tender_list", to=(user.name, user.email), subject=subject, body=body, now=now)
