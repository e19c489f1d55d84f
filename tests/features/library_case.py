"""A draft with two requirements and a library with two texts, for the tests of keeping and using them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app import clock as app_clock
from app.db import db
from app.tenders.library import actions
from app.tenders.library.models import EntryKind, LibraryEntry, LibraryVersion
from app.tenders.library.values import EntryText
from tests.features.bid_case import Case

LIBRARY = "/personal/upphandlingar/bibliotek"
CLEANING = "Vi städar trapphus varje vecka med miljömärkta medel. En arbetsledare följer upp varje månad."


def furnish() -> Case:
    """A draft with two requirements, and a library with a text on cleaning and one on returned baskets."""
    now = app_clock.now()
    made = Case(now, requirements=2)
    made.requirements[0].text = "Beskriv hur trappstädning och uppföljning av städningen går till."
    made.requirements[1].text = "Leverantören ska ha en rutin för dataskydd."
    keep(made, "Trappstädning och uppföljning", CLEANING, now=now)
    keep(made, "Returkorgar", "Tomma fruktkorgar hämtas vid nästa leverans.", now=now)
    return made


def keep(case, title: str, words: str, *, now, kind=EntryKind.ANSWER, **dates: date) -> LibraryEntry:
    says = EntryText(title=title, text=words, **dates)
    entry = actions.begin(kind, says, owner=case.sam, file=None, by=case.sam, now=now)
    db.session.flush()
    return entry


def entry_called(title: str) -> LibraryEntry:
    return db.session.scalars(
        select(LibraryEntry).join(LibraryEntry.versions).where(LibraryVersion.title == title).distinct()
    ).one()


def answer_form(page) -> dict[str, str]:
    """What the browser would send of the answer's form."""
    form = page.cssselect("#svaret")[0]
    return {name: value for name, value in form.form_values() if name != "csrf_token"}
