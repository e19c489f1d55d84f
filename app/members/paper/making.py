"""From letters that were printed together to their PDF; the press works in a process of its own."""

from __future__ import annotations

from datetime import datetime

from app import clock
from app.members.paper.models import PaperLetter, PaperRun
from app.members.paper.values import Bundle, Page
from app.members.queries import sales_company
from app.papers import party, print_apart


def printed(run: PaperRun) -> bytes:
    """The PDF. It says so on each page when the letters have been posted before. Raises Refused when it takes long."""
    slow = "Utskriften tog för lång tid. Försök igen om en stund; breven finns kvar."
    return print_apart("app.members.paper.press", bundle_of(run), slow=slow)


def bundle_of(run: PaperRun) -> Bundle:
    """What is printed."""
    again = f"Postat förut, {_moment(run.sent_at)} av {run.sent_by}" if run.sent_at else ""
    return Bundle(
        run=run.id,
        printed=f"{_moment(run.made_at)} av {run.made_by}",
        again=again,
        sender=party(sales_company()),
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
