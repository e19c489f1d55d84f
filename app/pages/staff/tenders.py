"""The board of tenders, and how a tender comes onto it: from a notice's file or by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import bidflow, clock
from app.db import db
from app.pages import bid_words, board_words, call_words, web
from app.pages.staff import (
    tenders_addenda,
    tenders_agreement,
    tenders_allocation,
    tenders_answers,
    tenders_beside_acts,
    tenders_bid,
    tenders_budget,
    tenders_calendar,
    tenders_calls,
    tenders_capacity,
    tenders_changes,
    tenders_choosing,
    tenders_comments,
    tenders_compare,
    tenders_competition,
    tenders_dates,
    tenders_debrief,
    tenders_decision,
    tenders_declarations,
    tenders_declined,
    tenders_documents,
    tenders_drafts,
    tenders_evaluation,
    tenders_facts,
    tenders_figures,
    tenders_form_table,
    tenders_forms,
    tenders_import,
    tenders_index,
    tenders_legal_forms,
    tenders_library,
    tenders_look,
    tenders_loss,
    tenders_news,
    tenders_package,
    tenders_prices,
    tenders_questions,
    tenders_reckoning,
    tenders_requirements,
    tenders_rows,
    tenders_secrecy,
    tenders_send,
    tenders_sights,
    tenders_signing,
    tenders_style,
    tenders_thresholds,
    tenders_together,
    tenders_typed,
    tenders_watch,
    tenders_win_rate,
    tenders_withdrawals,
)
from app.pages.staff.tenders_facts import FactsForm
from app.pages.staff.tenders_room import days_left, may_sell
from app.tenders import board as boards
from app.tenders.models import TenderState
from bids.kinds import TenderKind

bp = Blueprint("tenders", __name__, url_prefix="/upphandlingar")
for page in (
    tenders_addenda,
    tenders_agreement,
    tenders_allocation,
    tenders_answers,
    tenders_beside_acts,
    tenders_bid,
    tenders_budget,
    tenders_calendar,
    tenders_calls,
    tenders_capacity,
    tenders_changes,
    tenders_choosing,
    tenders_comments,
    tenders_compare,
    tenders_competition,
    tenders_dates,
    tenders_debrief,
    tenders_decision,
    tenders_declarations,
    tenders_declined,
    tenders_documents,
    tenders_drafts,
    tenders_evaluation,
    tenders_facts,
    tenders_figures,
    tenders_form_table,
    tenders_forms,
    tenders_import,
    tenders_index,
    tenders_legal_forms,
    tenders_library,
    tenders_loss,
    tenders_look,
    tenders_news,
    tenders_package,
    tenders_prices,
    tenders_questions,
    tenders_reckoning,
    tenders_requirements,
    tenders_rows,
    tenders_secrecy,
    tenders_send,
    tenders_sights,
    tenders_signing,
    tenders_style,
    tenders_thresholds,
    tenders_together,
    tenders_watch,
    tenders_win_rate,
    tenders_withdrawals,
):
    bp.register_blueprint(page.bp)
bp.after_request(tenders_sights.note_sight)
bp.after_request(tenders_typed.keep_typed)
FILTERS = ("q", "kopare", "cpv", "plats", "state", "ordning", "slag")
KINDS = {"upphandlingar": TenderKind.PROCUREMENT, "utlysningar": TenderKind.CALL}
"""How the address names what is shown; both without a name."""


@bp.get("")
def index() -> ResponseReturnValue:
    """All that is open by state and deadline, or what the viewer asks for."""
    typed = {name: " ".join(request.args.get(name, "").split())[:200] for name in FILTERS}
    now, asked = clock.now(), _asked(typed)
    board = boards.board(asked, request.args.get("sida", 1, type=int), now)
    listed = {kind for kind, many in board.kinds.items() if many and asked.kind in {None, kind}}
    if asked.kind is TenderKind.CALL or listed == {TenderKind.CALL}:
        call_words.speak()
    given: dict[str, Any] = {name: value for name, value in typed.items() if value}
    return render_template(
        "staff/tenders/board.html",
        board=board.leaf,
        fitting=board.fitting,
        days={row.tender.id: days_left(row.tender, now) for row in board.leaf.rows},
        counts=boards.count_by_state(),
        states=bid_words.TENDER_STATES if len(listed) < 2 else board_words.STATES,
        steps=board_words,
        both=len(listed) > 1,
        typed=typed,
        kind=asked.kind,
        kinds=_kinds(board, asked, given),
        narrowed=any(value for name, value in typed.items() if name != "slag"),
        may_change=may_sell(),
        page_url=lambda number: url_for(".index", **given, sida=number),
    )


def _kinds(board: boards.Board, asked: boards.Asked, given: dict[str, Any]) -> list[dict[str, object]]:
    """Procurements, calls or both, each with how many fit; the rest of what was asked for stays."""
    ways = [("", _("Both"), None), *((name, board_words.KINDS[kind], kind) for name, kind in KINDS.items())]
    return [
        {
            "label": label,
            "url": url_for(".index", **{**given, "slag": name or None}),
            "current": asked.kind is kind,
            "count": board.kinds.get(kind, 0) if kind else sum(board.kinds.values()),
        }
        for name, label, kind in ways
    ]


def _asked(typed: dict[str, str]) -> boards.Asked:
    """What the address asks for. Whoever searches without naming a state searches all of them."""
    searched = typed["q"] or typed["kopare"] or typed["cpv"] or typed["plats"]
    states = [known for known in TenderState if known == typed["state"]]
    return boards.Asked(
        states=states or (tuple(TenderState) if searched else boards.OPEN),
        words=typed["q"],
        buyer=typed["kopare"],
        cpv="".join(sign for sign in typed["cpv"].partition("-")[0] if sign in "0123456789")[:8],
        place=typed["plats"],
        kind=KINDS.get(typed["slag"]),
        sort=next((one for one in boards.Sort if one == typed["ordning"]), boards.Sort.DEADLINE),
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
