"""What a change is made of: from one state to another and back, in order, and never over what others have changed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.changing import changes, wording
from app.catalog.changing.kinds import ACTIONS, ActionKind, Moved, RemovePart, SetField, SetPrice, served_in
from app.catalog.drafts import Draft, Part, written
from app.catalog.kinds import ALLERGENS, ArticleKind, Withdrawal
from app.errors import Refused
from app.money import Money
from app.vat import VatClass

AMOUNTS = st.none() | st.integers(1, 10**6).map(lambda whole: Decimal(whole).scaleb(-3))
PARTS = st.builds(Part, st.integers(1, 4), st.integers(1, 3).map(Decimal), st.booleans())
DRAFTS = st.builds(
    Draft,
    name=st.text(max_size=8),
    description=st.text(max_size=30),
    category_id=st.integers(1, 3),
    unit=st.sampled_from(["H87", "KGM", "HUR"]),
    unit_text=st.sampled_from(["", "korg"]),
    vat_class=st.sampled_from(VatClass),
    cpv=st.none() | st.just("03222000-3"),
    kind=st.sampled_from(ArticleKind),
    min_quantity=AMOUNTS,
    quantity_step=AMOUNTS,
    pack_size=AMOUNTS,
    content=AMOUNTS,
    content_unit=st.none() | st.just("KGM"),
    ingredients=st.text(max_size=8),
    allergens=st.lists(st.sampled_from(list(ALLERGENS)), unique=True).map(tuple),
    withdrawal=st.sampled_from(Withdrawal),
    deposit=st.integers(0, 10**6).map(Money),
    rut=st.booleans(),
    parts=st.lists(PARTS, max_size=6).map(tuple),
)
PRICES = st.integers(1, 10**9)
ARTICLES = st.builds(
    lambda draft, price, number: {**written(draft), "price": price, "number": number},
    DRAFTS,
    PRICES,
    st.sampled_from(["FRU-001", "FRU-002"]),
)
CODES = st.lists(st.sampled_from(["1480", "1481", "1490"]), unique=True, min_size=1).map(sorted)
OFFERINGS = st.builds(lambda price, codes: {"member_price": price, "municipalities": codes}, PRICES, CODES)
STATES = st.one_of(st.tuples(ARTICLES, ARTICLES, ARTICLES), st.tuples(OFFERINGS, OFFERINGS, OFFERINGS))


def kept_and_read(actions):
    """The actions as they come back from the database."""
    rows = [(str(one.kind), json.loads(json.dumps(changes.details_of(one)))) for one in actions]
    return [changes.read(kind, details) for kind, details in rows]


@given(STATES)
def test_what_differs_makes_the_one_into_the_other(states):
    before, after, _ = states
    actions = changes.difference(before, after)
    assert changes.apply(before, actions) == after
    assert changes.apply(before, kept_and_read(actions)) == after
    assert bool(actions) == (before != after)


@given(DRAFTS)
def test_what_is_written_can_be_read_again(draft):
    assert changes.draft_from(json.loads(json.dumps(written(draft)))) == draft


def test_a_version_older_than_a_field_means_what_nothing_means():
    old = {"name": "Korg", "description": "", "category_id": 1, "unit": "H87", "unit_text": "", "vat_class": "food"}
    assert changes.draft_from(old) == Draft("Korg", "", 1, "H87", "", VatClass.FOOD)
    assert changes.difference(old, written(Draft("Korg", "", 1, "H87", "", VatClass.FOOD))) == ()


@given(STATES)
def test_an_action_that_does_not_fit_changes_nothing(states):
    base, wanted, now = states
    actions = changes.difference(base, wanted)
    before = json.dumps(now)
    try:
        done = changes.apply(now, actions)
    except Moved:
        assert any(changes.value_of(base, one.slot) != changes.value_of(now, one.slot) for one in actions)
    else:
        assert all(
            changes.value_of(done, a.slot) == changes.value_of(wanted, a.slot) or a.slot == "parts" for a in actions
        )
    assert json.dumps(now) == before


@given(STATES)
def test_written_again_it_keeps_what_others_have_changed(states):
    base, wanted, now = states
    actions = changes.difference(base, wanted)
    met = changes.moved(base, now, actions)
    result = changes.rebase(base, now, actions)
    slots = {action.slot for action in actions}
    for slot in (slots | set(now)) - {"municipalities"}:
        origin = wanted if slot in slots - met else now
        assert changes.value_of(result, slot) == changes.value_of(origin, slot), slot
    assert changes.apply(now, changes.difference(now, result)) == result


@given(STATES)
def test_written_again_it_takes_what_a_person_chose(states):
    base, wanted, now = states
    actions = changes.difference(base, wanted)
    result = changes.rebase(base, now, actions, changes.moved(base, now, actions))
    for slot in {action.slot for action in actions}:
        assert changes.value_of(result, slot) == changes.value_of(wanted, slot)


def test_two_who_change_different_places_do_not_meet():
    base = {"member_price": 100, "municipalities": ["1480"]}
    actions = changes.difference(base, {"municipalities": ["1480", "1490"]})
    now = {"member_price": 100, "municipalities": ["1480", "1481"]}
    assert changes.moved(base, now, actions) == frozenset()
    assert served_in(changes.rebase(base, now, actions)) == ["1480", "1481", "1490"]


def test_two_who_want_the_same_agree():
    actions = changes.difference({"price": 100}, {"price": 120})
    assert changes.moved({"price": 100}, {"price": 120}, actions) == frozenset()
    assert changes.moved({"price": 100}, {"price": 130}, actions) == {"price"}
    assert changes.rebase({"price": 100}, {"price": 130}, actions) == {"price": 130}


def test_the_same_amount_written_otherwise_is_no_change():
    before = written(Draft("K", "", 1, "H87", "", VatClass.FOOD, content=Decimal("5.0"), content_unit="KGM"))
    assert changes.difference(before, {**before, "content": "5"}) == ()


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("set_everything", {}),
        ("", {}),
        ("set_field", {"field": "state", "before": "proposed", "after": "approved"}),
        ("set_field", {"field": "parts", "before": [], "after": []}),
        ("set_field", {"field": "vat_class", "before": "food", "after": "none"}),
        ("set_field", {"field": "content", "before": None, "after": "mycket"}),
        ("set_field", {"field": "name", "before": "a"}),
        ("set_field", {"field": "name", "before": "a", "after": "b", "more": 1}),
        ("set_price", {"before": 100, "after": 0}),
        ("set_price", {"before": 100, "after": -5}),
        ("set_price", {"before": 100, "after": "120"}),
        ("set_price", {"before": 100, "after": True}),
        ("set_member_price", {"before": None, "after": 100}),
        ("set_number", {"before": "A", "after": ""}),
        ("add_place", {"municipality": "Mölndal"}),
        ("remove_place", {"municipality": 1480}),
        ("add_part", {"position": -1, "part": {"article_id": 1, "quantity": "1", "to_next": False}}),
        ("add_part", {"position": 0, "part": {"article_id": 1}}),
        ("remove_part", {"position": 0, "part": {"article_id": 1, "quantity": "en", "to_next": False}}),
        ("withdraw", {"now": True}),
    ],
)
def test_actions_that_nobody_knows_are_refused(kind, details):
    with pytest.raises(Refused, match="går inte att läsa"):
        changes.read(kind, details)


def test_every_kind_has_its_action():
    assert set(ACTIONS) == set(ActionKind)


def test_actions_are_done_in_order_and_stop_where_they_do_not_fit():
    first, second = SetPrice(100, 120), SetPrice(120, 150)
    assert changes.apply({"price": 100}, [first, second]) == {"price": 150}
    with pytest.raises(Moved):
        changes.apply({"price": 100}, [second, first])
    with pytest.raises(Moved):
        changes.apply({"name": "Korgen"}, [SetField("name", "Korg", "Låda")])
    with pytest.raises(Moved):
        changes.apply({"parts": []}, [RemovePart(0, {"article_id": 1, "quantity": "1", "to_next": False})])


def test_what_is_sold_is_withdrawn_once():
    (action,) = changes.difference({"price": 100}, {"sold": False})
    gone = changes.apply({"price": 100}, [action])
    assert gone == {"price": 100, "sold": False}
    with pytest.raises(Moved):
        changes.apply(gone, [action])


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_word_is_lost_when_two_wordings_are_compared(before, after):
    left, right = wording.compare(before, after)
    assert ("".join(piece.words for piece in left), "".join(piece.words for piece in right)) == (before, after)
    assert [p.words for p in left if not p.changed] == [p.words for p in right if not p.changed]


def test_only_the_words_that_differ_are_marked():
    left, right = wording.compare("Fem kilo frukt, levererad.", "Sex kilo frukt, levererad.")
    assert [piece.words for piece in left if piece.changed] == ["Fem"]
    assert [piece.words for piece in right if piece.changed] == ["Sex"]
