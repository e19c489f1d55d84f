"""From letters that were printed together to their PDF; the press works in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

from sqlalchemy import select

from app import clock
from app.db import db
from app.errors import Refused
from app.members.models import Member, MemberKind
from app.members.paper.models import PaperLetter, PaperRun
from app.members.paper.values import Bundle, Page, Sender
from bids.canonical import dumps
from config import ROOT

MOST_SECONDS = 60


def printed(run: PaperRun) -> bytes:
    """The PDF. It says so on each page when the letters have been posted before. Raises Refused when it takes long."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.members.paper.press"],
            input=dumps(bundle_of(run)).encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            cwd=ROOT,
            check=True,
        )
    except subprocess.TimeoutExpired as slow:
        raise Refused("Utskriften tog för lång tid. Försök igen om en stund; breven finns kvar.") from slow
    return done.stdout


def bundle_of(run: PaperRun) -> Bundle:
    """What is printed."""
    ours = db.session.scalars(select(Member).where(Member.kind == MemberKind.SALES_COMPANY)).one()
    again = f"Postat förut, {_moment(run.sent_at)} av {run.sent_by}" if run.sent_at else ""
    return Bundle(
        run=run.id,
        printed=f"{_moment(run.made_at)} av {run.made_by}",
        again=again,
        sender=Sender(ours.name, ours.org_number, ours.street, ours.postcode, ours.city, ours.email, ours.phone),
        pages=tuple(_page(one) for one in run.letters),
    )


def _page(one: PaperLetter) -> Page:
    contact = (one.contact_name,) if one.contact_name and one.contact_name != one.letter.to_name else ()
    return Page(
        number=one.letter_id,
        written_on=clock.local_date(one.letter.created_at),
        to=(one.letter.to_name, *contact, one.street, f"{one.postcode} {one.city}"),
        subject=one.letter.subject,
        paragraphs=tuple(part.strip() for part in one.letter.body.split("\n\n") if part.strip()),
    )


def _moment(when: datetime) -> str:
    """``2026-11-23 14:05``, in Swedish time."""
    return f"{when.astimezone(clock.SWEDEN):%Y-%m-%d %H:%M}"
