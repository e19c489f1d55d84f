"""Letters to members: by e-mail, or laid by to be printed. Each room writes its own words, and sends them here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import mail
from app.db import db
from app.mail import Letter
from app.members.models import Member, MemberKind
from app.members.paper.actions import lay_by


def write_to(member: Member, *, kind: str, subject: str, body: str, now: datetime, name: str = "") -> Letter:
    """Write to a member in the way in which it is reached. `name` is whom the letter is for, if not all of them."""
    if not member.is_on_paper:
        return mail.write(kind=kind, to=(name or member.name, member.email), subject=subject, body=body, now=now)
    address = f"{member.street}, {member.postcode} {member.city}"
    letter = mail.write(kind=kind, to=(member.name, address), subject=subject, body=body, now=now, send=False)
    lay_by(letter, member)
    return letter


def send_to(member: Member, *, kind: str, subject: str, body: str, now: datetime) -> None:
    """Write to a member in the way in which it is reached; nobody goes on with the letter."""
    if member.is_on_paper:
        write_to(member, kind=kind, subject=subject, body=body, now=now)
    else:
        mail.send(kind=kind, to=(member.name, member.email), subject=subject, body=body, now=now)


def way_in(member: Member, link: str) -> str:
    """Where a letter says that one goes on: a page of ours for those who sign in, the telephone for all others."""
    if not member.is_managed:
        return link
    phone = db.session.scalar(select(Member.phone).where(Member.kind == MemberKind.SALES_COMPANY))
    return f"Ring oss på {phone}, så hjälper vi er." if phone else "Svara på brevet, så hjälper vi er."
