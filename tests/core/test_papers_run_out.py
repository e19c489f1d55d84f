"""Papers are judged when the bid is handed in and when the buyer decides, and members are reminded in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.members.vault.standing import REMINDERS, Standing, reminder_due, standing
from bids.checks import gaps
from bids.dates import award_day
from bids.kinds import DocumentKind
from bids.offer import Evidence, from_json, to_json
from bids.parties import PartyDocument
from tests.core.bid_parties import LJUNGBACKEN
from tests.core.bid_samples import tender_a

LAST, DECIDED = date(2026, 5, 12), date(2026, 7, 1)
TODAY = date(2026, 11, 23)
DAYS = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days))


def with_document(kind: DocumentKind, valid_to: date | None, appendix: int | None = None, **values):
    """The sample bid, decided on 1 July, with one more paper of Ljungbacken's."""
    paper = PartyDocument(kind, "Intyg", values.get("valid_from", date(2026, 1, 1)), valid_to, appendix)
    party = replace(LJUNGBACKEN, documents=(*LJUNGBACKEN.documents, paper))
    offer = replace(tender_a(), award_on=DECIDED)
    return replace(offer, parties=tuple(party if each.key == party.key else each for each in offer.parties))


def found(offer) -> list[tuple[bool, str]]:
    return [(gap.blocking, gap.key) for gap in gaps(offer)]


@pytest.mark.parametrize(
    ("said", "binds", "day", "known"),
    [
        (date(2026, 6, 1), date(2026, 9, 1), date(2026, 6, 1), True),
        (None, date(2026, 9, 1), LAST + timedelta(days=60), False),
        (None, date(2026, 6, 15), date(2026, 6, 15), False),
        (None, date(2026, 5, 1), LAST + timedelta(days=60), False),
        (None, None, LAST + timedelta(days=60), False),
    ],
)
def test_when_the_buyer_decides(said, binds, day, known):
    award = award_day(said, binds, LAST)
    assert (award.day, award.is_known) == (day, known)


def test_what_holds_on_both_days_is_no_gap():
    assert found(with_document(DocumentKind.TAX_CERTIFICATE, DECIDED)) == []
    assert found(with_document(DocumentKind.CERTIFICATE, None, 3)) == []


def test_what_runs_out_before_the_decision_is_a_reminder_in_words():
    offer = with_document(DocumentKind.TAX_CERTIFICATE, DECIDED - timedelta(days=1))
    (gap,) = gaps(offer)
    assert (gap.blocking, gap.key) == (False, "document:ljungbacken:tax_certificate:award")
    assert "30\u00a0juni 2026" in gap.sentence
    assert "1\u00a0juli 2026" in gap.sentence


def test_an_estimate_is_called_one():
    offer = replace(with_document(DocumentKind.TAX_CERTIFICATE, LAST), award_on=None)
    (gap,) = gaps(offer)
    assert "vi räknar med" in gap.sentence


def test_a_newer_paper_in_the_vault_that_holds_then_is_enough():
    offer = with_document(DocumentKind.TAX_CERTIFICATE, date(2026, 6, 1))
    newer = PartyDocument(DocumentKind.TAX_CERTIFICATE, "Nytt", date(2026, 5, 30), date(2026, 12, 1))
    parties = tuple(replace(party, documents=(*party.documents, newer)) for party in offer.parties)
    assert [key for _stops, key in found(replace(offer, parties=parties)) if "tax" in key] == []


def test_what_goes_along_and_has_expired_stops_the_bid():
    offer = with_document(DocumentKind.CERTIFICATE, LAST - timedelta(days=1), 3)
    (gap,) = gaps(offer)
    assert (gap.blocking, gap.key) == (True, "document:ljungbacken:certificate:expired")
    assert "gäller bara till 11\u00a0maj 2026" in gap.sentence


def test_what_goes_along_and_has_not_begun_stops_the_bid():
    offer = with_document(DocumentKind.CERTIFICATE, None, 3, valid_from=LAST + timedelta(days=1))
    (gap,) = gaps(offer)
    assert gap.blocking
    assert "börjar gälla först 13\u00a0maj 2026" in gap.sentence


def test_what_lies_in_the_vault_and_is_not_asked_for_is_nobodys_business():
    assert found(with_document(DocumentKind.POLICY, LAST - timedelta(days=100))) == []


def test_a_proof_of_its_own_that_runs_out_is_told_once():
    offer = tender_a()
    answers = tuple(
        replace(answer, evidence=(Evidence("Utdrag", None, LAST),)) if answer.requirement_ref == "A6" else answer
        for answer in offer.answers
    )
    assert found(replace(offer, answers=answers)) == [(False, "requirement::A6:award:1")]


def test_an_offer_from_before_these_rules_is_still_read():
    text = to_json(tender_a())
    old = text.replace('"award_on":null,', "").replace('"library":[],', "")
    assert "award_on" not in old
    assert "library" not in old
    assert from_json(old) == tender_a()


@given(DAYS, st.sets(st.sampled_from(REMINDERS)))
def test_a_reminder_is_sent_once_and_only_before_the_paper_runs_out(valid_to, told):
    due = reminder_due(TODAY, valid_to, told)
    left = (valid_to - TODAY).days
    if due is not None:
        assert 0 <= left <= due
        assert all(days > due for days in told)
        assert reminder_due(TODAY, valid_to, {*told, due}) is None
    elif not told:
        assert left < 0 or left > max(REMINDERS)


@given(st.integers(0, 200), st.integers(1, 90))
def test_whoever_looks_each_day_sends_each_reminder_once(first, days_away):
    """However long a worker is down, nobody gets more than three letters about one paper."""
    valid_to, told = TODAY + timedelta(days=first), []
    day = TODAY
    while day <= valid_to:
        due = reminder_due(day, valid_to, told)
        if due is not None:
            told.append(due)
        day += timedelta(days=days_away)
    assert told == sorted(set(told), reverse=True)


@given(st.none() | DAYS, st.none() | DAYS, st.booleans(), st.booleans())
def test_a_paper_stands_in_one_way(valid_from, valid_to, usable, replaced):
    stands = standing(TODAY, valid_from, valid_to, is_usable=usable, is_replaced=replaced)
    if replaced:
        assert stands is Standing.REPLACED
    elif not usable:
        assert stands is Standing.FAULTY
    elif stands in {Standing.VALID, Standing.RUNS_OUT}:
        assert (valid_from or TODAY) <= TODAY <= (valid_to or TODAY)
