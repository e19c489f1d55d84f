"""After the decision: the clock, what others got, why it went so, and what we ask the buyer or the funder to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import db
from app.errors import NotYours
from app.pages import call_words, date_words, web
from app.pages.staff.debrief_forms import AGAINST, FOR_US, AnswerForm, GroundsForm, LetterForm, RivalsForm
from app.pages.staff.decision_form import decision_form
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.calls.offered import applied_for
from app.tenders.dates import queries as days
from app.tenders.dates.queries import Dated
from app.tenders.dates.reckoning import DateKind
from app.tenders.debrief import actions, asking, queries
from app.tenders.debrief.asking import Request
from app.tenders.debrief.models import GROUNDS_OF, PaperRequest
from app.tenders.models import Bid, BidState, TenderLot
from app.tenders.working.duties import Act
from bids import pricing

bp = Blueprint("debrief", __name__, url_prefix="/<int:tender_id>/efter")
CLOCK = {DateKind.STANDSTILL, DateKind.APPEAL, DateKind.ASK_REPORT, DateKind.REPORT, DateKind.VALIDITY}
SPARE_ROWS = 3


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """All of it."""
    return _page(open_room(tender_id))


@bp.post("/andra")
def rivals(tender_id: int) -> ResponseReturnValue:
    """What others got, in one lot."""
    room = open_for_change(tender_id, Act.SUBMIT)
    if room.tender.is_call:
        raise NotYours
    bid, lot = _handed_in(room), _lot(room)
    form = RivalsForm(queries.rivals_of(bid, lot))
    if form.validate_on_submit():
        with web.refusals(form):
            actions.record_rivals(bid, lot, form.given(), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("What the others got is saved."), "success")
            return web.back_to(".show", tender_id=tender_id, lot=lot.id if lot else None, _anchor="andra")
        room = open_room(tender_id)
    return _page(room, rivals=form)


@bp.post("/skal")
def grounds(tender_id: int) -> ResponseReturnValue:
    """Why the buyer decided so."""
    room = open_for_change(tender_id, Act.SUBMIT)
    bid = _handed_in(room)
    form = GroundsForm(_given_grounds(bid), GROUNDS_OF[room.tender.kind])
    if form.validate_on_submit():
        with web.refusals(form):
            actions.record_grounds(bid, form.given(), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The buyer's reasons are saved."), "success")
            return web.back_to(".show", tender_id=tender_id, _anchor="skal")
        room = open_room(tender_id)
    return _page(room, grounds=form)


@bp.post("/brev")
def ask(tender_id: int) -> ResponseReturnValue:
    """Write to the buyer."""
    room, form = open_for_change(tender_id, Act.SUBMIT), LetterForm(prefix="letter")
    bid = _handed_in(room)
    if form.validate_on_submit():
        with web.refusals(form):
            letter = (web.given(form.address.data).strip(), form.subject.data, web.given(form.text.data))
            actions.ask_for_papers(bid, *letter, by=web.user(), now=room.now)
            db.session.commit()
            flash(_gone(room), "success")
            return web.back_to(".show", tender_id=tender_id, _anchor="brev")
        room = open_room(tender_id)
    return _page(room, letter=form)


@bp.post("/brev/<int:request_id>")
def answered(tender_id: int, request_id: int) -> ResponseReturnValue:
    """The buyer has answered."""
    room = open_for_change(tender_id, Act.SUBMIT)
    asked, form = queries.request_of(_handed_in(room), request_id), AnswerForm(prefix=f"answer{request_id}")
    if form.validate_on_submit():
        with web.refusals(form):
            actions.record_answer(asked, form.on.data, form.answer.data or "", by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The answer is written down."), "success")
            return web.back_to(".show", tender_id=tender_id, _anchor="brev")
        room = open_room(tender_id)
    return _page(room, answers={request_id: form})


def _gone(room: Room) -> str:
    if room.tender.is_call:
        return str(_("The letter is written, and goes in a moment."))
    return str(_("The letter is written, and goes in a moment. The buyer's fifteen days are in the calendar."))


def _handed_in(room: Room) -> Bid:
    """The room's bid. Raises Refused while it is a draft: then nobody has decided anything about it."""
    bid = bid_in(room)
    actions.check_handed_in(bid)
    return bid


def of_call(room: Room, **forms: Any) -> ResponseReturnValue:
    """The page of a call, with the form of the decision as it was sent."""
    return _page(room, **forms)


def _page(room: Room, answers: dict[int, AnswerForm] | None = None, **forms: Any) -> ResponseReturnValue:
    bid = room.bid
    early = bid is not None and actions.is_early(bid, room.now)
    if bid is None or bid.state == BidState.DRAFT or early:
        refused = [error for form in forms.values() for error in form.form_errors]
        return show_tab("debrief_not_yet", room, "debrief", early=early, refused=refused), 409 if refused else 200
    asked = queries.requests_of(bid)
    given = {
        "grounds": forms.get("grounds") or _grounds(bid),
        "letter": forms.get("letter") or _letter(room, asked),
    }
    own = _of_call(bid, forms) if room.tender.is_call else _of_procurement(room, bid, forms)
    shown = [*given.values(), *(answers or {}).values(), *(own[name] for name in ("rivals", "decision") if name in own)]
    page = show_tab(
        "debrief_call" if room.tender.is_call else "debrief",
        room,
        "debrief",
        asked=asked,
        answers={**{one.id: _answer(one) for one in asked}, **(answers or {})},
        may_write=room.may(Act.SUBMIT),
        forms_shown=shown,
        **given,
        **own,
    )
    return page, next((422 for form in shown if form.errors), 200)


def _of_call(bid: Bid, forms: Mapping[str, Any]) -> dict[str, Any]:
    """What only the decision of a funder has."""
    return {
        "decision": forms.get("decision") or decision_form(bid, formdata=None),
        "decided": call_words.decided(bid),
        "sought": applied_for(bid),
    }


def _of_procurement(room: Room, bid: Bid, forms: Mapping[str, Any]) -> dict[str, Any]:
    """What only the award of a procurement has: the law's days, lots and rivals."""
    lot = _lot(room)
    return {
        "rivals": forms.get("rivals") or _rivals(bid, lot),
        "lot": lot,
        "lots": _lots(room, lot),
        "ours": _our_price(room, lot),
        "clock_rows": [one for one in _days(room, bid) if one.occasion.kind in CLOCK],
        "today": clock.local_date(room.now),
        "kinds": date_words.KINDS,
        "explained": date_words.EXPLAINED,
    }


def _days(room: Room, bid: Bid) -> Sequence[Dated]:
    return days.reckoned(room.tender, days.dates_of(room.tender), bid)


def _lot(room: Room) -> TenderLot | None:
    """The lot that the address names; none is the whole tender. Raises NotYours for a lot that is not in the bid."""
    asked = web.number_asked_for("lot")
    lots = room.bid.lots if room.bid else []
    if asked is None:
        return lots[0] if lots else None
    found = next((lot for lot in lots if lot.id == asked), None)
    if found is None:
        raise NotYours
    return found


def _lots(room: Room, current: TenderLot | None) -> list[dict[str, object]]:
    """The bid's lots as tabs; one lot needs none."""
    bid = bid_in(room)
    if len(bid.lots) < 2:
        return []
    return [
        {
            "label": f"{lot.ref} {lot.title}",
            "url": url_for(".show", tender_id=room.tender.id, lot=lot.id, _anchor="andra"),
            "current": lot is current,
        }
        for lot in bid.lots
    ]


def _our_price(room: Room, lot: TenderLot | None) -> object:
    if room.offer is None:
        return None
    return pricing.lot_total(room.offer, lot.ref) if lot else pricing.grand_total(room.offer)


def _rivals(bid: Bid, lot: TenderLot | None) -> RivalsForm:
    rows = queries.rivals_of(bid, lot)
    there = [{"name": one.name, "price": one.price, "points": one.points, "place": one.place} for one in rows]
    spare = min(SPARE_ROWS, queries.MOST_RIVALS - len(there))
    return RivalsForm(rows, formdata=None, rivals=[*there, *({} for _spare in range(spare))])


def _grounds(bid: Bid) -> GroundsForm:
    there = _given_grounds(bid)
    return GroundsForm(there, GROUNDS_OF[bid.tender.kind], formdata=None, data=there)


def _given_grounds(bid: Bid) -> dict[str, str]:
    """The grounds that stand there, as the form has them."""
    there = queries.grounds_of(bid)
    says = {f"says_{key}": FOR_US if one.for_us else AGAINST for key, one in there.items()}
    return {**says, **{f"note_{key}": one.note for key, one in there.items()}}


def _letter(room: Room, asked: Sequence[PaperRequest]) -> LetterForm:
    """A letter to begin with, to the address that was written to last."""
    tender, bid = room.tender, bid_in(room)
    facts = Request(
        title=tender.title,
        diary_number=tender.diary_number,
        company=next((one.member.name for one in bid.parties if one.member.is_sales_company), ""),
        contact=bid.contact_name or web.user().name,
        reply_to=bid.contact_email or web.user().email,
        above_threshold=tender.above_threshold,
        lost=bid.state == BidState.LOST,
        is_call=tender.is_call,
    )
    address = asked[0].letter.to_address if asked else ""
    data = {"address": address, "subject": asking.subject_of(facts), "text": asking.text_of(facts)}
    return LetterForm(formdata=None, prefix="letter", data=data)


def _answer(asked: PaperRequest) -> AnswerForm:
    data = {"on": asked.answered_on, "answer": asked.answer}
    return AnswerForm(formdata=None, prefix=f"answer{asked.id}", data=data)
