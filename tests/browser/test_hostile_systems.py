"""A system that calls a thousand times at once, or sends what it should not: it is told no, and others are served."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from app import clock, workdays
from tests.servers import wait_until

BUYER, MEMBER = "kontor@nordbyn.example", "ljungbacken@medlem.example"
CALLERS = 20
CALLS = 1000
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> str:
        return str(json.loads(self.body)["type"]).rpartition("/")[2]


def call(url: str, method: str, path: str, secret: str = "", body: Any = None, **headers: str) -> Answer:
    """One request on a line of its own."""
    line = HTTPConnection(urlsplit(url).netloc, timeout=60)
    shown = {"Authorization": f"Bearer {secret}"} if secret else {}
    try:
        line.request(method, path, body, {**shown, **{name.replace("_", "-"): said for name, said in headers.items()}})
        answer = line.getresponse()
        return Answer(answer.status, {name.lower(): said for name, said in answer.getheaders()}, answer.read())
    finally:
        line.close()


@pytest.fixture
def key_of(new_page, sign_in) -> Callable[[str], str]:
    """Make a key as its owner does."""

    def make(email: str) -> str:
        page = new_page()
        sign_in(page, email)
        page.goto("/system/nycklar")
        page.get_by_label("Vad är den till?").fill("Provsystem")
        page.get_by_label("30 dagar").check()
        page.get_by_role("button", name="Skapa nyckeln").click()
        return str(page.locator(".secret code").inner_text())

    return make


def at_once(act: Callable[[int], Answer], count: int) -> list[Answer]:
    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(act, range(count)))


def test_a_thousand_calls_at_once_are_answered_or_told_to_wait_and_others_are_served(live, key_of):
    """How many are too many follows from how quick the machine is; whatever it is, nothing else is answered."""
    nora, lena = key_of(BUYER), key_of(MEMBER)

    def one(number: int) -> Answer:
        if number % 100 == 0:  # meanwhile: somebody else's system, and a person with a browser
            other = call(live.url, "GET", "/api/v1/me", lena)
            assert (other.status, json.loads(other.body)["acts_as"]) == (200, "member")
            assert call(live.url, "GET", "/katalog").status == 200
        return call(live.url, "GET", "/api/v1/me", nora)

    answers = at_once(one, CALLS)
    assert {one.status for one in answers} <= {200, 429}
    _told_to_wait([one for one in answers if one.status == 429])
    # The house was put back to its beginning, where no worker had been heard of yet; one is heard every five seconds.
    wait_until(lambda: call(live.url, "GET", "/halsa").status == 200, what="the worker's sign of life")


def test_one_order_comes_of_many_that_bear_the_same_key(live, key_of):
    nora = key_of(BUYER)
    place = {
        "name": "Kontoret",
        "street": "Köpgatan 2",
        "postcode": "411 02",
        "city": "Göteborg",
        "municipality": "1480",
    }
    (article, day) = _something_to_order(live, nora)
    wish = json.dumps({"lines": [article], "delivery": {"day": day, "place": place}}).encode()
    before = _newest(live, nora)
    answers = at_once(lambda _n: call(live.url, "POST", "/api/v1/orders", nora, wish, Idempotency_Key="en", **JSON), 15)
    assert {one.status for one in answers} <= {201, 429, 503}, [one.body for one in answers]
    placed = {json.loads(one.body)["number"] for one in answers if one.status == 201}
    assert placed == {_newest(live, nora)} != {before}


BODIES = {
    "nested without end": b"[" * 200_000,
    "no text": b"\xff\xfe\x00",
    "a number without end": b'{"lines": ' + b"9" * 100_000 + b"}",
    "names twice": b'{"lines": [], "lines": []}',
    "ten thousand unknown fields": json.dumps({f"f{n}": n for n in range(10_000)}).encode(),
    "ten megabytes": b'{"lines": "' + b"x" * 10_000_000 + b'"}',
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_no_program_of_good_will_sends_is_refused(live, key_of, what):
    nora = key_of(BUYER)
    try:
        answer = call(live.url, "POST", "/api/v1/orders", nora, BODIES[what], Idempotency_Key=what, **JSON)
    except (BrokenPipeError, ConnectionResetError):  # The house hung up before it had read all of it.
        answer = None
    assert answer is None or answer.status in {400, 413, 422}
    assert call(live.url, "GET", "/api/v1/me", nora).status == 200


def test_lines_that_never_end_hold_nobody_up(live, key_of):
    """Half a request on each of many lines, and nothing more: whoever comes after them is served all the same."""
    nora, host = key_of(BUYER), urlsplit(live.url)
    lines = [socket.create_connection((host.hostname, host.port), timeout=10) for _ in range(60)]
    try:
        for line in lines:
            line.sendall(b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ")
        assert call(live.url, "GET", "/api/v1/me", nora).status == 200
        assert call(live.url, "GET", "/katalog").status == 200
    finally:
        for line in lines:
            line.close()


def test_guesses_from_one_address_are_stopped(live):
    answers = at_once(lambda number: call(live.url, "GET", "/api/v1/me", f"samsalj_gissning_{number}"), 300)
    assert {one.status for one in answers} == {401, 429}
    _told_to_wait([one for one in answers if one.status == 429])
    assert call(live.url, "GET", "/katalog").status == 200


def _told_to_wait(refused: list[Answer]) -> None:
    assert {one.problem for one in refused} <= {"too-many-requests"}
    assert all(int(one.headers["retry-after"]) > 0 for one in refused)


def _something_to_order(live, secret: str) -> tuple[dict[str, str], str]:
    found = json.loads(call(live.url, "GET", "/api/v1/catalogue/articles?limit=50", secret).body)["data"]
    article = next(one for one in found if one["name"] == "Fruktkorg 5 kg")
    day = workdays.working_days_after(clock.local_date(clock.now()), 12)
    return {"article": article["number"], "quantity": "1"}, day.isoformat()


def _newest(live, secret: str) -> int:
    listed = json.loads(call(live.url, "GET", "/api/v1/orders?limit=1", secret).body)["data"]
    return int(listed[0]["number"]) if listed else 0
