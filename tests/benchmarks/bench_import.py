"""Five thousand rows by file into a catalogue of ten thousand articles: new ones, and the same changed.

What profiling found, on SQLite and two cores. Only the saving keeps others from saving, and it was most of the time:
7.7 s of one processor for new articles (15 to 19 s by the clock on a busy machine) and 5.6 s for changed capacities.
Now others wait 1.1 s and 0.6 s.

* Half went to making 40,000 objects of rows that are written once and never read: articles, offerings, municipalities.
  They are plain values now, made before the transaction, and a table is one statement.
* Each line of the audit flushed the session, 5,000 times. The lines of an act are one statement.
* Everything was compared a second time while others waited. The number of the catalogue's edition tells whether
  anything has changed since the first time; only if it has, the rows are compared again.
* For a changed capacity the article and the offering were loaded, with all municipalities, to set two columns.
* All that a member makes was indexed anew, and not only what the file changes.
* What is asked for row by row, as other prices, still is: each is a request with actions of its own.
"""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.spreadsheets.writing import Sheet, xlsx
from config import ROOT
from tests.servers import environment, flask

ROWS, ARTICLES = 5000, 10_000
LONGEST = 60
"""Seconds, from the file to the last row in the database and in the search index: read, checked twice, and written."""
HEADINGS = [
    "Ert artikelnummer",
    "Namn",
    "Kategori",
    "Enhet",
    "Ert pris exkl. moms",
    "Kapacitet per vecka",
    "Levererar i",
]
HEADINGS += ["Beskrivning", "CPV-kod"]


def measure() -> Iterator[tuple[str, float, float]]:
    """Seconds for new articles and for changed ones."""
    with tempfile.TemporaryDirectory() as folder:
        environ = environment(Path(folder))
        for command in (["migrate"], ["seed", f"--articles={ARTICLES}", "--members=50"]):
            subprocess.run(flask(*command), cwd=ROOT, env=environ, check=True, capture_output=True)
        for name, capacity in (("new articles", 20), ("changed capacities", 30)):
            file = _file(Path(folder), [_row(number, 100, capacity) for number in range(ROWS)])
            yield f"{ROWS} rows by file, {name}: seconds of one processor", _seconds(file, environ), LONGEST


def _file(folder: Path, rows: Sequence[Sequence[Any]]) -> Path:
    path = folder / "sortiment.xlsx"
    with xlsx([Sheet("Sortiment", HEADINGS, rows)]) as file:
        path.write_bytes(file.read())
    return path


def _row(number: int, price: int, capacity: int) -> list[Any]:
    where = "Västra Götalands län" if number % 10 == 0 else "Göteborg; Mölndal; Borås"
    name = f"Fruktkorg nummer {number}"
    return [f"K-{number}", name, "Frukt och dryck", "styck", price, capacity, where, f"{name}, blandad.", "03222000-3"]


def _seconds(file: Path, environ: Mapping[str, str]) -> float:
    """Of processor time, of the command and of the process that reads the file: neighbours on the machine count not."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = flask("import-offerings", str(file), "--member", "prov-001")
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "är intagna" not in done.stdout:
        raise ValueError(f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
