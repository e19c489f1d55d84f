"""The addresses of calendars: signed, so that a copy of the database opens none of them."""

from __future__ import annotations

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from app.errors import NotYours
from app.orders.calendars import queries
from app.orders.calendars.models import CalendarAddress
from app.pages import guesses


def base() -> str:
    """The house's own address."""
    return str(current_app.config["BASE_URL"]).rstrip("/")


def link(address: CalendarAddress) -> str:
    """The whole address, to be pasted into a calendar."""
    return base() + url_for("public.calendars.feed", key=_keys().dumps(address.mark))


def opened(key: str) -> CalendarAddress:
    """Whose calendar a key opens. Raises NotYours."""
    try:
        mark = _keys().loads(key)
    except BadSignature as wrong:
        guesses.note()
        raise NotYours from wrong
    return queries.address_marked(str(mark))


def _keys() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="calendar")
