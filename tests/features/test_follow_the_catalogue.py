"""Another system asks what has changed, and is told of each act on articles and prices."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app import jobs
from app.catalog import actions, indexing
from app.catalog.feed import queries as feed
from app.catalog.pricing import actions as price_actions
from app.catalog.pricing import marks as price_marks
from app.catalog.pricing.rules import ListKind
from app.db import db
from tests import make
from tests.features.feed_case import changed, everything, feed_day, make_basket, price_of, read
from tests.furnished import furnished
from tests.price_lists import TODAY, make_list, set_prices

pytestmark = pytest.mark.both


@pytest.fixture
def basket(app, clock):
    return make_basket(clock.now)


@furnished
def sam(app):
    return make.make_sam()


def test_what_has_changed_since_an_edition(basket, sam, visit, clock):
    since = read(visit(None))["edition"]
    assert everything(visit(None), f"/katalog.json?changed_since={since}") == ([], [])
    other = make.make_article("Kaffe")
    make.make_offering(other, make.make_member())
    indexing.reindex(other)
    articles, removed = everything(visit(None), f"/katalog.json?changed_since={since}")
    assert [one["name"] for one in articles] == ["Kaffe"]
    assert removed == []


def test_what_is_sold_no_longer(basket, sam, visit, clock):
    since = read(visit(None))["edition"]
    actions.withdraw_article(basket, by=sam, now=clock.now)
    articles, removed = everything(visit(None), f"/katalog.json?changed_since={since}")
    assert articles == []
    assert removed == [{"id": basket.id, "number": "FRU-001"}]


def test_what_never_was_sold_is_not_told(basket, visit):
    since = read(visit(None))["edition"]
    proposed = make.make_article("Hemligt förslag", state="proposed")
    indexing.reindex(proposed)
    assert everything(visit(None), f"/katalog.json?changed_since={since}") == ([], [])


def test_an_act_on_an_offering_counts_as_a_change(basket, sam, visit, clock):
    since = read(visit(None))["edition"]
    actions.withdraw_offering(basket.offerings[1], by=sam, now=clock.now)
    (changed,), _removed = everything(visit(None), f"/katalog.json?changed_since={since}")
    assert [maker["slug"] for maker in changed["makers"]] == ["ljungbacken"]


def test_changes_are_leafed_through_without_loss(basket, visit, monkeypatch):
    since = read(visit(None))["edition"]
    member = make.make_member()
    made = [make.make_article(f"Artikel {number}") for number in range(7)]
    for article in made:
        make.make_offering(article, member)
    db.session.flush()
    for article in reversed(made[:4]):
        indexing.reindex(article)
    indexing.reindex_member(member.id)  # all seven in one edition
    monkeypatch.setattr(feed, "PAGE", 2)
    articles, _removed = everything(visit(None), f"/katalog.json?changed_since={since}")
    assert sorted(one["id"] for one in articles) == sorted(article.id for article in made)


def test_what_has_changed_since_a_day(basket, visit, clock):
    clock.move(days=2)
    other = make.make_article("Kaffe")
    make.make_offering(other, make.make_member())
    indexing.reindex(other)
    since_tuesday = everything(visit(None), "/katalog.json?changed_since=2026-11-24")[0]
    assert [one["name"] for one in since_tuesday] == ["Kaffe"]
    assert len(everything(visit(None), "/katalog.json?changed_since=2026-11-23")[0]) == 2
    assert everything(visit(None), "/katalog.json?changed_since=2026-12-24") == ([], [])
    assert len(everything(visit(None), "/katalog.json?changed_since=2026-11-25T08:00:00%2B00:00")[0]) == 1


def test_an_unchanged_edition_is_not_sent_again(basket, sam, visit, clock):
    visitor = visit(None)
    first = visitor.get("/katalog.json")
    tag, when = first.headers["ETag"], first.headers["Last-Modified"]
    again = visitor.get("/katalog.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert visitor.get("/katalog.json", headers={"If-Modified-Since": when}).status_code == 304
    clock.move(hours=1)
    actions.withdraw_offering(basket.offerings[1], by=sam, now=clock.now)
    assert visitor.get("/katalog.json", headers={"If-None-Match": tag}).status_code == 200
    assert visitor.get("/katalog.json", headers={"If-Modified-Since": when}).status_code == 200


def test_each_act_on_an_open_list_is_a_change(basket, sam, visit, clock):
    """Taking it into use, another price, its days, and its end; each also for those who ask by the clock."""
    visitor = visit(None)
    other = make.make_article("Kaffe", number="KAF-001")
    make.make_offering(other, make.make_member())
    indexing.reindex(other)
    made = make_list(ListKind.STANDARD, {basket: 20000}, active=False)
    acts = (
        lambda: price_actions.activate_list(made, by=sam, now=clock.now),
        lambda: set_prices(made, basket, 19000),
        lambda: price_actions.change_list(
            made, price_actions.ListDraft("Ny", TODAY, TODAY.replace(day=30)), by=sam, now=clock.now
        ),
        lambda: price_actions.end_list(made, by=sam, now=clock.now),
    )
    seen = []
    for act in acts:
        before = visitor.get("/katalog.json")
        since = json.loads(before.data)["edition"]
        clock.move(hours=1)
        act()
        db.session.commit()
        assert changed(visitor, since) == ["FRU-001"]
        for name, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            assert visitor.get("/katalog.json", headers={name: before.headers[value]}).status_code == 200
        seen.append(price_of(visitor))
    assert seen == [20000, 19000, 19000, 21200]


def test_an_article_taken_out_of_a_list_has_changed(basket, visit):
    made = make_list(ListKind.STANDARD, {basket: 20000})
    since = read(visit(None))["edition"]
    set_prices(made, basket, [])
    assert changed(visit(None), since) == ["FRU-001"]
    assert price_of(visit(None)) == 21200


def test_lists_that_nobody_else_can_see_change_nothing(basket, visit, clock):
    visitor, since = visit(None), read(visit(None))["edition"]
    make_list(ListKind.CUSTOMER, {basket: 15000}, customers=[make.make_nordbyn()])
    draft = make_list(ListKind.STANDARD, {basket: 15000}, active=False)
    set_prices(draft, basket, 14000)
    make_list(ListKind.STANDARD, {basket: 15000}, name="Senare", valid_from=TODAY + timedelta(days=3))
    price_marks.a_day_has_come(clock.now)
    assert changed(visitor, since) == []


def test_a_campaign_begins_and_ends_by_itself(basket, visit, clock):
    visitor = visit(None)
    first, last = TODAY + timedelta(days=2), TODAY + timedelta(days=4)
    make_list(ListKind.CAMPAIGN, {basket: 15000}, valid_from=first, valid_to=last)
    for days, price in ((2, 15000), (3, 21200)):
        since = read(visitor)["edition"]
        clock.move(days=days)
        assert price_of(visitor) == price
        price_marks.a_day_has_come(clock.now)
        db.session.commit()
        assert changed(visitor, since) == ["FRU-001"]
        assert changed(visitor, feed_day().isoformat()) == ["FRU-001"]
        after = read(visitor)["edition"]
        price_marks.a_day_has_come(clock.now)  # A minute later there is nothing more to tell.
        assert (read(visitor)["edition"], changed(visitor, after)) == (after, [])


def test_workers_that_were_away_tell_it_later(basket, visit, clock):
    make_list(
        ListKind.CAMPAIGN, {basket: 15000}, valid_from=TODAY + timedelta(days=1), valid_to=TODAY + timedelta(days=2)
    )
    since = read(visit(None))["edition"]
    clock.move(days=6)
    price_marks.a_day_has_come(clock.now)
    assert changed(visit(None), since) == ["FRU-001"]


def test_workers_look_after_it_each_minute(app):
    assert price_marks.a_day_has_come in jobs.routines
