"""Where notices come in: one file at once, many or a zip file through a worker, with a page that tells how it goes."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField
from wtforms.validators import Length

from app import clock, formats, noticeflow
from app.db import db
from app.pages import bid_words, web
from app.pages.bid_fields import Needed
from app.tenders.noticing import queries
from app.tenders.noticing.batches import ZIP
from app.tenders.noticing.models import BatchState, NoticeBatch
from app.tenders.noticing.receipt import Outcome, Receipt
from app.tenders.paper_actions import Upload

bp = Blueprint("imports", __name__, url_prefix="/importera")


class ImportForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """One notice, several, or a zip file with notices."""

    file = MultipleFileField(_l("The notices' files"), [Needed(_l("Choose the notice's XML file."))])
    ticket = HiddenField(validators=[Length(max=60)])

    def uploads(self) -> list[Upload]:
        """What was handed in."""
        chosen = [one for one in self.file.data if getattr(one, "filename", "")]
        return [Upload(one.filename, one.read()) for one in chosen]


@bp.route("", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    """Hand in notices, and see what was handed in lately."""
    web.sales_only()
    form = ImportForm()
    if not form.is_submitted():
        form.ticket.data = secrets.token_urlsafe(12)
    elif form.validate():
        with web.refusals(form):
            return _take_in(form)
    return render_template("staff/tenders/import.html", form=form, recent=queries.recent()), web.status(form)


def _take_in(form: ImportForm) -> ResponseReturnValue:
    uploads, now = form.uploads(), clock.now()
    if len(uploads) == 1 and not uploads[0].data.startswith(ZIP):
        receipt = noticeflow.take_in(uploads[0].data, uploads[0].name, by=web.user(), now=now)
        db.session.commit()
        _say(receipt)
        return web.back_to("staff.tenders.facts.show", tender_id=receipt.tender.id)
    ticket = form.ticket.data or secrets.token_urlsafe(12)
    batch = noticeflow.hand_in(uploads, ticket, by=web.user(), now=now)
    db.session.commit()
    return web.back_to(".show", batch_id=batch.id)


def _say(receipt: Receipt) -> None:
    """A new tender shows by itself what it is; all else is told."""
    if receipt.outcome is not Outcome.NEW or not receipt.words.startswith("Ny upphandling"):
        quiet = {Outcome.SAME, Outcome.OLDER, Outcome.UNCHANGED}
        flash(receipt.words, "warning" if receipt.outcome in quiet else "success")


@bp.get("/<int:batch_id>")
def show(batch_id: int) -> ResponseReturnValue:
    """How far a batch has come, and what became of each file."""
    batch = queries.batch_with(batch_id)
    told = queries.told(batch)
    asked = request.args.get("visa", "")
    outcome = asked if told.get(asked) else next((one for one in Outcome if told.get(one)), "")
    page = queries.lines(batch, outcome, told.get(outcome, 0), request.args.get("sida", 1, type=int))
    return render_template(
        "staff/tenders/import_batch.html",
        batch=batch,
        told=told,
        outcome=outcome,
        outcomes=bid_words.NOTICE_OUTCOMES,
        page=page,
        failed=queries.has_failed(batch),
        said=_said(batch),
        counted=_counted(batch),
        address=lambda number: url_for(".show", batch_id=batch_id, visa=outcome, sida=number),
    )


@bp.get("/<int:batch_id>/lage")
def state(batch_id: int) -> ResponseReturnValue:
    """The same in figures, for the page's own script."""
    batch = queries.batch_with(batch_id)
    moving = batch.state is BatchState.WAITING and not queries.has_failed(batch)
    return {
        "moving": moving,
        "done": batch.done,
        "total": batch.total,
        "said": _said(batch),
        "counted": _counted(batch),
    }


def _counted(batch: NoticeBatch) -> str:
    if not batch.total:
        return ""
    done, total = formats.quantity(batch.done), formats.quantity(batch.total)
    return str(_("%(done)s of %(total)s", done=done, total=total))


def _said(batch: NoticeBatch) -> str:
    words = {"read": _("Reading the files"), "save": _("Taking in the notices")}
    return str(words.get(batch.phase, _("Waiting for a worker")))
