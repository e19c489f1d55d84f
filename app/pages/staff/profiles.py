"""What a member's public page tells: criteria checked, certificates, outcomes, and the way to its photographs."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.catalog import makers
from app.db import db
from app.errors import NotYours
from app.members import picture_queries, proof, proof_queries, queries
from app.members.models import Member
from app.members.proof import Outcome
from app.members.proof_models import Criterion
from app.pages import web
from app.pages.proof_forms import CRITERIA, CRITERIA_NAMES, CertificateForm, CriterionForm, OutcomeForm

bp = Blueprint("profiles", __name__, url_prefix="/medlemmar/<int:member_id>/sida")
bp.before_request(web.sales_decide)


@bp.route("")
def show(member_id: int) -> ResponseReturnValue:
    """All of it."""
    member = _member(member_id)
    return render_template(
        "staff/profile.html",
        member=member,
        proof=proof_queries.proof_of(member),
        criteria=CRITERIA,
        criteria_names=CRITERIA_NAMES,
        certificates=proof_queries.certificates_of(member),
        years=proof_queries.years_of(member),
        pictures=len(picture_queries.album_of(member)),
        today=clock.local_date(clock.now()),
        has_page=makers.sells(member),
    )


@bp.route("/kriterium/<criterion>", methods=["GET", "POST"])
def criterion(member_id: int, criterion: str) -> ResponseReturnValue:
    """What staff found about one criterion."""
    member, asked = _member(member_id), _criterion(criterion)
    form = CriterionForm.showing(proof_queries.criterion_of(member, asked))
    if form.validate_on_submit():
        with web.refusals(form):
            proof.set_criterion(
                member,
                asked,
                fulfilled=form.fulfilled.data,
                how=form.how.data or "",
                checked_on=web.given(form.checked_on.data),
                by=web.user(),
                now=clock.now(),
            )
            return _saved(member_id)
    if request.method == "GET":
        form.checked_on.data = clock.local_date(clock.now())
    return _form(member_id, form, CRITERIA_NAMES[asked], CRITERIA[asked])


@bp.route("/certifikat", methods=["GET", "POST"])
def certificate(member_id: int) -> ResponseReturnValue:
    """One more certificate."""
    member, form = _member(member_id), CertificateForm()
    if form.validate_on_submit():
        with web.refusals(form):
            proof.add_certificate(
                member,
                form.name.data,
                form.number.data,
                issued_on=web.given(form.issued_on.data),
                valid_to=web.given(form.valid_to.data),
                by=web.user(),
                now=clock.now(),
            )
            return _saved(member_id)
    return _form(member_id, form, _("New certificate"), _("It is shown on the member's page until it runs out."))


@bp.route("/certifikat/<int:certificate_id>/bort", methods=["POST"])
def remove_certificate(member_id: int, certificate_id: int) -> ResponseReturnValue:
    """Strike a certificate."""
    found = proof_queries.certificate_of(_member(member_id), certificate_id)
    proof.remove_certificate(found, by=web.user(), now=clock.now())
    return _saved(member_id)


@bp.route("/utfall", methods=["GET", "POST"])
def outcome(member_id: int) -> ResponseReturnValue:
    """The figures of a year, entered by staff and so checked."""
    member = _member(member_id)
    year = web.number_asked_for("ar")
    form = OutcomeForm.showing(proof_queries.year_of(member, year) if year else None)
    if form.validate_on_submit():
        with web.refusals(form):
            proof.enter_year(member, form.outcome(), by=web.user(), now=clock.now())
            return _saved(member_id)
    return _form(member_id, form, _("Figures of a year"), _("Numbers only. Fewer than 5 people are never shown."))


@bp.route("/utfall/<int:year>/ratt", methods=["POST"])
def check(member_id: int, year: int) -> ResponseReturnValue:
    """The figures that a member has told of are right, as they stood on the page."""
    row = proof_queries.year_of(_member(member_id), year)
    if row is None:
        raise NotYours
    numbers = [request.form.get(name, -1, type=int) for name in ("places", "hours", "to_work", "to_studies")]
    proof.check_year(row, Outcome(year, *numbers), by=web.user(), now=clock.now())
    return _saved(member_id)


def _member(member_id: int) -> Member:
    """A producing member: the sales company itself has no such page."""
    member = queries.member_with(member_id)
    if member.is_sales_company:
        raise NotYours
    return member


def _criterion(text: str) -> Criterion:
    if text not in set(Criterion):
        raise NotYours
    return Criterion(text)


def _form(
    member_id: int, form: CriterionForm | CertificateForm | OutcomeForm, title: object, lead: object
) -> ResponseReturnValue:
    page = render_template("staff/profile_form.html", form=form, member=_member(member_id), title=title, lead=lead)
    return page, web.status(form)


def _saved(member_id: int) -> ResponseReturnValue:
    db.session.commit()
    flash(_("Saved."), "success")
    return web.back_to(".show", member_id=member_id)
