"""What the member has earned, month by month."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.pages import earnings_page, web

bp = Blueprint("earnings", __name__, url_prefix="/ersattning")


@bp.route("")
def show() -> ResponseReturnValue:
    """One month."""
    return earnings_page.show(web.member(), "member/earnings.html", "member.earnings.show")
