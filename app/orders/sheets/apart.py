"""Papers are printed by a process of its own (press.py): web processes stay small, and a page that hangs is ended."""

from __future__ import annotations

import subprocess
import sys
import threading

from app.errors import Refused
from app.orders.sheets.values import Sheet
from bids.canonical import dumps
from config import ROOT

MOST_SECONDS = 60
AT_THE_SAME_TIME = threading.BoundedSemaphore(2)
"""In one process: each press takes a processor while it works."""


def print_apart(sheet: Sheet, *, seconds: float | None = None) -> bytes:
    """The paper's PDF. Raises Refused when others print, and when it takes longer than a minute, or than is said."""
    if not AT_THE_SAME_TIME.acquire(timeout=10):
        raise Refused("Flera skriver ut just nu. Försök igen om en liten stund.")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.orders.sheets.press"],
            input=dumps(sheet).encode(),
            capture_output=True,
            timeout=seconds or MOST_SECONDS,
            cwd=ROOT,
            check=True,
        )
    except subprocess.TimeoutExpired as slow:
        raise Refused("Utskriften tog för lång tid. Välj en medlem eller en mindre dag.") from slow
    finally:
        AT_THE_SAME_TIME.release()
    return done.stdout
