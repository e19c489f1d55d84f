"""What is next to do in a tender: one thing, the most urgent first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tenders.choosing.models import Verdict
from app.tenders.choosing.next_step import NextStep, Situation, Step, next_step
from app.tenders.tender import TenderState

TODAY, LAST = date(2026, 11, 23), date(2026, 12, 18)
NOTICED, BIDDING = {"state": TenderState.NOTICED, "deadline": LAST}, {"state": TenderState.BIDDING, "deadline": LAST}
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("known", "step", "day", "count"),
    [
        ({"state": TenderState.NOTICED}, Step.ENTER_DEADLINE, None, 0),
        ({**NOTICED, "has_passed": True}, Step.PASSED, LAST, 0),
        (NOTICED, Step.CHOOSE, LAST, 0),
        ({**NOTICED, "verdict": Verdict.NO_GO}, Step.CHOOSE, LAST, 0),
        ({**NOTICED, "verdict": Verdict.GO}, Step.BEGIN, LAST, 0),
        (BIDDING, Step.INVITE, LAST, 0),
        (
            {**BIDDING, "questions_on": TODAY + timedelta(3), "invited": 2, "waiting": 2},
            Step.ASK,
            date(2026, 11, 26),
            0,
        ),
        ({**BIDDING, "questions_on": TODAY + timedelta(4), "invited": 2, "waiting": 2}, Step.WAIT_FOR_PARTIES, LAST, 2),
        ({**BIDDING, "questions_on": TODAY - timedelta(1), "invited": 2, "unanswered": 7}, Step.ANSWER, LAST, 7),
        ({**BIDDING, "invited": 2}, Step.HAND_IN, LAST, 0),
        ({"state": TenderState.SUBMITTED, "validity": LAST}, Step.WAIT_FOR_DECISION, LAST, 0),
        ({"state": TenderState.SUBMITTED, "has_notice": True}, Step.RECORD_OUTCOME, None, 0),
        ({"state": TenderState.WON, "standstill": TODAY}, Step.WAIT_FOR_STANDSTILL, TODAY, 0),
        ({"state": TenderState.WON, "standstill": TODAY - timedelta(1)}, Step.NOTHING, None, 0),
        ({"state": TenderState.LOST, "standstill": TODAY}, Step.ASK_REPORT, TODAY, 0),
        ({"state": TenderState.LOST, "standstill": TODAY, "report_asked": True}, Step.NOTHING, None, 0),
        ({"state": TenderState.DECLINED, "deadline": LAST}, Step.NOTHING, None, 0),
        ({"state": TenderState.CANCELLED}, Step.NOTHING, None, 0),
    ],
)
def test_the_most_urgent_is_said(known, step, day, count):
    assert next_step(Situation(**known), TODAY) == NextStep(step, day, count)


@given(
    st.sampled_from(TenderState), DAYS, st.booleans(), DAYS, st.integers(0, 9), st.integers(0, 9), DAYS, st.booleans()
)
def test_there_is_always_one_and_what_is_over_asks_for_nothing(
    state, deadline, passed, questions, invited, unanswered, standstill, asked
):
    known = Situation(
        state=state,
        deadline=deadline,
        has_passed=passed,
        questions_on=questions,
        invited=invited,
        waiting=invited // 2,
        unanswered=unanswered,
        has_notice=standstill is not None,
        standstill=standstill,
        report_asked=asked,
    )
    found = next_step(known, TODAY)
    if state in {TenderState.DECLINED, TenderState.CANCELLED}:
        assert found == NextStep(Step.NOTHING)
    if found.step in {Step.WAIT_FOR_PARTIES, Step.ANSWER}:
        assert found.count > 0
    if found.step == Step.ASK:
        assert found.day >= TODAY
