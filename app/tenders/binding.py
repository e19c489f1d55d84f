"""The bindery, a process of its own that makes a PDF of a bid: workers stay small, and what kills it kills no more."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import IO

from app import clock, files
from app.errors import Refused
from config import ROOT

SHELF = "pressed"
"""Beside the folder of files: pages that are ready, to be taken again. It may be emptied at any time."""
Tell = Callable[[int], None]


class BinderyStopped(Exception):  # noqa: N818  it says what happened
    """It ended without a document; the text is the last that it said. What was pressed until then is kept."""


def bind_apart(offer_json: str, tell: Tell = lambda _done: None) -> bytes:
    """The PDF of an offer; `tell` hears how many per cent are done, never less than before.

    Raises Refused when an appendix cannot be printed, FileNotFoundError when the disk has lost one, BinderyStopped.
    """
    folder, now = files.folder(), str(clock.now().timestamp())
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answered:
        asked.write(offer_json.encode())
        asked.seek(0)
        with subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "bids.bindery", str(folder), str(folder.with_name(SHELF)), now],
            stdin=asked,
            stdout=answered,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        ) as bindery:
            try:
                last = _listen(bindery, tell)
            finally:
                bindery.kill()
        if bindery.returncode:
            raise BinderyStopped(last or f"exit {bindery.returncode}")
        answered.seek(0)
        return _answer(answered)


def _answer(answered: IO[bytes]) -> bytes:
    told = json.loads(answered.readline())
    if "refused" in told:
        raise Refused(told["refused"])
    data = answered.read()
    if len(data) != told["bytes"]:
        raise BinderyStopped("half a document")
    return data


def _listen(bindery: subprocess.Popen[bytes], tell: Tell) -> str:
    """Until it is done; returns the last line that was no number."""
    said, done = "", 0
    for line in bindery.stderr or ():
        text = line.decode(errors="replace").strip()
        if text.isdecimal() and int(text) > done:
            done = int(text)
            tell(done)
        elif text and not text.isdecimal():
            said = text
    bindery.wait()
    return said
