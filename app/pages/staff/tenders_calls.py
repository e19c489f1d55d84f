"""A funder's call: entered by hand, and its facts put right."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Optional

from app import callflow, clock, noticeflow
from app.db import db
from app.errors import NotYours
from app.pages import bid_fields, call_words, web
from app.pages.bid_fields import (
    MoneyField,
    Needed,
    Percent,
    Positive,
    QuantityField,
    SwedishMomentField,
    WebAddress,
    line,
)
from app.pages.seen import SeenForm
from app.pages.staff.tenders_room import open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import actions
from app.tenders.actions import TenderFacts
from app.tenders.calls import actions as calls
from app.tenders.calls.actions import NewTerms

bp = Blueprint("calls", __name__)
TERMS = ("project_from", "project_to", "most_rate", "most_indirect", "least_grant", "programme")


class CallForm(SeenForm):
    """What the funder says of the whole call."""

    title = line(_l("What the call is named"), 400, Needed(_l("Write what the call is named.")))
    buyer_name = line(_l("Funder"), 400, Needed(_l("Write who gives the money.")))
    buyer_org_number = line(_l("The funder's organisation number"), 20, Optional())
    diary_number = line(_l("Diary number"), 60, Optional())
    programme = line(
        _l("Programme"),
        100,
        Optional(),
        description=_l("Such as Europeiska socialfonden+ or Allmänna arvsfonden. Applications are counted by it."),
    )
    description = TextAreaField(_l("Description"), [Optional(), bid_fields.at_most(bid_fields.LONG_TEXT)])
    deadline = SwedishMomentField(_l("Last day and time for applications"), [Optional(), bid_fields.BelievableDay()])
    project_from = bid_fields.day(_l("The project begins"), Optional())
    project_to = bid_fields.day(_l("The project ends"), Optional())
    ceiling = MoneyField(_l("The most one can be granted, kronor"), [Optional(), Positive()])
    least_grant = MoneyField(_l("The least one can apply for, kronor"), [Optional(), Positive()])
    most_rate = QuantityField(_l("The funder pays at most, per cent of the costs"), [Optional(), Percent()])
    most_indirect = QuantityField(_l("Indirect costs at most, per cent of the staff costs"), [Optional(), Percent()])
    documents_url = line(_l("Link to the call"), 1000, Optional(), WebAddress())
    submission_url = line(_l("Link to where the application is sent"), 1000, Optional(), WebAddress())
    system = line(_l("The funder's system"), 100, Optional())

    def facts(self, there: TenderFacts) -> TenderFacts:
        """What was typed, and what a call has no field for as it is."""
        typed = {name: value for name, value in self.data.items() if name in _FACTS}
        typed |= {name: typed[name] or "" for name in ("description", "documents_url", "submission_url", "system")}
        return replace(there, **{**typed, "deadline": self.deadline.moment_or(there.deadline)})

    def terms(self) -> NewTerms:
        """What the funder allows."""
        return NewTerms(**{name: self.data[name] for name in TERMS if name != "programme" or self.data[name]})


_FACTS = {
    *("title", "buyer_name", "buyer_org_number", "diary_number", "description", "ceiling"),
    *("documents_url", "submission_url", "system"),
}


@bp.route("/ny-utlysning", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a call."""
    web.sales_only()
    call_words.speak()
    form = CallForm()
    if form.validate_on_submit():
        with web.refusals(form):
            facts = form.facts(TenderFacts(title="", buyer_name=""))
            tender = callflow.notice_by_hand(facts, form.terms(), by=web.user(), now=clock.now())
            db.session.commit()
            return web.back_to("staff.tenders.facts.show", tender_id=tender.id)
    return render_template("staff/tenders/call_new.html", form=form), web.status(form)


@bp.route("/<int:tender_id>/utlysning", methods=["GET", "POST"])
def edit(tender_id: int) -> ResponseReturnValue:
    """Put the call's facts right."""
    room = open_for_change(tender_id)
    if not room.tender.is_call:
        raise NotYours
    form = CallForm(obj=room.tender)
    if form.validate_on_submit():
        with web.refusals(form):
            facts = form.facts(actions.facts_of(room.tender))
            noticeflow.put_right(room.tender, room.bid, facts, by=web.user(), now=room.now)
            calls.make_call(room.tender, form.terms(), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The facts are saved."), "success")
            return web.back_to("staff.tenders.facts.show", tender_id=tender_id)
        room = open_room(tender_id)
    return show_tab("call", room, "facts", form=form), web.status(form)
