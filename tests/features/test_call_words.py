"""A page about a call speaks of funders, calls and applications, in Swedish and in English, and of no tender."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import current_app

from app import bidflow
from app import clock as app_clock
from app.db import db
from app.pages.staff.tenders_room import PROCUREMENT_ONLY
from bids.kinds import BudgetKind
from tests.features.call_case import CallCase
from tests.features.test_workspace_statements import MOST, OF_THE_HOUSE
from tests.furnished import furnished
from tests.make import make_user
from tests.people import text

TRANSLATIONS = Path(__file__).parents[2] / "app" / "translations"
PREFIX = "/personal/upphandlingar/<int:tender_id>"
OF_A_BID = {
    "sv": re.compile(r"(?i)\b\w*(anbud|köpar|upphandling|prisrad|leverantör)\w*"),
    "en": re.compile(r"(?i)\b(bids?|bidding|buyers?|tenders?|tenderers?|price rows?|suppliers?)\b"),
}
ELSEWHERE = re.compile(r"Alla upphandlingar och utlysningar|All tenders and calls")
"""The way back leads to the list of both."""


@furnished
def case(app) -> CallCase:
    found = CallCase(app_clock.now())
    make_user(found.fruit.email, member=found.fruit)
    bidflow.invite([found.partner], by=found.sam, now=app_clock.now())
    return found


def pages(case: CallCase) -> list[str]:
    """Every page of the workspace that a call has, and that needs nothing else to be opened."""
    there = {
        "requirement_id": case.question.id,
        "party_id": case.partner.id,
        "entry_id": case.staff.id,
        "tender_id": case.tender.id,
    }
    found = []
    for rule in current_app.url_map.iter_rules():
        room = rule.endpoint.removeprefix("staff.tenders.").partition(".")[0]
        is_page = rule.rule.startswith(PREFIX) and "GET" in (rule.methods or ()) and rule.arguments <= there.keys()
        if is_page and room not in PROCUREMENT_ONLY:
            path = rule.rule
            for name, value in there.items():
                path = path.replace(f"<int:{name}>", str(value))
            found.append(path)
    return sorted(found)


def strange(page, language: str) -> list[str]:
    """Words of a bid that the page says."""
    main = page.cssselect("main")[0]
    for own in main.cssselect("a[rel=help], script"):
        own.drop_tree()
    return [found.group(0) for found in OF_A_BID[language].finditer(ELSEWHERE.sub("", text(main)))]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_page_of_a_call_speaks_of_a_bid(case, visit, language):
    sam = visit(case.sam.email)
    sam.post("/sprak", data={"language": language})
    seen = 0
    told = {}
    for path in pages(case):
        answer = sam.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            seen += 1
            told[path.removeprefix(case.where)] = strange(sam.page(path), language)
    assert seen >= 18
    assert {path: words for path, words in told.items() if words} == {}


def test_no_page_of_a_call_asks_more_than_others_do(case, visit, queries):
    """As `test_workspace_statements` holds it for bids, and a larger budget asks nothing more."""
    sam = visit(case.sam.email)
    few = cost_of(case, sam, queries)
    assert {path: many for path, many in few.items() if many > MOST} == {}
    for number in range(30):
        case.ask(case.partner, BudgetKind.TRAVEL, number, app_clock.now())
    db.session.commit()
    more = cost_of(case, sam, queries)
    assert {path: (many, few[path]) for path, many in more.items() if many > few[path]} == {}


def cost_of(case: CallCase, browser, queries) -> dict[str, int]:
    """Statements of each page."""
    browser.get(case.where)
    cost = {}
    for path in pages(case):
        with queries() as seen:
            browser.get(path)
        cost[path] = len([one for one in seen if not any(table in one for table in OF_THE_HOUSE)])
    return cost


def test_a_member_reads_of_an_application(case, visit):
    member = visit(case.fruit.email)
    for path in (case.invitation, f"{case.invitation}/handling", f"{case.invitation}/underskrift/letter_of_intent"):
        page = member.page(path)
        assert strange(page, "sv") == [], path


def test_pages_that_only_a_procurement_has_are_not_there(case, visit):
    sam = visit(case.sam.email)
    for page in ("priser", "rader", "omraden", "anbudsform", "sekretess", "ramavtal"):
        assert sam.get(f"{case.where}/{page}").status_code == 404, page


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_word_of_a_call_is_a_word_of_the_house(language):
    """What the house does not say could never be said otherwise."""
    with (TRANSLATIONS / "sv" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        house = read_po(file, locale="sv")
    with (TRANSLATIONS / language / "LC_MESSAGES" / "calls.po").open("rb") as file:
        own = [entry for entry in read_po(file, locale=language) if entry.id]
    place = re.compile(r"%\(\w+\)[sd]|%%")
    assert own
    for entry in own:
        first = entry.id[0] if isinstance(entry.id, tuple) else entry.id
        assert house.get(first) is not None, first
        assert entry.string, first
        assert sorted(place.findall(str(entry.id))) == sorted(place.findall(str(entry.string))), first
