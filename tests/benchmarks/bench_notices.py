"""A thousand notices from a folder into an empty house, a hundred of them corrections; and the same once more.

What profiling found, on SQLite: reading a notice takes 2 ms, and each is read twice, once for when it was sent, so that
a correction finds what it corrects whatever its file is called. Writing it takes 12 ms, more than half of them in
flushes: each line of the audit is one. Twenty notices are one transaction, so that others wait for a quarter of a
second and not for all. A notice that has been read before needs its tender's row only, not all that hangs on it.
"""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from config import ROOT
from tests.features.notice_case import CHANGED, another
from tests.servers import environment, flask

NOTICES, CORRECTIONS = 900, 100
LONGEST = 60
"""Seconds."""


def measure() -> Iterator[tuple[str, float, float]]:
    """Seconds of one processor for the first time, and for the same once more."""
    with tempfile.TemporaryDirectory() as folder:
        environ = environment(Path(folder))
        subprocess.run(flask("migrate"), cwd=ROOT, env=environ, check=True, capture_output=True)
        notices = Path(folder) / "notices"
        notices.mkdir()
        _lay_out(notices)
        for name in ("new", "read before"):
            seconds = _seconds(["import-notice", str(notices)], environ)
            yield f"{NOTICES + CORRECTIONS} notices from a folder, {name}: seconds of one processor", seconds, LONGEST


def _lay_out(folder: Path) -> None:
    for number in range(NOTICES):
        (folder / f"{number:04}.xml").write_text(another(1000 + number), encoding="utf-8")
    for number in range(CORRECTIONS):
        later = another(1000 + number, CHANGED.replace("000000000119", f"{90_000 + number:012}"))
        (folder / f"a{number:04}.xml").write_text(later, encoding="utf-8")


def _seconds(command: Sequence[str], environ: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(flask(*command), cwd=ROOT, env=environ, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
