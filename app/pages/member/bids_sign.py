"""A member reads a paper that a bid needs, and signs it on screen - or prints it to sign by hand."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app import clock, signingflow
from app.db import db
from app.errors import NotYours
from app.pages import bid_words, call_words, web
from app.pages.bid_fields import Needed, line
from app.pages.plain_fields import RadioField
from app.tenders import queries
from app.tenders.models import BidParty
from app.tenders.signing.actions import Hand
from app.tenders.signing.models import PartyPaper
from app.tenders.signing.queries import ToSign
from bids.kinds import DocumentKind
from bids.party_documents import SIGNED_KINDS

bp = Blueprint("bids_sign", __name__, url_prefix="/anbud/<int:bid_id>/underskrift/<kind>")
ALONE, TOGETHER = "alone", "together"
HOW = {
    ALONE: _l("I sign alone"),
    TOGETHER: _l("Two of us sign together: I am the first"),
}


class SignForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A name, by what right, and two ticks."""

    seen = StringField(widget=HiddenInput(), validators=[InputRequired()])
    name = line(_l("Your name"), 120, Needed(_l("Write your first and last name.")))
    right = line(_l("Your right to sign"), 200, Needed(_l("Write by what right you sign, such as: sole signatory.")))
    how = RadioField(_l("How the firm is signed"), choices=bid_words.choices(HOW), default=ALONE)
    read = BooleanField(
        _l("I have read the document"), [InputRequired(_l("Read the document, and tick that you have."))]
    )
    entitled = BooleanField(
        _l("I am entitled to sign for the firm"),
        [InputRequired(_l("Only a signatory of the firm may sign. Ask the one who is, or print the document."))],
    )

    def hand(self) -> Hand:
        """What was typed."""
        return Hand(name=self.name.data or "", right=self.right.data or "", with_another=self.how.data == TOGETHER)


class SecondForm(SignForm):
    """The same for the second of two: how the firm is signed has been said."""

    how = RadioField(choices=bid_words.choices(HOW), validators=[Optional()])


def _kind(kind: str) -> DocumentKind:
    """The paper that the address names. Raises NotYours for one that is not signed here."""
    found = next((one for one in SIGNED_KINDS if one == kind), None)
    if found is None:
        raise NotYours
    return found


@bp.route("", methods=["GET", "POST"])
def sign(bid_id: int, kind: str) -> ResponseReturnValue:
    """Read it, and sign."""
    party = queries.invitation_of(web.member(), bid_id, lock=web.changing())
    if party.bid.tender.is_call:
        call_words.speak()
    asked = signingflow.to_sign(party, _kind(kind), now=clock.now())
    form = _form(asked)
    if form.validate_on_submit():
        with web.refusals(form):
            paper = signingflow.sign(
                party,
                _kind(kind),
                form.hand(),
                seen=form.seen.data or "",
                address=request.remote_addr or "",
                by=web.user(),
                now=clock.now(),
            )
            flash(_thanks(paper), "success")
            db.session.commit()
            return web.back_to("member.bids.show", bid_id=bid_id, _anchor="handlingar")
        party = queries.invitation_of(web.member(), bid_id)
        asked = signingflow.to_sign(party, _kind(kind), now=clock.now())
    form.seen.data = asked.text.sha256 if asked.text is not None else ""
    return _page(party, asked, form)


def _form(asked: ToSign) -> SignForm:
    begun = asked.paper is not None and bool(asked.paper.signatures)
    return SecondForm() if begun else SignForm()


def _page(party: BidParty, asked: ToSign, form: SignForm) -> ResponseReturnValue:
    page = render_template(
        "member/bids/sign.html",
        party=party,
        tender=party.bid.tender,
        asked=asked,
        form=form,
        words=bid_words,
        second=isinstance(form, SecondForm),
        is_open=party.bid.is_draft and not party.has_declined,
    )
    return page, web.status(form)


def _thanks(paper: PartyPaper) -> str:
    if paper.is_complete:
        return str(_("Thank you! The document is signed and lies in the bid."))
    return str(_("Thank you! The document holds when the other signatory has signed too, on this same page."))


@bp.get("/utskrift.pdf")
def blank(bid_id: int, kind: str) -> ResponseReturnValue:
    """The same text with lines to sign by hand."""
    party = queries.invitation_of(web.member(), bid_id)
    return web.pdf(signingflow.blank(party, _kind(kind), now=clock.now()), f"{_kind(kind)}.pdf")
