"""Somebody guesses the secret addresses of orders, quotes, calendars and new passwords: it is slow work."""

from __future__ import annotations

import pytest

from app.orders import emails
from tests import make
from tests.people import document, text

TRIES = 30
ADDRESSES = [
    "/bestallningar/1001?nyckel=gissning-{}",
    "/offerter/1?nyckel=gissning-{}",
    "/kalender/gissning-{}.ics",
    "/kalender/upphandlingar/gissning-{}.ics",
    "/nytt-losenord/gissning-{}",
]


@pytest.fixture
def street(app, visit):
    """A stranger, where guesses are counted as in production."""
    make.make_sales_company()
    for limiter in app.extensions["limiter"]:
        limiter.enabled = True
        limiter.reset()
    return visit(None)


def guess(browser, address: str, times: int) -> list[int]:
    return [browser.get(address.format(n)).status_code for n in range(times)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_too_many_guesses_are_told_to_wait(street, address):
    assert set(guess(street, address, TRIES)) <= {302, 404}
    late = street.get(address.format("sist"))
    assert late.status_code == 429
    assert "många försök" in text(document(late))
    assert int(late.headers["Retry-After"]) > 0


def test_guesses_of_all_kinds_count_together_and_for_one_address_only(street, visit):
    for address in ADDRESSES[:-1]:
        guess(street, address, TRIES // 3)
    assert street.get(ADDRESSES[0].format("sist")).status_code == 429
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert visit(None).get(ADDRESSES[0].format("sist"), environ_base=elsewhere).status_code == 302


def test_whoever_has_a_key_or_signs_in_is_not_counted(street, visit):
    key = emails.order_key(1001)
    assert set(guess(street, f"/bestallningar/1001?nyckel={key}&n={{}}", TRIES + 5)) == {302}
    guess(street, ADDRESSES[1], TRIES)
    customer = make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    assert visit(customer.email).get("/bestallningar/1001").status_code == 404, "not there, and no 429"
    assert street.get("/bestallningar/1001").status_code != 429, "nor is whoever shows no key"
