"""The member's own page: what it says about itself, its photographs, and what came of the year."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.catalog import makers
from app.db import db
from app.members import picture_queries, proof, proof_queries
from app.pages import web
from app.pages.proof_forms import CRITERIA_NAMES, AboutForm, OutcomeForm

bp = Blueprint("profile", __name__, url_prefix="/sida")


@bp.route("")
def show() -> ResponseReturnValue:
    """What others can see, what waits, and what to do about it."""
    member = web.member()
    return render_template(
        "member/profile.html",
        member=member,
        pictures=picture_queries.album_of(member),
        years=proof_queries.years_of(member),
        proof=proof_queries.proof_of(member),
        criteria_names=CRITERIA_NAMES,
        certificates=proof_queries.valid_certificates(member, clock.local_date(clock.now())),
        has_page=makers.sells(member),
    )


@bp.route("/text", methods=["GET", "POST"])
def about() -> ResponseReturnValue:
    """Who the member is, in its own words; it holds at once."""
    member = proof_queries.held(web.member()) if request.method == "POST" else web.member()
    form, shown = AboutForm(obj=member), web.Shown.of(member.about)
    if form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            proof.tell_about(member, form.about.data or "", by=web.user(), now=clock.now())
            return _saved(_("Saved. Everybody can read it now."))
    page = render_template("member/profile_about.html", form=form, member=web.member(), shown=shown)
    return page, web.status(form)


@bp.route("/ar", methods=["GET", "POST"])
def outcome() -> ResponseReturnValue:
    """What came of a year."""
    year = web.number_asked_for("ar")
    form = OutcomeForm.showing(proof_queries.year_of(web.member(), year) if year else None)
    if form.validate_on_submit():
        with web.refusals(form):
            proof.report_year(web.member(), form.outcome(), by=web.user(), now=clock.now())
            return _saved(_("Thank you. Everybody can see the figures as soon as we have checked them."))
    return render_template("member/profile_outcome.html", form=form), web.status(form)


def _saved(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".show")
