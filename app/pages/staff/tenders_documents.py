"""The papers of a bid: what each party must hand in, the parties' vaults, and the appendices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app import clock, files
from app.db import db
from app.errors import NotYours
from app.files import StoredFile
from app.members.models import MemberDocument
from app.pages import bid_fields, web
from app.pages.bid_fields import Needed, line
from app.pages.paper_form import PaperForm
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import paper_actions, queries
from app.tenders.models import Bid, BidParty
from app.tenders.offers import key_of
from bids import checks
from bids.kinds import DocumentKind, GapArea, PartyRole
from bids.offer import Offer

bp = Blueprint("documents", __name__, url_prefix="/<int:tender_id>/handlingar")
ABOUT_PAPERS = (GapArea.DOCUMENT, GapArea.SANCTIONS)


@dataclass(frozen=True, slots=True)
class VaultLine:
    """A paper in a party's vault: whether it holds on the last day, and as which appendix it goes along."""

    document: MemberDocument
    kind: DocumentKind
    holds: bool
    number: int | None


@dataclass(frozen=True, slots=True)
class PartyPapers:
    """A party, what it must hand in and whether that is there, and its vault."""

    party: BidParty
    wanted: tuple[tuple[DocumentKind, bool], ...]
    vault: tuple[VaultLine, ...]


class PartyPaperForm(PaperForm):
    """The same, and whether the bid takes it along at once."""

    attach = BooleanField(_l("Make it an appendix of the bid"), default=True)


class AppendixForm(FlaskForm):  # type: ignore[misc]
    """A file that goes with the bid."""

    title = line(_l("Title"), 200, Needed(_l("Write what the document is called.")))
    file = FileField(_l("The file: PDF, PNG or JPEG, at most 15 MB"), [FileRequired(_l("Choose a file."))])


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Papers by party, and the appendices."""
    return _page(open_room(tender_id))


def _page(room: Room, form: AppendixForm | None = None) -> ResponseReturnValue:
    if room.bid is None or room.offer is None:
        return show_tab("no_bid", room, "documents"), 200
    page = show_tab(
        "documents",
        room,
        "documents",
        papers=_papers(room.bid, room.offer),
        proves=_proves(room, room.bid),
        form=form or AppendixForm(formdata=None),
    )
    return page, 422 if form else 200


def _papers(bid: Bid, offer: Offer) -> list[PartyPapers]:
    open_gaps = {(gap.party_key, gap.document) for gap in checks.gaps(offer) if gap.area in ABOUT_PAPERS}
    parties = {party.key: party for party in offer.parties}
    numbers = {appendix.document_id: appendix.number for appendix in bid.appendices}
    found = []
    for party in bid.parties:
        key = key_of(party.member)
        kinds = set(checks.documents_wanted(offer, parties[key])) if key in parties else set()
        kinds |= {document for gap_key, document in open_gaps if gap_key == key and document}
        if offer.above_threshold and party.role is PartyRole.TENDERER:
            kinds.add(DocumentKind.SANCTIONS_DECLARATION)
        wanted = tuple((kind, (key, kind) not in open_gaps) for kind in DocumentKind if kind in kinds)
        found.append(PartyPapers(party, wanted, _vault(party, bid, numbers)))
    return found


def _vault(party: BidParty, bid: Bid, numbers: dict[int | None, int]) -> tuple[VaultLine, ...]:
    due = clock.local_date(bid.tender.deadline) if bid.tender.deadline else None
    return tuple(
        VaultLine(
            document,
            next((kind for kind in DocumentKind if kind == document.kind), DocumentKind.OTHER),
            holds_on(document, due),
            numbers.get(document.id),
        )
        for document in party.member.documents
    )


def holds_on(document: MemberDocument, day: date | None) -> bool:
    """Whether the document is valid on the day."""
    if day is None or document.file_id is None:
        return document.file_id is not None
    return (document.valid_from or day) <= day <= (document.valid_to or day)


def _proves(room: Room, bid: Bid) -> dict[int, list[str]]:
    """Which requirements each appendix proves."""
    refs = {requirement.id: requirement.ref for requirement in room.tender.requirements}
    found: dict[int, list[str]] = {}
    for answer in bid.answers:
        for piece in answer.evidence:
            if piece.appendix_id is not None:
                found.setdefault(piece.appendix_id, []).append(refs[answer.requirement_id])
    return found


@bp.route("/part/<int:party_id>", methods=["GET", "POST"])
def hand_in(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Lay a paper in a party's vault, and take it along in the bid."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    party = queries.party_of(bid, party_id)
    form = PartyPaperForm()
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.file)
            if upload is not None:
                document = paper_actions.hand_in(party.member, form.paper(), upload, by=web.user(), now=room.now)
                if form.attach.data:
                    paper_actions.attach_document(bid, party, document, by=web.user(), now=room.now)
                db.session.commit()
                return web.back_to("staff.tenders.documents.show", tender_id=tender_id, _anchor=f"part-{party_id}")
        room = open_room(tender_id)
        party = queries.party_of(bid_in(room), party_id)
    return show_tab("hand_in", room, "documents", form=form, party=party), web.status(form)


@bp.post("/part/<int:party_id>/bifoga/<int:document_id>")
def attach_document(tender_id: int, party_id: int, document_id: int) -> ResponseReturnValue:
    """Take a paper of a party's vault along as an appendix."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    party = queries.party_of(bid, party_id)
    paper_actions.attach_document(bid, party, _document(party, document_id), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.documents.show", tender_id=tender_id, _anchor=f"part-{party_id}")


def _document(party: BidParty, document_id: int) -> MemberDocument:
    found = next((document for document in party.member.documents if document.id == document_id), None)
    if found is None:
        raise NotYours
    return found


@bp.post("/bilagor")
def add_appendix(tender_id: int) -> ResponseReturnValue:
    """One more appendix."""
    room, form = open_for_change(tender_id), AppendixForm()
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.file)
            if upload is not None:
                kept = paper_actions.keep(upload, now=room.now)
                paper_actions.attach(bid_in(room), kept, title=form.title.data, by=web.user(), now=room.now)
                db.session.commit()
                flash(_("The appendix is added."), "success")
                return web.back_to("staff.tenders.documents.show", tender_id=tender_id, _anchor="bilagor")
        room = open_room(tender_id)
    return _page(room, form=form)


@bp.post("/bilagor/<int:appendix_id>/ta-bort")
def remove_appendix(tender_id: int, appendix_id: int) -> ResponseReturnValue:
    """Leave an appendix out."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    paper_actions.detach(bid, queries.appendix_of(bid, appendix_id), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.documents.show", tender_id=tender_id, _anchor="bilagor")


@bp.get("/bilagor/<int:appendix_id>")
def read_appendix(tender_id: int, appendix_id: int) -> ResponseReturnValue:
    """An appendix as it was handed in."""
    return shown_file(queries.appendix_of(bid_in(open_room(tender_id)), appendix_id).file)


@bp.get("/part/<int:party_id>/fil/<int:document_id>")
def read_document(tender_id: int, party_id: int, document_id: int) -> ResponseReturnValue:
    """A paper of a party's vault."""
    party = queries.party_of(bid_in(open_room(tender_id)), party_id)
    document = _document(party, document_id)
    if document.file is None:
        raise NotYours
    return shown_file(document.file)


def shown_file(file: StoredFile) -> Response:
    """A file that was looked through when it came. It is saved rather than run: no script of its own, no frame."""
    response = Response(files.read(file), mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
