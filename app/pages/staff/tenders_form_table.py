"""One table of a buyer's form: which column holds what, what would be taken in, and the yes to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from app import clock, formats
from app.db import db
from app.errors import NotYours, Refused
from app.leaves import leaf_of
from app.pages import bid_words, call_words, web
from app.pages.staff.form_columns import ColumnsForm, columns_form
from app.pages.staff.tenders_room import check_writer
from app.tenders.forms import actions, queries
from app.tenders.forms.models import BuyerForm, FormTable, Takes
from app.tenders.forms.plan import Plan
from app.tenders.forms.sheets import FormSheet, letter

bp = Blueprint("form_table", __name__, url_prefix="/<int:tender_id>/formular/<int:form_id>/tabell/<int:position>")
PAGE = 50
PREVIEWED, MOST_SHOWN = 12, 14
"""Lines and columns of the preview."""
FACTS = {
    "text": _l("Text"),
    "kind": _l("Kind"),
    "stage": _l("Looked at in"),
    "proof_required": _l("Proof"),
    "followed_up": _l("Special follow-up"),
    "most_characters": _l("Longest answer, characters"),
    "quantity": _l("Quantity a year"),
    "unit": _l("Unit"),
    "unit_text": _l("Unit"),
}
KINDS = ("fault", "new", "changed", "gone", "skipped", "unchanged")
"""What can be read of a plan, in the order in which people want to know it."""


class _Desk:
    """What every page about a table needs. Raises NotYours for what there is not."""

    def __init__(
        self, tender_id: int, form_id: int, position: int, given: MultiDict[str, str] | None, *, lock: bool = False
    ) -> None:
        web.sales_only()
        self.tender = queries.tender_with_lots(tender_id, lock=lock)
        call_words.speak_of(self.tender)
        self.buyers: BuyerForm = queries.form_of(tender_id, form_id, lock=lock)
        self.contents = queries.contents(self.buyers)
        if position >= len(self.contents.sheets):
            raise NotYours
        self.position, self.sheet = position, self.contents.sheets[position]
        self.earlier = queries.earlier_tables(tender_id, self.buyers)
        self.form = columns_form(self.sheet, self.tender, self.earlier, given)
        self.here: dict[str, Any] = {"tender_id": tender_id, "form_id": form_id, "position": position}

    @property
    def replaces(self) -> FormTable | None:
        """The earlier table that was chosen, if it holds the same kind of thing."""
        found = next((table for table in self.earlier if str(table.id) == self.form.replaces.data), None)
        return found if found is not None and found.takes == self.form.takes.data else None

    @property
    def choice(self) -> actions.Choice:
        """What was chosen, once the form has been found good."""
        return actions.Choice(self.contents, self.position, self.form.columns(self.sheet), self.replaces)

    def show(self, template: str, **values: object) -> str:
        """A page about the table."""
        return render_template(
            f"staff/tenders/{template}.html",
            tender=self.tender,
            buyers=self.buyers,
            sheet=self.sheet,
            form=self.form,
            here=self.here,
            **values,
        )


@bp.get("")
def choose(tender_id: int, form_id: int, position: int) -> ResponseReturnValue:
    """Point out the columns."""
    return _choose(_Desk(tender_id, form_id, position, request.args or None))


def _choose(desk: _Desk) -> ResponseReturnValue:
    return desk.show("form_columns", preview=_preview(desk.sheet, desk.form)), web.status(desk.form)


def _preview(sheet: FormSheet, form: ColumnsForm) -> dict[str, Any]:
    """The first lines from the headings on, as they stand."""
    header = int(form.header.data or 0) if str(form.header.data or "0").isdigit() else 0
    places = [place for place, _field in form.of_columns()][:MOST_SHOWN]
    rows = [row for row in sheet.rows if row.number >= header][:PREVIEWED]
    letters = [letter(place) for place in places]
    lines = [
        (row.number, [row.cells[place].text[:120] if place in row.cells else "" for place in places]) for row in rows
    ]
    return {"letters": letters, "lines": lines}


@bp.get("/granska")
def review(tender_id: int, form_id: int, position: int) -> ResponseReturnValue:
    """What would be taken in, and what is wrong with the rest. Nothing is saved."""
    desk = _Desk(tender_id, form_id, position, request.args)
    if not desk.form.validate():
        return _choose(desk)
    with web.refusals(desk.form):
        plan = actions.planned(desk.tender, desk.choice)
        return _review(desk, plan)
    return _choose(_Desk(tender_id, form_id, position, request.args) if not desk.form.errors else _again(desk))


def _again(desk: _Desk) -> _Desk:
    """The same desk with its rows read anew, and the errors that were found."""
    errors = list(desk.form.form_errors)
    fresh = _Desk(**desk.here, given=request.args)
    fresh.form.validate()
    fresh.form.form_errors.extend(errors)
    return fresh


def _review(desk: _Desk, plan: Plan) -> ResponseReturnValue:
    groups = {
        "fault": plan.faults,
        "new": plan.new,
        "changed": plan.changed,
        "gone": plan.gone,
        "skipped": plan.skipped,
        "unchanged": plan.unchanged,
    }
    asked = request.args.get("visa", "")
    kind = asked if groups.get(asked) else next((one for one in KINDS if groups[one]), "")
    rows = groups.get(kind, ())
    sent: dict[str, Any] = {name: value for name, value in request.args.items() if name in desk.form}
    return desk.show(
        "form_review",
        plan=plan,
        kind=kind,
        kinds=[one for one in KINDS if groups[one]],
        counts={one: len(some) for one, some in groups.items()},
        page=leaf_of(rows, request.args.get("sida", 1, type=int), PAGE),
        sent=sent,
        words=bid_words,
        facts=FACTS,
        lots={lot.id: lot.ref for lot in desk.tender.lots},
        takes_rows=desk.form.takes.data == Takes.ROWS,
        columns=desk.form.columns(desk.sheet),
        back=url_for(".choose", **desk.here, **sent),
        address=lambda page: url_for(".review", **desk.here, **sent, visa=kind, sida=page),
        tab=lambda one: url_for(".review", **desk.here, **sent, visa=one),
    )


@bp.post("/ta-in")
def take_in(tender_id: int, form_id: int, position: int) -> ResponseReturnValue:
    """Take in the good lines, as they were shown."""
    check_writer(tender_id)
    desk = _Desk(tender_id, form_id, position, request.form, lock=True)
    sent: dict[str, Any] = {name: value for name, value in request.form.items() if name in desk.form}
    if not desk.form.validate():
        return redirect(url_for(".review", **desk.here, **sent), code=303)
    try:
        plan = actions.take_in(
            desk.buyers,
            desk.tender,
            desk.choice,
            mark=request.form.get("mark", ""),
            by=web.user(),
            now=clock.now(),
        )
    except Refused as no:
        db.session.rollback()
        flash(str(no), "error")
        return redirect(url_for(".review", **desk.here, **sent), code=303)
    db.session.commit()
    count = formats.quantity(plan.good)
    flash(ngettext("%(count)s row is taken in.", "%(count)s rows are taken in.", plan.good, count=count), "success")
    return web.back_to("staff.tenders.forms.show", tender_id=tender_id, form_id=form_id)
