"""Handing something to somebody else's server: what it says is kept, and it leads us nowhere."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from app import posting
from app.errors import Refused
from tests.servers import free_port

Line = socket.socket
BODY = b'{"type": "test"}'


@contextmanager
def server(answer: Callable[[Line, bytes], None]) -> Iterator[str]:
    """A server on this machine that answers as a test says; gives its address."""
    port, stop = free_port(), threading.Event()

    def serve() -> None:
        while not stop.is_set():
            with suppress(OSError):
                line, _ = door.accept()
                with line:
                    line.settimeout(5)
                    asked = line.recv(65536)
                    while BODY not in asked and (more := line.recv(65536)):
                        asked += more
                    answer(line, asked)

    with socket.create_server(("127.0.0.1", port)) as door:
        door.settimeout(0.1)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}"
        stop.set()
        thread.join(5)


def says(head: str, body: bytes = b"") -> Callable[[Line, bytes], None]:
    return lambda line, _asked: line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n" + body)


@pytest.fixture
def here(monkeypatch):
    """The process may reach this machine."""
    monkeypatch.setattr(posting, "CHILD", "tests.posting_here")


def test_it_is_handed_over_with_its_headings(here):
    got: list[bytes] = []

    def answer(line: Line, asked: bytes) -> None:
        got.append(asked)
        says("HTTP/1.1 202 Accepted\nContent-Length: 4\n", b"Tack")(line, asked)

    with server(answer) as address:
        answered = posting.post(f"{address}/in?a=b", {"webhook-id": "msg_1"}, BODY)
    assert (answered.status, answered.said, answered.is_taken) == (202, "Tack", True)
    head, _, body = got[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /in?a=b HTTP/1.1\r\n")
    assert b"webhook-id: msg_1" in head
    assert body == BODY


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "307 Temporary", "400 Bad", "410 Gone", "500 Oh", "503 Oh"]
)
def test_anything_else_is_not_taken_and_no_redirect_followed(here, status):
    asked: list[bytes] = []

    def answer(line: Line, got: bytes) -> None:
        asked.append(got)
        says(f"HTTP/1.1 {status}\nLocation: /annat\nContent-Length: 0\n")(line, got)

    with server(answer) as address:
        answered = posting.post(address, {}, BODY)
    assert (answered.status, answered.is_taken) == (int(status[:3]), False)
    assert len(asked) == 1


def test_a_long_answer_is_read_no_further_than_it_is_kept(here):
    with server(says("HTTP/1.1 200 OK\n", b"x" * 1_000_000)) as address:
        answered = posting.post(address, {}, BODY)
    assert answered == posting.Answer(200, "x" * posting.KEPT)


def test_what_is_no_text_is_kept_as_text(here):
    with server(says("HTTP/1.1 200 OK\nContent-Length: 3\n", b"\xff\0\xfe")) as address:
        assert "\0" not in posting.post(address, {}, BODY).said


def test_no_server_and_no_http(here):
    assert posting.post(f"http://127.0.0.1:{free_port()}", {}, BODY) == posting.Answer(None, posting.NO_ANSWER)
    with server(says("hej\n")) as address:
        assert posting.post(address, {}, BODY).status is None


@pytest.mark.parametrize("head", ["", "HTTP/1.1 200 OK\n"])
def test_a_server_that_never_ends_is_left_in_time(here, head):
    """It gives a byte at a time, in headings or in the body."""

    def answer(line: Line, asked: bytes) -> None:
        says(head)(line, asked) if head else line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        with suppress(OSError):
            for _ in range(100):
                line.sendall(b"x")
                time.sleep(0.1)

    with server(answer) as address:
        began = time.monotonic()
        assert posting.post(address, {}, BODY, patience=2) == posting.Answer(None, posting.TOO_LONG)
        assert time.monotonic() - began < 6


def test_the_own_network_is_not_reached_by_any_of_its_names():
    got: list[bytes] = []
    with server(lambda _line, asked: got.append(asked)) as address:
        port = int(address.rpartition(":")[2])
        for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "127.1"):  # noqa: S104
            answered = posting.hand_over(f"http://{host}:{port}/", {}, BODY, ports={"http": port})
            assert answered.status is None
            assert answered.said in {posting.INWARD, posting.NO_ANSWER}
        assert posting.post(address, {}, BODY).status is None
    assert got == []


def test_a_name_that_leads_inward_is_found_out_when_it_is_used(monkeypatch):
    inward = [(2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: inward)
    posting.check_address("https://hook.exempel.example/in")
    assert posting.hand_over("https://hook.exempel.example/in", {}, BODY) == posting.Answer(None, posting.INWARD)


@pytest.mark.parametrize(
    "address",
    [
        "http://exempel.example/", "ftp://exempel.example/", "https://exempel.example:8443/", "https://", "exempel",
        "https://user:pw@exempel.example/", "https://exempel.example/a b", "https://exempel.example/\r\nX: y", "",
        "https://" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_address_to_post_to(address):
    with pytest.raises(Refused):
        posting.check_address(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "[::1]", "169.254.169.254", "2130706433", "127.1", "0x7f.1",
                                  "[::ffff:10.0.0.1]", "localhost", "hus.localhost."])  # fmt: skip
def test_a_number_that_leads_inward_is_said_when_it_is_named(host):
    with pytest.raises(Refused, match="leder inte ut på webben"):
        posting.check_address(f"https://{host}/in")


@pytest.mark.parametrize("host", ["exempel.example", "8.8.8.8", "10.exempel.example", "xn--kpgatan-90a.example"])
def test_other_hosts_are_let_in(host):
    posting.check_address(f"https://{host}/in")
