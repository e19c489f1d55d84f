"""Papers: who stands on them, and the press that prints them in a process of its own.

Web processes stay small, and a page that hangs is ended.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any, Protocol

from app.errors import Refused
from bids.canonical import dumps
from config import ROOT

MOST_SECONDS = 60
AT_THE_SAME_TIME = threading.BoundedSemaphore(2)
"""In one process: each press takes a processor while it works."""


class Known(Protocol):
    """Whoever is entered with name and address."""

    name: str
    street: str
    postcode: str
    city: str
    email: str

    @property
    def org_number(self) -> str | None:
        """Where there is one."""

    @property
    def phone(self) -> str | None:
        """Where there is one."""


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer, as they stand on a paper."""

    name: str
    org_number: str
    street: str
    postcode: str
    city: str
    email: str
    phone: str


def party(who: Known) -> Party:
    """Somebody as papers name them now."""
    return Party(who.name, who.org_number or "", who.street, who.postcode, who.city, who.email, who.phone or "")


def print_apart(press: str, values: Any, *, slow: str, seconds: float | None = None) -> bytes:
    """The PDF that one of our presses makes of frozen values, as ``app.orders.sheets.press``.

    Raises Refused when others print, and with the sentence `slow` when it takes longer than a minute, or than is said.
    """
    if not AT_THE_SAME_TIME.acquire(timeout=10):
        raise Refused("Flera skriver ut just nu. Försök igen om en liten stund.")
    try:
        done = subprocess.run(  # noqa: S603  no shell, and the module is one of ours
            [sys.executable, "-m", press],
            input=dumps(values).encode(),
            capture_output=True,
            timeout=seconds or MOST_SECONDS,
            cwd=ROOT,
            check=True,
        )
    except subprocess.TimeoutExpired as late:
        raise Refused(slow) from late
    finally:
        AT_THE_SAME_TIME.release()
    return done.stdout
