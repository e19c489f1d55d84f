"""Another system reads the catalogue as JSON, and later what has changed."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import jsonschema
import pytest

from app import clock as app_clock
from app import jobs
from app.accounts.models import RoleName
from app.catalog import actions, indexing, picture_actions
from app.catalog.feed import queries as feed
from app.catalog.kinds import ArticleKind, Withdrawal
from app.catalog.models import OfferingArea, OfferingPause
from app.catalog.pricing import actions as price_actions
from app.catalog.pricing import marks as price_marks
from app.catalog.pricing.rules import ListKind
from app.catalog.versions import publish_article
from app.db import db
from app.money import Money
from app.vat import VatClass
from config import ROOT
from tests import make
from tests.photos import photo
from tests.price_lists import TODAY, make_list, set_prices

SCHEMA = json.loads((ROOT / "docs" / "feed.schema.json").read_text(encoding="utf-8"))
FORM = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.fixture
def basket(app, clock):
    """Everything that an article can say, and who makes it."""
    make.make_sales_company()
    member = make.make_ljungbacken(contact_name="Lena Hemlig", phone="031-99 99 99", email="lena@hemlig.example")
    article = make.make_article(
        number="FRU-001",
        slug="fruktkorg",
        content=Decimal(5),
        content_unit="KGM",
        allergens=["milk"],
        ingredients="Frukt",
        min_quantity=Decimal(2),
        pack_size=Decimal("0.5"),
        withdrawal=Withdrawal.PERISHABLE,
        deposit=Money(6000),
        cpv="03222000-3",
    )
    make.make_offering(article, member, member_price=Money(19991), capacity_per_week=Decimal(737))
    make.make_offering(article, make.make_rena_rum(), municipalities=[make.BORAS], lead_days=4)
    publish_article(article, by=None, now=clock.now)
    indexing.reindex(article)
    db.session.commit()
    return article


@pytest.fixture
def sam(app):
    return make.make_sam()


def read(visitor, address="/katalog.json"):
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    document = json.loads(answer.data)
    FORM.validate(document)
    return document


def everything(visitor, address="/katalog.json"):
    """All pages from an address on: articles and those removed."""
    articles, removed = [], []
    while address:
        page = read(visitor, address)
        articles += page["articles"]
        removed += page["removed"]
        address = page["next"]
    return articles, removed


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_an_article_tells_all(basket, visit):
    (one,) = read(visit(None))["articles"]
    assert one["number"] == "FRU-001"
    assert one["price"] == {"ore": 21200, "excl_vat": "212.00", "incl_vat": "224.72"}
    assert one["comparison_price"]["incl_vat"] == "44.94"
    assert one["comparison_price"]["unit"] == {"code": "KGM", "name": "kilogram"}
    assert one["vat"] == {
        "class": "food",
        "day": "2026-11-23",
        "parts": [{"share": 100, "rate": 6, "category": "S"}],
    }
    assert one["deposit"] == {"ore": 6000, "excl_vat": "60.00", "incl_vat": "75.00"}
    assert (one["min_quantity"], one["quantity_step"], one["pack_size"]) == ("2", None, "0.5")
    assert one["cpv"]["code"] == "03222000-3"
    assert one["url"] == "http://localhost/katalog/fruktkorg"
    assert one["lead_days"] == 2
    assert one["municipalities"] == [make.GOTHENBURG, make.MOLNDAL, make.BORAS]
    assert [(maker["name"], maker["lead_days"]) for maker in one["makers"]] == [
        ("Ljungbacken Frukt ek. för.", 2),
        ("Rena Rum Städkooperativ ek. för.", 4),
    ]
    assert (one["version"], one["published_at"]) == (1, "2026-11-23T08:00:00+00:00")


def test_nothing_of_persons_and_nothing_of_what_members_are_paid(basket, visit):
    text = visit(None).get("/katalog.json").text
    for secret in ("Lena", "hemlig", "031-99", "19991", "199.91", "737", "769999"):
        assert secret not in text


def test_a_photograph(basket, sam, visit, clock):
    picture_actions.add_picture(basket, photo(), "En korg", by=sam, now=clock.now)
    (picture,) = read(visit(None))["articles"][0]["pictures"]
    assert picture["description"] == "En korg"
    assert visit(None).get(picture["url"].removeprefix("http://localhost")).status_code == 200


def test_only_public_bodies_buy_work_training(basket, visit):
    place = make.make_article("Plats", kind=ArticleKind.PLACEMENT, unit="DAY", vat_class=VatClass.EXEMPT)
    make.make_offering(place, make.make_member())
    told = {one["kind"]: one["sold_to"] for one in read(visit(None))["articles"]}
    assert told == {"goods": ["private", "company", "public"], "placement": ["public"]}


def test_what_nobody_makes_or_staff_have_not_approved_is_not_there(basket, visit):
    make.make_article("Ingen gör den")
    proposed = make.make_article("Föreslagen", state="proposed")
    make.make_offering(proposed, make.make_member())
    assert [one["number"] for one in read(visit(None))["articles"]] == ["FRU-001"]


def test_pages_in_a_stable_order(basket, visit, monkeypatch):
    monkeypatch.setattr(feed, "PAGE", 3)
    member = make.make_member()
    for number in range(7):
        make.make_offering(make.make_article(f"Artikel {number}"), member)
    articles, removed = everything(visit(None))
    ids = [one["id"] for one in articles]
    assert len(ids) == 8
    assert ids == sorted(set(ids))
    assert removed == []


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


def test_a_new_day_may_have_other_rates(basket, visit, clock):
    visitor = visit(None)
    tag = visitor.get("/katalog.json").headers["ETag"]
    clock.move(days=1)
    assert visitor.get("/katalog.json", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["cursor=1", "cursor=%C3%A5", "cursor=LTE", "cursor=MS4yLjM", "changed_since=-1", "changed_since=igår",
     "changed_since=99999999999", "cursor=" + "A" * 5000, "changed_since=0001-01-01"],
)  # fmt: skip
def test_nonsense_is_answered_in_words(basket, visit, asked):
    answer = visit(None).get(f"/katalog.json?{asked}")
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert json.loads(answer.data)["error"]
    else:
        FORM.validate(json.loads(answer.data))


@pytest.mark.parametrize("asked", ["cursor=%00", "changed_since=%00", "x=%00"])
def test_a_sign_that_no_address_holds_is_refused_as_data(basket, visit, asked):
    answer = visit(None).get(f"/katalog.json?{asked}")
    assert (answer.status_code, answer.mimetype) == (400, "application/json")
    assert json.loads(answer.data) == {"error": "Adressen går inte att läsa"}


def test_each_page_costs_the_same(basket, visit, queries, monkeypatch):
    """The number of statements is bound, on the first page and on a later one, for few articles and for many."""
    monkeypatch.setattr(feed, "PAGE", 5)
    visitor = visit(None)
    member = make.make_member()
    made = [make.make_article(f"Artikel {number}") for number in range(14)]
    for article in made:
        make.make_offering(article, member)
    make_list(ListKind.CAMPAIGN, {basket: 100, made[6]: 100})  # one on each of the two pages
    read(visitor)
    with queries() as first:
        page = read(visitor)
    with queries() as second:
        read(visitor, page["next"])
    assert len(first) == len(second) <= 16


def test_the_deep_page_walks_no_further(basket, app, queries):
    """Whatever page is asked for, the database finds its beginning by an index."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite tells its plan in one word")
    with queries() as seen:
        feed.feed_page(feed.Place(10), feed_day(), base="")
        feed.feed_page(feed.Place(10, 3), feed_day(), base="")
    walks = [sql for sql in seen if "article_change" in sql or sql.startswith("SELECT article.id \nFROM article")]
    for sql in walks:
        filled = sql.replace("?", "1")
        plan = " ".join(row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {filled}"))
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan
    assert len(walks) == 3


def price_of(visitor) -> int:
    return read(visitor)["articles"][0]["price"]["ore"]


def changed(visitor, since: int | str) -> list[str]:
    return [one["number"] for one in everything(visitor, f"/katalog.json?changed_since={since}")[0]]


def test_volume_steps_of_lists_for_everybody(basket, visit):
    make_list(ListKind.STANDARD, {basket: [(0, 20000), (10, 19000), (25, 18000)]})
    (one,) = read(visit(None))["articles"]
    assert one["price"] == {"ore": 20000, "excl_vat": "200.00", "incl_vat": "212.00"}
    assert one["price_steps"] == [
        {"min_quantity": "10", "ore": 19000, "excl_vat": "190.00", "incl_vat": "201.40"},
        {"min_quantity": "25", "ore": 18000, "excl_vat": "180.00", "incl_vat": "190.80"},
    ]
    assert one["comparison_price"]["excl_vat"] == "40.00"
    assert one["campaign"] is None


def test_a_campaign_with_its_last_day_and_the_lowest_price_before(basket, visit, clock):
    clock.move(days=2)
    make_list(ListKind.CAMPAIGN, {basket: 15000}, name="Frukt i advent", valid_from=feed_day())
    (one,) = read(visit(None))["articles"]
    assert one["price"]["incl_vat"] == "159.00"
    assert one["campaign"] == {
        "name": "Frukt i advent",
        "valid_until": "2026-12-06",
        "lowest_price_30_days": {"ore": 21200, "excl_vat": "212.00", "incl_vat": "224.72"},
    }


def test_a_customers_own_prices_are_not_told(basket, visit):
    nordbyn = make.make_nordbyn()
    make_list(ListKind.CUSTOMER, {basket: 15000}, customers=[nordbyn])
    buyer = visit(make.make_user(customer=nordbyn).email)
    assert read(buyer) == read(visit(None))
    assert price_of(buyer) == 21200


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


def feed_day():
    return app_clock.local_date(app_clock.now())


def test_the_schema_is_served(app, visit):
    assert json.loads(visit(None).get("/katalog.schema.json").data) == SCHEMA


def test_no_role_sees_more(basket, visit):
    finance = make.make_user(roles=[RoleName.ADMIN])
    assert read(visit(finance.email)) == read(visit(None))
