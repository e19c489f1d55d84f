"""Five thousand rows by file into a catalogue of ten thousand articles: new ones, and the same changed."""

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
