"""Staff stand in for a member: its assignments, carriages and ways of delivery, on the pages that it would use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from app.errors import NotYours
from app.members import queries
from app.pages import web
from app.pages.member import adjusting, assignments, carriages, door, returns, ways

bp = Blueprint("acting", __name__, url_prefix="/for/<int:member_id>")
for page in (adjusting, assignments, carriages, door, returns, ways):
    bp.register_blueprint(page.bp)


@bp.url_value_preprocessor
def take_member(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The pages themselves know nothing of whose address they stand at."""
    g.acted_for_id = (values or {}).pop("member_id", 0)


@bp.url_defaults
def give_member(_endpoint: str, values: dict[str, Any]) -> None:
    """Links from one of these pages to another stay with the member."""
    if "acted_for_id" in g:
        values.setdefault("member_id", g.acted_for_id)


@bp.before_request
def stand_in() -> None:
    """Only sales act, and only for members. Raises NotYours."""
    web.sales_only()
    member = queries.member_named(g.acted_for_id)
    if member.is_sales_company:
        raise NotYours
    g.acted_for = member
