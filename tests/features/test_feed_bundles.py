"""Another system reads of bundles: their parts, who makes them, and when one changes or is gone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.catalog import actions, indexing
from app.catalog.feed import queries as feed
from app.catalog.models import OfferingArea, OfferingPause
from app.catalog.pricing.rules import ListKind
from app.catalog.versions import publish_article
from app.db import db
from app.money import Money
from app.vat import VatClass
from tests import make
from tests.features.feed_case import changed, everything, make_basket, read
from tests.furnished import furnished
from tests.price_lists import TODAY, make_list


@pytest.fixture
def basket(app, clock):
    return make_basket(clock.now)


@furnished
def sam(app):
    return make.make_sam()


@pytest.fixture
def bag(basket, clock):
    """A printed bag with fruit in it: sewn in three days, then printed in two; fruit is there in two, or in four."""
    taxed = {"vat_class": VatClass.STANDARD, "unit": "H87"}
    sewn = make.make_article("Kasse, sydd", number="TEX-001", price=Money(6000), **taxed)
    printed = make.make_article("Tryck", number="TEX-002", price=Money(3000), **taxed)
    make.make_offering(sewn, make.make_member(slug="sommen"), lead_days=3, municipalities=[make.BORAS])
    make.make_offering(printed, make.make_member(slug="trycket", name="Trycket ek. för."))
    parts = (sewn, "1", True), (printed, "1", False), (basket, "0.5", False)
    taxed |= {"number": "TEX-003", "price": Money(19600)}
    bundle = make.make_bundle("Kasse med frukt", *parts, cpv="03222000-3", **taxed)
    for article in (sewn, printed, bundle):
        publish_article(article, by=None, now=clock.now)
    db.session.commit()
    return {"bundle": bundle, "sewn": sewn, "printed": printed, "fruit": basket}


def the_bag(visitor):
    return next((one for one in everything(visitor)[0] if one["number"] == "TEX-003"), None)


def test_a_bundle_tells_its_parts_and_who_makes_them(bag, visit):
    one = the_bag(visit(None))
    each = {"code": "H87", "name": "styck"}
    assert one["kind"] == "bundle"
    assert one["sold_to"] == ["private", "company", "public"]
    assert one["parts"] == [
        {"number": "TEX-001", "quantity": "1", "unit": each, "to_next": True},
        {"number": "TEX-002", "quantity": "1", "unit": each, "to_next": False},
        {"number": "FRU-001", "quantity": "0.5", "unit": {"code": "C62", "name": "enhet"}, "to_next": False},
    ]
    assert [(maker["part"], maker["slug"], maker["lead_days"]) for maker in one["makers"]] == [
        ("TEX-001", "sommen", 3),
        ("TEX-002", "trycket", 2),
        ("FRU-001", "ljungbacken", 2),
        ("FRU-001", "renarum", 4),
    ]
    assert one["lead_days"] == 5
    assert one["municipalities"] == [make.GOTHENBURG, make.MOLNDAL]
    assert one["allergens"] == ["milk"]
    assert (one["version"], one["published_at"]) == (1, "2026-11-23T08:00:00+00:00")
    single = next(one for one in read(visit(None))["articles"] if one["number"] == "FRU-001")
    assert (single["parts"], {maker["part"] for maker in single["makers"]}) == ([], {None})


def test_each_part_of_a_bundle_has_its_own_vat(bag, visit):
    """196 kr shared by 60 : 30 : 106 is 90 kr at 25 % and 106 kr of food at 6 %."""
    make_list(ListKind.STANDARD, {bag["bundle"]: [(10, 9800)]})
    one = the_bag(visit(None))
    assert one["price"] == {"ore": 19600, "excl_vat": "196.00", "incl_vat": "224.86"}
    assert one["price_steps"] == [{"min_quantity": "10", "ore": 9800, "excl_vat": "98.00", "incl_vat": "112.43"}]
    assert one["vat"]["parts"] == [
        {"share": 9000, "rate": 25, "category": "S"},
        {"share": 10600, "rate": 6, "category": "S"},
    ]


@pytest.mark.parametrize("ore", [1, 2, 33, 9999, 19599])
def test_whoever_counts_the_vat_of_a_bundle_comes_to_the_same(bag, visit, ore):
    make_list(ListKind.STANDARD, {bag["bundle"]: ore})
    one = the_bag(visit(None))
    shares = [(part["share"], part["rate"]) for part in one["vat"]["parts"]]
    assert sum(share for share, _rate in shares) == one["price"]["ore"] == ore
    gross = Money(ore) + Money.total(Money(share).percent(rate) for share, rate in shares)
    assert one["price"]["incl_vat"] == f"{gross.in_kronor():.2f}"


def rename(member):
    member.name = "Nytryck AB"
    indexing.reindex_member(member.id)


def rewrite(article, **values):
    for name, value in values.items():
        setattr(article, name, value)
    indexing.reindex(article)


ACTS = {
    "a maker leaves": lambda bag, by, now: actions.withdraw_offering(bag["fruit"].offerings[1], by=by, now=now),
    "a maker comes": lambda bag, **_: make.make_offering(bag["printed"], make.make_member()),
    "a maker has another name": lambda bag, **_: rename(bag["printed"].offerings[0].member),
    "a part costs more": lambda bag, **_: rewrite(bag["sewn"], price=Money(9000)),
    "a part has another number": lambda bag, **_: rewrite(bag["sewn"], number="TEX-009"),
    "a part holds something else": lambda bag, **_: rewrite(bag["fruit"], allergens=["milk", "nuts"]),
}
"""What may happen to a bundle's parts and to those who make them."""


@pytest.mark.parametrize("what", ACTS)
def test_a_bundle_changes_with_its_parts_and_their_makers(bag, sam, visit, clock, what):
    visitor = visit(None)
    before = visitor.get("/katalog.json")
    was, since = the_bag(visitor), json.loads(before.data)["edition"]
    clock.move(hours=1)
    ACTS[what](bag, by=sam, now=clock.now)
    db.session.commit()
    for name, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        assert visitor.get("/katalog.json", headers={name: before.headers[value]}).status_code == 200
    assert "TEX-003" in changed(visitor, since)
    assert the_bag(visitor) != was


def test_what_has_nothing_to_do_with_a_bundle_does_not_change_it(bag, sam, visit):
    since = read(visit(None))["edition"]
    other = make.make_article("Kaffe", number="KAF-001")
    make.make_offering(other, bag["printed"].offerings[0].member)
    assert changed(visit(None), since) == ["KAF-001"]


@pytest.mark.parametrize("how", ["part", "maker", "bundle"])
def test_a_bundle_that_cannot_be_bought_is_told_as_gone_and_comes_back(bag, sam, visit, clock, how):
    visitor, since = visit(None), read(visit(None))["edition"]
    part, offering = bag["printed"], bag["printed"].offerings[0]
    if how == "part":
        actions.withdraw_article(part, by=sam, now=clock.now)
    elif how == "maker":
        actions.withdraw_offering(offering, by=sam, now=clock.now)
    else:
        actions.withdraw_article(bag["bundle"], by=sam, now=clock.now)
    articles, removed = everything(visitor, f"/katalog.json?changed_since={since}")
    assert articles == []
    assert {"id": bag["bundle"].id, "number": "TEX-003"} in removed
    assert the_bag(visitor) is None
    since = read(visitor)["edition"]
    for row in (part, offering, bag["bundle"]):
        row.state = "approved"
    indexing.reindex(bag["bundle"] if how == "bundle" else part)
    assert "TEX-003" in changed(visitor, since)


def test_a_bundle_that_can_be_brought_nowhere_is_not_told_as_sold(bag, visit):
    since = read(visit(None))["edition"]
    bag["printed"].offerings[0].areas = [OfferingArea(municipality="0180")]
    indexing.reindex(bag["printed"])
    articles, removed = everything(visit(None), f"/katalog.json?changed_since={since}")
    assert [one["number"] for one in articles] == ["TEX-002"]
    assert removed == [{"id": bag["bundle"].id, "number": "TEX-003"}]


def test_a_pause_changes_no_bundle_and_no_article(bag, visit):
    was = read(visit(None))
    pause = OfferingPause(offering=bag["printed"].offerings[0], first_day=TODAY, last_day=TODAY + timedelta(days=30))
    db.session.add(pause)
    db.session.commit()
    assert read(visit(None)) == was


def test_a_page_of_many_bundles_costs_what_a_page_of_one_does(bag, visit, queries, monkeypatch):
    monkeypatch.setattr(feed, "PAGE", 9)
    visitor, member = visit(None), make.make_member()
    read(visitor)
    with queries() as of_one:
        assert sum(one["kind"] == "bundle" for one in read(visitor)["articles"]) == 1
    for number in range(20):
        part = make.make_article(f"Del {number}")
        make.make_offering(part, member)
        make.make_bundle(f"Paket {number}", (part, "1", False), (bag["fruit"], "1", False))
    read(visitor)
    page = read(visitor)
    while page["next"]:
        with queries() as of_many:
            page = read(visitor, page["next"])
        assert sum(one["kind"] == "bundle" for one in page["articles"]) > 1
        assert len(of_many) == len(of_one) <= 19
