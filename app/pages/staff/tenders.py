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
from app.pages import bid_fields, bid_words, board_words, web
from app.pages.staff import (
    tenders_answers,
    tenders_bid,
    tenders_calendar,
    tenders_choosing,
    tenders_dates,
    tenders_declined,
    tenders_documents,
    tenders_facts,
    tenders_prices,
    tenders_requirements,
    tenders_rows,
    tenders_send,
    tenders_thresholds,
)
from app.pages.staff.tenders_facts import FactsForm
from app.pages.staff.tenders_room import days_left, may_sell
from app.tenders import board as boards
from app.tenders import queries
from app.tenders.models import TenderState

bp = Blueprint("tenders", __name__, url_prefix="/upphandlingar")
for page in (
    tenders_answers,
    tenders_bid,
    tenders_calendar,
    tenders_choosing,
    tenders_dates,
    tenders_declined,
    tenders_documents,
    tenders_facts,
    tenders_prices,
    tenders_requirements,
    tenders_rows,
    tenders_send,
    tenders_thresholds,
):
    bp.register_blueprint(page.bp)
FILTERS = ("q", "kopare", "cpv", "plats", "state", "ordning")


class ImportForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A notice's file."""

    file = FileField(_l("The notice's file"), [FileRequired(_l("Choose the notice's XML file."))])


@bp.get("")
def index() -> ResponseReturnValue:
    """All that is open by state and deadline, or what the viewer asks for."""
    typed = {name: " ".join(request.args.get(name, "").split())[:200] for name in FILTERS}
    now, asked = clock.now(), _asked(typed)
    board = boards.board(asked, request.args.get("sida", 1, type=int), now)
    return render_template(
        "staff/tenders/board.html",
        board=board.leaf,
        fitting=board.fitting,
        days={row.tender.id: days_left(row.tender, now) for row in board.leaf.rows},
        counts=boards.count_by_state(),
        words=bid_words,
        steps=board_words,
        typed=typed,
        narrowed=any(typed.values()),
        may_change=may_sell(),
        page_url=lambda number: url_for(".index", **{k: v for k, v in typed.items() if v}, sida=number),  # type: ignore[arg-type]
    )


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
        sort=next((one for one in boards.Sort if one == typed["ordning"]), boards.Sort.DEADLINE),
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
