"""Letters to print: what waits, what is printed and has not gone yet, and what is at the post."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from app import clock
from app.db import db
from app.members.paper import actions, making, queries
from app.pages import web

bp = Blueprint("paper", __name__, url_prefix="/brev/papper")


@bp.route("")
def index() -> ResponseReturnValue:
    """The oldest first: they have waited longest."""
    return render_template(
        "staff/paper.html",
        waiting=queries.waiting(request.args.get("sida", 1, type=int)),
        runs=queries.newest_runs(),
        most=actions.MOST,
        to_page=lambda number: url_for(".index", sida=number),
    )


@bp.route("/skriv-ut", methods=["POST"])
def print_waiting() -> ResponseReturnValue:
    """Put those that wait together in one print."""
    web.sales_only()
    if not FlaskForm().validate_on_submit():
        return web.back_to(".index")
    run = actions.print_waiting(by=web.user(), now=clock.now())
    count, run_id = len(run.letters), run.id
    db.session.commit()
    flash(ngettext("One letter is ready to print.", "%(num)s letters are ready to print.", count), "success")
    return web.back_to(".show", run_id=run_id)


@bp.route("/<int:run_id>")
def show(run_id: int) -> ResponseReturnValue:
    """One print: its letters, its file, and whether it has gone."""
    return render_template("staff/paper_run.html", run=queries.run_with(run_id))


@bp.route("/<int:run_id>.pdf")
def paper(run_id: int) -> ResponseReturnValue:
    """The letters as PDF. After they have gone to the post it says so on each page."""
    web.sales_only()
    return web.pdf(making.printed(queries.run_with(run_id)), f"brev-{run_id}.pdf")


@bp.route("/<int:run_id>/postat", methods=["POST"])
def take_to_post(run_id: int) -> ResponseReturnValue:
    """They have gone."""
    web.sales_only()
    if FlaskForm().validate_on_submit():
        actions.take_to_post(queries.run_with(run_id, lock=True), by=web.user(), now=clock.now())
        db.session.commit()
        flash(_("Noted. The letters are at the post."), "success")
    return web.back_to(".show", run_id=run_id)
