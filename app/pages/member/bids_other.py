"""A member says whether it hands in another bid for the same as the joint one."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock, legalflow
from app.db import db
from app.pages import bid_words, web
from app.pages.bid_fields import at_most
from app.pages.plain_fields import RadioField, SelectMultipleField
from app.tenders import queries
from app.tenders.legal.reason_actions import LONGEST, say_other_bid
from app.tenders.models import BidParty

bp = Blueprint("bids_other", __name__, url_prefix="/anbud/<int:bid_id>/annat-anbud")
SAYS = {"no": _l("No, only this one"), "yes": _l("Yes, we hand in another bid as well")}


class OtherBidForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Yes or no, and which."""

    says = RadioField(
        _l("Do you hand in another bid for the same, by yourselves or with others?"),
        [InputRequired(_l("Choose one in the list."))],
        choices=bid_words.choices(SAYS),
    )
    lots = SelectMultipleField(
        _l("If yes: in which lots"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    words = TextAreaField(_l("If yes: which bid, and with whom"), [Optional(), at_most(LONGEST)])


def _form(party: BidParty, data: dict[str, object]) -> OtherBidForm:
    form = OtherBidForm(data={**data, "lots": [str(lot_id) for lot_id in party.bids_too_lots]})
    form.lots.choices = bid_words.listed((str(lot.id), f"{lot.ref} {lot.title}") for lot in party.bid.lots)
    return form


@bp.route("", methods=["GET", "POST"])
def say(bid_id: int) -> ResponseReturnValue:
    """The member's own word."""
    party = queries.invitation_of(web.member(), bid_id, lock=web.changing())
    said = None if party.bids_too is None else "yes" if party.bids_too else "no"
    form = _form(party, {"says": said, "words": party.bids_too_words})
    if form.validate_on_submit():
        with web.refusals(form):
            words = " ".join((form.words.data or "").split())
            lots = [lot for lot in party.bid.lots if str(lot.id) in (form.lots.data or ())]
            says = form.says.data == "yes"
            say_other_bid(party, bids_too=says, words=words, lots=lots, by=web.user(), now=clock.now())
            legalflow.look_anew(party.bid, now=clock.now())
            db.session.commit()
            flash(_("Thank you! Your answer is saved."), "success")
            return web.back_to("member.bids.show", bid_id=bid_id, _anchor="annat-anbud")
        party = queries.invitation_of(web.member(), bid_id)
    page = render_template("member/bids/other_bid.html", party=party, tender=party.bid.tender, form=form)
    return page, web.status(form)
