"""Hands something to somebody else's address, without letting it lead into the own network or never end.

As `fetching.py` does, in a process of its own with one clock for everything: name, connection, and the last byte that
is read. No redirect is followed, and of the answer no more is read than is kept.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import urllib3

from app import fetching
from app.errors import Refused
from app.fetching import AddressCheck, is_public
from config import ROOT

PATIENCE = 10
"""Seconds for all of it."""
KEPT = 500
"""So many bytes of the answer are read."""
PORTS = {"https": 443}
"""Tests put their own server's here."""
OUTWARD: AddressCheck = is_public
"""Which addresses may be written as figures; tests let their own server's through."""
CHILD = "app.posting"
"""The module that is run; tests run one of their own, which may reach their own server."""
WRONG_ADDRESS = "Adressen ska börja med https:// och leda till en server på webben, på den vanliga porten."
INWARD = "Adressen leder inte ut på webben, så vi skickar inget dit."
NO_ANSWER = "Servern gick inte att nå."
TOO_LONG = "Servern svarade inte i tid."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: the status of HTTP, or None and why there was none."""

    status: int | None
    said: str

    @property
    def is_taken(self) -> bool:
        """Whether the other side has taken it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a server, and how much of its answer is read."""

    method: str
    address: str
    headers: Mapping[str, str]
    body: bytes = b""
    kept: int = KEPT
    """Bytes of the answer."""
    patience: float = PATIENCE
    """Seconds for all of it."""
    by_the_house: bool = False
    """Whether whoever runs the house has named the address: then it may lead inward, and to any port."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the byte: at most as much as was to be kept."""

    status: int | None
    body: bytes
    why: str = ""
    """Why there is no status."""
    is_whole: bool = True
    """Whether that was all of it."""

    @property
    def said(self) -> str:
        """As text."""
        return self.why or self.body.decode("utf-8", "replace").replace("\0", "")


def check_address(address: str) -> None:
    """Raises Refused for an address to which nothing can be posted. Where a name leads shows when it is used."""
    try:
        _scheme, host, _port, _path = fetching.target(address, PORTS)
    except Refused as no:
        raise Refused(WRONG_ADDRESS) from no
    figures = _in_figures(host)
    if figures is not None and not OUTWARD(figures):
        raise Refused(INWARD)


def _in_figures(host: str) -> str | None:
    """The IP address as which a host is written, also as only old rules know it: ``2130706433``, ``0x7f.1``."""
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    with suppress(OSError):
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    return None


def post(address: str, headers: Mapping[str, str], body: bytes, *, patience: float = PATIENCE) -> Answer:
    """Hand it over. Whatever goes wrong is an answer without a status."""
    reply = ask(Question("POST", address, headers, body, patience=patience))
    return Answer(reply.status, reply.said)


def ask(question: Question) -> Reply:
    """Ask a server in a process of its own. Whatever goes wrong is a reply without a status."""
    order = json.dumps({**asdict(question), "body": b64encode(question.body).decode()})
    try:
        done = subprocess.run(  # noqa: S603  no shell, and no argument of anybody's
            [sys.executable, "-m", CHILD],
            input=order.encode(),
            capture_output=True,
            timeout=question.patience,
            cwd=ROOT,
            check=False,
        )
        got = json.loads(done.stdout)
        return Reply(**{**got, "body": b64decode(got["body"])})
    except subprocess.TimeoutExpired:
        return Reply(None, b"", TOO_LONG)
    except (ValueError, TypeError, KeyError):
        return Reply(None, b"", NO_ANSWER)


def hand_over(
    address: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    allowed: AddressCheck = is_public,
    ports: Mapping[str, int] | None = None,
) -> Answer:
    """Post it from this process, once, to the one address that the name has now."""
    reply = _exchange(Question("POST", address, headers, body), allowed, ports or PORTS)
    return Answer(reply.status, reply.said)


def _exchange(question: Question, allowed: AddressCheck, ports: Mapping[str, int]) -> Reply:
    try:
        scheme, host, port, path = fetching.target(question.address, dict(ports))
        ip = fetching.looked_up(host, port, allowed)
    except Refused as no:
        why = {fetching.INWARD: INWARD, fetching.NOT_THERE: NO_ANSWER}.get(str(no), WRONG_ADDRESS)
        return Reply(None, b"", why)
    try:
        answer = fetching.pool(scheme, host, ip, port, wait=question.patience).urlopen(
            question.method,
            path,
            body=question.body or None,
            headers={**question.headers, "Host": fetching.host_heading(host, port), "Accept-Encoding": "identity"},
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            body = answer.read(question.kept + 1)
            return Reply(answer.status, body[: question.kept], is_whole=len(body) <= question.kept)
        finally:
            answer.close()
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return Reply(None, b"", NO_ANSWER)


def main(*, allowed: AddressCheck = is_public, ports: Mapping[str, int] | None = None) -> None:
    """Read from standard input what is to be asked, and write there what was answered."""
    asked = json.load(sys.stdin)
    question = Question(**{**asked, "body": b64decode(asked["body"])})
    if question.by_the_house:
        allowed, ports = _anywhere, _named_port(question.address)
    reply = _exchange(question, allowed, ports or PORTS)
    sys.stdout.write(json.dumps({**asdict(reply), "body": b64encode(reply.body).decode()}))


def _anywhere(_address: str) -> bool:
    return True


def _named_port(address: str) -> dict[str, int]:
    """The port that the address itself names, for its own scheme alone."""
    parts = urlsplit(address)
    return {parts.scheme: parts.port or fetching.PORTS[parts.scheme]}


if __name__ == "__main__":
    main()
