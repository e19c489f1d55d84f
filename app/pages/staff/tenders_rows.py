"""A tender's lots and price rows: one at a time, or pasted many at once."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Optional

from app import legalflow, units
from app.db import db
from app.errors import NotYours, Refused
from app.money import Money
from app.pages import bid_fields, web
from app.pages.bid_fields import Needed, Positive, QuantityField, line
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectField
from app.pages.seen import SeenForm
from app.pages.staff.tenders_room import Room, leafed, open_for_change, open_room, page_with
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import actions, articles, pasted, queries
from app.tenders.actions import NewLot, NewRow
from app.tenders.models import Tender, TenderLot

bp = Blueprint("rows", __name__, url_prefix="/<int:tender_id>/rader")
WHOLE = "0"


class LotForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A lot."""

    ref = line(_l("Number"), 40, Needed(_l("Write the buyer's number.")))
    title = line(_l("Name"), 400, Needed(_l("Write what the lot is called.")))
    place = line(_l("Place"), 400, Optional())


class RowForm(SeenForm):
    """A price row."""

    lot = SelectField(_l("Lot"))
    ref = line(_l("Number"), 20, Needed(_l("Write the buyer's number.")))
    text = line(_l("What"), 1000, Needed(_l("Write what the row is about.")))
    quantity = QuantityField(_l("Quantity a year"), [Needed(_l("Write a quantity.")), Positive()])
    unit = SelectField(_l("Unit"))
    unit_text = line(_l("The unit in the buyer's words"), 60, Optional())
    article = line(
        _l("Our article"), 20, Optional(), description=_l("Its article number, if something in our catalogue answers.")
    )
    newest = BooleanField(_l("Point at the version that holds now"))

    def row(self) -> NewRow:
        """What was typed. Raises Refused for a quantity that the unit does not allow."""
        try:
            quantity = units.check_quantity(self.unit.data, self.quantity.data)
        except ValueError as wrong:
            raise Refused(str(wrong)) from wrong
        return NewRow(
            ref=self.ref.data,
            text=self.text.data,
            unit=self.unit.data,
            quantity=quantity,
            unit_text=self.unit_text.data or "",
        )


class PasteForm(FlaskForm):  # type: ignore[misc]
    """Many rows at once."""

    lot = SelectField(_l("Lot"))
    lines = TextAreaField(_l("One row a line"), [Needed(_l("Paste at least one line.")), bid_fields.at_most(200_000)])


def with_lots(form: FlaskForm, tender: Tender) -> FlaskForm:
    """Fill the form's choice of lot."""
    lots = [(str(lot.id), f"{lot.ref} {lot.title}") for lot in tender.lots]
    form.lot.choices = listed([(WHOLE, _("The whole tender")), *lots])
    return form


def chosen_lot(form: FlaskForm, tender: Tender) -> TenderLot | None:
    """The lot that was chosen, or None for the whole tender."""
    return next((lot for lot in tender.lots if str(lot.id) == form.lot.data), None)


def _row_form(tender: Tender, **options: object) -> RowForm:
    form = RowForm(**options)
    swedish = str(get_locale()) == "sv"
    form.unit.choices = listed((u.code, u.name_sv if swedish else u.name_en) for u in units.UNITS.values())
    with_lots(form, tender)
    return form


def _look_anew(room: Room) -> None:
    """What a row is and where its lot lies decides what is promised twice."""
    if room.bid is not None:
        legalflow.look_anew(room.bid, now=room.now)


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Lots and rows."""
    return _page(open_room(tender_id))


def _page(
    room: Room, lot: LotForm | None = None, row: RowForm | None = None, paste: PasteForm | None = None
) -> ResponseReturnValue:
    failed = lot or row or paste
    page = show_tab(
        "rows",
        room,
        "rows",
        rows=leafed(room.tender.rows),
        lot_form=lot or LotForm(formdata=None, prefix="lot-"),
        row_form=row or _row_form(room.tender, formdata=None),
        paste=paste or with_lots(PasteForm(formdata=None, prefix="paste-"), room.tender),
    )
    return page, 422 if failed else 200


@bp.post("/omrade")
def add_lot(tender_id: int) -> ResponseReturnValue:
    """One more lot."""
    room, form = open_for_change(tender_id), LotForm(prefix="lot-")
    if form.validate_on_submit():
        with web.refusals(form):
            given = NewLot(ref=form.ref.data, title=form.title.data, place=form.place.data or "")
            lot = actions.add_lot(room.tender, given, by=web.user(), now=room.now)
            if room.bid is not None and room.bid.is_draft:
                room.bid.lots.append(lot)
            _look_anew(room)
            db.session.commit()
            return web.back_to("staff.tenders.rows.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, lot=form)


@bp.post("/omrade/<int:lot_id>/ta-bort")
def remove_lot(tender_id: int, lot_id: int) -> ResponseReturnValue:
    """The lot was a mistake."""
    room = open_for_change(tender_id)
    lot = next((lot for lot in room.tender.lots if lot.id == lot_id), None)
    if lot is None:
        raise NotYours
    if room.bid is not None and lot in room.bid.lots:
        room.bid.lots.remove(lot)
    actions.remove_lot(room.tender, lot, by=web.user(), now=room.now)
    _look_anew(room)
    db.session.commit()
    return web.back_to("staff.tenders.rows.show", tender_id=tender_id)


@bp.post("")
def add(tender_id: int) -> ResponseReturnValue:
    """One more row."""
    room = open_for_change(tender_id)
    form = _row_form(room.tender)
    if form.validate_on_submit():
        with web.refusals(form):
            lot = chosen_lot(form, room.tender)
            actions.add_rows(room.tender, [form.row()], lot, by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to("staff.tenders.rows.show", tender_id=tender_id, _anchor="ny-rad")
        room = open_room(tender_id)
    return _page(room, row=form)


@bp.post("/klistra")
def paste(tender_id: int) -> ResponseReturnValue:
    """Many rows at once."""
    room = open_for_change(tender_id)
    form = with_lots(PasteForm(prefix="paste-"), room.tender)
    if form.validate_on_submit():
        with web.refusals(form):
            given = pasted.rows(form.lines.data or "")
            actions.add_rows(room.tender, given, chosen_lot(form, room.tender), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("%(count)s rows are added.", count=len(given)), "success")
            return web.back_to("staff.tenders.rows.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, paste=form)


@bp.route("/<int:row_id>", methods=["GET", "POST"])
def edit(tender_id: int, row_id: int) -> ResponseReturnValue:
    """Put a row right."""
    room = open_for_change(tender_id)
    row = queries.row_of(room.tender, row_id)
    tied = articles.tied(row)
    form = _row_form(room.tender, obj=row, data={"article": tied.article.number if tied else ""})
    if not form.is_submitted():
        form.lot.data = str(row.lot_id or WHOLE)
    if form.validate_on_submit():
        with web.refusals(form):
            lot = chosen_lot(form, room.tender)
            actions.change_row(room.tender, row, form.row(), lot, by=web.user(), now=room.now)
            number = form.article.data or ""
            articles.tie(row, number, newest=form.newest.data, by=web.user(), now=room.now)
            _look_anew(room)
            db.session.commit()
            on_page = page_with(room.tender.rows, row_id)
            return web.back_to("staff.tenders.rows.show", tender_id=tender_id, sida=on_page, _anchor=f"rad-{row_id}")
        room = open_room(tender_id)
        row = queries.row_of(room.tender, row_id)
        tied = articles.tied(row)
    page = show_tab(
        "row",
        room,
        "rows",
        form=form,
        row=row,
        tied=tied,
        suggested=articles.suggested(row) if row.article_id is None else (),
        promises=articles.promised_for(row),
        money=Money,
    )
    return page, web.status(form)


@bp.post("/<int:row_id>/koppla")
def tie(tender_id: int, row_id: int) -> ResponseReturnValue:
    """Let a suggested article answer to the row, and go on with the next row that has none."""
    room = open_for_change(tender_id)
    row = queries.row_of(room.tender, row_id)
    articles.tie(row, request.form.get("article", "")[:20], newest=False, by=web.user(), now=room.now)
    _look_anew(room)
    db.session.commit()
    flash(_("Row %(ref)s is tied to an article.", ref=row.ref), "success")
    following = articles.next_untied(room.tender, row)
    if following is not None:
        return web.back_to(".edit", tender_id=tender_id, row_id=following.id, _anchor="artikel")
    return web.back_to("staff.tenders.capacity.show", tender_id=tender_id)


@bp.post("/<int:row_id>/ta-bort")
def remove(tender_id: int, row_id: int) -> ResponseReturnValue:
    """The row was a mistake."""
    room = open_for_change(tender_id)
    actions.remove_row(room.tender, queries.row_of(room.tender, row_id), by=web.user(), now=room.now)
    _look_anew(room)
    db.session.commit()
    return web.back_to("staff.tenders.rows.show", tender_id=tender_id)
