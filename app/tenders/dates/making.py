"""From the days of tenders to what a calendar shows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.clock import SWEDEN
from app.formats import swedish_day
from app.orders.calendars.writing import AHEAD, BEHIND, EventState, Feed, Happening
from app.orders.sheets import reading
from app.tenders.dates import queries
from app.tenders.dates.queries import Dated, Revision
from app.tenders.dates.reckoning import DateKind, Origin
from app.tenders.dates.words import said

LENGTH = timedelta(minutes=30)
"""How long before a moment its block in the calendar begins."""


def feed_of_tenders(today: date, base: str) -> Feed:
    """What happens in all tenders around today. `base` is the house's own address."""
    rows = queries.between(today - BEHIND, today + AHEAD).rows
    known = queries.revisions({one.tender.id for one in rows})
    found = tuple(_happening(one, known.get(one.tender.id, (0, one.tender.created_at)), base) for one in rows)
    return Feed("Upphandlingar", reading.seller().org_number, today, found, product="Upphandlingar")


def _happening(one: Dated, revised: Revision, base: str) -> Happening:
    occasion, tender = one.occasion, one.tender
    suggested = occasion.origin == Origin.OURS and occasion.kind in {DateKind.QUESTIONS, DateKind.ASK_REPORT}
    return Happening(
        about=one.about,
        state=EventState.TENTATIVE if suggested else EventState.CONFIRMED,
        revision=revised[0],
        changed_at=revised[1],
        day=occasion.day,
        summary=f"{said(occasion, one.title)}: {tender.title}",
        location=one.place,
        description="\n".join(_told(one)),
        url=f"{base}/personal/upphandlingar/{tender.id}/datum",
        hours=_hours(occasion.at),
    )


def _told(one: Dated) -> list[str]:
    occasion, tender = one.occasion, one.tender
    lines = [f"Köpare: {tender.buyer_name}"]
    if tender.diary_number:
        lines.append(f"Diarienummer: {tender.diary_number}")
    if occasion.law:
        lines.append(occasion.law)
    if occasion.moved_from:
        day = swedish_day(occasion.moved_from, occasion.day)
        lines.append(f"Flyttat från {day}, som inte är en vardag (SFS 1930:173).")
    return lines


def _hours(at: time | None) -> tuple[time, time] | None:
    """The half hour before a moment; midnight has none on its day, and is shown on the day itself."""
    if at is None or at == time():
        return None
    end = datetime(2000, 1, 1, at.hour, at.minute, tzinfo=SWEDEN)
    begin = max(end - LENGTH, datetime(2000, 1, 1, tzinfo=SWEDEN))
    return begin.time(), end.time()
