"""Fetching what somebody else's address leads to: never into the own network, never without end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from app import fetching
from app.errors import Refused
from tests.servers import free_port

PICTURE = b"\xff\xd8\xff" + b"bild" * 1000
Line = socket.socket


def here(address: str) -> bool:
    return address == "127.0.0.1"


@contextmanager
def server(answer: Callable[[Line, str], None]) -> Iterator[str]:
    """A server on this machine that answers as a test says; gives its address."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as door:
        door.settimeout(0.1)
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(door, answer, stop), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}"
        stop.set()
        thread.join(5)


def _serve(door: Line, answer: Callable[[Line, str], None], stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(OSError):
            line, _ = door.accept()
            with line:
                line.settimeout(5)
                asked = line.recv(65536).decode("latin-1")
                answer(line, asked.split(" ")[1])


def says(head: str, body: bytes = b"") -> Callable[[Line, str], None]:
    return lambda line, _path: line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n" + body)


def download(address: str) -> bytes:
    """As the process does it, but allowed to reach this machine."""
    port = int(address.split(":")[2].partition("/")[0])
    return fetching.download(address, allowed=here, ports={"http": port})


def no(address: str, fetch: Callable[[str], bytes] = download) -> str:
    with pytest.raises(Refused) as refusal:
        fetch(address)
    return str(refusal.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",  # noqa: S104
        "255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "2002:7f00:1::", "64:ff9b::7f00:1",
        "2001:0:7f00:1::", "2001:db8::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_everybodys(address):
    assert not fetching.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.10.0.1", "2a00:1450:400f::1", "1.1.1.1"])
def test_addresses_that_are(address):
    assert fetching.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://exempel.example/a.jpg", "file:///etc/passwd", "//exempel.example/a", "bild.jpg", "https://", "http://[::1",
        "https://user:pw@exempel.example/", "https://exempel.example/a b", "https://exempel.example/\r\nX: y",
        "https://exempel.example:99999/", "javascript:alert(1)", "https://" + "a" * 3000, "http://.",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web(address):
    assert no(address, fetching.download) in {fetching.WRONG_ADDRESS, fetching.NOT_THERE}


def test_other_ports_are_not_asked():
    for address in ("http://exempel.example:8080/", "https://exempel.example:22/", "http://exempel.example:443/"):
        assert no(address, fetching.download) == fetching.INWARD


def test_the_own_machine_is_not_asked_by_any_of_its_names():
    asked: list[str] = []
    with server(lambda _line, path: asked.append(path)) as address:
        port = int(address.rpartition(":")[2])
        for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "127.1"):  # noqa: S104
            with pytest.raises(Refused) as refusal:
                fetching.download(f"http://{host}:{port}/", ports={"http": port})
            assert str(refusal.value) in {fetching.INWARD, fetching.NOT_THERE}
    assert asked == []


def test_one_inward_answer_among_outward_ones_is_a_trap(monkeypatch):
    answers = [(2, 1, 6, "", (ip, 80)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: answers)
    assert no("http://exempel.example/", fetching.download) == fetching.INWARD


def test_the_name_is_looked_up_once_and_the_connection_goes_to_that_address(monkeypatch):
    """Somebody who answers otherwise the second time is not asked a second time."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def answer(host, port, *args, **more):
        if host != "127.0.0.1":
            looked_up.append(host)
        return real("127.0.0.1", port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with server(says("HTTP/1.1 200 OK\n", PICTURE)) as address:
        assert download(address.replace("127.0.0.1", "bilder.exempel.example")) == PICTURE
    assert looked_up == ["bilder.exempel.example"]


def test_a_picture_is_fetched_also_over_a_redirect():
    def answer(line: Line, path: str) -> None:
        moved = "HTTP/1.1 302 Found\nLocation: /b%C3%A4r.jpg\n"
        says(moved if path == "/" else "HTTP/1.1 200 OK\n", PICTURE)(line, path)

    with server(answer) as address:
        assert download(address + "/") == PICTURE


@pytest.mark.parametrize(
    "goal", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://localhost:1/", "file:///etc/passwd"]
)
def test_a_redirect_into_the_own_network_is_not_followed(goal):
    with server(says(f"HTTP/1.1 302 Found\nLocation: {goal}\n")) as address:
        assert no(address + "/") in {fetching.INWARD, fetching.WRONG_ADDRESS}


def test_redirects_in_a_ring_end():
    asked: list[str] = []

    def answer(line: Line, path: str) -> None:
        asked.append(path)
        says("HTTP/1.1 302 Found\nLocation: /\n")(line, path)

    with server(answer) as address:
        assert no(address + "/") == fetching.NOT_THERE
    assert len(asked) == fetching.MOST_HOPS + 1


def test_what_is_too_large_is_let_go_while_it_comes():
    def answer(line: Line, path: str) -> None:
        says("HTTP/1.1 200 OK\nContent-Length: 10\n" if path == "/lies" else "HTTP/1.1 200 OK\n")(line, path)
        with suppress(OSError):
            for _ in range(400):
                line.sendall(b"x" * 100_000)

    with server(answer) as address:
        assert no(address + "/") == fetching.TOO_LARGE
        assert len(download(address + "/lies")) == 10


def test_a_length_that_is_never_reached_is_no_picture():
    with server(says("HTTP/1.1 200 OK\nContent-Length: 100000\n", PICTURE)) as address:
        assert no(address + "/") == fetching.NOT_THERE


def test_other_answers_are_no_pictures():
    with server(says("HTTP/1.1 404 Not Found\n")) as address:
        assert "svarade 404" in no(address + "/")
    with server(says("hej\n")) as address:
        assert no(address + "/") == fetching.NOT_THERE
    assert no(f"http://127.0.0.1:{free_port()}/") == fetching.NOT_THERE


@pytest.mark.parametrize("head", ["HTTP/1.1 200 OK\n", ""])
def test_a_server_that_never_ends_is_left_in_time(head, monkeypatch):
    """One byte at a time, in the body or in headings that never end: no single wait is long."""

    def answer(line: Line, path: str) -> None:
        says(head)(line, path) if head else line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        with suppress(OSError):
            for _ in range(100):
                line.sendall(b"x")
                time.sleep(0.1)

    monkeypatch.setattr(fetching, "CHILD", "tests.fetching_here")
    monkeypatch.setattr(fetching, "target", lambda address: address)
    with server(answer) as address:
        began = time.monotonic()
        assert no(address + "/", lambda asked: fetching.fetch(asked, patience=2)) == fetching.TOO_LONG
        assert time.monotonic() - began < 6


def test_the_process_gives_the_bytes_and_the_sentences(monkeypatch):
    assert no("http://127.0.0.1/", fetching.fetch) == fetching.INWARD
    monkeypatch.setattr(fetching, "CHILD", "tests.fetching_here")
    monkeypatch.setattr(fetching, "target", lambda address: address)
    with server(says("HTTP/1.1 200 OK\n", PICTURE)) as address:
        assert fetching.fetch(address + "/") == PICTURE
