"""The board of tenders, and how a tender comes onto it: from a notice's file or by hand."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from app import bidflow, clock
from app.db import db
from app.pages import bid_fields, bid_words, web
from app.pages.staff import (
    tenders_addenda,
    tenders_answers,
    tenders_beside_acts,
    tenders_bid,
    tenders_comments,
    tenders_documents,
    tenders_facts,
    tenders_news,
    tenders_prices,
    tenders_questions,
    tenders_requirements,
    tenders_rows,
    tenders_send,
    tenders_together,
)
from app.pages.staff.tenders_facts import FactsForm
from app.pages.staff.tenders_room import days_left, may_sell
from app.tenders import board as boards
from app.tenders import queries
from app.tenders.models import TenderState

bp = Blueprint("tenders", __name__, url_prefix="/upphandlingar")
for page in (
    tenders_addenda,
    tenders_answers,
    tenders_beside_acts,
    tenders_bid,
    tenders_comments,
    tenders_documents,
    tenders_facts,
    tenders_news,
    tenders_prices,
    tenders_questions,
    tenders_requirements,
    tenders_rows,
    tenders_send,
    tenders_together,
):
    bp.register_blueprint(page.bp)


class ImportForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A notice's file."""

    file = FileField(_l("The notice's file"), [FileRequired(_l("Choose the notice's XML file."))])


@bp.get("")
def index() -> ResponseReturnValue:
    """All that is open by state and deadline, or what the viewer asks for."""
    words, state = request.args.get("q", "")[:200], request.args.get("state", "")
    states = [known for known in TenderState if known == state] or (tuple(TenderState) if words else boards.OPEN)
    now = clock.now()
    board = boards.board(states, words, request.args.get("sida", 1, type=int))
    return render_template(
        "staff/tenders/board.html",
        board=board,
        days={row.tender.id: days_left(row.tender, now) for row in board.rows},
        counts=boards.count_by_state(),
        words=bid_words,
        q=words,
        state=state,
        may_change=may_sell(),
        page_url=lambda number: url_for(".index", q=words or None, state=state or None, sida=number),
    )


@bp.route("/importera", methods=["GET", "POST"])
def import_notice() -> ResponseReturnValue:
    """Read a tender from an eForms notice."""
    web.sales_only()
    form = ImportForm()
    if form.validate_on_submit():
        file = bid_fields.upload(form.file)
        with web.refusals(form):
            if file is not None:
                tender = bidflow.notice_from_file(file.data, file.name, by=web.user(), now=clock.now())
                if queries.same_notice(tender) is not None:
                    flash(_("The same notice has been imported before. Check that you do not work twice."), "warning")
                db.session.commit()
                return web.back_to("staff.tenders.facts.show", tender_id=tender.id)
    return render_template("staff/tenders/import.html", form=form), web.status(form)


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a tender by hand."""
    web.sales_only()
    form = FactsForm()
    if form.validate_on_submit():
        with web.refusals(form):
            tender = bidflow.notice_by_hand(form.facts(), by=web.user(), now=clock.now())
            db.session.commit()
            return web.back_to("staff.tenders.facts.show", tender_id=tender.id)
    title = _("Enter a tender")
    return render_template("staff/tenders/new.html", form=form, title=title), web.status(form)
