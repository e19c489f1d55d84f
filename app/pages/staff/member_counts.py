"""A member's head counts through the years: numbers, how they were counted, and who has looked at them."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from app import clock, files, uploads
from app.db import db
from app.errors import NotYours, Refused
from app.members import queries, share_actions
from app.members.models import SHARE_GATE, HeadCount
from app.pages import web

bp = Blueprint("counts", __name__, url_prefix="/medlemmar/<int:member_id>/rakningar")


class EvidenceForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """How it was counted, on paper."""

    file = FileField(_l("PDF file"), [FileRequired(_l("Choose a file."))])


@bp.get("")
def show(member_id: int) -> ResponseReturnValue:
    """All counts, the latest first."""
    return _page(member_id, EvidenceForm(formdata=None))


def _page(member_id: int, form: EvidenceForm) -> ResponseReturnValue:
    member = queries.member_named(member_id)
    page = render_template(
        "staff/member_counts.html",
        member=member,
        form=form,
        counts=queries.counts_of(member, request.args.get("sida", 1, type=int)),
        gate=SHARE_GATE,
        may_change=not web.viewer().roles.isdisjoint(("sales", "admin")),
        page_url=lambda number: url_for(".show", member_id=member_id, sida=number),
    )
    return page, web.status(form)


@bp.post("/<int:count_id>/kontrollera")
def verify(member_id: int, count_id: int) -> ResponseReturnValue:
    """Somebody else than who wrote it down has looked at it."""
    web.sales_only()
    share_actions.verify(queries.count_of(member_id, count_id), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The count is verified."), "success")
    return web.back_to(".show", member_id=member_id)


@bp.post("/<int:count_id>/underlag")
def show_how(member_id: int, count_id: int) -> ResponseReturnValue:
    """Keep a paper that shows how it was counted."""
    web.sales_only()
    count, form = queries.count_of(member_id, count_id), EvidenceForm()
    if form.validate_on_submit():
        with web.refusals(form):
            _keep(count, form)
            db.session.commit()
            flash(_("The paper is saved."), "success")
            return web.back_to(".show", member_id=member_id)
    return _page(member_id, form)


def _keep(count: HeadCount, form: EvidenceForm) -> None:
    data = form.file.data.read()
    if not uploads.look_through(data).is_pdf:
        raise Refused(_("The paper must be a PDF. Save it as one and upload it again."))
    now = clock.now()
    kept = files.save(data, name=form.file.data.filename or "underlag.pdf", media_type="application/pdf", now=now)
    share_actions.show_how(count, kept, by=web.user(), now=now)


@bp.get("/<int:count_id>/underlag.pdf")
def evidence(member_id: int, count_id: int) -> ResponseReturnValue:
    """The paper."""
    found = queries.count_of(member_id, count_id).evidence
    if found is None:
        raise NotYours
    return web.pdf(files.read(found), found.name)
