"""Another system reads the catalogue as JSON, and later what has changed."""

from __future__ import annotations

import json

import jsonschema
import pytest

from app.accounts.models import RoleName
from app.catalog import picture_actions
from app.catalog.feed import queries as feed
from app.catalog.kinds import ArticleKind
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.vat import VatClass
from tests import make
from tests.features.feed_case import FORM, SCHEMA, everything, feed_day, make_basket, price_of, read
from tests.furnished import furnished
from tests.photos import photo
from tests.price_lists import make_list


@pytest.fixture
def basket(app, clock):
    return make_basket(clock.now)


@furnished
def sam(app):
    return make.make_sam()


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


def test_the_schema_is_served(app, visit):
    assert json.loads(visit(None).get("/katalog.schema.json").data) == SCHEMA


def test_no_role_sees_more(basket, visit):
    finance = make.make_user(roles=[RoleName.ADMIN])
    assert read(visit(finance.email)) == read(visit(None))
