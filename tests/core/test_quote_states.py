"""Whatever is tried with a quote, accepted is the end of it, and nothing is accepted that was never sent."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.money import Money
from app.orders.quotes.models import Quote, QuoteLine, QuoteVersion
from app.orders.quotes.states import QuoteState


@given(st.sampled_from([QuoteState.REQUESTED, QuoteState.DRAFT]), st.lists(st.sampled_from(QuoteState), max_size=15))
def test_accepted_is_final_and_only_what_is_sent_is_accepted(first, wishes):
    quote, was = Quote(state=first), [first]
    for wish in wishes:
        with suppress(Refused):
            quote.state = wish
            was.append(wish)
    assert quote.state == was[-1]
    assert was.count(QuoteState.ACCEPTED) <= 1
    if QuoteState.ACCEPTED in was:
        assert was[-1] == QuoteState.ACCEPTED
        assert was[-2] in {QuoteState.SENT, QuoteState.CHANGE_ASKED}
        assert QuoteState.SENT in was


@given(st.integers(min_value=0, max_value=400))
def test_a_version_holds_through_its_last_day(days):
    version = QuoteVersion(valid_to=date(2026, 12, 30))
    today = date.fromordinal(date(2026, 12, 1).toordinal() + days)
    assert version.is_valid(today) == (today <= date(2026, 12, 30))


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 10_000_000)), min_size=1, max_size=20))
def test_the_sum_is_that_of_the_lines_to_the_ore(lines):
    made = [QuoteLine(quantity=Decimal(quantity), unit_price=Money(ore)) for quantity, ore in lines]
    assert QuoteVersion(lines=made).net.ore == sum(quantity * ore for quantity, ore in lines)
