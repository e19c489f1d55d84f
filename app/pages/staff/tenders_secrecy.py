"""What of the bid is to be kept secret, the request for it, and the copy in which it is masked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from app import files
from app.db import db
from app.errors import NotYours, Refused
from app.leaves import leaf_of
from app.pages import bid_fields, bid_words, web
from app.pages.bid_fields import Needed, at_most, line
from app.pages.plain_fields import SelectField
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.models import Bid, TenderPriceRow
from app.tenders.secrecy import actions, claims, queries
from app.tenders.secrecy.actions import Marking
from app.tenders.secrecy.models import PrintKind
from bids.secrecy import SecretKind

bp = Blueprint("secrecy", __name__, url_prefix="/<int:tender_id>/sekretess")
KINDS = {
    SecretKind.ROW: _l("Price row"),
    SecretKind.PRICES: _l("All unit prices"),
    SecretKind.APPENDIX: _l("Appendix"),
    SecretKind.REFERENCE: _l("Reference"),
}
PRINTS = {PrintKind.REQUEST: _l("Request for secrecy"), PrintKind.MASKED: _l("Masked copy of the bid")}
PER_PAGE = 50
LONGEST_LIST = 2000


class MarkForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What is secret, which harm it does when it is spread, and for how long."""

    subject = SelectField(_l("What is to be secret"))
    rows = line(_l("Which rows"), LONGEST_LIST)
    what = line(_l("What it is, without giving it away"), 200, Needed(_l("Write what it is that is secret.")))
    harm = TextAreaField(
        _l("Which harm it does if it is spread"), [Needed(_l("Write which harm it does.")), at_most(1000)]
    )
    until = bid_fields.day(_l("Secret until"), Needed(_l("Write through which day it is to be secret.")))

    def __init__(self, bid: Bid, **options: Any) -> None:
        super().__init__(**options)
        appendices = [
            (f"appendix:{one.id}", f"{KINDS[SecretKind.APPENDIX]} {one.number}: {one.title}") for one in bid.appendices
        ]
        references = [
            (f"reference:{one.id}", f"{KINDS[SecretKind.REFERENCE]} {number}: {one.customer}")
            for number, one in enumerate(bid.references, 1)
        ]
        kinds = [("prices", KINDS[SecretKind.PRICES]), ("row", _("Some price rows"))]
        self.subject.choices = bid_words.listed([*kinds, *appendices, *references])

    def marking(self, room: Room) -> Marking:
        """What was typed. Raises Refused for rows that the bid has not."""
        kind, _colon, found = str(self.subject.data).partition(":")
        of = (
            [row.id for row in _rows(room, self.rows.data or "")]
            if kind == SecretKind.ROW
            else [int(found)]
            if found
            else []
        )
        return Marking(
            kind=SecretKind(kind), of=of, what=self.what.data, harm=self.harm.data or "", until=self.until.data
        )


def _rows(room: Room, typed: str) -> list[TenderPriceRow]:
    """The rows that are named by number, such as ``1.1, 1.2`` or with the lot before: ``2/1.1``."""
    refs = {lot.id: lot.ref for lot in bid_in(room).lots}
    rows = [row for row in room.tender.rows if row.lot_id is None or row.lot_id in refs]
    found = []
    for name in filter(None, (part.strip() for part in typed.replace(";", ",").split(","))):
        hits = [row for row in rows if name in {row.ref, f"{refs.get(row.lot_id or 0)}/{row.ref}"}]
        if len(hits) != 1:
            wrong = (
                "Ingen prisrad heter {0}." if not hits else "Flera prisrader heter {0}. Skriv området först, som 1/{0}."
            )
            raise Refused(wrong.format(name[:40]))
        found.append(hits[0])
    if not found:
        raise Refused(_("Write the numbers of the rows, such as 1.1, 1.2."))
    return list(dict.fromkeys(found))


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """All that is secret, and the papers about it."""
    return _page(open_room(tender_id))


def _page(room: Room, form: MarkForm | None = None) -> ResponseReturnValue:
    if room.bid is None or room.offer is None:
        return show_tab("no_bid", room, "documents"), 200
    answers = {answer.requirement_id: answer for answer in room.bid.answers if answer.confidential}
    prints = queries.prints_of(room.bid)
    page = show_tab(
        "secrecy",
        room,
        "documents",
        form=form or MarkForm(room.bid, formdata=None),
        claims=leaf_of(claims.claims_of(room.bid), web.number_asked_for("sida") or 1, PER_PAGE),
        answers=[(one, answers[one.id]) for one in room.tender.requirements if one.id in answers],
        kinds=KINDS,
        prints=prints,
        numbers=queries.numbers_of(prints),
        print_words=PRINTS,
        is_making=any(one.is_being_made for one, _number in prints),
    )
    return page, 422 if form else 200


@bp.post("")
def mark(tender_id: int) -> ResponseReturnValue:
    """Mark something as secret."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = MarkForm(bid)
    if form.validate_on_submit():
        with web.refusals(form):
            actions.mark(bid, form.marking(room), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("Marked as secret."), "success")
            return web.back_to("staff.tenders.secrecy.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, form)


@bp.post("/<int:claim_id>/ta-bort")
def unmark(tender_id: int, claim_id: int) -> ResponseReturnValue:
    """It may be read after all."""
    room = open_for_change(tender_id)
    actions.unmark(bid_in(room), claim_id, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.secrecy.show", tender_id=tender_id)


@bp.post("/papper")
def make(tender_id: int) -> ResponseReturnValue:
    """Let a worker make the request and the masked copy of the draft."""
    room = open_for_change(tender_id)
    if room.offer is None:
        raise NotYours
    actions.ask_for_papers(bid_in(room), room.offer, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.secrecy.show", tender_id=tender_id, _anchor="papper")


@bp.get("/papper/<int:print_id>.pdf")
def read(tender_id: int, print_id: int) -> ResponseReturnValue:
    """One of the papers."""
    found = queries.print_of(bid_in(open_room(tender_id)), print_id)
    if found.file is None:
        raise NotYours
    return web.pdf(files.read(found.file), found.file.name)
