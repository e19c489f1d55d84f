"""Calendars that people's own programs fetch: whoever has the secret address may read, and nobody signs in."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import NotYours
from app.orders.calendars import making
from app.orders.calendars.models import CalendarAddress
from app.orders.calendars.writing import Feed, to_ics
from app.pages import calendar_links

bp = Blueprint("calendars", __name__)


@bp.get("/kalender/<key>.ics")
def feed(key: str) -> ResponseReturnValue:
    """The deliveries around today; 304 for a program that has them."""
    found = _feed(calendar_links.opened(key))
    answer = Response(to_ics(found), mimetype="text/calendar")
    answer.add_etag()
    answer.last_modified = found.changed_at
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers.set("Content-Disposition", "inline", filename="leveranser.ics")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer.make_conditional(request)


def _feed(address: CalendarAddress) -> Feed:
    today, base = clock.local_date(clock.now()), calendar_links.base()
    if address.member is not None:
        return making.feed_of_member(address.member, today=today, base=base)
    if address.site is None:
        raise NotYours
    return making.feed_of_site(address.site, today=today, base=base)
