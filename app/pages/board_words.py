"""What is next to do in a tender, as the board says it; and in which orders the board can stand."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.pages import bid_words, call_words
from app.tenders.board import BoardRow, Sort
from app.tenders.choosing.next_step import NextStep, Step
from app.tenders.models import TenderState
from bids.kinds import TenderKind

STATES = {
    **bid_words.TENDER_STATES,
    TenderState.BIDDING: (_l("Work under way"), "wait"),
    TenderState.SUBMITTED: (_l("Sent in"), "good"),
    TenderState.WON: (_l("Won or granted"), "good"),
    TenderState.LOST: (_l("Lost or not granted"), "neutral"),
    TenderState.CANCELLED: (_l("Ended by the other side"), "neutral"),
}
"""Where tenders and calls stand together."""
SORTS = {
    Sort.DEADLINE: _l("Last day"),
    Sort.TITLE: _l("Title"),
    Sort.BUYER: _l("Buyer"),
    Sort.NEWEST: _l("Newest first"),
}
KINDS = {TenderKind.PROCUREMENT: _l("Tenders"), TenderKind.CALL: _l("Calls")}
STEPS = {
    Step.ENTER_DEADLINE: _l("Enter the last day for bids"),
    Step.PASSED: _l("The last day has passed: leave the tender"),
    Step.CHOOSE: _l("Decide whether to bid"),
    Step.BEGIN: _l("Begin the bid"),
    Step.ASK: _l("Ask the buyer what is unclear"),
    Step.INVITE: _l("Invite the members"),
    Step.HAND_IN: _l("Go through the gaps and hand in"),
    Step.WAIT_FOR_DECISION: _l("Wait for the buyer's decision"),
    Step.RECORD_OUTCOME: _l("Record the outcome"),
    Step.WAIT_FOR_STANDSTILL: _l("Wait until the standstill has ended"),
    Step.ASK_REPORT: _l("Ask the buyer for its reasons"),
    Step.NOTHING: _l("–"),
}
PLACES = {
    Step.ENTER_DEADLINE: "staff.tenders.facts.edit",
    Step.PASSED: "staff.tenders.choosing.show",
    Step.CHOOSE: "staff.tenders.choosing.show",
    Step.BEGIN: "staff.tenders.facts.show",
    Step.ASK: "staff.tenders.dates.show",
    Step.INVITE: "staff.tenders.bid.show",
    Step.WAIT_FOR_PARTIES: "staff.tenders.bid.show",
    Step.ANSWER: "staff.tenders.answers.show",
    Step.HAND_IN: "staff.tenders.send.show",
    Step.WAIT_FOR_DECISION: "staff.tenders.dates.show",
    Step.RECORD_OUTCOME: "staff.tenders.send.show",
    Step.WAIT_FOR_STANDSTILL: "staff.tenders.dates.show",
    Step.ASK_REPORT: "staff.tenders.debrief.show",
}
"""Where each is done."""
PLACES_OF_CALLS = {
    Step.ENTER_DEADLINE: "staff.tenders.calls.edit",
    Step.RECORD_OUTCOME: "staff.tenders.debrief.show",
    Step.WAIT_FOR_DECISION: "staff.tenders.debrief.show",
}
"""And where else a call has it."""


def said(row: BoardRow) -> str:
    """In a few words, with how much of it; of a call in the words of calls."""
    if row.tender.is_call:
        with call_words.spoken():
            return _said(row.next)
    return _said(row.next)


def place(row: BoardRow) -> str | None:
    """Where it is done."""
    step = row.next.step
    if row.tender.is_call and step in PLACES_OF_CALLS:
        return PLACES_OF_CALLS[step]
    return PLACES.get(step)


def _said(one: NextStep) -> str:
    if one.step == Step.WAIT_FOR_PARTIES:
        return str(ngettext("%(num)s member has not answered", "%(num)s members have not answered", one.count))
    if one.step == Step.ANSWER:
        return str(ngettext("Answer %(num)s requirement", "Answer %(num)s requirements", one.count))
    return str(STEPS[one.step])


def by_when(one: NextStep) -> str:
    """What the step's day is: the deadline stands in its own column, so it is not said again."""
    if one.step in {Step.ASK, Step.WAIT_FOR_STANDSTILL, Step.ASK_REPORT}:
        return str(_("at the latest"))
    return str(_("bound until")) if one.step == Step.WAIT_FOR_DECISION and one.day else ""
