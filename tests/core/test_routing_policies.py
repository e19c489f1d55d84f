"""Routing by an agreement's order, a customer's wish, the way, a bad record, and who comes there anyway."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app import places
from app.orders.routing import route
from app.orders.routing_policies import obstacle, reliability, turn
from app.orders.routing_values import Candidate, Demand, Policy, PolicyKind, Routing

LJUNGBACKEN, RULLANDE, SALTKORGEN = 1, 2, 3
RANKED = Policy(PolicyKind.RANKED, {RULLANDE: 1, LJUNGBACKEN: 2}, agreement="INK 2026/114")
HALVES = Policy(PolicyKind.SHARES, {LJUNGBACKEN: 500, RULLANDE: 500}, agreement="INK 2026/114")


def can(member: int, free: int = 100, line: int = 1, **facts: object) -> Candidate:
    usual = {"lead_days": 2, "days_left": 5, "serves": True, "pay": 1000}
    return Candidate(
        line=line,
        offering=line * 100 + member,
        member=member,
        name=f"M{member}",
        free=Decimal(free),
        **{**usual, **facts},
    )


def demand(quantity: int, policy: Policy, line: int = 1) -> Demand:
    return Demand(line, Decimal(quantity), policy=policy)


def given_to(answer: Routing) -> dict[int, Decimal]:
    found: Counter[int] = Counter()
    for share in answer.shares:
        found[share.member] += share.quantity
    return dict(found)


def said_of(answer: Routing, member: int) -> str:
    return next(one.words for one in answer.verdicts[1] if one.member == member)


def test_the_first_in_rank_that_can_gets_it_however_much_it_has_had():
    answer = route([demand(5, RANKED)], [can(LJUNGBACKEN), can(RULLANDE, turn=9000), can(SALTKORGEN)])
    assert given_to(answer) == {RULLANDE: 5}
    assert answer.shares[0].reason == "Nummer 1 i avtalets ordning, den första som kunde."
    assert said_of(answer, LJUNGBACKEN) == "Nummer 2 i avtalets ordning."
    assert said_of(answer, SALTKORGEN) == "Står inte i avtalets ordning."


def test_who_is_not_in_the_order_comes_last_and_not_at_all_where_the_agreement_is_closed():
    others = [can(LJUNGBACKEN, absent=True), can(RULLANDE, serves=False), can(SALTKORGEN)]
    assert given_to(route([demand(5, RANKED)], others)) == {SALTKORGEN: 5}
    answer = route([demand(5, replace(RANKED, only_listed=True))], others)
    assert (answer.shares, answer.unplaced[1]) == ((), 5)
    assert "M3 står inte i avtalets ordning." in answer.obstacles[1]


def test_what_the_ranked_cannot_carry_alone_is_divided_in_their_order():
    answer = route([demand(130, RANKED)], [can(LJUNGBACKEN, 100), can(RULLANDE, 60), can(SALTKORGEN, 90)])
    assert given_to(answer) == {RULLANDE: 60, LJUNGBACKEN: 70}


def test_fixed_shares_go_to_who_is_furthest_behind_and_the_lines_of_one_order_count():
    had = replace(HALVES, places={LJUNGBACKEN: 750, RULLANDE: 250}, had={LJUNGBACKEN: 3_000_000, RULLANDE: 900_000})
    lines = [demand(1, had, line) for line in range(1, 9)]
    everybody = [can(member, line=line) for line in range(1, 9) for member in (LJUNGBACKEN, RULLANDE)]
    answer = route(lines, everybody)
    assert answer.shares[0].member == RULLANDE, "900 of 250 is less than 3,000 of 750"
    assert answer.shares[0].reason == "Har längst kvar till sin andel, 25 procent."
    assert given_to(answer) == {LJUNGBACKEN: 6, RULLANDE: 2}


@given(st.integers(1, 999), st.integers(1, 200))
def test_fixed_shares_are_held_within_one_line(share, count):
    policy = Policy(PolicyKind.SHARES, {LJUNGBACKEN: share, RULLANDE: 1000 - share}, agreement="A")
    lines = [demand(1, policy, line) for line in range(1, count + 1)]
    answer = route(
        lines, [can(member, line=line) for line in range(1, count + 1) for member in (LJUNGBACKEN, RULLANDE)]
    )
    assert abs(given_to(answer).get(LJUNGBACKEN, 0) * 1000 - share * count) <= 1000


def test_a_customers_wish_goes_before_the_turn_and_before_our_own_order_but_not_before_an_agreement():
    rivals = [can(LJUNGBACKEN), can(RULLANDE, turn=5000, preferred=True)]
    fair = route([demand(5, Policy())], rivals)
    assert given_to(fair) == {RULLANDE: 5}
    assert fair.shares[0].reason == "Kunden vill helst ha den."
    assert said_of(fair, LJUNGBACKEN) == "Kunden vill hellre ha en annan."
    ours = Policy(PolicyKind.RANKED, {LJUNGBACKEN: 1, RULLANDE: 2})
    assert given_to(route([demand(5, ours)], rivals)) == {RULLANDE: 5}
    assert given_to(route([demand(5, replace(ours, agreement="A"))], rivals)) == {LJUNGBACKEN: 5}


def test_a_barred_member_is_never_asked():
    for policy in (Policy(), RANKED, HALVES):
        answer = route([demand(5, policy)], [can(RULLANDE, barred=True)])
        assert answer.shares == ()
        assert answer.obstacles[1] == ("M2 är spärrad för kunden.",)


def test_a_member_is_never_asked_for_what_it_orders_itself():
    for policy in (Policy(), RANKED, HALVES):
        answer = route([demand(5, policy)], [can(RULLANDE, buys=True, preferred=True), can(LJUNGBACKEN, turn=9)])
        assert given_to(answer) == {LJUNGBACKEN: 5}
        assert said_of(answer, RULLANDE) == "Är den som beställer."


def test_the_way_breaks_a_tie_and_goes_first_where_staff_say_so():
    assert given_to(route([demand(5, Policy())], [can(LJUNGBACKEN, way=2), can(RULLANDE, way=0)])) == {RULLANDE: 5}
    rivals = [can(LJUNGBACKEN, way=2), can(RULLANDE, way=1, turn=10), can(SALTKORGEN, way=1, turn=20)]
    assert given_to(route([demand(5, Policy())], rivals)) == {LJUNGBACKEN: 5}
    answer = route([demand(5, Policy(near_first=True))], rivals)
    assert given_to(answer) == {RULLANDE: 5}
    assert answer.shares[0].reason.endswith("av 2 som har lika kort väg.")
    assert said_of(answer, LJUNGBACKEN) == "Har längre väg."


def test_the_way_is_told_by_municipality_and_county():
    assert [places.way("1480", goal) for goal in ("1480", "1481", "0180")] == [0, 1, 2]


def test_who_comes_to_the_customer_anyway_takes_the_next_order_too():
    answer = route([demand(5, Policy())], [can(LJUNGBACKEN), can(RULLANDE, turn=5000, kept=True)])
    assert given_to(answer) == {RULLANDE: 5}
    assert answer.shares[0].reason == "Kommer ändå till kunden den dagen."
    assert said_of(answer, LJUNGBACKEN) == "En annan kommer ändå till kunden den dagen."


@given(st.integers(1, 10**12), st.integers(1, 1000), st.integers(0, 400), st.data())
def test_a_member_that_fails_more_often_is_never_earlier_in_turn(offered, work_share, asked, data):
    failed = data.draw(st.integers(0, asked))
    worse = data.draw(st.integers(failed, asked))
    assert turn(offered, work_share, asked, worse) >= turn(offered, work_share, asked, failed)
    assert 500 <= reliability(asked, worse) <= reliability(asked, failed) <= 1000


def test_a_bad_record_costs_turns_and_is_told():
    good, bad = turn(1000_000, 1, 20, 0), turn(900_000, 1, 20, 10)
    answer = route([demand(1, Policy())], [can(LJUNGBACKEN, turn=good), can(RULLANDE, turn=bad, asked=20, failed=10)])
    assert given_to(answer) == {LJUNGBACKEN: 1}
    assert said_of(answer, RULLANDE).endswith("10 av 20 uppdrag det senaste året blev inte av, eller blev sena.")


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Demand], list[Candidate]]:
    """Lines under all kinds of policies, and members with all that can be said of them."""
    wanted, everybody = [], []
    for line in range(1, draw(st.integers(1, 5)) + 1):
        policy = Policy(
            draw(st.sampled_from(PolicyKind)),
            draw(st.dictionaries(st.integers(1, 7), st.integers(1, 1000), max_size=5)),
            draw(st.dictionaries(st.integers(1, 7), st.integers(0, 10**7), max_size=5)),
            only_listed=draw(st.booleans()),
            near_first=draw(st.booleans()),
            agreement=draw(st.sampled_from(["", "A", "B"])),
        )
        wanted.append(demand(draw(st.integers(1, 60)), policy, line))
        facts = st.fixed_dictionaries(
            {
                "free": st.integers(-5, 80),
                "lead_days": st.integers(0, 6),
                "turn": st.integers(0, 3),
                "way": st.integers(0, 2),
                **dict.fromkeys(("serves", "buys", "barred", "preferred", "kept"), st.booleans()),
            }
        )
        for member, about in draw(st.dictionaries(st.integers(1, 7), facts)).items():
            everybody.append(can(member, line=line, **about))
    return wanted, everybody


@given(situations())
def test_under_every_policy_each_unit_is_given_once_or_reported_and_nobody_gets_more_than_it_can(situation):
    wanted, everybody = situation
    answer = route(wanted, everybody)
    by_offering = {one.offering: one for one in everybody}
    for one in wanted:
        mine = [share for share in answer.shares if share.line == one.line]
        assert sum((share.quantity for share in mine), Decimal(0)) + answer.unplaced[one.line] == one.quantity
        assert len({share.member for share in mine}) == len(mine), "nobody is asked twice for a line"
        room = sum(
            (max(c.free, Decimal(0)) for c in everybody if c.line == one.line and not obstacle(c, one.policy)),
            Decimal(0),
        )
        assert answer.unplaced[one.line] == max(Decimal(0), one.quantity - room)
        for share in mine:
            candidate = by_offering[share.offering]
            assert obstacle(candidate, one.policy) is None
            assert 0 < share.quantity <= candidate.free


@given(situations(), st.randoms(use_true_random=False))
def test_the_same_situation_gives_the_same_answer_and_the_same_words(situation, chance):
    wanted, everybody = situation
    told_otherwise = list(everybody)
    chance.shuffle(told_otherwise)
    assert route(wanted, everybody) == route(wanted, told_otherwise)


@given(situations())
def test_every_candidate_is_told_why_and_what_it_got(situation):
    wanted, everybody = situation
    answer = route(wanted, everybody)
    for one in wanted:
        told = answer.verdicts[one.line]
        assert sorted(said.member for said in told) == sorted(c.member for c in everybody if c.line == one.line)
        assert all(said.words.endswith(".") for said in told)
        got = {share.member: share.quantity for share in answer.shares if share.line == one.line}
        assert {said.member: said.given for said in told if said.given} == got
