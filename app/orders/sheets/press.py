"""Prints one paper: ``python -m app.orders.sheets.press < values > file.pdf``. See making.py, which starts it."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

from app.orders.sheets.setting import to_pdf
from app.orders.sheets.values import Sheet
from bids.canonical import loads

MOST_SECONDS = 300
"""Of processor time; then the system ends it."""


def main() -> None:
    """Read the values from standard input and write the PDF to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    data = to_pdf(loads(sys.stdin.read(), Sheet))
    with suppress(BrokenPipeError):
        sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
