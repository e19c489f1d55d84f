"""An offer travels as text and comes back the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from bids.kinds import BidForm, DocumentKind
from bids.offer import Buyer, Offer, from_json, to_json
from bids.parties import HeadCount
from tests.core.bid_samples import tender_a
from tests.core.bid_samples_b import tender_b

st.register_type_strategy(Money, st.integers(-(10**12), 10**12).map(Money))
st.register_type_strategy(datetime, st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False, places=3))


@given(st.from_type(Offer))
def test_any_offer_comes_back_the_same(offer):
    text = to_json(offer)
    assert from_json(text) == offer
    assert to_json(from_json(text)) == text


@pytest.mark.parametrize("offer", [tender_a(), tender_b()])
def test_the_samples_come_back_the_same(offer):
    assert from_json(to_json(offer)) == offer


def test_equal_offers_give_equal_text():
    offer = tender_a()
    swedish = replace(offer, deadline=offer.deadline.astimezone(timezone(timedelta(hours=2))))
    written = replace(offer, rows=tuple(replace(row, quantity=row.quantity + Decimal("0.00")) for row in offer.rows))
    assert to_json(swedish) == to_json(written) == to_json(offer)


def test_naive_time_is_refused():
    with pytest.raises(ValueError, match="naive"):
        to_json(replace(tender_a(), deadline=datetime(2026, 5, 1)))  # noqa: DTZ001


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(number):
    rows = (replace(tender_a().rows[0], quantity=Decimal(number)),)
    with pytest.raises(ValueError, match="not a number"):
        to_json(replace(tender_a(), rows=rows))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "[" * 100_000,
        '{"title": 5}',
        to_json(tender_a()).replace('"version":3', '"version":true'),
        to_json(tender_a()).replace('"version":3', '"version":3,"stranger":1'),
        to_json(tender_a()).replace('"form":"group"', '"form":"cartel"'),
        to_json(tender_a()).replace('"quantity":"2600"', '"quantity":"many"'),
        to_json(tender_a()).replace('"quantity":"2600"', '"quantity":"NaN"'),
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="no Offer"):
        from_json(text)


def test_a_share_is_never_rounded_up_to_the_gate():
    assert HeadCount(date(2026, 1, 1), 100_000, 29_999).percent == Decimal("29.99")
    assert HeadCount(date(2026, 1, 1), 0, 0).percent == 0


def test_kinds_have_swedish_words():
    assert BidForm("group").label == "Grupp av leverantörer"
    assert DocumentKind.ESPD == "espd"
    assert Buyer("Kvarnen").org_number == ""
