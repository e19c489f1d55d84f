"""A proposed sharing beside what stands, with parts counted at the prices that it leads to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from bids.capacity import Candidate, Limit, Need, Part
from bids.offer import Offer, PriceRow, Share
from bids.pricing import value_per_party
from bids.proposal import Proposal, propose, with_parts
from bids.simulation import result
from bids.within_limits import keep_within, whole_of
from tests.core.bid_samples import tender_a

KEYS = ("samklang", "ljungbacken", "rullande")


def offer_of(prices: list[tuple[int, int]], quantity: Decimal = Decimal(100)) -> Offer:
    """Each row at two parties' prices, in öre; all of it lies with the dearer today."""
    rows = tuple(
        PriceRow(
            ref=str(ref),
            text="Rad",
            unit="H87",
            unit_label="st",
            quantity=quantity,
            shares=(Share(party_key=KEYS[2], quantity=quantity, member_price=Money(dear)),),
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
percents = st.none() | st.decimals(0, 100, places=2)


@given(prices, percents)
def test_a_largest_part_is_kept_to_the_ore(rows, largest):
    found = proposed(rows, largest=largest)
    whole = Money.total(value.amount for value in found.after.values())
    assert largest is None or found.after["ljungbacken"].amount.ore * 100 <= largest * whole.ore
    assert found.allocation.carries_all
    assert found.problems == ()
    assert largest is not None or found.cost_after <= found.cost_before


candidates = st.tuples(st.integers(1, 5000), st.integers(0, 120))
several = st.lists(st.tuples(st.integers(1, 200), st.lists(candidates, min_size=3, max_size=3)), min_size=1, max_size=5)


@given(several, st.lists(st.tuples(percents, st.booleans()), min_size=3, max_size=3))
def test_no_largest_part_and_no_line_is_passed_whoever_can_carry_what(rows, rules):
    offer = offer_of([(1, 1000)] * len(rows))
    offer = replace(
        offer,
        rows=tuple(replace(row, quantity=Decimal(much)) for row, (much, _who) in zip(offer.rows, rows, strict=True)),
    )
    needs = [
        Need(
            ref=row.ref,
            quantity=row.quantity,
            worth=Money(1000),
            candidates=tuple(
                Candidate(party_key=key, price=Money(price), most=Decimal(most))
                for key, (price, most) in zip(KEYS, who, strict=True)
            ),
        )
        for row, (_much, who) in zip(offer.rows, rows, strict=True)
    ]
    limits = [
        Limit(party_key=key, name=key, largest=largest, under_line=line)
        for key, (largest, line) in zip(KEYS, rules, strict=True)
    ]
    found = propose(offer, needs, limits)
    whole = whole_of(with_parts(offer, needs, found.allocation), needs)
    for limit in limits:
        assert limit.ceiling is None or found.after[limit.party_key].amount.ore * 100 <= limit.ceiling * whole.ore
    for need in needs:
        given_out = {part.party_key: part.quantity for part in found.allocation.parts if part.ref == need.ref}
        missing = sum((each.missing for each in found.problems if each.ref == need.ref), Decimal(0))
        assert sum(given_out.values(), missing) == need.quantity
        assert all(given_out.get(one.party_key, 0) <= one.most for one in need.candidates)


def shared_out(*parts: int, others: bool = True, **limit: Decimal | bool) -> dict[str, Decimal]:
    """What Ljungbacken and Rullande have of a row of a hundred, once what they had has been put within the limits."""
    offer = offer_of([(900, 1000)])
    (need,) = needs_of(offer, [(900, 1000)])
    if not others:
        need = replace(need, candidates=need.candidates[:1])
    had = [Part(need.ref, None, key, Decimal(part)) for key, part in zip(KEYS[1:], parts, strict=False)]
    limits = [Limit(party_key=KEYS[1], name="Ljungbacken", **limit), Limit(party_key=KEYS[2], name="Rullande")]
    return {part.party_key: part.quantity for part in keep_within(offer, [need], limits, [], had)}


def test_what_is_over_goes_to_somebody_who_may_have_it_and_no_more_than_that():
    assert shared_out(41, 59, largest=Decimal("40.5")) == {"ljungbacken": 40, "rullande": 60}
    assert shared_out(40, 60, largest=Decimal("40.5")) == {"ljungbacken": 40, "rullande": 60}
    assert shared_out(30, 70, under_line=True) == {"ljungbacken": 10, "rullande": 90}


def test_what_nobody_else_may_have_is_carried_by_nobody():
    assert shared_out(41, others=False, largest=Decimal(40)) == {"ljungbacken": 40}
    assert shared_out(41, others=False, largest=Decimal(0)) == {}


def test_a_smallest_part_and_a_wish_are_mended_where_that_breaks_nothing():
    assert shared_out(29, 71, smallest=Decimal("29.5")) == {"ljungbacken": 30, "rullande": 70}
    assert shared_out(41, 59, wish=Decimal("40.5")) == {"ljungbacken": 40, "rullande": 60}
    assert shared_out(41, others=False, wish=Decimal(40)) == {"ljungbacken": 41}


@given(prices)
def test_before_and_after_are_added_as_everywhere_else(rows):
    offer = offer_of(rows, quantity=Decimal("33.333"))
    needs = needs_of(offer, rows)
    found = propose(offer, needs, [])
    assert found.before == value_per_party(offer)
    assert found.cost_before == result(offer).members
    shared = with_parts(offer, needs, found.allocation)
    assert found.after == value_per_party(shared)
    assert found.cost_after == result(shared).members


def test_what_nobody_carries_stays_asked_of_those_who_have_not_answered():
    offer = offer_of([(900, 1000)])
    asked = Share(party_key=KEYS[2], quantity=Decimal(70))
    offer = replace(offer, rows=(replace(offer.rows[0], shares=(asked,)),))
    need = needs_of(offer, [(900, 1000)], most=60)[0]
    need = replace(need, candidates=need.candidates[:1], waiting=(KEYS[2],))
    found = propose(offer, [need], [Limit(party_key=key, name=key) for key in KEYS])
    assert found.waiting == (Part("0", None, KEYS[2], Decimal(40)),)
    assert [(one.before, one.after) for one in found.changes] == [
        (((KEYS[2], Decimal(70)),), ((KEYS[1], Decimal(60)), (KEYS[2], Decimal(40)))),
    ]
    unanswered = propose(offer, [replace(need, candidates=())], [])
    assert (unanswered.waiting[0].quantity, unanswered.changes) == (70, ())
