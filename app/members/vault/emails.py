"""Letters about papers that run out. Their words are in templates/emails/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import current_app

from app import mail
from app.accounts.models import User
from app.mail import Letter
from app.members.emails import way_in, write_to
from app.members.models import Member, MemberDocument
from app.units import counted

MOST = 40
"""So many papers are named in a letter; the page has all."""


def runs_out(member: Member, papers: Sequence[MemberDocument], today: date, *, now: datetime) -> Letter:
    """To the member: renew these in time."""
    link = way_in(member, f"{current_app.config['BASE_URL']}/medlem/handlingar")
    body = mail.words("document_runs_out", member=member, papers=papers[:MOST], today=today, link=link)
    subject = counted(len(papers), "handling går snart ut", "handlingar går snart ut")
    return write_to(member, kind="document_runs_out", subject=subject, body=body, now=now, name=member.contact_name)


def list_for_staff(user: User, papers: Sequence[MemberDocument], *, now: datetime) -> Letter:
    """To one of us: who has been reminded today, and of what."""
    base = current_app.config["BASE_URL"]
    more = len(papers) - MOST
    body = mail.words("documents_run_out_staff", user=user, papers=papers[:MOST], more=more, base=base)
    subject = counted(len(papers), "medlemshandling går snart ut", "medlemshandlingar går snart ut")
    return mail.write(kind="documents_run_out_staff", to=(user.name, user.email), subject=subject, body=body, now=now)
