"""Work that failed and waits for somebody to look at it."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, jobs
from app.db import db
from app.errors import Refused
from app.pages import web

bp = Blueprint("jobs", __name__, url_prefix="/arbeten")


@bp.route("")
def index() -> ResponseReturnValue:
    """What failed, and why."""
    now = clock.now()
    return render_template("staff/jobs.html", failed=jobs.failed(), worker=jobs.worker_alive(now))


@bp.route("/<int:job_id>/igen", methods=["POST"])
def retry(job_id: int) -> ResponseReturnValue:
    """Let it start over."""
    web.sales_only()
    if jobs.retry(job_id, now=clock.now()) is None:
        raise Refused(_("The work has been started again already."))
    db.session.commit()
    flash(_("Started again."), "success")
    return web.back_to(".index")
