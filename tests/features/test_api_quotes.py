"""A customer's system asks for quotes, reads them, and accepts or declines them through /api/v1."""

from __future__ import annotations

import pytest

from app.orders.quotes.models import Quote
from tests import make
from tests.features.api_case import System, system
from tests.features.test_api_orders import PLACE
from tests.order_case import BUYER, furnish, in_balance, member
from tests.quote_case import SAM, ask, orders, send, the_quote

DAY = "2026-12-04"


@pytest.fixture
def fruit(app):
    return furnish()


@pytest.fixture
def nora(app, fruit) -> System:
    """Nordbyn's purchasing system."""
    return system(app, BUYER)


@pytest.fixture
def sent(fruit, visit) -> Quote:
    """Six fruit baskets, offered to Nordbyn at 190 kronor each."""
    return send(visit(SAM), ask(visit(BUYER), fruit.id))


def yes(**more) -> dict:
    return {"version": 1, "name": "Nora Nordbyn", "day": DAY, **more}


def test_a_quote_is_asked_for(nora, fruit, visit, outbox):
    body = {
        "lines": [{"article": fruit.number, "quantity": "6"}],
        "delivery": {"day": DAY, "place": PLACE, "note": "?"},
    }
    nora.post("/quotes", body, status=400)
    told = nora.post("/quotes", body, key="q", status=201)
    assert (told["state"], told["message"], told["wished_day"], told["offered"]) == ("requested", "?", DAY, None)
    assert nora.post("/quotes", body, key="q", status=201) == told
    assert nora.get(f"/quotes/{told['number']}") == told
    assert f"Ny offertförfrågan, offert {told['number']}" in outbox.subjects_to("post@samklang.example")
    assert send(visit(SAM), the_quote()).number == told["number"]


def test_a_quote_is_read_with_each_version_that_was_sent(nora, sent, visit):
    told = nora.get(f"/quotes/{sent.number}")
    assert (told["state"], told["offered"], told["may_be_accepted"], told["order"]) == ("sent", 1, True, None)
    (version,) = told["versions"]
    assert (version["text"], version["sums"]) == (
        "Fri leverans.", {"currency": "SEK", "excl_vat": "1140.00", "incl_vat": "1208.40"},
    )  # fmt: skip
    assert [(one["quantity"], one["unit_price"], one["sum"]) for one in version["lines"]] == [
        ("6", "190.00", "1140.00")
    ]
    assert [one["kind"] for one in told["events"]] == ["requested", "sent"]
    (listed,) = nora.get("/quotes")["data"]
    assert (listed["number"], listed["valid_to"], listed["sums"]) == (
        sent.number, version["valid_to"], version["sums"],
    )  # fmt: skip


def test_what_staff_only_write_is_not_there(nora, sent, visit):
    visit(SAM).post(f"/personal/offerter/{sent.number}/ny-version")
    assert [one["number"] for one in nora.get(f"/quotes/{sent.number}")["versions"]] == [1]


def test_accepted_it_is_an_order_at_the_quoted_price(nora, sent, outbox):
    wish = yes(references={"order_reference": "PO 7"}, note="Ring på")
    told = nora.post(f"/quotes/{sent.number}/accept", wish, key="a", status=201)
    assert (told["sums"]["excl_vat"], told["references"]["order_reference"]) == ("1140.00", "PO 7")
    assert told["lines"][0]["because"] == f"Offert {sent.number}, version 1"
    assert nora.post(f"/quotes/{sent.number}/accept", wish, key="a", status=201) == told
    assert "redan antagen av Nora Nordbyn" in nora.post(f"/quotes/{sent.number}/accept", wish, status=409)["detail"]
    (made,) = orders()
    in_balance(made)
    quote = nora.get(f"/quotes/{sent.number}")
    assert (quote["state"], quote["order"]["number"], quote["versions"][0]["accepted_by"]) == (
        "accepted", made.number, "Nora Nordbyn",
    )  # fmt: skip


def test_without_a_day_it_comes_on_the_quoted_one(nora, sent):
    told = nora.post(f"/quotes/{sent.number}/accept", {"version": 1, "name": "Nora"}, status=201)
    assert told["delivery"]["day"] == DAY


def test_declined_and_wished_otherwise_with_words(nora, sent, visit, outbox):
    told = nora.post(f"/quotes/{sent.number}/ask-for-change", {"version": 1, "words": "Åtta i stället."})
    assert (told["state"], told["may_be_accepted"], told["events"][-1]["words"]) == (
        "change_asked", True, "Åtta i stället.",
    )  # fmt: skip
    nora.post(f"/quotes/{sent.number}/decline", {"version": 1}, status=422)
    told = nora.post(f"/quotes/{sent.number}/decline", {"version": 1, "words": "För dyrt."}, key="n")
    assert (told["state"], told["may_be_accepted"]) == ("declined", False)
    assert nora.post(f"/quotes/{sent.number}/decline", {"version": 1, "words": "För dyrt."}, key="n") == told
    nora.post(f"/quotes/{sent.number}/accept", yes(), status=409)
    assert orders() == []


def test_a_replaced_version_and_one_too_old_are_refused(nora, sent, visit, clock):
    sam = visit(SAM)
    sam.post(f"/personal/offerter/{sent.number}/ny-version")
    send(sam, the_quote(), "180", valid_to="2026-12-10")
    assert "ersatts av version 2" in nora.post(f"/quotes/{sent.number}/accept", yes(), status=409)["detail"]
    clock.move(days=20)
    assert nora.get(f"/quotes/{sent.number}")["may_be_accepted"] is False
    later = yes(version=2, day="2027-01-04")
    assert "gällde till och med" in nora.post(f"/quotes/{sent.number}/accept", later, status=409)["detail"]
    assert orders() == []


WRONG = {
    "an unknown field": ({**yes(), "pris": "1"}, "unknown-field", "/pris"),
    "no version": ({"name": "Nora"}, "invalid", "/version"),
    "no name": ({**yes(), "name": " "}, "invalid", "/name"),
    "a version in words": ({**yes(), "version": "1"}, "invalid", "/version"),
    "no day": ({**yes(), "day": "i morgon"}, "invalid", "/day"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_refused_by_name(nora, sent, what):
    body, kind, pointer = WRONG[what]
    told = nora.post(f"/quotes/{sent.number}/accept", body, status=422)
    assert told["type"] == f"/api/v1/problems/{kind}"
    assert pointer in [one["pointer"] for one in told["errors"]]
    assert orders() == []


def test_another_customers_is_not_there_and_members_have_none(nora, sent, app):
    make.make_user("annan@kund.example", customer=make.make_customer())
    other, lena = system(app, "annan@kund.example"), system(app, member("ljungbacken").email)
    assert other.get("/quotes")["data"] == []
    other.get(f"/quotes/{sent.number}", status=404)
    for act, body in (
        ("accept", yes()),
        ("decline", {"version": 1, "words": "x"}),
        ("ask-for-change", {"version": 1, "words": "x"}),
    ):
        other.post(f"/quotes/{sent.number}/{act}", body, status=404)
        lena.post(f"/quotes/{sent.number}/{act}", body, status=403)
    lena.get("/quotes", status=403)


def test_quotes_a_page_at_a_time_ask_no_more_the_more_there_are(nora, fruit, visit, queries):
    body = {"lines": [{"article": fruit.number, "quantity": "6"}], "delivery": {"day": DAY, "place": PLACE}}
    counts = []
    for name in ("a", "b"):
        for number in range(2):
            nora.post("/quotes", body, key=f"{name}{number}", status=201)
        nora.get("/quotes")
        with queries() as asked:
            page = nora.get("/quotes?limit=3")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9
    rest = nora.get(page["next"].removeprefix("/api/v1"))
    numbers = [one["number"] for one in [*page["data"], *rest["data"]]]
    assert numbers == sorted(numbers, reverse=True)
    assert (len(numbers), rest["next"]) == (4, None)
