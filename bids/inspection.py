"""Looks through one uploaded file in a process of its own: ``python -m bids.inspection < file``.

Whatever a hostile file does to the libraries that open it, it does to a process with little memory and little time,
and the house that asked lives on. The answer is one line of JSON: what the file is, or why it is refused.
"""

from __future__ import annotations

import json
import resource
import sys

from bids.appendices import check_appendix
from bids.refusal import AppendixRefused

MOST_MEMORY = 2 * 1024**3
"""Bytes of address space; what is really used is far less."""
MOST_SECONDS = 20
"""Of processor time."""


def main() -> None:
    """Read the file from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        looked = check_appendix(sys.stdin.buffer.read())
        answer: dict[str, object] = {"media_type": looked.media_type, "pages": looked.pages}
    except AppendixRefused as no:
        answer = {"refused": str(no)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
