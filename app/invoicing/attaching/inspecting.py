"""Looks through one table that goes with an invoice: ``python -m app.invoicing.attaching.inspecting < file``.

In a process of its own, as all that is handed in: a file that breaks its reader breaks nothing of ours. What stands in
it is the customer's to read, so any number of sheets and rows will do; macros, links and what is no table will not.
"""

from __future__ import annotations

import json
import resource
import sys

from app.errors import Refused
from app.spreadsheets.csv_reading import decoded
from app.spreadsheets.parcels import opened
from app.spreadsheets.xlsx_reading import BOMB, UNREADABLE, look_through

MOST_MEMORY = 1024**3
"""Bytes of address space."""
MOST_SECONDS = 20
"""Of processor time."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kind_of(data: bytes) -> str:
    """The media type of a table. Raises Refused, with a sentence."""
    if not data.startswith(b"PK"):
        decoded(data)
        return "text/csv"
    try:
        with opened(data, sentence=BOMB) as parcel:
            look_through(parcel)
    except Refused:
        raise
    except MemoryError as trouble:
        raise Refused(BOMB) from trouble
    except Exception as trouble:  # Whatever the library stumbles over, the file is what is wrong.
        raise Refused(UNREADABLE) from trouble
    return XLSX


def main() -> None:
    """Read the file from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        answer = {"media_type": kind_of(sys.stdin.buffer.read())}
    except Refused as no:
        answer = {"refused": str(no)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
