"""What is next to do in a tender, from what the board knows of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.tenders.choosing.models import Verdict
from app.tenders.tender import TenderState

SOON = timedelta(days=3)
"""So long before the last day for questions it goes before all else."""


class Step(StrEnum):
    """What somebody should do, or what we wait for."""

    ENTER_DEADLINE = "enter_deadline"
    PASSED = "passed"
    CHOOSE = "choose"
    BEGIN = "begin"
    ASK = "ask"
    INVITE = "invite"
    WAIT_FOR_PARTIES = "wait_for_parties"
    ANSWER = "answer"
    HAND_IN = "hand_in"
    WAIT_FOR_DECISION = "wait_for_decision"
    RECORD_OUTCOME = "record_outcome"
    WAIT_FOR_STANDSTILL = "wait_for_standstill"
    ASK_REPORT = "ask_report"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known of a tender without opening it."""

    state: TenderState
    deadline: date | None = None
    has_passed: bool = False
    questions_on: date | None = None
    """The buyer's own day, or the one that we suggest."""
    verdict: Verdict | None = None
    invited: int = 0
    waiting: int = 0
    """Parties that have been invited and have said neither yes nor no."""
    unanswered: int = 0
    """Requirements that we have not answered."""
    validity: date | None = None
    has_notice: bool = False
    standstill: date | None = None
    report_asked: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do, by when, and how much of it."""

    step: Step
    day: date | None = None
    count: int = 0


def next_step(known: Situation, today: date) -> NextStep:
    """The most urgent thing to do, or to wait for."""
    if known.state in {TenderState.NOTICED, TenderState.BIDDING}:
        return _before_the_deadline(known, today)
    if known.state == TenderState.SUBMITTED:
        if known.has_notice:
            return NextStep(Step.RECORD_OUTCOME)
        return NextStep(Step.WAIT_FOR_DECISION, known.validity)
    runs = known.standstill is not None and today <= known.standstill
    if known.state == TenderState.WON and runs:
        return NextStep(Step.WAIT_FOR_STANDSTILL, known.standstill)
    if known.state == TenderState.LOST and runs and not known.report_asked:
        return NextStep(Step.ASK_REPORT, known.standstill)
    return NextStep(Step.NOTHING)


def _before_the_deadline(known: Situation, today: date) -> NextStep:
    if known.deadline is None:
        return NextStep(Step.ENTER_DEADLINE)
    if known.has_passed:
        return NextStep(Step.PASSED, known.deadline)
    if known.state == TenderState.NOTICED:
        step = Step.BEGIN if known.verdict == Verdict.GO else Step.CHOOSE
        return NextStep(step, known.deadline)
    if known.questions_on is not None and today <= known.questions_on <= today + SOON:
        return NextStep(Step.ASK, known.questions_on)
    return _in_the_bid(known)


def _in_the_bid(known: Situation) -> NextStep:
    if not known.invited:
        return NextStep(Step.INVITE, known.deadline)
    if known.waiting:
        return NextStep(Step.WAIT_FOR_PARTIES, known.deadline, known.waiting)
    if known.unanswered:
        return NextStep(Step.ANSWER, known.deadline, known.unanswered)
    return NextStep(Step.HAND_IN, known.deadline)
