"""Looks through one uploaded file in a process of its own: ``python -m bids.inspection < file``.

Whatever a hostile file does to the libraries that open it, it does to a process with little memory and little time,
and the house that asked lives on. The answer is one line of JSON: what the file is, or why it is refused.
"""

from __future__ import annotations

import json
import resource
import sys

import pikepdf

from bids.active import check_inactive
from bids.appendices import BROKEN, PDF, Looked, check_appendix, open_pdf
from bids.refusal import AppendixRefused

MOST_MEMORY = 2 * 1024**3
"""Bytes of address space; what is really used is far less."""
MOST_SECONDS = 20
"""Of processor time."""


def check_upload(data: bytes) -> Looked:
    """What the file is. Raises AppendixRefused as `check_appendix` does, and for a PDF that runs something by itself.

    Only what comes new is asked so much: what was handed in before must still print.
    """
    looked = check_appendix(data)
    if looked.media_type == PDF:
        with open_pdf(data) as pdf:
            try:
                check_inactive(pdf)
            except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RecursionError) as wrong:
                raise AppendixRefused(BROKEN) from wrong
    return looked


def main() -> None:
    """Read the file from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        looked = check_upload(sys.stdin.buffer.read())
        answer: dict[str, object] = {"media_type": looked.media_type, "pages": looked.pages}
    except AppendixRefused as no:
        answer = {"refused": str(no)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
