"""The papers of a bid: what each party must hand in, the parties' vaults, and the appendices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import BooleanField
from wtforms.validators import Optional

from app import clock, office
from app.db import db
from app.errors import NotYours
from app.members.models import MemberDocument
from app.pages import bid_fields, downloads, web
from app.pages.bid_fields import Needed, line
from app.pages.paper_form import PaperForm
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import actions, handing_in, paper_actions, queries, word_files
from app.tenders.models import Bid, BidParty, Tender
from app.tenders.offers import key_of, kind_of
from app.tenders.paper_actions import Upload
from app.tenders.signing import queries as signing
from app.tenders.signing.queries import ToSign
from bids import checks
from bids.dates import AwardDay, award_day_after
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
    at_award: bool
    """Whether it still holds when the buyer decides."""
    number: int | None
    newer: MemberDocument | None = None
    """What has replaced it, where the bid still holds the older one."""


@dataclass(frozen=True, slots=True)
class PartyPapers:
    """A party, what it must hand in and whether that is there, and its vault."""

    party: BidParty
    wanted: tuple[tuple[DocumentKind, bool, ToSign | None], ...]
    """Each kind, whether it is there, and what of it another must sign too, or must be signed anew."""
    vault: tuple[VaultLine, ...]


class PartyPaperForm(PaperForm):
    """The same, and whether the bid takes it along at once."""

    attach = BooleanField(_l("Make it an appendix of the bid"), default=True)


class AppendixForm(FlaskForm):  # type: ignore[misc]
    """A file that goes with the bid."""

    title = line(_l("Title"), 200, Needed(_l("Write what the document is called.")))
    file = bid_fields.PaperFileField([FileRequired(_l("Choose a file."))])


class AwardForm(FlaskForm):  # type: ignore[misc]
    """When the buyer decides, where somebody knows it."""

    award_on = bid_fields.day(_l("The buyer decides on"), Optional())


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Papers by party, and the appendices."""
    return _page(open_room(tender_id))


def _page(room: Room, form: AppendixForm | None = None, award: AwardForm | None = None) -> ResponseReturnValue:
    if room.bid is None or room.offer is None:
        return show_tab("no_bid", room, "documents"), 200
    page = show_tab(
        "documents",
        room,
        "documents",
        papers=_papers(room.bid, room.offer),
        proves=_proves(room, room.bid),
        outdated={appendix.id for appendix in paper_actions.outdated_in(room.bid, room.offer)},
        form=form or AppendixForm(formdata=None),
        in_word=word_files.waiting_in(room.bid),
        award=award_of(room.tender),
        award_form=award or AwardForm(formdata=None, data={"award_on": room.tender.award_on}),
    )
    return page, 422 if form or award else 200


def _papers(bid: Bid, offer: Offer) -> list[PartyPapers]:
    open_gaps = {(gap.party_key, gap.document) for gap in checks.gaps(offer) if gap.area in ABOUT_PAPERS}
    parties, signed = {party.key: party for party in offer.parties}, signing.papers_in(bid)
    numbers = {appendix.document_id: appendix.number for appendix in bid.appendices}
    found = []
    for party in bid.parties:
        key = key_of(party.member)
        kinds = set(checks.documents_wanted(offer, parties[key])) if key in parties else set()
        kinds |= {document for gap_key, document in open_gaps if gap_key == key and document}
        if offer.above_threshold and party.role is PartyRole.TENDERER:
            kinds.add(DocumentKind.SANCTIONS_DECLARATION)
        begun = signing.begun(offer, parties[key], signed.get(party.member_id, ())) if key in parties else {}
        wanted = tuple((kind, (key, kind) not in open_gaps, begun.get(kind)) for kind in DocumentKind if kind in kinds)
        found.append(PartyPapers(party, wanted, _vault(party, bid, numbers)))
    return found


def _vault(party: BidParty, bid: Bid, numbers: dict[int | None, int]) -> tuple[VaultLine, ...]:
    """What nothing has replaced, and what the bid holds even so."""
    due = clock.local_date(bid.tender.deadline) if bid.tender.deadline else None
    award = award_of(bid.tender)
    newer = {one.replaces_id: one for one in party.member.documents if one.replaces_id and not _begins_later(one, due)}
    return tuple(
        VaultLine(
            document,
            kind_of(document.kind),
            holds_on(document, due),
            holds_on(document, award.day if award else None),
            numbers.get(document.id),
            newer.get(document.id),
        )
        for document in party.member.documents
        if (document.id not in newer and bid.may_be_for(document)) or document.id in numbers
    )


def _begins_later(document: MemberDocument, due: date | None) -> bool:
    """It was handed in ahead, and proves nothing yet when the bid is handed in."""
    return due is not None and document.valid_from is not None and document.valid_from > due


def holds_on(document: MemberDocument, day: date | None) -> bool:
    """Whether the document proves something on the day."""
    return document.is_usable and (day is None or document.holds_on(day))


def award_of(tender: Tender) -> AwardDay | None:
    """When the buyer decides, as far as anybody knows; None while there is no last day for bids."""
    if tender.deadline is None:
        return None
    known = {"award_on": tender.award_on, "required_validity": tender.required_validity}
    return award_day_after(tender.deadline, tender.zone, **known)


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
                into = party if form.attach.data else None
                handing_in.hand_in(
                    party.member, form.paper(), upload, for_bid=bid.id, into=into, by=web.user(), now=room.now
                )
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


@bp.post("/bilagor/<int:appendix_id>/byt")
def exchange(tender_id: int, appendix_id: int) -> ResponseReturnValue:
    """Let the newer paper take the older one's place in the draft."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    appendix = queries.appendix_of(bid, appendix_id)
    newest = _newest(bid, appendix.document_id)
    if newest is None:
        raise NotYours
    paper_actions.exchange(bid, appendix, newest, by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The newer document is in the bid. It has the same number."), "success")
    return web.back_to("staff.tenders.documents.show", tender_id=tender_id, _anchor="bilagor")


def _newest(bid: Bid, document_id: int | None) -> MemberDocument | None:
    """What lies in a paper's place now; None where nothing has replaced it."""
    newer = {each.replaces_id: each for party in bid.parties for each in party.member.documents if each.replaces_id}
    found = None
    while document_id in newer:
        found = newer.pop(document_id)
        document_id = found.id
    return found


@bp.post("/beslut")
def set_award_day(tender_id: int) -> ResponseReturnValue:
    """When the buyer decides: papers must hold then too."""
    room, form = open_for_change(tender_id), AwardForm()
    if form.validate_on_submit():
        with web.refusals(form):
            actions.expect_award(room.tender, form.award_on.data, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("Saved."), "success")
            return web.back_to("staff.tenders.documents.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, award=form)


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
                flash(_take_in(room, upload, form.title.data), "success")
                db.session.commit()
                return web.back_to("staff.tenders.documents.show", tender_id=tender_id, _anchor="bilagor")
        room = open_room(tender_id)
    return _page(room, form=form)


def _take_in(room: Room, upload: Upload, title: str) -> str:
    """As an appendix at once, or a Word file for a worker. Returns what to tell."""
    if office.is_word(upload.data):
        word_files.take_in(bid_in(room), upload, title, by=web.user(), now=room.now)
        return str(_("The Word file is being made into a PDF. It is an appendix when that is done."))
    kept = paper_actions.keep(upload, now=room.now)
    paper_actions.check_new(bid_in(room), kept)
    paper_actions.attach(bid_in(room), kept, title=title, by=web.user(), now=room.now)
    return str(_("The appendix is added."))


@bp.post("/word/<int:word_id>/igen")
def convert_again(tender_id: int, word_id: int) -> ResponseReturnValue:
    """Let a worker try once more."""
    room = open_for_change(tender_id)
    word_files.try_again(word_files.waiting_one(bid_in(room), word_id))
    db.session.commit()
    return web.back_to("staff.tenders.documents.show", tender_id=tender_id, _anchor="bilagor")


@bp.post("/word/<int:word_id>/ta-bort")
def throw_away(tender_id: int, word_id: int) -> ResponseReturnValue:
    """The Word file is not wanted."""
    room = open_for_change(tender_id)
    word_files.throw_away(word_files.waiting_one(bid_in(room), word_id))
    db.session.commit()
    return web.back_to("staff.tenders.documents.show", tender_id=tender_id, _anchor="bilagor")


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
    return downloads.stored(queries.appendix_of(bid_in(open_room(tender_id)), appendix_id).file)


@bp.get("/part/<int:party_id>/fil/<int:document_id>")
def read_document(tender_id: int, party_id: int, document_id: int) -> ResponseReturnValue:
    """A paper of a party's vault."""
    party = queries.party_of(bid_in(open_room(tender_id)), party_id)
    document = _document(party, document_id)
    if document.file is None:
        raise NotYours
    return downloads.stored(document.file)
