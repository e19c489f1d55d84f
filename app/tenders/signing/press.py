"""Prints a party's paper: ``python -m app.tenders.signing.press < values > file.pdf``. making.py starts it."""

from __future__ import annotations

import resource
import sys

from bids.canonical import loads
from bids.party_document_pdf import to_pdf
from bids.party_documents import PartySheet

MOST_SECONDS = 30
"""Of processor time; then the system ends it."""


def main() -> None:
    """Read the values from standard input and write the PDF to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(to_pdf(loads(sys.stdin.read(), PartySheet)))


if __name__ == "__main__":
    main()
