"""A member's assortment by file, handed in by one of us."""

from flask import request

from app.errors import NotYours
from app.members import queries
from app.members.models import Member
from app.pages import web
from app.pages.import_desk import open_desk


def _whose(member_id: int | None) -> Member:
    """A producing member. Finance may look, but sales decide."""
    if request.method not in web.SAFE_METHODS:
        web.sales_only()
    member = queries.member_with(member_id or 0)
    if member.is_sales_company:
        raise NotYours  # it makes nothing itself
    return member


bp = open_desk(_whose, "/medlemmar/<int:member_id>/import")
