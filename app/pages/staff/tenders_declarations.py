"""Self-declarations in a bid: the buyer's ESPD request, how each party stands, and answering for a party."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from app import declareflow, files
from app.db import db
from app.errors import NotYours, Refused
from app.pages import bid_fields, declaring, downloads, web
from app.pages.asking_once import FIELD, Once
from app.pages.declaring import Sent
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.espd import frozen
from app.tenders.espd import queries as declarations
from app.tenders.espd.doubts import told_of
from app.tenders.espd.queries import Standing
from app.tenders.models import Tender, VersionDeclaration
from bids.espd import belonging
from bids.espd.values import Request

bp = Blueprint("declarations", __name__, url_prefix="/<int:tender_id>/egenforsakran")


class RequestForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """The buyer's request."""

    file = FileField(_l("The buyer's ESPD request (XML), at most 10 MB"), [FileRequired(_l("Choose a file."))])


class PressForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the button."""


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Each party's declarations, and what is missing."""
    return _list(open_room(tender_id), RequestForm(formdata=None))


def _list(room: Room, form: RequestForm, once: Once | None = None) -> ResponseReturnValue:
    if room.bid is None or room.offer is None:
        return show_tab("no_bid", room, "documents")
    asked = declarations.request_of(room.tender)
    standings = declarations.standings_of(room.bid, room.offer, asked)
    page = show_tab(
        "declarations",
        room,
        "documents",
        asked=asked,
        strange=_strange(asked[1], room.tender) if asked else "",
        once=once or Once(said=[]),
        standings=standings,
        doubts=list(told_of(standings)),
        names=declaring.NAMES,
        slug_of=declaring.slug_of,
        form=form,
        handed_in=_handed_in(room),
    )
    return page, web.status(form)


def _handed_in(room: Room) -> Sequence[VersionDeclaration]:
    return frozen.kept_last(room.bid) if room.bid is not None and not room.bid.is_draft else ()


@bp.post("/begaran")
def take_in(tender_id: int) -> ResponseReturnValue:
    """Hand in the buyer's request."""
    room, form, once = open_for_change(tender_id), RequestForm(), Once()
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.file)
            if upload is None:
                raise Refused(_("Choose a file."))
            found = declareflow.read(upload.data, upload.name)
            strange = _strange(found.asks, room.tender)
            once.ask(strange, _("Choose the file once more if it is the right one.") if strange else "")
            sure = bool(strange) and FIELD in request.form
            made = declareflow.take_in(room.tender, bid_in(room), found, confirmed=sure, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The request is read: %(criteria)s criteria.", criteria=made.criteria), "success")
            return web.back_to(".show", tender_id=tender_id)
    return _list(open_room(tender_id), form, once)


def _strange(asked: Request, tender: Tender) -> str:
    """What in the request speaks of another tender than this one."""
    sentences = []
    if belonging.names_another_buyer(asked, buyer=tender.buyer_name, diary_number=tender.diary_number):
        told = {"theirs": asked.buyer, "ours": tender.buyer_name}
        sentences.append(_("The request comes from %(theirs)s, and the buyer here is %(ours)s.", **told))
    if belonging.names_another_number(asked, diary_number=tender.diary_number):
        numbers = {"theirs": asked.folder, "ours": tender.diary_number}
        sentences.append(_("The request has the diary number %(theirs)s, and the tender %(ours)s.", **numbers))
    return " ".join(sentences)


@bp.post("/begaran/ratt")
def confirm(tender_id: int) -> ResponseReturnValue:
    """It names another buyer or number, and is the right one all the same."""
    room = open_for_change(tender_id)
    asked = declarations.request_of(room.tender)
    if asked is None:
        raise NotYours
    declareflow.confirm(asked[0], bid_in(room), by=web.user(), now=room.now)
    db.session.commit()
    flash(_("Saved."), "success")
    return web.back_to(".show", tender_id=tender_id)


@bp.post("/begaran/ta-bort")
def leave(tender_id: int) -> ResponseReturnValue:
    """The request was a mistake."""
    room = open_for_change(tender_id)
    declareflow.leave_request(room.tender, bid_in(room), by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The request no longer counts. The parties sign our own form."), "success")
    return web.back_to(".show", tender_id=tender_id)


@bp.get("/begaran/fil")
def request_file(tender_id: int) -> ResponseReturnValue:
    """The request as the buyer sent it."""
    asked = declarations.request_of(open_room(tender_id).tender)
    if asked is None:
        raise NotYours
    return downloads.kept(files.read(asked[0].file), asked[0].file.name, asked[0].file.media_type)


def _one(room: Room, party_id: int, kind: str) -> Standing:
    """One party's declaration. Raises NotYours where there is no such party, or it need make none."""
    wanted = declaring.kind_in(kind)
    party = next((one for one in (room.bid.parties if room.bid else ()) if one.id == party_id), None)
    if party is None or room.offer is None or room.bid is None:
        raise NotYours
    asked = declarations.request_of(room.tender)
    return declaring.the_one(declarations.standings_of(room.bid, room.offer, asked, party), wanted)


@bp.get("/<int:party_id>/<kind>")
def answer_page(tender_id: int, party_id: int, kind: str) -> ResponseReturnValue:
    """What is left to answer for a party, what is known, and what has changed since last time."""
    return _page(open_room(tender_id), party_id, kind, Sent())


def _page(room: Room, party_id: int, kind: str, sent: Sent) -> ResponseReturnValue:
    values = declaring.values(_one(room, party_id, kind), sent, may_change=room.may_change)
    return show_tab("declaration", room, "documents", **values), sent.status


@bp.post("/<int:party_id>/<kind>")
def answer(tender_id: int, party_id: int, kind: str) -> ResponseReturnValue:
    """Write down what the party has answered."""
    room = open_for_change(tender_id)
    sent = declaring.save(_one(room, party_id, kind), by=web.user(), now=room.now)
    if sent.status == 200:
        db.session.commit()
        flash(declaring.said_on(_one(open_room(tender_id), party_id, kind)), "success")
        everything = request.args.get("visa")
        return web.back_to(".answer_page", tender_id=tender_id, party_id=party_id, kind=kind, visa=everything)
    return _page(open_room(tender_id), party_id, kind, sent)


@bp.post("/<int:party_id>/<kind>/underteckna")
def sign(tender_id: int, party_id: int, kind: str) -> ResponseReturnValue:
    """Write down that the party has signed."""
    room = open_for_change(tender_id)
    sent = declaring.sign(_one(room, party_id, kind), declareflow.sign_for, by=web.user(), now=room.now)
    if sent.status == 200:
        db.session.commit()
        flash(_("The declaration is signed. Its PDF lies in the bid as soon as it is made."), "success")
        return web.back_to(".show", tender_id=tender_id)
    return _page(open_room(tender_id), party_id, kind, sent)


@bp.post("/<int:party_id>/<kind>/oppna")
def reopen(tender_id: int, party_id: int, kind: str) -> ResponseReturnValue:
    """Something must be changed."""
    room = open_for_change(tender_id)
    standing = _one(room, party_id, kind)
    declareflow.reopen(standing.party, standing.kind, by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The declaration is open again. Sign it when it is right."), "success")
    return web.back_to(".answer_page", tender_id=tender_id, party_id=party_id, kind=kind, visa="alla")


@bp.post("/<int:party_id>/<kind>/lagg-in")
def lay_in(tender_id: int, party_id: int, kind: str) -> ResponseReturnValue:
    """Lay the paper in the bid again."""
    room = open_for_change(tender_id)
    standing = _one(room, party_id, kind)
    if standing.row is None:
        raise NotYours
    declareflow.lay_in(standing.party, standing.row, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id)


@bp.get("/<int:party_id>/<kind>/<any(pdf, xml):which>")
def paper(tender_id: int, party_id: int, kind: str, which: str) -> ResponseReturnValue:
    """The party's PDF, or the XML for the buyer's system."""
    return declaring.paper(_one(open_room(tender_id), party_id, kind), which)


@bp.get("/lamnad/<int:member_id>/<kind>/<any(pdf, xml):which>")
def handed_in(tender_id: int, member_id: int, kind: str, which: str) -> ResponseReturnValue:
    """What a party declared in the version that was handed in last."""
    wanted = declaring.kind_in(kind)
    kept = _handed_in(open_room(tender_id))
    found = next((one for one in kept if one.member_id == member_id and one.kind == wanted), None)
    file = None if found is None else {"pdf": found.pdf, "xml": found.xml}[which]
    if file is None:
        raise NotYours
    return downloads.kept(files.read(file), file.name, file.media_type)
