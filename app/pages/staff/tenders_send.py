"""Looking at the bid, handing it in, its versions, and what the buyer decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Optional

from app import agreementflow, bidflow, files, legalflow
from app.catalog.pricing.queries import list_with
from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.jobs import JobState
from app.orders import routing_queries
from app.pages import bid_fields, bid_words, call_words, downloads, web
from app.pages.bid_fields import MoneyField, Needed, Positive, QuantityField, at_most, line
from app.pages.plain_fields import SelectField
from app.pages.staff.tenders_dates import award_form
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room, waits_for
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import queries
from app.tenders.dates.queries import dates_of
from app.tenders.forms import queries as form_queries
from app.tenders.leaving import Despite, NotRead, NotReady
from app.tenders.legal.double_promises import years_of
from app.tenders.models import Bid, BidPreview, BidState, BidVersion
from app.tenders.noticing import deciding
from app.tenders.noticing import queries as notice_queries
from app.tenders.noticing.models import TenderOutcome
from app.tenders.working.duties import Act
from bids import before_leaving

bp = Blueprint("send", __name__, url_prefix="/<int:tender_id>/lamna")
Printed = BidPreview | BidVersion
DECIDED = (BidState.WON, BidState.LOST, BidState.CANCELLED)


class OutcomeForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What the buyer decided."""

    state = SelectField(_l("What the buyer decided"), choices=bid_words.choices(bid_words.OUTCOMES))
    decided_on = bid_fields.day(_l("Day of the decision"), Needed(_l("Choose a day.")))
    points = QuantityField(_l("Our points"), [Optional()])
    winner = line(_l("Winner"), 200, Optional())
    winner_price = MoneyField(_l("The winner's price, kronor"), [Optional(), Positive()])
    note = TextAreaField(_l("What we learn from it"), [Optional(), at_most(4000)])


class DespiteForm(FlaskForm):  # type: ignore[misc]
    """That warnings have been read, and why the bid leaves in spite of them."""

    mark = HiddenField()
    reason = TextAreaField(
        _l("Why the bid is handed in all the same"),
        [at_most(1000)],
        description=_l("It is kept with the version: what you have done about it, or why it is no trouble."),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="despite", **options)


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """Which agreement the bid has become."""

    price_list = SelectField(_l("The agreement's price list"))

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="agreement", **options)
        held = [(str(one.id), f"{one.name}, {one.agreement}") for one, _policy in routing_queries.agreements()]
        self.price_list.choices = [("", _l("Choose in the list")), *held]


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Preview, hand in, versions, outcome."""
    return _page(open_room(tender_id))


def _page(
    room: Room,
    outcome: OutcomeForm | None = None,
    status: int = 200,
    agreement: AgreementForm | None = None,
    despite: DespiteForm | None = None,
) -> ResponseReturnValue:
    bid, to_read = room.bid, before_leaving.must_be_read(room.gaps)
    despite = despite or DespiteForm(formdata=None)
    despite.mark.data = before_leaving.mark_of(to_read)
    if bid is None:
        return show_tab("no_bid", room, "send"), status
    told = notice_queries.outcomes(room.tender) if bid.state == BidState.SUBMITTED else ()
    handed_in = not bid.is_draft or bid.version > 1
    versions = form_queries.handed_in(bid) if handed_in else []
    may_settle = room.may(Act.SUBMIT) and bid.state not in {BidState.DRAFT, BidState.CANCELLED}
    preview_now = queries.preview_of(bid) if bid.is_draft else None
    being_made = _being_made(preview_now, [one.version for one in versions])
    page = show_tab(
        "send",
        room,
        "send",
        told=told,
        late_addenda=bid.state == BidState.SUBMITTED and any(not one.acknowledged_at for one in room.tender.addenda),
        preview=preview_now,
        versions=versions,
        newest_made=being_made,
        made=_made(being_made),
        waiting=waits_for(room),
        may_submit=room.may(Act.SUBMIT),
        is_locked=any(one.is_received for one in versions),
        is_too_late=room.offer is not None and room.now > room.offer.deadline,
        to_read=to_read,
        despite=despite,
        may_settle=may_settle,
        outcome=outcome or (_as_told(bid, told) if told else OutcomeForm(formdata=None, obj=bid)),
        decided=call_words.decided(bid) if room.tender.is_call else None,
        holds=queries.holds_of(bid) if handed_in else (),
        agreement=agreement or (AgreementForm(formdata=None) if bid.state == BidState.WON else None),
        may_agree=room.may(Act.SUBMIT) and bid.state == BidState.WON,
        award=award_form(dates_of(room.tender), formdata=None) if may_settle else None,
    )
    return page, status


def _as_told(bid: Bid, told: Sequence[TenderOutcome]) -> OutcomeForm:
    """The outcome as the buyer's notice has it, for a person to confirm: members get a letter about it."""
    refs = [lot.ref for lot in bid.lots]
    name, price, day = deciding.winner(told, refs)
    verdict = deciding.ours(told, refs, [party.member.org_number for party in bid.parties])
    return OutcomeForm(
        formdata=None,
        state=str(verdict or BidState.LOST),
        decided_on=bid.decided_on or day,
        points=bid.points,
        winner=bid.winner or name,
        winner_price=bid.winner_price or price,
        note=bid.outcome_note,
    )


def _being_made(preview_now: BidPreview | None, versions: Sequence[BidVersion]) -> Printed | None:
    """The document that a worker makes now, or will: the draft's while there is a draft."""
    of_version = next((one for one in versions if one.pdf_id is None and not one.has_failed), None)
    if preview_now is not None and preview_now.pdf_id is None and not preview_now.has_failed:
        return preview_now
    return of_version


def _made(document: Printed | None) -> dict[str, object]:
    """How far it has come, for the page and for its script."""
    if document is None:
        return {"moving": False, "done": 0, "total": 0, "said": "", "counted": ""}
    job = document.job
    if job is not None and job.state == JobState.WAITING and job.attempts:
        said = _("The printing stopped half-way. What is ready is kept, and it goes on by itself in a moment.")
    elif not document.done:
        said = _("Waiting for a worker")
    else:
        said = _("The PDF is being made")
    counted = _("%(done)s %% is ready", done=document.done) if document.done else ""
    return {"moving": True, "done": document.done, "total": 100, "said": str(said), "counted": str(counted)}


@bp.get("/lage")
def state(tender_id: int) -> ResponseReturnValue:
    """The same in figures, for the page's own script."""
    bid = queries.bid_on(tender_id)
    preview_now = queries.preview_of(bid) if bid.is_draft else None
    return _made(_being_made(preview_now, queries.versions_of(bid)))


@bp.post("/forhandsgranska")
def preview(tender_id: int) -> ResponseReturnValue:
    """Let a worker make the draft's PDF."""
    room = open_for_change(tender_id)
    bidflow.preview(bid_in(room), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.send.show", tender_id=tender_id, _anchor="granska")


@bp.get("/utkast.pdf")
def read_preview(tender_id: int) -> ResponseReturnValue:
    """The latest preview that is ready."""
    found = queries.preview_of(bid_in(open_room(tender_id)))
    return _pdf(found.pdf if found else None)


@bp.post("")
def submit(tender_id: int) -> ResponseReturnValue:
    """Hand the bid in: freeze it. While a blocking gap is open the page comes back with the list."""
    room, form = open_for_change(tender_id, Act.SUBMIT), DespiteForm()
    if room.bid is not None and room.bid.state == BidState.SUBMITTED:
        return web.back_to("staff.tenders.send.show", tender_id=tender_id)  # Pressed twice: this is what was done.
    if not form.validate_on_submit():
        return _page(room, status=422, despite=form)
    despite = Despite(form.mark.data or "", form.reason.data or "")
    bid = bid_in(room)
    try:
        version = bidflow.submit(bid, despite=despite, by=web.user(), now=room.now)
    except NotReady as no:
        db.session.rollback()
        flash(str(no), "error")
        return _page(open_room(tender_id), status=409)
    except NotRead as no:
        db.session.rollback()
        return _unread(tender_id, form, no)
    untied = sum(year.untied is not None for year in years_of(bid, now=room.now))
    legalflow.look_anew(bid, now=room.now)
    db.session.commit()
    flash(_("The bid is frozen as version %(number)s.", number=version.number), "success")
    if untied:
        flash(_nothing_held(untied), "error")
    return web.back_to("staff.tenders.send.show", tender_id=tender_id)


def _unread(tender_id: int, form: DespiteForm, no: NotRead) -> ResponseReturnValue:
    """The page anew, with the warnings as they are at this moment, and what was typed."""
    room = open_for_change(tender_id, Act.SUBMIT)
    legalflow.look_anew(bid_in(room), now=room.now)
    db.session.commit()
    flash(str(no), "error")
    return _page(open_room(tender_id), status=409, despite=form)


def _nothing_held(rows: int) -> str:
    return str(
        ngettext(
            "Nothing is kept back for %(num)s promise, whose row no article of ours answers to.",
            "Nothing is kept back for %(num)s promises, whose rows no article of ours answers to.",
            rows,
        )
    )


@bp.get("/version/<int:number>.pdf")
def read_version(tender_id: int, number: int) -> ResponseReturnValue:
    """A version's PDF, the same bytes for ever."""
    return _pdf(queries.version_of(bid_in(open_room(tender_id)), number).pdf)


@bp.get("/version/<int:number>/formular/<int:filled_id>")
def read_filled(tender_id: int, number: int, filled_id: int) -> ResponseReturnValue:
    """A form of the buyer's as it belongs to a version, the same bytes for ever."""
    version = queries.version_of(bid_in(open_room(tender_id)), number)
    file = form_queries.filled_of(version.id, filled_id).file
    return downloads.kept(files.read(file), file.name, file.media_type)


def _pdf(file: StoredFile | None) -> ResponseReturnValue:
    if file is None:
        raise NotYours
    return web.pdf(files.read(file), file.name)


@bp.post("/utfall")
def settle(tender_id: int) -> ResponseReturnValue:
    """What the buyer decided."""
    room, form = open_for_change(tender_id, Act.SUBMIT), OutcomeForm()
    if room.tender.is_call:
        raise NotYours  # A funder's decision has a form of its own.
    if form.validate_on_submit():
        with web.refusals(form):
            to = next(state for state in DECIDED if state == form.state.data)
            agreementflow.check_outcome(bid_in(room), to, now=room.now)
            bidflow.settle(
                bid_in(room),
                to,
                decided_on=form.decided_on.data,
                points=form.points.data,
                winner=form.winner.data or "",
                winner_price=form.winner_price.data,
                note=form.note.data or "",
                by=web.user(),
                now=room.now,
            )
            db.session.commit()
            return web.back_to("staff.tenders.send.show", tender_id=tender_id, _anchor="utfall")
        room = open_room(tender_id)
    return _page(room, form, web.status(form))


@bp.post("/avtal")
def agree(tender_id: int) -> ResponseReturnValue:
    """The bid that was won has become an agreement: what was kept back is for its orders."""
    room, form = open_for_change(tender_id, Act.SUBMIT), AgreementForm()
    if form.validate_on_submit():
        with web.refusals(form):
            if not form.price_list.data:
                raise Refused(web.must_choose())
            price_list = list_with(int(form.price_list.data))
            bid = bidflow.make_agreement(bid_in(room), price_list, by=web.user(), now=room.now)
            legalflow.look_at_members([party.member_id for party in bid.parties], besides=bid.id, now=room.now)
            db.session.commit()
            flash(_("What was kept back for the bid is kept for the agreement's orders."), "success")
            return web.back_to("staff.tenders.send.show", tender_id=tender_id, _anchor="undanhallet")
        room = open_room(tender_id)
    return _page(room, status=web.status(form), agreement=form)
