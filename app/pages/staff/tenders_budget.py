"""The budget of an application: its rows, what the parties have said to them, and the sums."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from app import callflow, clock
from app.db import db
from app.errors import NotYours
from app.pages import call_words, web
from app.pages.bid_fields import MoneyField, Needed, NotNegative, Percent, QuantityField, line
from app.pages.bid_words import choices, listed
from app.pages.budget_form import BudgetForm
from app.pages.plain_fields import IntegerField, SelectField
from app.pages.rules import Between
from app.pages.seen import SeenForm
from app.pages.staff import tenders_asking
from app.pages.staff.tenders_room import Room, bid_in, leafed, open_for_change, open_room, page_with
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import promise_actions, queries, wanting
from app.tenders.calls import actions
from app.tenders.calls.actions import EARLIEST, LATEST, NewEntry
from app.tenders.calls.offered import entries_in
from app.tenders.calls.queries import entry_of
from app.tenders.models import Bid, BudgetEntry
from bids.budget_view import BudgetView
from bids.kinds import BudgetKind

bp = Blueprint("budget", __name__, url_prefix="/<int:tender_id>/budget")
OUTSIDE = "0"


class RowForm(SeenForm):
    """One row of the budget."""

    party = SelectField(_l("Party"))
    kind = SelectField(_l("Kind"), choices=choices(call_words.KINDS))
    text = line(_l("What it is"), 200, Optional())
    year = IntegerField(_l("Year"), [Needed(_l("Write a year.")), Between(EARLIEST, LATEST, _l("Check the year."))])
    amount = MoneyField(_l("Amount, kronor"), [Optional(), NotNegative()])
    percent = QuantityField(_l("or per cent of the party's staff costs that year"), [Optional(), Percent()])
    source = line(_l("Who pays, when it comes from outside"), 200, Optional())
    appendix = SelectField(_l("What shows it: an appendix"))

    def entry(self, bid: Bid) -> NewEntry:
        """What was typed."""
        return NewEntry(
            party=next((party for party in bid.parties if str(party.id) == self.party.data), None),
            kind=next(kind for kind in BudgetKind if kind == self.kind.data),
            text=self.text.data or "",
            year=self.year.data or 0,
            amount=self.amount.data,
            percent=self.percent.data,
            source=self.source.data or "",
            appendix=next((one for one in bid.appendices if str(one.id) == self.appendix.data), None),
        )


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Rows, sums, answers."""
    return _page(_opened(tender_id))


def _opened(tender_id: int) -> Room:
    room = open_room(tender_id)
    if not room.tender.is_call:
        raise NotYours
    return room


def _page(room: Room, form: RowForm | None = None) -> ResponseReturnValue:
    if room.bid is None or room.offer is None:
        return show_tab("no_bid", room, "budget"), 200
    bid = room.bid
    page = show_tab(
        "budget",
        room,
        "budget",
        form=form or _form(bid, None, formdata=None),
        money=BudgetView(room.offer),
        entries=leafed(bid.budget),
        names={party.id: party.member.name for party in bid.parties},
        places={entry.id: place for place, entry in enumerate(entries_in(bid), 1)},
        numbers={appendix.id: appendix.number for appendix in bid.appendices},
        kinds=call_words.KINDS,
        asked={party.id: promise_actions.entries_of(party) for party in bid.parties},
        waits_for=partial(wanting.waits_for, now=room.now, offer=room.offer),
        may_sign=tenders_asking.who_only_sign(room),
        waiting=[party for party in bid.parties if promise_actions.entries_of(party) and party.invited_at is None],
    )
    return page, 422 if form else 200


def _form(bid: Bid, entry: BudgetEntry | None, **options: Any) -> RowForm:
    form = RowForm(data=_kept(bid, entry), **options)
    parties = [(str(party.id), party.member.name) for party in bid.parties if not party.has_declined]
    appendices = [(str(one.id), f"{one.number}. {one.title}") for one in bid.appendices]
    form.party.choices = listed([*parties, (OUTSIDE, _("From outside the project"))])
    form.appendix.choices = listed([(OUTSIDE, _("None")), *appendices])
    return form


def _kept(bid: Bid, entry: BudgetEntry | None) -> dict[str, object]:
    if entry is None:
        start = bid.tender.project_from or clock.local_date(clock.now())
        return {"year": start.year, "appendix": OUTSIDE}
    return {
        "party": str(entry.party_id or OUTSIDE),
        "kind": str(entry.kind),
        "text": entry.text,
        "year": entry.year,
        "amount": entry.amount,
        "percent": entry.percent,
        "source": entry.source,
        "appendix": str(entry.appendix_id or OUTSIDE),
    }


@bp.post("")
def add(tender_id: int) -> ResponseReturnValue:
    """One more row."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _form(bid, None)
    if form.validate_on_submit():
        with web.refusals(form):
            entry = callflow.ask(bid, form.entry(bid), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The row is added: %(what)s.", what=entry.in_words), "success")
            return web.back_to(".show", tender_id=tender_id, sida=page_with(bid.budget, entry.id), _anchor="ny-rad")
        room = open_room(tender_id)
    return _page(room, form)


@bp.route("/<int:entry_id>", methods=["GET", "POST"])
def edit(tender_id: int, entry_id: int) -> ResponseReturnValue:
    """Put a row right."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    entry = entry_of(bid, entry_id)
    form = _form(bid, entry)
    if form.validate_on_submit():
        with web.refusals(form):
            callflow.change(bid, entry, form.entry(bid), by=web.user(), now=room.now)
            db.session.commit()
            on_page = page_with(bid.budget, entry_id)
            return web.back_to(".show", tender_id=tender_id, sida=on_page, _anchor=f"rad-{entry_id}")
        room = open_room(tender_id)
        entry = entry_of(bid_in(room), entry_id)
    return show_tab("budget_row", room, "budget", form=form, entry=entry), web.status(form)


@bp.post("/<int:entry_id>/ta-bort")
def remove(tender_id: int, entry_id: int) -> ResponseReturnValue:
    """The project does without the row."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    actions.remove_entry(bid, entry_of(bid, entry_id), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id)


@bp.post("/bjud-in")
def invite_all(tender_id: int) -> ResponseReturnValue:
    """Invite everybody who has rows and has not been asked."""
    room = open_for_change(tender_id)
    waiting = [one for one in bid_in(room).parties if promise_actions.entries_of(one) and one.invited_at is None]
    tenders_asking.invite(waiting, room)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id, _anchor="svar")


@bp.post("/bjud-in/<int:party_id>")
def invite_to_sign(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Invite one that has no row, but something to sign."""
    room = open_for_change(tender_id)
    tenders_asking.invite([queries.party_of(bid_in(room), party_id)], room)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id, _anchor="svar")


@bp.post("/paminn/<int:party_id>")
def remind(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Remind somebody who has not answered."""
    room = open_for_change(tender_id)
    tenders_asking.remind(room, party_id)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id, _anchor="svar")


@bp.route("/svara-at/<int:party_id>", methods=["GET", "POST"])
def answer_for(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Write down what a party has answered by telephone or on paper, and who signed."""
    room = open_for_change(tender_id)
    party = queries.party_of(bid_in(room), party_id)
    entries = promise_actions.entries_of(party)
    if not entries:
        raise NotYours
    form = BudgetForm(party, entries)
    if form.validate_on_submit():
        with web.refusals(form):
            callflow.answer_for(
                party, form.answers(), form.signed_by.data, form.does.data or "", by=web.user(), now=room.now
            )
            db.session.commit()
            return web.back_to(".show", tender_id=tender_id, _anchor="svar")
        room = open_room(tender_id)
        party = queries.party_of(bid_in(room), party_id)
    own = {str(entry.id): entry for entry in promise_actions.entries_of(party)}
    page = show_tab("budget_for", room, "budget", form=form, party=party, own=own, kinds=call_words.KINDS)
    return page, web.status(form)
