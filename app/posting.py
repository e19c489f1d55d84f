"""Hands something to somebody else's address, without letting it lead into the own network or never end.

As `fetching.py` does, in a process of its own with one clock for everything: name, connection, and the last byte that
is read. No redirect is followed, and of the answer no more is read than is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import urllib3

from app import fetching
from app.errors import Refused
from app.fetching import AddressCheck, is_public, leads_inward
from config import ROOT

PATIENCE = 10
"""Seconds for all of it."""
KEPT = 500
"""So many bytes of the answer are read."""
PORTS = {"https": 443}
"""Tests put their own server's here."""
CHILD = "app.posting"
"""The module that is run; tests run one of their own, which may reach their own server."""
WRONG_ADDRESS = "Adressen ska börja med https:// och leda till en server på webben, på den vanliga porten."
INWARD = "Adressen leder inte ut på webben, så vi skickar inget dit."
NO_ANSWER = "Servern gick inte att nå."
TOO_LONG = f"Servern svarade inte inom {PATIENCE} sekunder."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: the status of HTTP, or None and why there was none."""

    status: int | None
    said: str

    @property
    def is_taken(self) -> bool:
        """Whether the other side has taken it."""
        return self.status is not None and 200 <= self.status < 300


def check_address(address: str) -> None:
    """Raises Refused for an address to which nothing can be posted. Where its name leads shows when it is used."""
    try:
        _scheme, host, _port, _path = fetching.target(address, PORTS)
    except Refused as no:
        raise Refused(WRONG_ADDRESS) from no
    if leads_inward(host):
        raise Refused(INWARD)


def post(address: str, headers: Mapping[str, str], body: bytes, *, patience: float = PATIENCE) -> Answer:
    """Hand it over. Whatever goes wrong is an answer without a status."""
    order = json.dumps({"address": address, "headers": dict(headers), "body": b64encode(body).decode()})
    try:
        done = subprocess.run(  # noqa: S603  no shell, and no argument of anybody's
            [sys.executable, "-m", CHILD],
            input=order.encode(),
            capture_output=True,
            timeout=patience,
            cwd=ROOT,
            check=False,
        )
        return Answer(**json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Answer(None, TOO_LONG)
    except (ValueError, TypeError):
        return Answer(None, NO_ANSWER)


def hand_over(
    address: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    allowed: AddressCheck = is_public,
    ports: Mapping[str, int] | None = None,
) -> Answer:
    """Post it from this process, once, to the one address that the name has now."""
    try:
        scheme, host, port, path = fetching.target(address, dict(ports or PORTS))
        ip = fetching.looked_up(host, port, allowed)
    except Refused as no:
        return Answer(None, {fetching.INWARD: INWARD, fetching.NOT_THERE: NO_ANSWER}.get(str(no), WRONG_ADDRESS))
    try:
        answer = fetching.pool(scheme, host, ip, port).urlopen(
            "POST",
            path,
            body=body,
            headers={**headers, "Host": fetching.host_heading(host, port), "Accept-Encoding": "identity"},
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            return Answer(answer.status, answer.read(KEPT).decode("utf-8", "replace").replace("\0", ""))
        finally:
            answer.close()
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return Answer(None, NO_ANSWER)


def main(*, allowed: AddressCheck = is_public, ports: Mapping[str, int] | None = None) -> None:
    """Read from standard input what is to be posted, and write there what was answered."""
    asked = json.load(sys.stdin)
    body = b64decode(asked["body"])
    answer = hand_over(asked["address"], asked["headers"], body, allowed=allowed, ports=ports)
    sys.stdout.write(json.dumps(asdict(answer)))


if __name__ == "__main__":
    main()
