"""For which organisation a person acts who may act for several: kept in the session of the browser."""

from __future__ import annotations

from flask import g, session

from app.accounts.models import Seat, User


def chosen_seat(user: User) -> int | None:
    """The seat that this person has chosen in this browser; None leaves it at the first.

    One that has been taken away since is still chosen: nobody acts for another organisation without having said so.
    """
    of, chosen = session.get("seat", (None, None))
    return chosen if of == user.id else None


def choose_seat(seat: Seat) -> None:
    """From now on the person acts for another organisation in this browser.

    Forms that are open in other tabs were filled in for the one before, so none of them can be sent any more.
    """
    session["seat"] = [seat.user_id, seat.id]
    for name in ("csrf_token", "seen", "with_vat"):
        session.pop(name, None)
    g.pop("viewer", None)
