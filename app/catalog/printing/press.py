"""Prints one catalogue in a process of its own: ``python -m app.catalog.printing.press FOLDER < values > file.pdf``.

A large catalogue takes half a gigabyte while it is laid out. A process that ends gives it back; a worker would keep it.
How far the work has come is told on the error stream, one number from 0 to 100 a line.
"""

from __future__ import annotations

import logging
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.catalog.printing.setting import to_pdf
from app.catalog.printing.values import CatalogueEdition
from bids.canonical import dumps, loads
from config import ROOT

MOST_SECONDS = 900
"""Of processor time; then the system ends it."""
LAID_OUT, REPEATED, WRITTEN = 45, 15, 95
"""Per cent when all pages are laid out once, for each time that page numbers move them, and at the end."""


class PressStopped(Exception):  # noqa: N818  it says what happened
    """The press ended without a catalogue; the text is the last that it said."""


def print_apart(edition: CatalogueEdition, folder: Path, tell: Callable[[int], None]) -> bytes:
    """The catalogue's PDF, made by a process of its own; `tell` hears how many per cent are done.

    `folder` is where files lie by their hash. Raises PressStopped.
    """
    with tempfile.TemporaryFile() as values, tempfile.TemporaryFile() as printed:
        values.write(dumps(edition).encode())
        values.seek(0)
        with subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "app.catalog.printing.press", str(folder)],
            stdin=values,
            stdout=printed,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        ) as press:
            try:
                last = _listen(press, tell)
            finally:
                press.kill()
        if press.returncode:
            raise PressStopped(last)
        printed.seek(0)
        return printed.read()


def _listen(press: subprocess.Popen[bytes], tell: Callable[[int], None]) -> str:
    """Until the press is done; returns the last line that was no number."""
    said = ""
    for line in press.stderr or ():
        text = line.decode(errors="replace").strip()
        if text.isdecimal():
            tell(int(text))
        elif text:
            said = text
    press.wait()
    return said


class Teller(logging.Handler):
    """Hears WeasyPrint's steps and tells them as per cent, never less than before."""

    def __init__(self, articles: int) -> None:
        super().__init__(logging.INFO)
        self.pages = max(10, articles * 2 // 5)
        """A guess: nobody knows how many there will be."""
        self.told = 0

    def emit(self, record: logging.LogRecord) -> None:
        """One step."""
        done = per_cent(record.getMessage(), self.pages)
        if done > self.told:
            self.told = done
            sys.stderr.write(f"{done}\n")
            sys.stderr.flush()


def per_cent(step: str, pages: int) -> int:
    """What a step of WeasyPrint means: 0 for one that means nothing."""
    if found := re.search(r"Repagination #(\d+)", step):
        return min(80, LAID_OUT + REPEATED * int(found[1]))
    if found := re.search(r"Step 5 .* Page (\d+)", step):
        return min(LAID_OUT, 5 + int(found[1]) * (LAID_OUT - 5) // pages)
    return {"Step 6": 85, "Step 7": WRITTEN}.get(step[:6], 0)


def main() -> None:
    """Read the values from standard input and write the PDF to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    folder = Path(sys.argv[1])
    edition = loads(sys.stdin.read(), CatalogueEdition)
    steps = logging.getLogger("weasyprint.progress")
    steps.setLevel(logging.INFO)
    steps.propagate = False
    steps.addHandler(Teller(len(edition.articles)))
    data = to_pdf(edition, lambda digest: (folder / digest[:2] / digest).read_bytes())
    with suppress(BrokenPipeError):
        sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
