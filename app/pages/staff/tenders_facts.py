"""A tender's overview and facts, and the choice to bid or not."""

from __future__ import annotations

from dataclasses import fields

from flask import Blueprint, Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Optional, Regexp

from app import bidflow, files, noticeflow
from app.db import db
from app.errors import NotYours
from app.pages import bid_fields, bid_words, limit_words, web
from app.pages.bid_fields import MoneyField, Needed, Positive, SwedishMomentField, WebAddress, line
from app.pages.plain_fields import IntegerField, RadioField, SelectField
from app.pages.rules import Between
from app.pages.staff.tenders_room import Room, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.actions import TenderFacts
from app.tenders.choosing.actions import Choice
from app.tenders.choosing.models import Ground, Verdict
from app.tenders.models import Tender, TenderState
from app.tenders.watching import queries as watching
from app.tenders.working.duties import Act
from bids.kinds import AwardBasis, BidForm

bp = Blueprint("facts", __name__, url_prefix="/<int:tender_id>")


class FactsForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What the notice and the documents say of the whole tender."""

    title = line(_l("What is bought"), 400, Needed(_l("Write what is bought.")))
    buyer_name = line(_l("Buyer"), 400, Needed(_l("Write who buys.")))
    buyer_org_number = line(_l("The buyer's organisation number"), 20, Optional())
    diary_number = line(_l("Diary number"), 60, Optional())
    procedure = line(_l("Procedure"), 200, Optional())
    description = TextAreaField(_l("Description"), [Optional(), bid_fields.at_most(bid_fields.LONG_TEXT)])
    deadline = SwedishMomentField(_l("Last day and time for bids"), [Optional(), bid_fields.BelievableDay()])
    required_validity = bid_fields.day(_l("The bid must be valid until"), Optional())
    ceiling = MoneyField(_l("Ceiling, kronor excl. VAT"), [Optional(), Positive()])
    term_years = IntegerField(_l("Term, years"), [Optional(), Between(0, 50, _l("Write 0 to 50 years."))])
    options = StringField(
        _l("Extensions, years"), [Optional(), Regexp(r"^\d{1,2}(\+\d{1,2}){0,9}$", message=_l("Write such as 1+1."))]
    )
    award_basis = SelectField(_l("Basis of award"), choices=bid_words.choices(bid_words.BASES))
    reserved = BooleanField(_l("Participation is reserved (LOU 4:18)"))
    reserved_execution = BooleanField(_l("Performance is reserved to sheltered employment"))
    above_threshold = BooleanField(_l("Above the threshold: the sanctions rules apply"))
    cpv = line(_l("CPV codes"), 400, Optional())
    place = line(_l("Place"), 400, Optional())
    documents_url = line(_l("Link to the documents"), 1000, Optional(), WebAddress())
    submission_url = line(_l("Link to where the bid is handed in"), 1000, Optional(), WebAddress())
    system = line(_l("E-tender system"), 100, Optional())

    def facts(self, there: Tender | None = None) -> TenderFacts:
        """What was typed, of a tender that is there already or of a new one."""
        typed = {name: value for name, value in self.data.items() if name not in {"csrf_token", "award_basis"}}
        typed["term_years"] = typed["term_years"] or 0
        typed["options"] = typed["options"] or ""
        typed["description"] = typed["description"] or ""
        typed["deadline"] = self.deadline.moment_or(there.deadline if there else None)
        return TenderFacts(**typed, award_basis=next(b for b in AwardBasis if b == self.award_basis.data))


class StartForm(FlaskForm):  # type: ignore[misc]
    """How we bid together."""

    form = RadioField(_l("Bid form"), choices=bid_words.choices(bid_words.BID_FORMS), default=str(BidForm.GROUP))


class DeclineForm(FlaskForm):  # type: ignore[misc]
    """Why we do not bid."""

    reason = line(_l("Why we do not bid"), 400, Needed(_l("Write a few words about why.")))


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The overview."""
    return _overview(open_room(tender_id), StartForm(), DeclineForm())


def missing_facts(tender: Tender) -> list[str]:
    """What nobody has told us yet, in words."""
    if tender.is_call:
        return _missing_of_call(tender)
    wanted = {
        _("Last day and time for bids"): tender.deadline,
        _("The buyer's organisation number"): tender.buyer_org_number,
        _("Diary number"): tender.diary_number,
        _("Procedure"): tender.procedure,
        _("The bid must be valid until"): tender.required_validity,
        _("Link to the documents"): tender.documents_url,
        _("Link to where the bid is handed in"): tender.submission_url,
        _("Requirements"): tender.requirements,
        _("Price rows"): tender.rows,
    }
    return [name for name, value in wanted.items() if not value]


def _missing_of_call(tender: Tender) -> list[str]:
    wanted = {
        _("Last day and time for bids"): tender.deadline,
        _("The funder's organisation number"): tender.buyer_org_number,
        _("The project begins"): tender.project_from,
        _("The project ends"): tender.project_to,
        _("The funder pays at most"): tender.most_rate,
        _("The documents"): tender.documents_url,
        _("Requirements"): tender.requirements,
    }
    return [name for name, value in wanted.items() if not value]


@bp.route("/uppgifter", methods=["GET", "POST"])
def edit(tender_id: int) -> ResponseReturnValue:
    """Put the facts right. A call has other facts, and a form of its own."""
    room = open_for_change(tender_id)
    if room.tender.is_call:
        return web.back_to("staff.tenders.calls.edit", tender_id=tender_id)
    form, shown = FactsForm(obj=room.tender), _shown(room.tender)
    if form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            noticeflow.put_right(room.tender, room.bid, form.facts(room.tender), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The facts are saved."), "success")
            return web.back_to("staff.tenders.facts.show", tender_id=tender_id)
        room = open_room(tender_id)
    return show_tab("facts", room, "facts", form=form, shown=shown), web.status(form)


def _shown(tender: Tender) -> web.Shown:
    """A notice may change the facts while somebody has the form open; the form must not change them back."""
    return web.Shown.of(*(getattr(tender, fact.name) for fact in fields(TenderFacts)))


@bp.post("/borja")
def start(tender_id: int) -> ResponseReturnValue:
    """Begin a bid."""
    room, form = open_for_change(tender_id), StartForm()
    if room.tender.is_call:
        form.form.data = str(BidForm.APPLICATION)
        form.form.choices = [(str(BidForm.APPLICATION), "")]
    if not form.validate_on_submit():
        return _overview_again(room, form, DeclineForm(formdata=None))
    with web.refusals(form):
        chosen = next(kind for kind in BidForm if kind == form.form.data)
        bidflow.start_bid(room.tender, chosen, by=web.user(), now=room.now)
        db.session.commit()
        return web.back_to("staff.tenders.bid.show", tender_id=tender_id)
    return _overview_again(open_room(tender_id), form, DeclineForm(formdata=None))


@bp.post("/avsta")
def decline(tender_id: int) -> ResponseReturnValue:
    """We do not bid."""
    room, form = open_for_change(tender_id, Act.CHOOSE), DeclineForm()
    if not form.validate_on_submit():
        return _overview_again(room, StartForm(formdata=None), form)
    choice = Choice(verdict=Verdict.NO_GO, main=Ground.OTHER, because=form.reason.data)
    bidflow.choose(room.tender, room.bid, choice, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.facts.show", tender_id=tender_id)


@bp.post("/ta-upp")
def take_up(tender_id: int) -> ResponseReturnValue:
    """We bid after all."""
    room = open_for_change(tender_id, Act.CHOOSE)
    bidflow.choose(room.tender, room.bid, Choice(verdict=Verdict.GO), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.facts.show", tender_id=tender_id)


def _overview_again(room: Room, start: StartForm, decline: DeclineForm) -> ResponseReturnValue:
    return _overview(room, start, decline), 422


def _overview(room: Room, start: StartForm, decline: DeclineForm) -> str:
    """How well it fits is worked out while nobody has decided to bid or not."""
    return show_tab(
        "overview",
        room,
        "facts",
        start=start,
        decline=decline,
        missing=missing_facts(room.tender),
        may_choose=room.may(Act.CHOOSE),
        fits=watching.fit_of(room.tender)
        if room.tender.state == TenderState.NOTICED and not room.tender.is_call
        else None,
        facts_url=url_for(
            "staff.tenders.calls.edit" if room.tender.is_call else "staff.tenders.facts.edit", tender_id=room.tender.id
        ),
        limits=limit_words.limits_of_tender(room.tender),
        limit_kinds=limit_words.KINDS,
    )


@bp.get("/annons")
def notice(tender_id: int) -> ResponseReturnValue:
    """The notice's file as it came. Offered for saving, never shown: it is a stranger's XML."""
    tender = open_room(tender_id).tender
    if tender.notice_file is None:
        raise NotYours
    response = Response(files.read(tender.notice_file), mimetype="application/xml")
    response.headers.set("Content-Disposition", "attachment", filename=tender.notice_file.name)
    return response
