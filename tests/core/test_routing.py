"""Routing: nothing is lost, nobody is overloaded, few are involved, and those who have had least come first."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.orders.routing import route
from app.orders.routing_policies import turn
from app.orders.routing_values import Candidate, Demand, Routing

LJUNGBACKEN, KOKSLJUS, RENA_RUM, RULLANDE = 1, 2, 3, 4
NAMES = {LJUNGBACKEN: "Ljungbacken", KOKSLJUS: "Köksljus", RENA_RUM: "Rena Rum", RULLANDE: "Rullande"}


def can(line: int, member: int, free: int | str = 100, **facts: object) -> Candidate:
    """A member that can take a line unless the facts say otherwise."""
    usual = {"lead_days": 2, "days_left": 5, "serves": True}
    name = NAMES.get(member, f"Medlem {member}")
    return Candidate(
        line=line, offering=line * 100 + member, member=member, name=name, free=Decimal(free), **{**usual, **facts}
    )


def shares(answer: Routing) -> list[tuple[int, int, Decimal]]:
    return sorted((share.line, share.member, share.quantity) for share in answer.shares)


def test_the_only_member_that_can_gets_it():
    answer = route([Demand(1, Decimal(4))], [can(1, LJUNGBACKEN)])
    assert shares(answer) == [(1, LJUNGBACKEN, 4)]
    assert answer.shares[0].reason == "Den enda som kan ta allt den dagen."


def test_each_hard_limit_stops_a_member_and_says_so():
    answer = route(
        [Demand(1, Decimal(4))],
        [
            can(1, 1, serves=False),
            can(1, 2, lead_days=6),
            can(1, 3, absent=True),
            can(1, 4, 0),
            can(1, 5, refused=True),
        ],
    )
    assert answer.shares == ()
    assert answer.unplaced == {1: 4}
    assert answer.obstacles[1] == (
        "Ljungbacken levererar inte till kommunen.",
        "Köksljus behöver 6 arbetsdagar.",
        "Rena Rum är frånvarande den dagen.",
        "Rullande är fullbokad den veckan.",
        "Medlem 5 har redan tillfrågats.",
    )


def test_few_members_come_before_a_fair_turn():
    demands = [Demand(1, Decimal(1)), Demand(2, Decimal(1))]
    busy = {"turn": 1000}
    answer = route(demands, [can(1, LJUNGBACKEN, **busy), can(2, LJUNGBACKEN, **busy), can(1, 2), can(2, 3)])
    assert {share.member for share in answer.shares} == {LJUNGBACKEN}
    assert answer.shares[0].reason == "Kan även ta 1 annan rad, så att färre medlemmar behövs."


def test_among_equally_few_the_one_that_has_had_least_of_its_share():
    had = {1: turn(900, 3, 0, 0), 2: turn(200, 1, 0, 0), 3: turn(500, 2, 0, 0)}
    answer = route([Demand(1, Decimal(1))], [can(1, member, turn=place) for member, place in had.items()])
    assert [share.member for share in answer.shares] == [2]
    assert answer.shares[0].reason == "Har erbjudits minst av sin andel av årets arbete, av 3 som kunde."


def test_what_nobody_can_carry_alone_is_divided():
    answer = route([Demand(1, Decimal(120))], [can(1, LJUNGBACKEN, 95), can(1, RULLANDE, 45)])
    assert sum(share.quantity for share in answer.shares) == 120
    assert {share.member for share in answer.shares} == {LJUNGBACKEN, RULLANDE}
    assert answer.shares[0].reason == "Ingen kan ta alla 120 st ensam; delas mellan 2."


def test_what_is_left_when_all_are_full_is_kept():
    answer = route([Demand(1, Decimal(200))], [can(1, LJUNGBACKEN, 95), can(1, RULLANDE, 45)])
    assert answer.unplaced == {1: 60}


def test_a_piece_is_never_cut_in_two():
    answer = route([Demand(1, Decimal(3))], [can(1, LJUNGBACKEN, "1.5"), can(1, RULLANDE, "1.9")])
    assert shares(answer) == [(1, LJUNGBACKEN, 1), (1, RULLANDE, 1)]
    assert answer.unplaced == {1: 1}


demands = st.lists(st.integers(1, 60), min_size=1, max_size=5).map(
    lambda sizes: [Demand(line, Decimal(size)) for line, size in enumerate(sizes, start=1)]
)


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Demand], list[Candidate]]:
    """Some lines, and members that can take some of them, some stopped by a limit."""
    wanted = draw(demands)
    candidates = []
    for demand in wanted:
        for member in draw(st.sets(st.integers(1, 7))):
            free, work = draw(st.integers(0, 80)), draw(st.integers(0, 5))
            limits = {"serves": draw(st.booleans()), "lead_days": draw(st.integers(0, 6))}
            candidates.append(can(demand.line, member, free, turn=work * member, **limits))
    return wanted, candidates


@given(situations())
def test_every_unit_is_given_to_somebody_or_reported_and_nobody_gets_more_than_there_is_room_for(situation):
    wanted, candidates = situation
    answer = route(wanted, candidates)
    by_offering = {candidate.offering: candidate for candidate in candidates}
    for demand in wanted:
        given_away = sum((s.quantity for s in answer.shares if s.line == demand.line), Decimal(0))
        assert given_away + answer.unplaced[demand.line] == demand.quantity
    for share in answer.shares:
        candidate = by_offering[share.offering]
        assert candidate.obstacle is None
        assert 0 < share.quantity <= candidate.free
        assert share.reason
    assert len({share.offering for share in answer.shares}) == len(answer.shares), "nobody is asked twice for a line"


@given(situations())
def test_something_is_left_over_only_when_everybody_who_could_is_full(situation):
    wanted, candidates = situation
    answer = route(wanted, candidates)
    for demand in wanted:
        room = sum((c.free for c in candidates if c.line == demand.line and not c.obstacle), Decimal(0))
        assert answer.unplaced[demand.line] == max(Decimal(0), demand.quantity - room)


@given(situations(), st.randoms(use_true_random=False))
def test_the_same_situation_gives_the_same_answer_in_whatever_order_it_is_told(situation, chance):
    wanted, candidates = situation
    told_otherwise = list(candidates)
    chance.shuffle(told_otherwise)
    assert shares(route(wanted, candidates)) == shares(route(wanted, told_otherwise))


@given(situations())
def test_no_smaller_team_could_carry_lines_that_need_not_be_divided(situation):
    wanted, candidates = situation
    able = {d.line: {c.member for c in candidates if c.line == d.line and not c.obstacle and c.free >= d.quantity}
            for d in wanted}  # fmt: skip
    whole = [demand for demand in wanted if able[demand.line]]
    answer = route(whole, candidates)
    team = {share.member for share in answer.shares}
    members = {candidate.member for candidate in candidates}
    for smaller in combinations(sorted(members), max(0, len(team) - 1)):
        assert not whole or not all(able[demand.line] & set(smaller) for demand in whole)


@given(st.integers(13, 30))
def test_long_orders_are_placed_too(lines):
    wanted = [Demand(line, Decimal(1)) for line in range(1, lines + 1)]
    candidates = [can(line, 1 + line % 3) for line in range(1, lines + 1)] + [can(line, 9) for line in range(1, lines)]
    answer = route(wanted, candidates)
    assert len(answer.shares) == lines
    assert len({share.member for share in answer.shares}) == 2


@given(
    st.integers(1, 40),
    st.integers(1, 200).map(lambda n: Decimal(n) / 100),
    st.lists(st.integers(0, 3000).map(lambda n: Decimal(n) / 100), min_size=1, max_size=5),
)
def test_what_comes_in_packages_is_shared_out_in_whole_ones(count, package, rooms):
    demand = Demand(1, count * package, 2, "tim", package)
    able = [
        Candidate(1, place, place, f"M{place}", room, lead_days=1, days_left=3, serves=True)
        for place, room in enumerate(rooms, 1)
    ]
    answer = route([demand], able)
    assert all(share.quantity % package == 0 for share in answer.shares)
    assert sum(share.quantity for share in answer.shares) + answer.unplaced[1] == demand.quantity
    could = sum((room // package) * package for room in rooms)
    assert answer.unplaced[1] == max(Decimal(0), demand.quantity - could)
