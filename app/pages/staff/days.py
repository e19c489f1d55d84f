"""All members' days, or one member's, on screen and on paper."""

from __future__ import annotations

from app.members.queries import member_with
from app.pages import day_desk, web


def _whose() -> int | None:
    """The member that the address names. Raises NotYours for one that there is not."""
    asked = web.number_asked_for("medlem")
    return member_with(asked).id if asked else None


bp = day_desk.open_desk(_whose, staff=True)
