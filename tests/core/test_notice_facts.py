"""What a later notice changes, and which of two notices is the newer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from app.tenders.noticing.facts import FACTS, decoded, differences, encoded, in_words
from app.tenders.noticing.ordering import Known, is_older, is_same
from bids.kinds import AwardBasis
from bids.notice import read_notice
from bids.notice_values import NoticeKind

NOTICES = Path(__file__).parents[1] / "contracts" / "notices"
NOTICE = read_notice((NOTICES / "fruktkorgar.xml").read_bytes())
RESULT = read_notice((NOTICES / "fruktkorgar-resultat.xml").read_bytes())
WORD = st.sampled_from(["", "a", "b", "c"])
LABEL = {"title": "Rubrik"}


@given(WORD, WORD, WORD)
def test_by_hand_is_never_lost_and_what_the_buyer_leaves_alone_is_never_touched(before, ours, says):
    found = list(differences({"title": before}, {"title": ours}, {"title": says}, LABEL))
    assert bool(found) == (says not in {"", before, ours})
    for one in found:
        assert (one.had, one.says, one.by_hand) == (ours, says, ours != before)


def test_a_form_that_was_saved_untouched_is_no_hand():
    due = datetime(2026, 5, 12, 21, 59, 30, tzinfo=UTC)
    had, ours = {"description": "a\nb", "deadline": due}, {"description": "a\r\nb ", "deadline": due.replace(second=0)}
    says = {"description": "c", "deadline": due + timedelta(days=7)}
    found = list(differences(had, ours, says, {"deadline": "", "description": ""}))
    assert [(one.field, one.by_hand) for one in found] == [("deadline", False), ("description", False)]


def test_no_longer_reserved_is_said_too():
    (found,) = differences({"reserved": True}, {"reserved": True}, {"reserved": False}, {"reserved": "Reserverat"})
    assert (in_words(found.had), in_words(found.says)) == ("ja", "nej")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("deadline", datetime(2026, 5, 12, 21, 59, tzinfo=UTC)),
        ("required_validity", date(2026, 9, 12)),
        ("ceiling", Money.kronor(7_500_000)),
        ("term_years", 4),
        ("award_basis", AwardBasis.QUALITY_PRICE),
        ("reserved", True),
        ("reserved", False),
        ("title", "Frukt"),
    ],
)
def test_a_fact_can_be_kept_as_text(field, value):
    assert decoded(field, encoded(value)) == value
    assert field in FACTS


def test_what_is_the_same():
    known = Known(NOTICE.id, "2", "", "ContractNotice", None)
    assert is_same(NOTICE, known)
    assert not is_same(replace(NOTICE, version="03"), known)
    bare = replace(NOTICE, id="")
    assert is_same(bare, replace(known, id="", digest="ab"), "ab")
    assert not is_same(bare, replace(known, id="", digest="cd"), "ab")


def test_what_is_older():
    kind, sent = str(NoticeKind.CONTRACT), NOTICE.issued
    assert is_older(NOTICE, [Known(NOTICE.id, "03", "", kind, None)])
    assert is_older(NOTICE, [Known("other", "01", f"{NOTICE.id}-{NOTICE.version}", kind, None)])
    assert is_older(NOTICE, [Known("other", "01", "", kind, sent + timedelta(hours=1))])
    assert not is_older(NOTICE, [Known("other", "01", "", kind, sent - timedelta(hours=1))])
    assert not is_older(NOTICE, [Known(NOTICE.id, "", "", kind, None)])
    assert not is_older(NOTICE, [Known(RESULT.id, "01", "", str(NoticeKind.AWARD), RESULT.issued)])
    assert not is_older(RESULT, [Known(NOTICE.id, "02", "", kind, RESULT.issued + timedelta(days=1))])
