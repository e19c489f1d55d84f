"""A proposed sharing beside what stands, with parts counted at the prices that it leads to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.money import Money
from bids.capacity import Candidate, Limit, Need
from bids.offer import Offer, PriceRow, Share
from bids.proposal import Proposal, propose
from tests.core.bid_samples import tender_a

KEYS = ("samklang", "ljungbacken", "rullande")


def offer_of(prices: list[tuple[int, int]], quantity: int = 100) -> Offer:
    """Each row at two parties' prices, in öre; all of it lies with the dearer today."""
    rows = tuple(
        PriceRow(
            ref=str(ref),
            text="Rad",
            unit="H87",
            unit_label="st",
            quantity=Decimal(quantity),
            shares=(Share(party_key=KEYS[2], quantity=Decimal(quantity), member_price=Money(dear)),),
            margin_percent=Decimal(10),
        )
        for ref, (_cheap, dear) in enumerate(prices)
    )
    return replace(tender_a(), rows=rows)


def needs_of(offer: Offer, prices: list[tuple[int, int]], most: int = 100) -> list[Need]:
    return [
        Need(
            ref=row.ref,
            quantity=row.quantity,
            worth=Money(1000),
            candidates=(
                Candidate(party_key=KEYS[1], price=Money(cheap), most=Decimal(most)),
                Candidate(party_key=KEYS[2], price=Money(dear), most=row.quantity),
            ),
        )
        for row, (cheap, dear) in zip(offer.rows, prices, strict=True)
    ]


def proposed(prices: list[tuple[int, int]], **limit: Decimal | bool) -> Proposal:
    offer = offer_of(prices)
    limits = [Limit(party_key=key, name=key) for key in KEYS]
    limits[1] = replace(limits[1], **limit)
    return propose(offer, needs_of(offer, prices), limits)


def test_what_stands_and_what_is_proposed():
    found = proposed([(900, 1000), (500, 800)])
    assert (found.cost_before, found.cost_after) == (Money(180_000), Money(140_000))
    assert found.before["rullande"].percent == 100
    assert found.after["ljungbacken"].percent == 100
    assert [change.ref for change in found.changes] == ["0", "1"]
    assert found.changes[0].before == (("rullande", Decimal(100)),)
    assert found.changes[0].after == (("ljungbacken", Decimal(100)),)


def test_the_line_is_kept_at_the_prices_that_the_sharing_leads_to():
    """What a part is worth follows from who carries the rows: counted once, the party would be over the line."""
    found = proposed([(100, 4000), (3000, 3100)], under_line=True)
    assert found.after["ljungbacken"].percent <= 10
    assert found.problems == ()


def test_what_nobody_carries_is_part_of_the_whole_and_of_nobodys():
    offer = offer_of([(900, 1000)])
    alone = [replace(needs_of(offer, [(900, 1000)], most=30)[0], candidates=())]
    nobody = propose(offer, alone, [])
    assert {value.percent for value in nobody.after.values()} == {Decimal(0)}
    some = replace(alone[0], candidates=(Candidate(party_key=KEYS[1], price=Money(900), most=Decimal(30)),))
    found = propose(offer, [some], [Limit(party_key=KEYS[1], name="Ljungbacken", largest=Decimal(40))])
    assert found.after["ljungbacken"].percent == 30
    assert "70 av 100 per år saknas" in found.problems[0].sentence
    assert len(found.problems) == 1


def test_the_same_proposal_has_the_same_mark_and_another_has_another():
    assert proposed([(900, 1000)]).mark == proposed([(900, 1000)]).mark
    assert proposed([(900, 1000)]).mark != proposed([(901, 1000)]).mark
    assert proposed([(900, 1000)]).mark != proposed([(900, 1000)], largest=Decimal(40)).mark


prices = st.lists(st.tuples(st.integers(1, 5000), st.integers(1, 5000)), min_size=1, max_size=4)


@given(prices, st.none() | st.integers(0, 100).map(Decimal))
@settings(deadline=None)
def test_a_largest_part_is_kept_or_said(rows, largest):
    found = proposed(rows, largest=largest)
    told = {problem.party_key for problem in found.problems}
    assert largest is None or found.after["ljungbacken"].percent <= largest or "ljungbacken" in told
    assert found.allocation.carries_all
    assert largest is not None or found.cost_after <= found.cost_before
