"""The buyer's own forms: handed in, their columns pointed out, looked through, taken in - and filled in again."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import Length

from app import clock, files, formats
from app.db import db
from app.errors import Refused
from app.leaves import leaf_of
from app.pages import bid_fields, call_words, downloads, web
from app.pages.staff.tenders_room import check_writer, may_sell
from app.tenders.forms import actions, queries, returning
from app.tenders.forms.models import BuyerForm, FormState
from app.tenders.forms.sheets import FormFile
from app.tenders.models import Tender
from app.tenders.offers import said_in

bp = Blueprint("forms", __name__, url_prefix="/<int:tender_id>/formular")
OCTETS = "application/octet-stream"
PAGE = 50
"""Sheets and tables of a form."""


class UploadForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A form of the buyer's."""

    file = FileField(_l("The buyer's form: xlsx or docx, at most 20 MB"), [FileRequired(_l("Choose a file."))])
    ticket = HiddenField(validators=[Length(max=60)])


@bp.route("", methods=["GET", "POST"])
def index(tender_id: int) -> ResponseReturnValue:
    """Hand in a form, and see those that have been."""
    form = UploadForm()
    if not form.is_submitted():
        form.ticket.data = secrets.token_urlsafe(12)
    else:
        web.sales_only()
        if form.validate():
            with web.refusals(form):
                check_writer(tender_id)
                made = _hand_in(tender_id, form)
                db.session.commit()
                return web.back_to(".show", tender_id=tender_id, form_id=made.id)
    return _index(tender_id, form)


def _index(tender_id: int, form: UploadForm) -> ResponseReturnValue:
    tender = _spoken_of(queries.tender_with_lots(tender_id))
    page = render_template(
        "staff/tenders/forms.html",
        form=form,
        tender=tender,
        there=queries.forms_of(tender_id),
        has_bid=queries.has_bid(tender_id),
        may_change=may_sell(),
    )
    return page, web.status(form)


def _spoken_of(tender: Tender) -> Tender:
    """The tender; what the page says is of a call where it is one."""
    call_words.speak_of(tender)
    return tender


def _hand_in(tender_id: int, form: UploadForm) -> BuyerForm:
    tender = queries.tender_with_lots(tender_id, lock=True)
    upload = bid_fields.upload(form.file)
    if upload is None:
        raise Refused(_("Choose a file."))
    ticket = form.ticket.data or secrets.token_urlsafe(12)
    return actions.hand_in(tender, upload.data, upload.name, ticket, by=web.user(), now=clock.now())


@bp.get("/<int:form_id>")
def show(tender_id: int, form_id: int) -> ResponseReturnValue:
    """How far the form has come, and the tables in it."""
    buyers = queries.form_of(tender_id, form_id)
    contents = queries.contents(buyers) if buyers.state is FormState.READ else None
    return render_template(
        "staff/tenders/form.html",
        tender=_spoken_of(queries.tender_with_lots(tender_id)),
        buyers=buyers,
        **_listed(contents, {table.position for table in buyers.tables}, tender_id=tender_id, form_id=form_id),
        taken={table.position: table for table in buyers.tables},
        counts=queries.places_in(form_id),
        failed=queries.has_failed(buyers),
        has_bid=queries.has_bid(tender_id),
        may_change=may_sell(),
    )


def _listed(contents: FormFile | None, taken: Collection[int], **here: Any) -> dict[str, Any]:
    """A page of the tables with something in them. Those that were gathered stand first, and stand for theirs."""
    sheets = contents.sheets if contents else ()
    gathered = {table for sheet in sheets if sheet.gathered for table, _line in sheet.gathered.lines}
    singly = "alla" in request.args
    shown = [
        {"position": place, "title": sheet.title, "lines": len(sheet.rows), "problem": sheet.problem}
        for place, sheet in sorted(enumerate(sheets), key=lambda each: each[1].gathered is None)
        if (sheet.rows or sheet.problem) and (singly or place not in gathered or place in taken)
    ]
    page = leaf_of(shown, request.args.get("sida", 1, type=int), PAGE)
    return {
        "page": page,
        "address": lambda number: url_for(".show", **here, alla=1 if singly else None, sida=number),
        "others": 0 if singly else len(gathered - set(taken)),
    }


@bp.get("/<int:form_id>/lage")
def state(tender_id: int, form_id: int) -> ResponseReturnValue:
    """The same for the page's own script."""
    buyers = queries.form_of(tender_id, form_id)
    moving = buyers.state is FormState.READING and not queries.has_failed(buyers)
    return {"moving": moving, "done": 0, "total": 0, "said": str(_("Reading the form")), "counted": ""}


@bp.get("/<int:form_id>/fil")
def original(tender_id: int, form_id: int) -> ResponseReturnValue:
    """The form as the buyer sent it."""
    file = queries.form_of(tender_id, form_id).file
    return downloads.kept(files.read(file), file.name, OCTETS)


@bp.post("/<int:form_id>/ta-bort")
def remove(tender_id: int, form_id: int) -> ResponseReturnValue:
    """The form was a mistake; what has been taken in of it stays."""
    check_writer(tender_id)
    tender = _spoken_of(queries.tender_with_lots(tender_id, lock=True))
    actions.forget(queries.form_of(tender_id, form_id, lock=True), tender, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The form is removed. Requirements, rows and answers are still here."), "success")
    return web.back_to(".index", tender_id=tender_id)


@bp.get("/<int:form_id>/svar")
def answers(tender_id: int, form_id: int) -> ResponseReturnValue:
    """What we write into the form, and which cells we leave."""
    buyers, bid = queries.form_of(tender_id, form_id), queries.bid_as_it_says(tender_id)
    returned = returning.fill(buyers, bid.tender, *said_in(bid))
    return render_template(
        "staff/tenders/form_answers.html",
        tender=_spoken_of(bid.tender),
        buyers=buyers,
        returned=returned,
        said=ngettext("%(cells)s cell", "%(cells)s cells", returned.written, cells=formats.quantity(returned.written)),
    )


@bp.get("/<int:form_id>/svar/fil")
def answered(tender_id: int, form_id: int) -> ResponseReturnValue:
    """The buyer's own form with our answers in it, as the bid stands now."""
    bid = queries.bid_as_it_says(tender_id)
    returned = returning.fill(queries.form_of(tender_id, form_id), bid.tender, *said_in(bid))
    return downloads.kept(returned.data, returned.name, returned.media_type)
