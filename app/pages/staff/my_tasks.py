"""My tasks: what one of us has to do in all bids, by day."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.pages import web
from app.tenders.working import queries

bp = Blueprint("my_tasks", __name__, url_prefix="/uppgifter")


@bp.get("")
def show() -> ResponseReturnValue:
    """What is late stands first."""
    return render_template(
        "staff/my_tasks.html",
        tasks=queries.tasks_for(web.user(), request.args.get("sida", 1, type=int)),
        today=clock.local_date(clock.now()),
        page_url=lambda number: url_for(".show", sida=number),
    )
