"""Invitations to joint bids: a member sees its own rows and papers, and nothing of anybody else's."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from app import bidflow, clock, legalflow
from app.db import db
from app.pages import bid_fields, bid_words, call_words, web
from app.pages.bid_fields import Needed, at_most
from app.pages.budget_form import BudgetForm
from app.pages.declaring import slug_of
from app.pages.member import bids_budget
from app.pages.paper_form import PaperForm, said_of
from app.pages.promise_form import PromiseForm
from app.tenders import handing_in, queries, wanting
from app.tenders.espd.queries import KINDS
from app.tenders.models import BidParty, BidState, TenderState
from app.tenders.offers import key_of, offer_of
from app.tenders.signing import queries as signing
from app.tenders.signing.queries import ToSign
from app.tenders.working import at_party
from bids import checks
from bids.kinds import DocumentKind, TenderKind
from bids.party_checks import missing_documents
from bids.party_documents import SIGNED_KINDS

bp = Blueprint("bids", __name__, url_prefix="/anbud")


class DeclineForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Why the member does not take part."""

    reason = TextAreaField(
        _l("Why not? A few words are enough"), [Needed(_l("Write a few words about why.")), at_most(1000)]
    )


@bp.get("")
def index() -> ResponseReturnValue:
    """All invitations."""
    now = clock.now()
    invitations = queries.invitations_of(web.member())
    is_open = {party.id: _is_open(party) for party in invitations}
    waits = {party.id: is_open[party.id] and wanting.waits_for(party, now=now) for party in invitations}
    kinds = {party.bid.tender.kind for party in invitations} or {TenderKind.PROCUREMENT}
    return render_template(
        "member/bids/index.html",
        to_answer=[party for party in invitations if waits[party.id]],
        others=[party for party in invitations if not waits[party.id]],
        states={party.id: _state(party) for party in invitations},
        kind=kinds.pop() if len(kinds) == 1 else None,
        now=now,
        to_write=len(at_party.tasks_at(web.member())),
    )


def _is_open(party: BidParty) -> bool:
    """Whether an answer can still be given."""
    deadline = party.bid.tender.deadline
    return party.bid.is_draft and party.bid.tender.state == "bidding" and (deadline is None or deadline > clock.now())


def _state(party: BidParty) -> tuple[str, str] | None:
    """How it stands with what is no longer written, with the tone of its badge; of a call in the words of calls."""
    tender = party.bid.tender
    if party.bid.is_draft and tender.state == TenderState.BIDDING:
        return None
    if tender.is_call and not party.bid.is_draft and party.bid.state != BidState.SUBMITTED:
        return call_words.decided(party.bid)
    with call_words.spoken() if tender.is_call else nullcontext():
        label, tone = (
            bid_words.TENDER_STATES[tender.state] if party.bid.is_draft else bid_words.BID_STATES[party.bid.state]
        )
        return str(label), tone


@bp.get("/<int:bid_id>")
def show(bid_id: int) -> ResponseReturnValue:
    """The member's own part of a bid."""
    return _page(bid_id)


def _page(bid_id: int, form: PromiseForm | None = None, decline_form: DeclineForm | None = None) -> ResponseReturnValue:
    party = queries.invitation_of(web.member(), bid_id)
    if party.bid.tender.is_call:
        return bids_budget.page(
            party, decline_form or DeclineForm(formdata=None), is_open=_is_open(party), papers=_papers(party)
        )
    promises = queries.promises_of(web.member(), bid_id)
    page = render_template(
        "member/bids/show.html",
        party=party,
        tender=party.bid.tender,
        promises=promises,
        own={str(promise.id): promise for promise in promises},
        is_open=_is_open(party),
        form=form or PromiseForm(party, promises, formdata=None),
        decline=decline_form or DeclineForm(formdata=None),
        papers=_papers(party),
        words=bid_words,
    )
    return page, 422 if form or decline_form else 200


@dataclass(frozen=True, slots=True)
class WantedPaper:
    """What a member must hand in: a paper of its vault, what it declares here, or what it signs here."""

    kind: DocumentKind
    valid_to: date | None
    """Of the paper in its vault that holds on the last day."""
    slug: str
    """Under which address it is declared here; empty for what is not."""
    signs: bool
    """Whether it is read and signed here."""
    is_there: bool
    begun: ToSign | None
    """What another must sign too, or what must be signed anew because the text has changed."""


def _papers(party: BidParty) -> list[WantedPaper]:
    """What this member must hand in, and what of it is there."""
    bid = queries.bid_by_id(party.bid_id)
    offer = offer_of(bid, now=clock.now())
    own = next((each for each in offer.parties if each.key == key_of(party.member)), None)
    if own is None:
        return []
    missing, due = missing_documents(offer, own), clock.local_date(offer.deadline)
    ends = {
        paper.kind: paper.valid_to
        for paper in party.member.documents
        if paper.is_usable and paper.holds_on(due) and bid.may_be_for(paper)
    }
    there = {one.kind for one in own.documents if one.valid_on(due)} - missing
    begun = signing.begun(offer, own, signing.papers_of(party))
    wanted = dict.fromkeys(kind for each, kind in checks.papers_wanted(offer) if each.key == own.key)
    return [
        WantedPaper(
            kind,
            ends.get(kind),
            slug_of(kind) if kind in KINDS else "",
            kind in SIGNED_KINDS,
            kind in there,
            begun.get(kind),
        )
        for kind in wanted
    ]


@bp.post("/<int:bid_id>")
def promise(bid_id: int) -> ResponseReturnValue:
    """Answer row by row."""
    party = queries.invitation_of(web.member(), bid_id, lock=True)
    if party.bid.tender.is_call:
        return bids_budget.answer(party, lambda form: _of_call(bid_id, form))
    promises = queries.promises_of(web.member(), bid_id)
    form = PromiseForm(party, promises)
    if form.validate_on_submit():
        with web.refusals(form):
            bidflow.promise(party, form.answers(promises), form.signed_by.data, by=web.user(), now=clock.now())
            legalflow.look_anew(party.bid, now=clock.now())
            db.session.commit()
            flash(_("Thank you! Your answer is saved. You can change it until the bid is handed in."), "success")
            return web.back_to("member.bids.show", bid_id=bid_id)
    return _page(bid_id, form=form)


def _of_call(bid_id: int, form: BudgetForm) -> ResponseReturnValue:
    """The page as it comes back when something was wrong."""
    party = queries.invitation_of(web.member(), bid_id)
    blank = DeclineForm(formdata=None)
    return bids_budget.page(party, blank, is_open=_is_open(party), papers=_papers(party), form=form)


@bp.post("/<int:bid_id>/nej")
def decline(bid_id: int) -> ResponseReturnValue:
    """Not this time."""
    party, form = queries.invitation_of(web.member(), bid_id, lock=True), DeclineForm()
    if party.bid.tender.is_call:
        call_words.speak()
    if form.validate_on_submit():
        with web.refusals(form):
            legalflow.leave(party, form.reason.data or "", by=web.user(), now=clock.now())
            legalflow.look_anew(party.bid, now=clock.now())
            db.session.commit()
            flash(_("You have declined. Thank you for telling us."), "success")
            return web.back_to("member.bids.index")
    return _page(bid_id, decline_form=form)


@bp.route("/<int:bid_id>/handling", methods=["GET", "POST"])
def hand_in(bid_id: int) -> ResponseReturnValue:
    """Hand in a paper; it lies in the member's vault, where later bids find it too."""
    party = queries.invitation_of(web.member(), bid_id)
    if party.bid.tender.is_call:
        call_words.speak()
    form = PaperForm()
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.file)
            if upload is not None:
                handing_in.hand_in(
                    party.member, form.paper(), upload, for_bid=party.bid_id, by=web.user(), now=clock.now()
                )
                db.session.commit()
                flash(said_of(upload), "success")
                return web.back_to("member.bids.show", bid_id=bid_id, _anchor="handlingar")
        party = queries.invitation_of(web.member(), bid_id)
    return render_template("member/bids/hand_in.html", party=party, tender=party.bid.tender, form=form), web.status(
        form
    )
