"""Reads one spreadsheet in a process of its own: ``python -m app.spreadsheets.reading < file``.

Whatever a hostile file does to the libraries that open it, it does to a process with little memory and little time.
The answer is JSON: rows of [number, [[column, kind, address, text], …]], or why the file is refused.
"""

from __future__ import annotations

import json
import resource
import sys

from app.errors import Refused
from app.spreadsheets.csv_reading import read_csv
from app.spreadsheets.table import Row
from app.spreadsheets.xlsx_reading import BOMB, read_xlsx

MOST_MEMORY = 1536 * 1024**2
"""Bytes of address space; what is really used is far less."""
MOST_SECONDS = 40
"""Of processor time."""
OLD = "Filen är låst med lösenord eller sparad i det gamla formatet xls. Spara den som xlsx utan lösenord."


def rows_of(data: bytes) -> list[Row]:
    """The rows, whatever the file is called. Raises Refused."""
    if not data.strip():
        raise Refused("Filen är tom.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(OLD)
    return read_xlsx(data) if data.startswith(b"PK") else read_csv(data)


def main() -> None:
    """Read the file from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    answer: dict[str, object]
    try:
        rows = rows_of(sys.stdin.buffer.read())
        answer = {
            "rows": [[row.number, [[i, c.kind, c.address, c.text] for i, c in row.cells.items()]] for row in rows]
        }
    except Refused as no:
        answer = {"refused": str(no)}
    except MemoryError:
        answer = {"refused": BOMB}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
