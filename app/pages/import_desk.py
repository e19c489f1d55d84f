"""The counter at which a member's assortment is handed in: the same for the member and for staff who do it for one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
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

from app import clock, formats, shelf
from app.catalog.imports import actions as imports
from app.catalog.imports import assortment, taking_back
from app.catalog.imports import queries as import_queries
from app.catalog.imports.models import ImportBatch
from app.db import db
from app.members.models import Member
from app.pages import downloads, web
from app.spreadsheets.writing import Value

KINDS = ("moved", "fault", "new", "offer", "change")
"""What can be read about a file, in the order in which people want to know it."""
Whose = Callable[[int | None], Member]


class UploadForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A spreadsheet, and perhaps pictures."""

    file = FileField(_l("The spreadsheet: xlsx or csv, at most 20 MB"), [FileRequired(_l("Choose a file."))])
    parcel = FileField(_l("Pictures in a zip file, at most 28 MB together with the spreadsheet"))
    ticket = HiddenField(validators=[Length(max=60)])


def open_desk(whose: Whose, url_prefix: str) -> Blueprint:
    """The desk as a blueprint. `whose` gives the member, and turns away whoever may not act for it."""
    bp = Blueprint("imports", __name__, url_prefix=url_prefix)
    for rule, view, methods in (
        ("", upload, ["GET", "POST"]),
        ("/mall.<any(xlsx,csv):kind>", template, ["GET"]),
        ("/lista.<any(xlsx,csv):kind>", present, ["GET"]),
        ("/<int:batch_id>", show, ["GET"]),
        ("/<int:batch_id>/lage", state, ["GET"]),
        ("/<int:batch_id>/fel.<any(xlsx,csv):kind>", faults, ["GET"]),
        ("/<int:batch_id>/ta-in", accept, ["POST"]),
        ("/<int:batch_id>/avbryt", drop, ["POST"]),
        ("/<int:batch_id>/ta-tillbaka", take_back, ["POST"]),
    ):
        bp.add_url_rule(rule, view.__name__, _for(whose, view), methods=methods)
    return bp


Here = dict[str, Any]
"""What the desk's own links carry: the member's number where staff stand at it."""


def _for(whose: Whose, view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """The view for the member whom the address or the seat names; its links lead to the same desk."""

    def answer(member_id: int | None = None, **values: Any) -> ResponseReturnValue:
        here: Here = {} if member_id is None else {"member_id": member_id}
        return view(whose(member_id), here, **values)

    return answer


def upload(member: Member, here: Here) -> ResponseReturnValue:
    """Hand in a file, get the template, and see what has been handed in lately."""
    form = UploadForm()
    if not form.is_submitted():
        form.ticket.data = secrets.token_urlsafe(12)
    elif form.validate():
        with web.refusals(form):
            batch = _hand_in(member, form)
            db.session.commit()
            return web.back_to(".show", batch_id=batch.id, **here)
    recent = import_queries.recent(whose_again(member))
    return render_template("member/imports.html", form=form, here=here, member=member, recent=recent), web.status(form)


def whose_again(member: Member) -> Member:
    """The member's row after a rollback, which has let go of it."""
    return db.session.get_one(Member, member.id)


def template(_member: Member, here: Here, kind: str) -> ResponseReturnValue:  # noqa: ARG001
    """The empty template."""
    if kind == "csv":
        return downloads.csv("mall-sortiment", assortment.template_csv(None))
    return downloads.workbook("mall-sortiment", assortment.template_xlsx(None))


def present(member: Member, here: Here, kind: str) -> ResponseReturnValue:  # noqa: ARG001
    """The template with all that the member makes now."""
    name = downloads.dated(f"sortiment-{member.slug}")
    if kind == "csv":
        return downloads.csv(name, assortment.template_csv(member))
    return downloads.workbook(name, assortment.template_xlsx(member))


def show(member: Member, here: Here, batch_id: int) -> ResponseReturnValue:
    """How far a file has come, what was found in it, and what to do about it."""
    batch = import_queries.batch_of(member, batch_id)
    told = import_queries.told(batch)
    asked = request.args.get("visa", "")
    kind = asked if told.get(asked) else next((one for one in KINDS if told.get(one)), "")
    page = import_queries.notes(batch, kind, told.get(kind, 0), request.args.get("sida", 1, type=int))
    return render_template(
        "member/import.html",
        batch=batch,
        here=here,
        member=member,
        kinds=KINDS,
        kind=kind,
        told=told,
        page=page,
        failed=import_queries.has_failed(batch),
        said=_said(batch),
        counted=_counted(batch),
        waiting=len(import_queries.still_waiting(batch)),
        address=lambda number: url_for(".show", batch_id=batch.id, visa=kind, sida=number, **here),
    )


def state(member: Member, here: Here, batch_id: int) -> ResponseReturnValue:  # noqa: ARG001
    """The same in figures, for the page's own script."""
    batch = import_queries.batch_of(member, batch_id)
    moving = batch.is_at_work and not import_queries.has_failed(batch)
    counted = _counted(batch)
    return {"moving": moving, "done": batch.done, "total": batch.total, "said": _said(batch), "counted": counted}


def faults(member: Member, here: Here, batch_id: int, kind: str) -> ResponseReturnValue:  # noqa: ARG001
    """All faults as a list, to put right beside the file."""
    batch = import_queries.batch_of(member, batch_id)
    rows: Iterator[list[Value]] = (
        [one.row, one.address, one.heading, one.value, one.text] for one in import_queries.faults(batch)
    )
    count = import_queries.told(batch).get("fault", 0)
    headings = ["Rad", "Cell", "Kolumn", "Värde", "Vad som är fel"]
    return downloads.table(f"fel-{batch.id}", kind, headings, rows, count)


def accept(member: Member, here: Here, batch_id: int) -> ResponseReturnValue:
    """Take in the good rows."""
    batch = import_queries.batch_of(member, batch_id, lock=True)
    imports.accept(batch, by=web.user(), now=clock.now())
    db.session.commit()
    shelf.clear()
    return web.back_to(".show", batch_id=batch_id, **here)


def drop(member: Member, here: Here, batch_id: int) -> ResponseReturnValue:
    """Take in nothing."""
    batch = import_queries.batch_of(member, batch_id, lock=True)
    imports.drop(batch, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("Nothing from the file was saved."), "success")
    return web.back_to(".upload", **here)


def take_back(member: Member, here: Here, batch_id: int) -> ResponseReturnValue:
    """Take back what the file has proposed and nobody has answered."""
    batch = import_queries.batch_of(member, batch_id, lock=True)
    count = taking_back.take_back_all(batch, by=web.user(), now=clock.now())
    db.session.commit()
    shelf.clear()
    flash(ngettext("%(num)d proposal is taken back.", "%(num)d proposals are taken back.", count), "success")
    return web.back_to(".show", batch_id=batch_id, **here)


def _hand_in(member: Member, form: UploadForm) -> ImportBatch:
    sheet = (form.file.data.filename or "sortiment", form.file.data.read())
    parcel = form.parcel.data
    pictures = (parcel.filename or "bilder.zip", parcel.read()) if parcel else None
    ticket = form.ticket.data or secrets.token_urlsafe(12)
    return imports.hand_in(member, sheet, pictures, ticket, by=web.user(), now=clock.now())


def _counted(batch: ImportBatch) -> str:
    """How many of what is being counted have been seen to; nothing while nothing is counted."""
    if not batch.total:
        return ""
    done, total = formats.quantity(batch.done), formats.quantity(batch.total)
    return str(_("%(done)s of %(total)s", done=done, total=total))


def _said(batch: ImportBatch) -> str:
    """What is being done, in words."""
    words = {
        "save": _("Saving …"),
        "read": _("Reading the file"),
        "pictures": _("Fetching pictures"),
        "check": _("Checking the rows"),
    }
    return str(words.get(batch.phase, _("Waiting for a worker")))
