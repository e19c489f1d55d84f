"""Which parties carry the rows together: by hand, and by rules that hold for any rows and limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.money import Money
from bids.capacity import Candidate, Limit, Need, Pool, allocate

FRUIT = Candidate(party_key="fruit", price=Money(1000), most=Decimal(60))
VAN = Candidate(party_key="van", price=Money(1200), most=Decimal(80))
NEED = Need(
    ref="1.1", lot_ref="1", text="Fruktkorg", unit_label="st", quantity=Decimal(100), worth=Money(1500),
    candidates=(FRUIT, VAN),
)  # fmt: skip
LIMITS = (Limit(party_key="fruit", name="Ljungbacken"), Limit(party_key="van", name="Rullande"))


def carried(allocation) -> dict[str, Decimal]:
    return {part.party_key: part.quantity for part in allocation.parts}


def test_the_cheapest_carries_what_it_can_and_the_next_the_rest():
    found = allocate([NEED], LIMITS)
    assert carried(found) == {"fruit": 60, "van": 40}
    assert found.cost == Money(60 * 1000 + 40 * 1200)
    assert [(one.party_key, one.paid, one.percent) for one in found.standings] == [
        ("fruit", Money(60_000), Decimal(60)),
        ("van", Money(48_000), Decimal(40)),
    ]
    assert (found.problems, found.carries_all) == ((), True)


def test_limits_move_the_parts_and_the_wish_holds_while_it_can():
    largest = replace(LIMITS[0], largest=Decimal(30))
    assert carried(allocate([NEED], [largest, LIMITS[1]])) == {"fruit": 30, "van": 70}
    smallest = replace(LIMITS[1], smallest=Decimal("55.5"))
    assert carried(allocate([NEED], [LIMITS[0], smallest])) == {"fruit": 44, "van": 56}
    wish = replace(LIMITS[1], wish=Decimal(45))
    assert carried(allocate([NEED], [LIMITS[0], wish])) == {"fruit": 60, "van": 40}


def test_a_wish_gives_way_before_a_row_and_it_is_said():
    found = allocate([NEED], [LIMITS[0], replace(LIMITS[1], wish=Decimal(20))])
    assert carried(found) == {"fruit": 60, "van": 40}
    assert found.carries_all
    assert "Rullande får 40\u00a0% av anbudets värde, mer än de 20\u00a0%" in found.problems[0].sentence


def test_what_is_missing_and_what_is_in_the_way_is_said():
    limits = [LIMITS[0], replace(LIMITS[1], under_line=True)]
    found = allocate([NEED], limits)
    assert carried(found) == {"fruit": 60, "van": 10}
    told = found.problems[0]
    assert (told.ref, told.lot_ref, told.missing) == ("1.1", "1", Decimal(30))
    assert "30 av 100 st per år saknas" in told.sentence
    assert "Ljungbacken klarar högst 60 per år" in told.sentence
    assert "Rullande ska hållas på högst 10\u00a0%, där sanktionsförsäkran krävs" in told.sentence


def test_a_party_stays_in_its_area():
    limits = [LIMITS[0], replace(LIMITS[1], lots=frozenset({"2"}))]
    found = allocate([NEED], limits)
    assert carried(found) == {"fruit": 60}
    assert "Rullande levererar inte i anbudsområde 1" in found.problems[0].sentence
    everywhere = replace(NEED, lot_ref=None)
    assert carried(allocate([everywhere], limits)) == {"fruit": 60, "van": 40}


def test_rows_that_share_a_weeks_work_share_what_is_free():
    one = replace(FRUIT, pool="korg")
    needs = [replace(NEED, ref=ref, candidates=(one, VAN), quantity=Decimal(60)) for ref in ("a", "b")]
    found = allocate(needs, LIMITS, [Pool("korg", Decimal(70), "har bara 70 kvar per år")])
    assert sum(part.quantity for part in found.parts if part.party_key == "fruit") == 70
    assert found.carries_all
    short = allocate(needs, LIMITS[:1], [Pool("korg", Decimal(7), "har bara 7 kvar per år")])
    assert sum(part.quantity for part in short.parts if part.party_key == "fruit") == 7
    alone = [replace(need, candidates=(one,)) for need in needs]
    told = allocate(alone, LIMITS[:1], [Pool("korg", Decimal(7), "har bara 7 kvar per år")])
    assert "Ljungbacken har bara 7 kvar per år" in told.problems[0].sentence


def test_a_smallest_part_that_cannot_be_had_is_said():
    found = allocate([NEED], [replace(LIMITS[0], smallest=Decimal(75)), LIMITS[1]])
    assert carried(found) == {"fruit": 60, "van": 40}
    assert "Ljungbacken får 60\u00a0% av anbudets värde, men ska ha minst 75\u00a0%" in found.problems[0].sentence


def test_a_row_without_a_price_says_so():
    found = allocate([replace(NEED, candidates=())], LIMITS)
    assert (found.parts, found.cost) == ((), Money(0))
    assert "Ingen part har något pris på raden" in found.problems[0].sentence


def test_names_that_come_twice_are_a_slip_of_the_programmer():
    with pytest.raises(ValueError, match="row"):
        allocate([NEED, NEED], LIMITS)
    with pytest.raises(ValueError, match="party"):
        allocate([NEED], [*LIMITS, *LIMITS])


KEYS = "abcd"
percents = st.none() | st.integers(0, 100).map(Decimal)


@st.composite
def needs(draw) -> list[Need]:
    found = []
    for ref in range(draw(st.integers(1, 4))):
        step = draw(st.sampled_from([Decimal(1), Decimal("0.1"), Decimal("0.25")]))
        keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
        found.append(
            Need(
                ref=str(ref),
                lot_ref=draw(st.sampled_from([None, "1", "2"])),
                quantity=draw(st.integers(0, 40)) * step,
                worth=Money(draw(st.integers(0, 5000))),
                step=step,
                candidates=tuple(
                    Candidate(
                        party_key=key,
                        price=Money(draw(st.integers(1, 5000))),
                        most=draw(st.integers(0, 50)) * step,
                        pool=draw(st.sampled_from(["", key])),
                    )
                    for key in keys
                ),
            )
        )
    return found


limits = st.tuples(
    *(
        st.builds(
            Limit,
            party_key=st.just(key),
            name=st.just(key),
            smallest=st.none() | st.integers(0, 30).map(Decimal),
            largest=percents,
            under_line=st.booleans(),
            wish=percents,
            lots=st.none() | st.frozensets(st.sampled_from(["1", "2"])),
        )
        for key in KEYS
    )
)
pools = st.tuples(*(st.builds(Pool, st.just(key), st.integers(0, 60).map(Decimal), st.just("fullt")) for key in KEYS))


@given(needs(), limits, pools)
@settings(deadline=None)
def test_every_row_is_carried_or_reported_and_no_limit_is_broken(rows, bounds, sources):
    found = allocate(rows, bounds, sources)
    by_ref = {row.ref: row for row in rows}
    missing = {problem.ref: problem.missing for problem in found.problems if problem.ref is not None}
    for row in rows:
        given_ = sum((part.quantity for part in found.parts if part.ref == row.ref), Decimal(0))
        assert given_ + missing.get(row.ref, Decimal(0)) == row.quantity
    whole = sum(row.worth.ore * row.quantity for row in rows)
    told = {problem.party_key for problem in found.problems}
    for bound in bounds:
        mine = [part for part in found.parts if part.party_key == bound.party_key]
        worth = sum(by_ref[part.ref].worth.ore * part.quantity for part in mine)
        assert all(bound.covers(part.lot_ref) for part in mine)
        assert bound.ceiling is None or worth * 100 <= whole * bound.ceiling
        if bound.party_key not in told:
            assert bound.smallest is None or worth * 100 >= whole * bound.smallest
            assert bound.wish is None or worth * 100 <= whole * bound.wish
    for part in found.parts:
        one = next(c for c in by_ref[part.ref].candidates if c.party_key == part.party_key)
        assert 0 < part.quantity <= one.most
        assert part.quantity % by_ref[part.ref].step == 0
    for source in sources:
        drawn = sum(
            part.quantity
            for part in found.parts
            for c in by_ref[part.ref].candidates
            if c.party_key == part.party_key and c.pool == source.key
        )
        assert drawn <= source.free
    assert allocate(rows, bounds, sources) == found


@given(needs())
@settings(deadline=None)
def test_without_limits_it_is_as_cheap_as_taking_the_cheapest_first(rows):
    free = [Limit(party_key=key, name=key) for key in KEYS]
    found = allocate(rows, free)
    assert found.cost == _greedy(rows)


def _greedy(rows) -> Money:
    cost = Money(0)
    for row in rows:
        left = row.quantity
        for one in sorted(row.candidates, key=lambda one: one.price):
            amount = min(left, one.most)
            cost, left = cost + one.price.times(amount), left - amount
    return cost


small = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=3
)


@given(small, percents, percents)
@settings(deadline=None)
def test_nothing_that_keeps_the_limits_is_cheaper(rows, first, second):
    """Every division of up to three rows between two parties is tried."""
    bounds = [Limit(party_key="a", name="a", largest=first), Limit(party_key="b", name="b", largest=second)]
    asked = [
        Need(
            ref=str(ref),
            quantity=Decimal(quantity),
            worth=Money(worth),
            candidates=tuple(
                Candidate(party_key=key, price=Money(price), most=Decimal(quantity))
                for key, price in zip("ab", pair, strict=True)
            ),
        )
        for ref, (quantity, worth, *pair) in enumerate(rows)
    ]
    best = min(
        (
            sum(take * a + (quantity - take) * b for take, (quantity, _, a, b) in zip(taken, rows, strict=True))
            for taken in product(*(range(row[0] + 1) for row in rows))
            if _keeps(taken, rows, first, second)
        ),
        default=None,
    )
    found = allocate(asked, bounds)
    assert found.carries_all == (best is not None)
    assert best is None or found.cost == Money(best)


def _keeps(taken, rows, first, second) -> bool:
    whole = sum(quantity * worth for quantity, worth, _, _ in rows)
    a = sum(take * worth for take, (_, worth, _, _) in zip(taken, rows, strict=True))
    return all(limit is None or has * 100 <= whole * limit for has, limit in ((a, first), (whole - a, second)))


def test_smallest_parts_of_more_than_the_whole_are_said_to_be_that():
    limits = [Limit(party_key=key, name=key.title(), smallest=Decimal(60)) for key in ("frukt", "bud")]
    candidates = tuple(Candidate(party_key=key, price=Money(100), most=Decimal(10)) for key in ("frukt", "bud"))
    need = Need(ref="1", quantity=Decimal(10), worth=Money(200), candidates=candidates)
    told = [problem.sentence.replace("\u00a0", " ") for problem in allocate([need], limits).problems]
    assert told[0] == (
        "De minsta delarna blir tillsammans 120 %: Frukt 60 % och Bud 60 %. Mer än 100 % finns inte att dela ut, så "
        "alla kan inte få sin minsta del. Sänk någon av dem."
    )


def test_limits_of_one_party_that_go_against_one_another_are_said():
    need = Need(
        ref="1",
        quantity=Decimal(10),
        worth=Money(200),
        candidates=(Candidate(party_key="frukt", price=Money(100), most=Decimal(10)),),
    )
    torn = [Limit(party_key="frukt", name="Frukt", smallest=Decimal(20), under_line=True)]
    told = " ".join(problem.sentence for problem in allocate([need], torn).problems).replace("\u00a0", " ")
    assert "minst 20 % men får ha högst 10 %" in told
