"""A bid of 12 parties, 400 requirements and 1,500 price rows: no page asks much, or grows with it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app import clock
from app.db import db
from app.tenders.models import Bid, TenderRequirement
from bids.kinds import RequirementKind
from tests.furnished import furnished
from tests.large_bid import large_bid
from tests.people import text

PAGES = (
    *("", "/rader", "/krav", "/anbud", "/svar", "/handlingar", "/lamna", "/priser", "/priser?sida=30"),
    *("/utformning", "/lamna/jamfor", "/lamna/lage"),
    *("/priser/fordelning", "/priser/fordelning/forslag", "/priser/kalkyl", "/priser/index", "/priser/utvardering"),
)
MOST_STATEMENTS = 15
MOST_BYTES = 700_000


@furnished
def bid(app) -> Bid:
    return large_bid(clock.now())


@pytest.fixture
def sales(bid, visit):
    return visit("sam@samklang.example")


@pytest.fixture
def where(bid) -> str:
    return f"/personal/upphandlingar/{bid.tender_id}"


def test_every_page_asks_the_database_fifteen_times_at_most_and_is_no_long_read(sales, where, queries):
    sales.get(where)
    for page in PAGES:
        with queries() as seen:
            answer = sales.get(where + page)
        assert answer.status_code == 200, page
        assert len(seen) <= MOST_STATEMENTS, (page, len(seen))
        assert len(answer.data) <= MOST_BYTES, (page, len(answer.data))


def test_long_lists_are_leafed_through(sales, where):
    first, last = sales.page(f"{where}/priser"), sales.page(f"{where}/priser?sida=30")
    rows = ".schedule tbody tr"
    assert len(first.cssselect(rows)) == len(last.cssselect(rows)) == 50
    assert "Vara nummer 1499" in text(last)
    assert len(first.cssselect("select[name=ask-what] option")) < 70
    assert "Vara nummer 1499" in text(sales.page(f"{where}/priser?sida=999"))
    assert len(sales.page(f"{where}/svar").cssselect("tbody tr[id^=krav-]")) == 50
    assert len(sales.page(f"{where}/rader?sida=2").cssselect("tbody tr[id^=rad-]")) == 50


def test_a_gap_leads_to_the_page_that_its_row_stands_on(sales, where):
    db.session.execute(update(TenderRequirement).values(kind=RequirementKind.INFORMATION))
    db.session.commit()
    addresses = {link.get("href") for link in sales.page(f"{where}/lamna").cssselect("main li a, aside li a")}
    rows = sorted(address for address in addresses if "#rad-" in address and "sida=" in address)
    assert rows
    for address in (rows[0], rows[-1]):
        path, _sign, anchor = address.partition("#")
        assert sales.page(path).cssselect(f"#{anchor}")
