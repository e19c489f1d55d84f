"""An addendum opens a gap for each thing it touches, until that has been looked at again; and until when to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bids import asking
from bids.checks import GapArea, gaps
from bids.document import to_html
from bids.offer import Addendum, Touch, from_json, to_json
from tests.core.bid_samples import tender_a

CAME = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
BASE = tender_a()
THINGS = (
    *(Touch(requirement_ref=one.ref, lot_ref=one.lot_ref) for one in BASE.requirements),
    *(Touch(row_ref=row.ref, lot_ref=row.lot_ref) for row in BASE.rows),
    *(Touch(lot_ref=lot.ref) for lot in BASE.lots),
)


def with_addendum(*touches: Touch, acknowledged: bool = True, number: int = 1):
    addendum = Addendum(number=number, title="Rättelse", received_at=CAME, acknowledged=acknowledged, touches=touches)
    return replace(BASE, addenda=(*BASE.addenda, addendum))


def test_one_that_nobody_has_acknowledged_stops_the_bid():
    (gap,) = gaps(with_addendum(acknowledged=False))
    assert (gap.area, gap.blocking) == (GapArea.ADDENDUM, True)
    assert gap.sentence.startswith("Komplettering 1, som kom 2\xa0maj 2026, är inte kvitterad.")
    assert gaps(with_addendum()) == ()


@given(st.dictionaries(st.sampled_from(THINGS), st.booleans(), max_size=12))
def test_there_is_one_blocking_gap_for_each_thing_that_is_not_confirmed(touched):
    offer = with_addendum(*(replace(thing, confirmed=done) for thing, done in touched.items()))
    found = gaps(offer)
    assert len(found) == list(touched.values()).count(False)
    assert all(gap.blocking and gap.sentence.endswith(".") for gap in found)
    assert len({gap.key for gap in found}) == len(found)


def test_the_gap_says_what_is_touched_and_points_there():
    requirement, row, lot = THINGS[0], THINGS[len(BASE.requirements)], THINGS[-1]
    of_requirement, of_row, of_lot = gaps(with_addendum(requirement, row, lot))
    assert f"Komplettering 1 berör krav {requirement.requirement_ref}." in of_requirement.sentence
    assert (of_requirement.area, of_requirement.requirement_ref) == (GapArea.REQUIREMENT, requirement.requirement_ref)
    assert f"berör prisrad {row.row_ref}." in of_row.sentence
    assert (of_row.area, of_row.row_ref, of_row.lot_ref) == (GapArea.ADDENDUM, row.row_ref, row.lot_ref)
    assert f"berör anbudsområde {lot.lot_ref}." in of_lot.sentence


def test_what_the_bid_does_not_hold_opens_no_gap():
    assert gaps(with_addendum(Touch(requirement_ref="finns inte"), Touch(lot_ref="99"))) == ()


def test_the_bid_says_which_addenda_it_answers_to():
    two = replace(BASE, addenda=(*with_addendum().addenda, *with_addendum(number=2).addenda))
    assert "Kompletterande upplysningar 1 och 2 har beaktats i anbudet." in to_html(two)
    assert "Kompletterande upplysning 1 har beaktats i anbudet." in to_html(with_addendum())
    assert "beaktats" not in to_html(with_addendum(acknowledged=False))
    assert "beaktats" not in to_html(BASE)


def test_it_travels_as_json_and_a_version_from_before_can_be_read():
    offer = with_addendum(THINGS[0], replace(THINGS[1], confirmed=True))
    assert from_json(to_json(offer)) == offer
    assert "addenda" not in to_json(BASE)  # What was handed in before there were any has the same text as ever.
    assert from_json(to_json(BASE)) == BASE


def test_the_buyer_answers_six_days_before_the_last_day():
    deadline = datetime(2026, 12, 18, 23, 30, tzinfo=UTC)
    assert asking.answers_due(deadline, "Europe/Stockholm") == date(2026, 12, 13), "in Sweden it is the 19th already"
    assert asking.answers_due(deadline, "UTC") == date(2026, 12, 12)


@given(st.integers(0, 47 * 24 * 60))
def test_a_question_is_late_after_the_buyers_own_time_else_after_the_day_on_which_answers_are_due(minutes):
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    deadline, until = datetime(2026, 12, 18, 11, 0, tzinfo=UTC), datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
    assert asking.is_late(at, deadline, "UTC", until) == (at > until)
    assert asking.is_late(at, deadline, "UTC", None) == (at.date() > (deadline - timedelta(days=6)).date())
