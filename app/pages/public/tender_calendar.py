"""The days of all tenders as a calendar that a colleague's own program fetches, at a secret address."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app import clock
from app.orders.calendars.writing import to_ics
from app.pages import calendar_links, tender_calendar_links
from app.tenders.dates import making

bp = Blueprint("tender_calendar", __name__)


@bp.get("/kalender/upphandlingar/<key>.ics")
def feed(key: str) -> ResponseReturnValue:
    """The days around today; 304 for a program that has them."""
    tender_calendar_links.opened(key)
    found = making.feed_of_tenders(clock.local_date(clock.now()), calendar_links.base())
    answer = Response(to_ics(found), mimetype="text/calendar")
    answer.add_etag()
    answer.last_modified = found.changed_at
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers.set("Content-Disposition", "inline", filename="upphandlingar.ics")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer.make_conditional(request)
