"""The address of a colleague's calendar of tenders: signed, so that a copy of the database opens none of them."""

from __future__ import annotations

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from app.errors import NotYours
from app.pages import calendar_links, guesses
from app.tenders.dates import queries
from app.tenders.dates.models import TenderCalendar


def link(calendar: TenderCalendar) -> str:
    """The whole address, to be pasted into a calendar."""
    return calendar_links.base() + url_for("public.tender_calendar.feed", key=_keys().dumps(calendar.mark))


def opened(key: str) -> TenderCalendar:
    """Which calendar a key opens. Raises NotYours."""
    try:
        mark = _keys().loads(key)
    except BadSignature as wrong:
        guesses.note()
        raise NotYours from wrong
    return queries.calendar_marked(str(mark))


def _keys() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="tender-calendar")
