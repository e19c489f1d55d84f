"""Addresses that are keys: of a guest's order or quote, of a calendar, of a link to a new password.

Whoever tries keys that were never made must be slow. A key of ours that no longer opens anything is no guess:
calendars go on asking for years.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request
from flask_limiter import Limiter

LIMIT = "30 per minute; 300 per hour"
"""For each network address, over all kinds of keys together."""
CALENDARS = ("public.calendars.feed", "public.tender_calendar.feed")
LETTERS = ("buyer.orders.show", "buyer.quotes.show")
NEW_PASSWORD = "security.reset_password"  # noqa: S105  the name of a page


def note() -> None:
    """This request has shown a key that is not of our making."""
    g.guessed = True


def limit(limiter: Limiter, app: Flask) -> None:
    """Count the guesses, and refuse whoever has made too many."""
    for endpoint in CALENDARS:
        _limit(limiter, app, endpoint)
    for endpoint in LETTERS:
        _limit(limiter, app, endpoint, exempt_when=_without_key)
    _limit(limiter, app, NEW_PASSWORD, methods=["GET"], deduct_when=_turned_away)


def _limit(limiter: Limiter, app: Flask, endpoint: str, **how: Any) -> None:
    shared = limiter.shared_limit(LIMIT, "keys", **{"deduct_when": _is_guess, **how})
    limited: Any = shared(app.view_functions[endpoint])
    app.view_functions[endpoint] = limited


def _is_guess(_response: Response) -> bool:
    return bool(g.get("guessed"))


def _turned_away(response: Response) -> bool:
    """The library leads away from a link that it does not know."""
    return response.status_code in {302, 303}


def _without_key() -> bool:
    """Whoever has none is asked to sign in, and that is limited where it is done."""
    return "nyckel" not in request.args
