"""What a member has earned, as the member sees it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import NotYours
from app.members import queries as members
from app.pages import earnings_page

bp = Blueprint("earnings", __name__)


@bp.route("/medlemmar/<int:member_id>/ersattning")
def show(member_id: int) -> ResponseReturnValue:
    """One month."""
    member = members.member_named(member_id)
    if member.is_sales_company:
        raise NotYours
    return earnings_page.show(member, "staff/earnings.html", "staff.earnings.show", member_id=member_id)
