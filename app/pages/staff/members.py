"""The members: who they are, their people, head counts, papers and absences."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from app import clock, files, legalflow, shelf, uploads
from app.accounts import queries as people
from app.db import db
from app.errors import NotYours, Refused
from app.members import actions, proof_queries, queries
from app.members.models import SHARE_GATE, Member
from app.members.vault import actions as vault
from app.members.vault.actions import VaultPaper
from app.orders.complaint_queries import record_of
from app.orders.members_buy import let_buy
from app.pages import web
from app.pages.bid_words import listed
from app.pages.member_forms import MODELS, STATUSES, MemberForm
from app.pages.organisation_forms import InvitationForm, refusals
from app.pages.plain_fields import DateField, IntegerField, SelectField
from app.pages.rules import Between
from app.pages.staff import accounts
from bids.kinds import DocumentKind

MOST_OCCUPIED = 100_000
A_YEAR = timedelta(days=365)

bp = Blueprint("members", __name__, url_prefix="/medlemmar")


def _count(least: int) -> Between:
    return Between(least, MOST_OCCUPIED, _l("Write a whole number."))


class HeadCountForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A dated count: numbers, never names."""

    counted_on = DateField(_l("Counted on"), [InputRequired(_l("Choose a day."))])
    occupied = IntegerField(_l("All occupied"), [InputRequired(_l("Write a whole number.")), _count(1)])
    target_group = IntegerField(_l("Of whom target group"), [InputRequired(_l("Write a whole number.")), _count(0)])
    method = StringField(_l("How you counted"), [InputRequired(_l("Write how you counted.")), Length(max=300)])


class AbsenceForm(FlaskForm):  # type: ignore[misc]
    """Days without work."""

    first_day = DateField(_l("First day"), [InputRequired(_l("Choose a day."))])
    last_day = DateField(_l("Last day"), [InputRequired(_l("Choose a day."))])
    reason = StringField(_l("Why"), [Length(max=200)])


class DocumentForm(FlaskForm):  # type: ignore[misc]
    """A paper for the vault."""

    kind = SelectField(_l("Kind"), choices=listed((kind.value, kind.label) for kind in DocumentKind))
    title = StringField(_l("Title"), [InputRequired(_l("Write what the paper is called.")), Length(max=120)])
    valid_from = DateField(_l("Valid from"), [Optional()])
    valid_to = DateField(_l("Valid to"), [Optional()])
    file = FileField(_l("PDF file"), [FileRequired(_l("Choose a file."))])


@bp.route("")
def index() -> ResponseReturnValue:
    """All members, with share and papers."""
    text = request.args.get("q", "").strip()[:100]
    number = max(1, min(request.args.get("sida", 1, type=int), 1000))
    found = queries.listed(text, number)
    today = clock.local_date(clock.now())
    expired = {member.id: queries.expiring(member, today) for member in found}
    return render_template(
        "staff/members.html",
        members=found[: queries.PAGE],
        more=len(found) > queries.PAGE,
        number=number,
        text=text,
        expired=expired,
        unchecked=proof_queries.years_to_check(),
        gate=SHARE_GATE,
    )


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a member."""
    web.sales_only()
    form = MemberForm()
    if form.validate_on_submit():
        with refusals(form):
            member = actions.enter_member(form.facts(), by=web.user(), now=clock.now())
            let_buy(member, by=web.user(), now=clock.now())
            return _saved(member.id, _("The member is saved. Now invite somebody who answers for it."))
    return render_template("staff/member_form.html", form=form, member=None, shown=None), web.status(form)


@bp.route("/<int:member_id>/andra", methods=["GET", "POST"])
def change(member_id: int) -> ResponseReturnValue:
    """Change what is known of a member, or of the sales company."""
    web.sales_only()
    member = queries.member_with(member_id, lock=request.method == "POST")
    form = MemberForm.showing(member)
    shown = form.seen(member)
    if form.validate_on_submit():
        with refusals(form):
            shown.check()
            actions.change_member(member, form.facts(), by=web.user(), now=clock.now())
            return _saved(member_id, _("Saved."))
    member = queries.member_with(member_id)
    if shown.changed:
        form.stand_beside(member)
    return render_template("staff/member_form.html", form=form, member=member, shown=shown), web.status(form)


@bp.route("/<int:member_id>/personer", methods=["POST"])
def invite(member_id: int) -> ResponseReturnValue:
    """Open an account for somebody who answers for the member."""
    web.sales_only()
    member, form = queries.member_with(member_id), InvitationForm()
    if member.is_sales_company:
        raise NotYours  # its people are staff, and have a page of their own
    if accounts.invite(form, organisation=member.name, member_id=member_id):
        return web.back_to(".show", member_id=member_id)
    return _page(queries.member_with(member_id), invitation=form)


@bp.route("/<int:member_id>/personer/<int:user_id>/<any(stang,oppna,inbjudan):act>", methods=["POST"])
def change_person(member_id: int, user_id: int, act: str) -> ResponseReturnValue:
    """Close an account, open it again, or send the invitation once more."""
    web.sales_only()
    member, user = queries.member_with(member_id), people.person_of(user_id, member_id=member_id)
    accounts.change(user, act, organisation=member.name, member_id=member_id)
    return web.back_to(".show", member_id=member_id)


@bp.route("/<int:member_id>")
def show(member_id: int) -> ResponseReturnValue:
    """One member."""
    return _page(queries.member_with(member_id))


@bp.route("/<int:member_id>/rakning", methods=["POST"])
def count_heads(member_id: int) -> ResponseReturnValue:
    """Enter a head count."""
    web.sales_only()
    member, form = queries.member_with(member_id), HeadCountForm()
    if form.validate_on_submit():
        with web.refusals(form):
            numbers = web.given(form.occupied.data), web.given(form.target_group.data)
            day, method = web.given(form.counted_on.data), web.given(form.method.data)
            actions.count_heads(member, day, *numbers, method, by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The count is saved."), "success")
            return web.back_to(".show", member_id=member_id)
    return _page(queries.member_with(member_id), count=form)


@bp.route("/<int:member_id>/franvaro", methods=["POST"])
def be_absent(member_id: int) -> ResponseReturnValue:
    """Enter days without work."""
    web.sales_only()
    member, form = queries.member_with(member_id), AbsenceForm()
    if form.validate_on_submit():
        with web.refusals(form):
            days = web.given(form.first_day.data), web.given(form.last_day.data)
            actions.be_absent(member, *days, form.reason.data or "", by=web.user(), now=clock.now())
            legalflow.look_at_members([member_id], now=clock.now())
            db.session.commit()
            flash(_("The absence is saved. New work goes to others on those days."), "success")
            return web.back_to(".show", member_id=member_id)
    return _page(queries.member_with(member_id), absence=form)


@bp.route("/<int:member_id>/franvaro/<int:absence_id>/bort", methods=["POST"])
def be_back(member_id: int, absence_id: int) -> ResponseReturnValue:
    """Strike an absence."""
    web.sales_only()
    actions.be_back(queries.member_with(member_id), absence_id, by=web.user(), now=clock.now())
    legalflow.look_at_members([member_id], now=clock.now())
    db.session.commit()
    flash(_("The absence is struck."), "success")
    return web.back_to(".show", member_id=member_id)


@bp.route("/<int:member_id>/papper", methods=["POST"])
def keep_document(member_id: int) -> ResponseReturnValue:
    """Put a paper in the vault."""
    web.sales_only()
    member, form = queries.member_with(member_id), DocumentForm()
    if form.validate_on_submit():
        with web.refusals(form):
            _keep(member, form)
            db.session.commit()
            flash(_("The paper is in the vault."), "success")
            return web.back_to(".show", member_id=member_id)
    return _page(queries.member_with(member_id), document=form)


@bp.route("/<int:member_id>/papper/<int:document_id>.pdf")
def document(member_id: int, document_id: int) -> ResponseReturnValue:
    """One paper."""
    found = queries.document_of(queries.member_with(member_id), document_id)
    return web.pdf(files.read(found), found.name)


def _saved(member_id: int, sentence: str) -> ResponseReturnValue:
    """The name stands on every page and in lists, so it must show at once."""
    db.session.commit()
    shelf.clear()
    flash(sentence, "success")
    return web.back_to(".show", member_id=member_id)


def _keep(member: Member, form: DocumentForm) -> None:
    data = form.file.data.read()
    if not uploads.look_through(data).is_pdf:
        raise Refused("Handlingen ska vara en PDF. Spara den som PDF och ladda upp den igen.")
    now = clock.now()
    kept = files.save(data, name=form.file.data.filename or "papper.pdf", media_type="application/pdf", now=now)
    paper = VaultPaper(form.kind.data, web.given(form.title.data), form.valid_from.data, form.valid_to.data)
    vault.lay_in(member, paper, kept, by=web.user(), now=now)


def _page(
    member: Member,
    *,
    count: HeadCountForm | None = None,
    absence: AbsenceForm | None = None,
    document: DocumentForm | None = None,
    invitation: InvitationForm | None = None,
) -> ResponseReturnValue:
    wrong = count or absence or document or invitation
    page = render_template(
        "staff/member.html",
        member=member,
        wrong=wrong,
        count=count or HeadCountForm(formdata=None),
        absence=absence or AbsenceForm(formdata=None),
        document=document or DocumentForm(formdata=None),
        invitation=invitation or InvitationForm(formdata=None),
        people=people.people_of(member_id=member.id),
        labels={kind.value: kind.label for kind in DocumentKind},
        today=clock.local_date(clock.now()),
        gate=SHARE_GATE,
        vat_statuses=STATUSES,
        seller_models=MODELS,
        record=record_of(member, clock.local_date(clock.now()) - A_YEAR),
    )
    return page, 422 if wrong is not None else 200
