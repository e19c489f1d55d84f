"""Members' prices: each sees its own, and who of ours has seen them is written down."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, select

from app import clock
from app.accounts.models import RoleName
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.tenders.models import PriceSight
from tests.features.bid_case import count
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_article, make_nordbyn, make_offering, make_user
from tests.people import text
from tests.price_lists import make_list

WHERE = "/personal/upphandlingar/sedda-priser"
SECRETS = {"fruit": ("9,00",), "van": ("10,80", "27,00")}
LINK = re.compile(r'href="(/[^"#?]*)')


@furnished
def case(app) -> JointCase:
    return JointCase(clock.now())


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def admin(case, visit):
    return visit(make_user(roles=(RoleName.ADMIN,), name="Asta Prov").email)


def sights() -> list[PriceSight]:
    found = list(db.session.scalars(select(PriceSight).order_by(PriceSight.id)))
    db.session.rollback()
    return found


def test_a_page_with_prices_is_noted_once_an_hour(case, sales, clock):
    assert sales.get(case.prices).status_code == 200
    assert sales.get(case.prices).status_code == 200
    (one,) = sights()
    assert (one.by_name, one.page, one.bid_id) == ("Sam Exempel", "prices", case.bid.id)
    assert one.whose == ["Ljungbacken Frukt ek. för.", "Rullande Hjälpen"]
    clock.move(hours=1)
    sales.get(case.prices)
    assert len(sights()) == 2


def test_a_price_that_is_named_within_the_hour_is_noted_too(case, sales, clock):
    for promise in case.driver.promises:
        promise.member_price = None
    sales.get(case.prices)
    assert [one.whose for one in sights()] == [["Ljungbacken Frukt ek. för."]]
    case.promise(case.driver, case.second, 50, "27.00", 60, clock.now)
    sales.get(case.prices)
    assert [one.whose for one in sights()] == [["Ljungbacken Frukt ek. för.", "Rullande Hjälpen"]]


def test_a_noted_page_asks_the_database_no_more_for_it(case, sales, queries):
    with queries() as first:
        sales.get(case.prices)
    with queries() as then:
        sales.get(case.prices)
    assert not [one for one in then if "price_sight" in one]
    assert len(then) < len(first)
    for page in ("", "/fordelning", "/kalkyl", "/utvardering", "/index"):
        sales.get(case.prices + page)
        with queries() as seen:
            assert sales.get(case.prices + page).status_code == 200
        assert len(seen) <= 15, page


def test_a_refused_form_shows_prices_too_and_changes_nothing(case, sales):
    assert sales.post(f"{case.prices}/procent", data={"fee": "x", "margin": "1"}).status_code == 422
    assert len(sights()) == 1
    assert case.bid.fee_percent == 2


def test_every_page_that_shows_a_members_price_is_noted(case, sales, visit):
    """Walk through the workspace: a page on which a member's price stands leaves a trace."""
    left, seen, shown = [case.where], set(), 0
    while left:
        path = left.pop()
        if path in seen or not path.startswith(case.where) or len(seen) > 80:
            continue
        seen.add(path)
        db.session.execute(delete(PriceSight))
        with sales.session_transaction() as kept:
            kept.pop("prices_seen", None)
        answer = sales.get(path)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            left += LINK.findall(answer.text)
            page = answer.text.replace("\u00a0", " ")
            if any(f"{price} kr" in page for prices in SECRETS.values() for price in prices):
                shown += 1
                assert count(PriceSight) == 1, path
    assert shown >= 2
    assert len(seen) > 20


def test_nothing_is_noted_where_nobody_has_named_a_price(case, sales):
    for tab in ("", "/anbud", "/konkurrens", "/anbudsformer", "/kapacitet"):
        sales.get(case.where + tab)
    assert sights() == []


def test_only_administrators_read_the_list(case, sales, admin):
    sales.get(case.prices)
    assert sales.get(WHERE).status_code == 403
    assert sales.post(f"{WHERE}/radera", data={"days": "30"}).status_code == 403
    page = text(admin.page(WHERE))
    assert "Sam Exempel" in page
    assert "Ljungbacken Frukt ek. för., Rullande Hjälpen" in page
    assert "Ingen har sett några priser än" in text(admin.page(f"{WHERE}?vem=Ingen"))


def test_the_list_is_leafed_and_erased_by_age(case, admin, clock):
    old = [
        PriceSight(
            at=clock.now,
            hour=clock.now.replace(year=2000 + n),
            by_id=case.sam.id,
            by_name="Sam Exempel",
            bid_id=case.bid.id,
            bid_name="Frukt",
            page="prices",
            whose=["A"],
        )
        for n in range(60)
    ]
    db.session.add_all(old)
    db.session.commit()
    first = admin.page(WHERE)
    assert len(first.cssselect("tbody tr")) == 50
    assert len(admin.page(f"{WHERE}?sida=2").cssselect("tbody tr")) == 10
    assert admin.post(f"{WHERE}/radera", data={"days": "29"}).status_code == 422
    assert admin.post(f"{WHERE}/radera", data={"days": ""}).status_code == 422
    clock.move(days=40)
    assert admin.post(f"{WHERE}/radera", data={"days": "60"}).status_code == 303
    assert count(PriceSight) == 60
    assert admin.post(f"{WHERE}/radera", data={"days": "30"}).status_code == 303
    assert count(PriceSight) == 0


def test_no_member_page_shows_another_members_price(case, visit):
    """All that a member can reach by links, and all that it can guess."""
    for own, other in (("fruit", "van"), ("van", "fruit")):
        member = visit(make_user(member=getattr(case, own)).email)
        pages = walk(member, "/medlem", f"/medlem/anbud/{case.bid.id}")
        assert len(pages) >= 5
        for path, page in pages.items():
            for secret in SECRETS[other]:
                assert secret not in page, (path, secret)
        theirs = case.driver if other == "van" else case.fruity
        for guess in (
            f"{case.where}/priser",
            f"{case.where}/avhopp",
            f"{case.where}/priser/svara-at/{theirs.id}",
            WHERE,
            f"{case.where}/priser/fordelning",
            f"{case.where}/lamna/utkast.pdf",
            f"{case.where}/anbudsformer",
        ):
            assert member.get(guess).status_code in {403, 404}, guess
        theirs_promise = theirs.promises[0].id
        forged = {"rows-0-promise": str(theirs_promise), "rows-0-price": "1", "rows-0-capacity": "1"}
        signed = {**forged, "signed_by": "N", "authorised": "y"}
        assert member.post(f"/medlem/anbud/{case.bid.id}", data=signed).status_code == 404
        for number in range(1, 30):
            if number != case.bid.id:
                assert member.get(f"/medlem/anbud/{number}").status_code == 404


def walk(member, *starts: str) -> dict[str, str]:
    left, pages = list(starts), {}
    while left and len(pages) < 60:
        path = left.pop()
        if path in pages or not path.startswith("/medlem"):
            continue
        answer = member.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            pages[path] = answer.text.replace("\u00a0", " ")
            left += LINK.findall(answer.text)
    return pages


def test_a_file_with_what_members_are_paid_is_noted_each_time(case, sales, admin):
    make_offering(make_article("Korg"), case.fruit)
    for _time in range(2):
        assert sales.get("/personal/katalog/prislista.csv").status_code == 200
    assert [(one.by_name, one.page, one.bid_id, one.whose) for one in sights()] == [
        ("Sam Exempel", "file.prices", None, ["Ljungbacken Frukt ek. för."])
    ] * 2
    shown = text(admin.page(WHERE))
    assert "En fil: hela prislistan" in shown
    assert "Ljungbacken Frukt ek. för." in shown


def test_a_file_of_one_price_list_names_those_who_make_what_is_in_it(case, sales):
    basket = make_article("Korg")
    make_offering(basket, case.fruit)
    make_offering(make_article("Annat"), case.van)
    chosen = make_list(ListKind.FRAMEWORK, {basket: 1000}, name="Kommunens avtal", customers=[make_nordbyn()])
    assert sales.get(f"/personal/prislistor/{chosen.id}.csv").status_code == 200
    (one,) = sights()
    assert (one.bid_name, one.page, one.whose) == (
        "Kommunens avtal",
        "file.price_list",
        ["Ljungbacken Frukt ek. för."],
    )


def test_a_file_without_members_is_not_noted(case, sales):
    assert sales.get("/personal/katalog/prislista.csv").status_code == 200
    assert sights() == []
