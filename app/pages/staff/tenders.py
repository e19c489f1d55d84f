"""The board of tenders, and how a tender comes onto it: from a notice's file or by hand."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import bidflow, clock
from app.db import db
from app.pages import bid_words, web
from app.pages.staff import (
    tenders_allocation,
    tenders_answers,
    tenders_bid,
    tenders_capacity,
    tenders_changes,
    tenders_competition,
    tenders_documents,
    tenders_evaluation,
    tenders_facts,
    tenders_figures,
    tenders_form_table,
    tenders_forms,
    tenders_import,
    tenders_index,
    tenders_legal_forms,
    tenders_prices,
    tenders_reckoning,
    tenders_requirements,
    tenders_rows,
    tenders_send,
    tenders_sights,
    tenders_watch,
    tenders_withdrawals,
)
from app.pages.staff.tenders_facts import FactsForm
from app.pages.staff.tenders_room import days_left, may_sell
from app.tenders import board as boards
from app.tenders.models import TenderState

bp = Blueprint("tenders", __name__, url_prefix="/upphandlingar")
for page in (
    tenders_allocation,
    tenders_answers,
    tenders_bid,
    tenders_capacity,
    tenders_changes,
    tenders_competition,
    tenders_documents,
    tenders_evaluation,
    tenders_facts,
    tenders_figures,
    tenders_form_table,
    tenders_forms,
    tenders_import,
    tenders_index,
    tenders_legal_forms,
    tenders_prices,
    tenders_reckoning,
    tenders_requirements,
    tenders_rows,
    tenders_send,
    tenders_sights,
    tenders_watch,
    tenders_withdrawals,
):
    bp.register_blueprint(page.bp)
bp.after_request(tenders_sights.note_sight)


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
