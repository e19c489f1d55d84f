"""Letters to those of us who work on a bid: the buyer has changed something. Their words are in templates/emails/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from app import mail
from app.accounts.models import User
from app.mail import Letter
from app.tenders.models import Tender
from app.tenders.noticing.models import ChangeState, TenderChange


def tell(user: User, tender: Tender, changes: Sequence[TenderChange], *, now: datetime) -> Letter:
    """What the notice says anew, deadlines first, and where to read and acknowledge it."""
    link = f"{current_app.config['BASE_URL']}/personal/upphandlingar/{tender.id}/andringar"
    kept = any(change.state is ChangeState.KEPT for change in changes)
    body = mail.words("tender_changed", user=user, tender=tender, changes=changes, kept=kept, link=link)
    subject = f"Ny annons: {tender.title}"
    return mail.write(kind="tender_changed", to=(user.name, user.email), subject=subject, body=body, now=now)
