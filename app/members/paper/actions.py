"""What becomes of a letter by post: it waits, is printed with others, and goes to the post."""

from __future__ import annotations

from datetime import datetime

from app import audit
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.mail import Letter, LetterState
from app.members.models import Member
from app.members.paper import queries
from app.members.paper.models import PaperLetter, PaperRun

MOST = 50
"""Letters that are printed together."""


def lay_by(letter: Letter, member: Member) -> PaperLetter:
    """Let the letter wait until somebody prints it. No worker sends it."""
    letter.state = LetterState.PAPER
    made = PaperLetter(
        letter=letter,
        member=member,
        contact_name=member.contact_name,
        street=member.street,
        postcode=member.postcode,
        city=member.city,
    )
    db.session.add(made)
    return made


def print_waiting(*, by: User, now: datetime) -> PaperRun:
    """Take those that have waited longest, to be printed together. Each letter is taken once, whoever presses.

    Raises Refused when none waits.
    """
    letters = queries.next_ones(MOST)
    if not letters:
        raise Refused("Inga brev väntar på att skrivas ut. Någon annan kan just ha tagit dem: se under Utskrivet.")
    run = PaperRun(made_at=now, made_by=by.name)
    run.letters.extend(letters)
    db.session.add(run)
    audit.record(run, "printed", by=by, now=now, letters=len(letters))
    return run


def take_to_post(run: PaperRun, *, by: User, now: datetime) -> PaperRun:
    """They have gone. The caller holds the run. Raises Refused when somebody has said so before."""
    if run.sent_at is not None:
        raise Refused(f"{run.sent_by} har redan skrivit att breven är postade. Ingenting är ändrat.")
    run.sent_at, run.sent_by = now, by.name
    for one in run.letters:
        one.letter.state, one.letter.sent_at = LetterState.SENT, now
    audit.record(run, "taken to the post", by=by, now=now, letters=len(run.letters))
    return run
