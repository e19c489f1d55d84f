"""Reads one ESPD request in a process of its own: ``python -m bids.espd.inspection < file``.

The answer is one line of JSON, that the file was read or why it is refused, and then the request's values as JSON.
"""

from __future__ import annotations

import json
import resource
import sys

from bids.canonical import dumps
from bids.espd.reading import read_request
from bids.safe_xml import XmlRefused

MOST_MEMORY = 1024**3
"""Bytes of address space."""
MOST_SECONDS = 20
"""Of processor time."""


def main() -> None:
    """Read the file from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        read = dumps(read_request(sys.stdin.buffer.read()))
        sys.stdout.write(json.dumps({"read": True}) + "\n" + read)
    except XmlRefused as no:
        sys.stdout.write(json.dumps({"refused": str(no)}))


if __name__ == "__main__":
    main()
