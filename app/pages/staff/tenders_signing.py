"""What each party signs: who has signed which text, where else it lies to be signed, and what is printed by hand."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from app import signingflow
from app.db import db
from app.errors import NotYours
from app.pages import bid_fields, bid_words, web
from app.pages.bid_fields import Needed, line
from app.pages.plain_fields import SelectField
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import queries
from app.tenders.models import BidParty
from app.tenders.offers import key_of
from app.tenders.signing import actions
from app.tenders.signing import queries as signing
from app.tenders.signing.models import SigningLink
from app.tenders.signing.queries import ToSign
from bids.kinds import DocumentKind
from bids.party_documents import SIGNED_KINDS

bp = Blueprint("signing", __name__, url_prefix="/<int:tender_id>/underskrifter")


@dataclass(frozen=True, slots=True)
class PartySigns:
    """A party, what it signs, and the links noted for each paper."""

    party: BidParty
    papers: tuple[tuple[ToSign, tuple[SigningLink, ...]], ...]


class LinkForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Where somebody has been asked to sign."""

    what = SelectField(_l("Who signs what"))
    provider = line(_l("Provider of the e-signature"), 120, Needed(_l("Write who provides the e-signature.")))
    url = line(_l("Link"), actions.LONGEST_URL, Needed(_l("Paste the link, beginning with https://.")))
    sent_on = bid_fields.day(_l("Sent on"), Needed(_l("Choose a day.")))


class LiabilityForm(FlaskForm):  # type: ignore[misc]
    """Whether the buyer wants joint liability."""

    wanted = BooleanField(_l("The buyer wants the parties to be jointly liable"))


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Party by party."""
    return _page(open_room(tender_id))


def _page(room: Room, form: LinkForm | None = None) -> ResponseReturnValue:
    if room.bid is None or room.offer is None:
        return show_tab("no_bid", room, "documents"), 200
    parties = _parties(room)
    page = show_tab(
        "signing",
        room,
        "documents",
        parties=parties,
        form=_choosing(form or LinkForm(formdata=None), parties),
        liability=LiabilityForm(formdata=None, data={"wanted": room.tender.joint_liability}),
    )
    return page, 422 if form else 200


def _parties(room: Room) -> list[PartySigns]:
    bid = bid_in(room)
    if room.offer is None:
        return []
    papers, links = signing.papers_in(bid), signing.links_in(bid)
    own = {party.key: party for party in room.offer.parties}
    found = []
    for party in bid.parties:
        values = own.get(key_of(party.member))
        signs = signing.to_sign(room.offer, values, papers.get(party.member_id, [])) if values is not None else []
        noted = tuple((one, tuple(links.get((party.member_id, one.kind), ()))) for one in signs)
        found.append(PartySigns(party, noted))
    return found


def _choosing(form: LinkForm, parties: list[PartySigns]) -> LinkForm:
    """What can be signed elsewhere: ``party:kind``."""
    form.what.choices = bid_words.listed(
        (f"{each.party.id}:{one.kind}", f"{each.party.member.name}: {bid_words.DOCUMENTS[one.kind]}")
        for each in parties
        for one, _links in each.papers
    )
    return form


@bp.post("/lank")
def note_link(tender_id: int) -> ResponseReturnValue:
    """Note a link to a provider of e-signatures. It is never fetched."""
    room = open_for_change(tender_id)
    form = _choosing(LinkForm(), _parties(room))
    if form.validate_on_submit():
        with web.refusals(form):
            party_id, _colon, kind = str(form.what.data).partition(":")
            actions.note_link(
                queries.party_of(bid_in(room), int(party_id)),
                _kind(kind),
                url=form.url.data or "",
                provider=form.provider.data or "",
                sent_on=form.sent_on.data,
                by=web.user(),
                now=room.now,
            )
            db.session.commit()
            flash(_("The link is noted. Hand in the document when it is signed."), "success")
            return web.back_to("staff.tenders.signing.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, form)


def _kind(kind: str) -> DocumentKind:
    found = next((one for one in SIGNED_KINDS if one == kind), None)
    if found is None:
        raise NotYours
    return found


@bp.post("/lank/<int:link_id>/ta-bort")
def remove_link(tender_id: int, link_id: int) -> ResponseReturnValue:
    """Take a link out again."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    actions.forget_link(bid, signing.link_of(bid, link_id), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.signing.show", tender_id=tender_id)


@bp.post("/gemensamt-ansvar")
def joint_liability(tender_id: int) -> ResponseReturnValue:
    """Say whether the buyer wants joint liability; the papers follow."""
    room, form = open_for_change(tender_id), LiabilityForm()
    if form.validate_on_submit():
        actions.want_joint_liability(room.tender, bid_in(room), wanted=form.wanted.data, by=web.user(), now=room.now)
        db.session.commit()
        flash(_("Saved."), "success")
    return web.back_to("staff.tenders.signing.show", tender_id=tender_id)


@bp.get("/part/<int:party_id>/<kind>.pdf")
def blank(tender_id: int, party_id: int, kind: str) -> ResponseReturnValue:
    """A paper with lines to sign by hand."""
    room = open_room(tender_id)
    party = queries.party_of(bid_in(room), party_id)
    made = signingflow.blank(party, _kind(kind), now=room.now, offer=room.offer)
    return web.pdf(made, f"{kind}-{key_of(party.member)}.pdf")
