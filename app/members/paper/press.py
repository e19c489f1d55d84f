"""Prints letters: ``python -m app.members.paper.press < values > file.pdf``. See making.py, which starts it."""

from __future__ import annotations

import resource
import sys

from app.members.paper.setting import to_pdf
from app.members.paper.values import Bundle
from bids.canonical import loads

MOST_SECONDS = 60
"""Of processor time; then the system ends it."""


def main() -> None:
    """Read the values from standard input and write the PDF to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(to_pdf(loads(sys.stdin.read(), Bundle)))


if __name__ == "__main__":
    main()
