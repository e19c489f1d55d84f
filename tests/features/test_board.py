"""The board of tenders: what is open by state, what is next, found by buyer, code and place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.db import db
from app.money import Money
from app.tenders import actions
from app.tenders.actions import NewLot, TenderFacts
from app.tenders.choosing import actions as choosing
from app.tenders.choosing.actions import Choice
from app.tenders.choosing.models import Ground, Verdict
from app.tenders.models import Bid, Tender, TenderState
from bids.kinds import BidForm, TenderKind
from tests import make
from tests.conftest import MONDAY
from tests.furnished import furnished
from tests.people import save, text

SAM, BOARD = "sam@samklang.example", "/personal/upphandlingar"
DEADLINE = datetime(2026, 12, 18, 11, 0, tzinfo=UTC)


def tender(title: str, **facts) -> Tender:
    values = {"title": title, "buyer_name": "Västerhamns kommun", "deadline": DEADLINE, **facts}
    made = actions.register(TenderFacts(**values), by=None, now=MONDAY)
    db.session.flush()
    return made


@furnished
def board(app):
    """Fruit with a bid, cleaning that nobody has decided on, and catering that we have left."""
    make.make_sales_company()
    sam = make.make_sam()
    fruit = tender("Frukt", cpv="03222000-3", place="Göteborg", ceiling=Money.kronor(100))
    cleaning = tender(
        "Städ",
        buyer_name="Regionen",
        cpv="90910000-9, 77310000-6",
        deadline=DEADLINE - timedelta(days=14),
        reserved=True,
    )
    actions.add_lot(cleaning, NewLot(ref="1", title="Norr", place="Älvsborg", cpv="39830000-9"), by=sam, now=MONDAY)
    catering = tender("Lunch", cpv="55520000-1", deadline=None)
    db.session.add(Bid(tender_id=fruit.id, form=BidForm.GROUP, created_at=MONDAY))
    fruit.state = TenderState.BIDDING
    choosing.choose(catering, Choice(verdict=Verdict.NO_GO, main=Ground.TIME), by=sam, now=MONDAY)
    catering.state = TenderState.DECLINED
    return fruit


def rows(browser, query: str = "") -> list[list[str]]:
    body = browser.page(f"{BOARD}{query}").cssselect("main tbody tr")
    return [[text(cell) for cell in row] for row in body]


def titles(browser, query: str = "") -> list[str]:
    return [row[0].removesuffix(" Reserverad") for row in rows(browser, query)]


def test_what_is_open_stands_by_state_with_days_left_and_what_is_next(board, visit):
    assert rows(visit(SAM)) == [
        ["Städ Reserverad", "Regionen", "fre 4 dec 12:00", "11 dagar", "–", "Besluta om vi ska lämna anbud: Städ"],
        [
            "Frukt",
            "Västerhamns kommun",
            "fre 18 dec 12:00",
            "25 dagar",
            "Ingen är inbjuden",
            "Bjud in medlemmarna: Frukt",
        ],
    ]
    assert [text(one) for one in visit(SAM).page(BOARD).cssselect("main h2")] == ["Bevakad 1", "Anbud pågår 1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kopare=regionen", ["Städ"]),
        ("?kopare=väster", ["Frukt", "Lunch"]),
        ("?cpv=9091", ["Städ"]),
        ("?cpv=77310000-6", ["Städ"]),
        ("?cpv=3983", ["Städ"]),
        ("?cpv=03", ["Frukt"]),
        ("?cpv=222", []),
        ("?cpv=abc", ["Städ", "Frukt", "Lunch"]),
        ("?plats=göteborg", ["Frukt"]),
        ("?plats=ÄLVSBORG", ["Städ"]),
        ("?q=frukt+västerhamn", ["Frukt"]),
        ("?state=declined", ["Lunch"]),
        ("?state=moon", ["Städ", "Frukt"]),
        ("?kopare=väster&state=bidding", ["Frukt"]),
        ("?kopare=%25", []),
    ],
)
def test_it_is_narrowed_by_what_one_asks_for(board, visit, query, found):
    assert titles(visit(SAM), query) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("", ["Städ", "Annat", "Ö"]),
        ("title", ["Annat", "Städ", "Ö"]),
        ("buyer", ["Annat", "Städ", "Ö"]),
        ("newest", ["Ö", "Annat", "Städ"]),
        ("moon", ["Städ", "Annat", "Ö"]),
    ],
)
def test_within_a_state_it_stands_as_asked(board, visit, order, found):
    for hours, (title, buyer) in enumerate((("Annat", "Alingsås"), ("Ö", "Öckerö")), start=1):
        tender(title, buyer_name=buyer, deadline=DEADLINE + timedelta(days=hours)).created_at += timedelta(hours=hours)
    assert titles(visit(SAM), f"?state=noticed&ordning={order}") == found


def test_each_next_step_leads_to_where_it_is_done(board, visit):
    sam = visit(SAM)
    links = [one.get("href") for one in sam.page(BOARD).cssselect("main tbody td:last-child a")]
    assert [link.rsplit("/", 1)[1] for link in links] == ["val", "anbud"]
    assert all(sam.get(link).status_code == 200 for link in links)


def test_what_is_asked_for_stays_in_the_form_and_in_the_pages_links(board, visit):
    for number in range(60):
        tender(f"Nummer {number}", cpv="03100000-2")
    page = visit(SAM).page(f"{BOARD}?cpv=03&ordning=title&kopare=väster")
    assert [page.cssselect(f"#{name}")[0].get("value") for name in ("cpv", "kopare")] == ["03", "väster"]
    assert len(page.cssselect("main tbody tr")) == 50
    following = page.cssselect("a[rel=next]")[0].get("href")
    assert all(part in following for part in ("cpv=03", "ordning=title", "sida=2"))
    assert [text(one) for one in page.cssselect("main h2")] == ["Bevakad 60"]


@pytest.mark.parametrize("query", ["?cpv=" + "9" * 5000, "?q=" + "x" * 5000, "?ordning=%00"[:9], "?sida=-5", "?sida=x"])
def test_odd_addresses_are_answered(board, visit, query):
    assert visit(SAM).get(f"{BOARD}{query}").status_code == 200


@pytest.fixture
def with_a_call(board):
    made = tender("Vägar in", buyer_name="Fonden")
    made.kind = TenderKind.CALL
    save()
    return made


@pytest.mark.parametrize(
    ("query", "found", "heading"),
    [
        ("", ["Städ", "Vägar in Utlysning", "Frukt"], "Upphandlingar och utlysningar"),
        ("?slag=upphandlingar", ["Städ", "Frukt"], "Upphandlingar"),
        ("?slag=utlysningar", ["Vägar in Utlysning"], "Utlysningar"),
        ("?slag=moon", ["Städ", "Vägar in Utlysning", "Frukt"], "Upphandlingar och utlysningar"),
        ("?slag=utlysningar&q=frukt", [], "Utlysningar"),
    ],
)
def test_tenders_calls_or_both_are_shown(with_a_call, visit, query, found, heading):
    sam = visit(SAM)
    assert titles(sam, query) == found
    assert text(sam.page(f"{BOARD}{query}").cssselect("h1")[0]) == heading


def test_the_ways_to_see_it_say_how_many_fit_and_keep_what_was_asked_for(with_a_call, visit):
    sam = visit(SAM)

    def ways(query: str) -> list[tuple[str, str]]:
        links = sam.page(f"{BOARD}{query}").cssselect("nav[aria-label='Vad som visas'] a")
        return [(text(one), one.get("href").partition("?")[2]) for one in links]

    assert [words for words, _query in ways("")] == ["Båda 3", "Upphandlingar 2", "Utlysningar 1"]
    assert ways("?q=frukt&slag=utlysningar") == [
        ("Båda 1", "q=frukt"),
        ("Upphandlingar 1", "q=frukt&slag=upphandlingar"),
        ("Utlysningar 0", "q=frukt&slag=utlysningar"),
    ]


def test_what_is_next_in_a_call_is_said_in_its_own_words(with_a_call, visit):
    steps = {row[0]: row[5] for row in rows(visit(SAM))}
    assert steps["Vägar in Utlysning"] == "Besluta om vi ska söka: Vägar in"
    assert steps["Städ Reserverad"] == "Besluta om vi ska lämna anbud: Städ"
