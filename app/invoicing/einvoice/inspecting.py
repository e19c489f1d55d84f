"""Asks the inspector: what checks e-invoices is large, and a file that breaks it is to break nothing of ours."""

from __future__ import annotations

import atexit
import json
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any

from app.invoicing.einvoice.findings import Finding, Rulebook, Severity
from app.invoicing.einvoice.reading import NoEInvoice
from config import ROOT

QUESTION, LENGTH = struct.Struct(">?I"), struct.Struct(">I")
MOST_SECONDS = 60.0
"""For one document, also the first, for which the rules are compiled."""
MOST_DOCUMENTS = 500
"""After so many a new inspector takes over, so that its memory does not grow with the invoices."""


class InspectorStopped(Exception):  # noqa: N818  it says what happened
    """The inspector ended without an answer, or took too long. Asking again may help."""


class Inspector:
    """One process, asked by one thread at a time; it begins with the first question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = 0

    def check(self, xml: bytes, by: Rulebook = Rulebook.PEPPOL) -> list[Finding]:
        """As `checking.check`, in that process. Raises NoEInvoice, InspectorStopped."""
        with self._lock:
            process = self._ready()
            watch = threading.Timer(MOST_SECONDS, process.kill)
            watch.start()
            try:
                answer = self._ask(process, xml, by)
            except (OSError, ValueError, struct.error) as trouble:
                self._end()
                raise InspectorStopped from trouble
            finally:
                watch.cancel()
        if "refused" in answer:
            raise NoEInvoice(str(answer["refused"]))
        return [Finding(rule, Severity(severity), *told) for rule, severity, *told in answer["found"]]

    def close(self) -> None:
        """Let it go."""
        with self._lock:
            self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._asked >= MOST_DOCUMENTS:
            self._end()
            self._asked = 0
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.invoicing.einvoice.inspector"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=ROOT,
            )
        self._asked += 1
        return self._process

    def _ask(self, process: subprocess.Popen[bytes], xml: bytes, by: Rulebook) -> dict[str, Any]:
        if process.stdin is None or process.stdout is None:
            raise ValueError("an inspector without pipes")
        process.stdin.write(QUESTION.pack(by == Rulebook.PEPPOL, len(xml)) + xml)
        process.stdin.flush()
        (length,) = LENGTH.unpack(process.stdout.read(LENGTH.size))
        answer: dict[str, Any] = json.loads(process.stdout.read(length))
        return answer

    def _end(self) -> None:
        """It ends by itself when nobody can ask any longer; one that hangs is ended."""
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            with suppress(OSError):
                (process.stdin or process.stdout).close()  # type: ignore[union-attr]
            with suppress(subprocess.TimeoutExpired):
                process.wait(2)
            process.kill()


_inspector = Inspector()
atexit.register(_inspector.close)


def check(xml: bytes, by: Rulebook = Rulebook.PEPPOL) -> list[Finding]:
    """What is wrong with an e-invoice by these rules; nothing when it keeps to them.

    Raises NoEInvoice, InspectorStopped.
    """
    return _inspector.check(xml, by)
