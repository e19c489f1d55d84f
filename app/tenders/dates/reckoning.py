"""Which days a tender has, reckoned from what is known of it. Pure.

Sources: LOU 12 kap. 11 § and 19 kap. 13 § (answers to questions), 20 kap. 1-2 §§ (standstill), 12 kap. 13 § and
19 kap. 20 § (reasons on request within 15 days). Time that the law gives and that ends on a Saturday, a Sunday, a
holiday or a great eve goes on to the next working day (SFS 1930:173, 2 §); time that is counted backwards does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app import clock, workdays
from bids.asking import answers_due

STANDSTILL_ELECTRONIC, STANDSTILL_OTHERWISE = 10, 15
REPORT_DAYS = 15
QUESTION_DAYS = 10
"""Before the last day for bids, when the buyer has named no day: so buyers have time to answer."""


class DateKind(StrEnum):
    """What happens on a day."""

    QUESTIONS = "questions"
    ANSWERS = "answers"
    DEADLINE = "deadline"
    VALIDITY = "validity"
    ASK_REPORT = "ask_report"
    REPORT = "report"
    STANDSTILL = "standstill"
    APPEAL = "appeal"
    ENTRY = "entry"


class Origin(StrEnum):
    """Who says so."""

    BUYER = "buyer"
    LAW = "law"
    OURS = "ours"
    """Our own: agreed on, offered by us, or only advised."""


class HowSent(StrEnum):
    """How the buyer told of its award decision."""

    ELECTRONIC = "electronic"
    OTHERWISE = "otherwise"
    NO_STANDSTILL = "no_standstill"
    """A renewed competition or a direct award: there is no standstill (LOU 20 kap. 2 §)."""


class Stage(StrEnum):
    """Which of its days a tender still has."""

    BEFORE = "before"
    """We may bid."""
    WAITING = "waiting"
    """The bid is handed in."""
    DECIDED = "decided"
    """Won or lost."""
    OVER = "over"
    """Called off, or we did not want it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice of an award decision."""

    sent_on: date
    how: HowSent


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a tender and of our bid on it."""

    stage: Stage
    is_call: bool = False
    """A funder's call, of which the law of procurement knows no day."""
    deadline: datetime | None = None
    questions_on: date | None = None
    is_urgent: bool = False
    above_threshold: bool = False
    required_validity: date | None = None
    offered_validity: date | None = None
    notice: Notice | None = None
    report_asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happens on a day."""

    kind: DateKind
    day: date
    origin: Origin
    law: str = ""
    at: time | None = None
    """Swedish time; none for the whole day."""
    moved_from: date | None = None
    """The day on which it would have ended, were that no Saturday or holiday."""


def occasions(known: Known) -> tuple[Occasion, ...]:
    """All days that the tender has, the earliest first. None when it is over for us."""
    found: list[Occasion] = []
    if known.is_call:
        return tuple(sorted(_of_a_call(known), key=lambda one: one.day))
    if known.stage == Stage.BEFORE:
        found += _before_the_deadline(known)
    if known.stage in {Stage.BEFORE, Stage.WAITING}:
        found += _until_the_decision(known)
    if known.stage in {Stage.WAITING, Stage.DECIDED}:
        found += _after_the_decision(known)
    return tuple(sorted(found, key=lambda one: (one.day, one.at or time(), list(DateKind).index(one.kind))))


def _of_a_call(known: Known) -> Iterator[Occasion]:
    """What the funder has said itself: until when it answers questions, and the last day."""
    if known.stage == Stage.BEFORE and known.questions_on is not None:
        yield Occasion(DateKind.QUESTIONS, known.questions_on, Origin.BUYER)
    if known.stage in {Stage.BEFORE, Stage.WAITING} and known.deadline is not None:
        local = known.deadline.astimezone(clock.SWEDEN)
        yield Occasion(DateKind.DEADLINE, local.date(), Origin.BUYER, at=local.time().replace(microsecond=0))


def extended(day: date) -> date:
    """The day itself, or the next working day when it is none (SFS 1930:173, 2 §)."""
    return workdays.working_days_after(day, 0)


def standstill_ends(notice: Notice) -> date | None:
    """The last day on which no contract may be made and the decision can be appealed against; None without standstill.

    The day of the notice itself is not counted (LOU 20 kap. 1 §).
    """
    if notice.how == HowSent.NO_STANDSTILL:
        return None
    days = STANDSTILL_ELECTRONIC if notice.how == HowSent.ELECTRONIC else STANDSTILL_OTHERWISE
    return extended(notice.sent_on + timedelta(days=days))


def report_due(asked_on: date) -> date:
    """The last day for the buyer to give its reasons, when we have asked for them."""
    return extended(asked_on + timedelta(days=REPORT_DAYS))


def questions_suggested(deadline: datetime) -> date:
    """When to have asked, if the buyer has named no day: a working day that leaves time for answers."""
    day = clock.local_date(deadline) - timedelta(days=QUESTION_DAYS)
    return day if workdays.is_working_day(day) else workdays.working_days_before(day, 1)


def _before_the_deadline(known: Known) -> Iterator[Occasion]:
    if known.questions_on is not None:
        yield Occasion(DateKind.QUESTIONS, known.questions_on, Origin.BUYER)
    if known.deadline is None:
        return
    if known.questions_on is None:
        yield Occasion(DateKind.QUESTIONS, questions_suggested(known.deadline), Origin.OURS)
    law = "LOU 12 kap. 11 §" if known.above_threshold else "LOU 19 kap. 13 §"
    yield Occasion(
        DateKind.ANSWERS, answers_due(known.deadline, clock.SWEDEN.key, urgent=known.is_urgent), Origin.LAW, law
    )


def _until_the_decision(known: Known) -> Iterator[Occasion]:
    if known.deadline is not None:
        local = known.deadline.astimezone(clock.SWEDEN)
        yield Occasion(DateKind.DEADLINE, local.date(), Origin.BUYER, at=local.time().replace(microsecond=0))
    if known.offered_validity is not None:
        yield Occasion(DateKind.VALIDITY, known.offered_validity, Origin.OURS)
    elif known.required_validity is not None:
        yield Occasion(DateKind.VALIDITY, known.required_validity, Origin.BUYER)


def _after_the_decision(known: Known) -> Iterator[Occasion]:
    law = "LOU 12 kap. 13 §" if known.above_threshold else "LOU 19 kap. 20 §"
    if known.notice is not None:
        last = standstill_ends(known.notice)
        if last is not None:
            yield from _standstill(known.notice, last)
        if known.report_asked_on is None:
            asked = workdays.working_days_after(known.notice.sent_on, 1)
            yield Occasion(DateKind.ASK_REPORT, asked, Origin.OURS, law)
    if known.report_asked_on is not None:
        plain, due = known.report_asked_on + timedelta(days=REPORT_DAYS), report_due(known.report_asked_on)
        yield Occasion(DateKind.REPORT, due, Origin.LAW, law, moved_from=plain if plain != due else None)


def _standstill(notice: Notice, last: date) -> Iterator[Occasion]:
    days = STANDSTILL_ELECTRONIC if notice.how == HowSent.ELECTRONIC else STANDSTILL_OTHERWISE
    plain = notice.sent_on + timedelta(days=days)
    moved_from = plain if plain != last else None
    yield Occasion(DateKind.STANDSTILL, last, Origin.LAW, "LOU 20 kap. 1 §", moved_from=moved_from)
    yield Occasion(DateKind.APPEAL, last, Origin.LAW, "LOU 20 kap.", moved_from=moved_from)
