"""A web process carries no library that only jobs, commands and processes beside it need."""

from __future__ import annotations

import subprocess
import sys

from config import ROOT

LARGE = {
    "alembic",
    "fontTools",
    "highspy",
    "holidays",
    "openpyxl",
    "pikepdf",
    "PIL",
    "pypdf",
    "pypdfium2",
    "requests",
    "saxonche",
    "scipy",
    "stripe",
    "weasyprint",
}
"""Together more than a hundred megabytes; what a page needs of them is asked of a process beside."""


def test_a_web_process_carries_none_of_the_large_libraries():
    script = f"import sys; import app.factory; print(sorted({LARGE!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT, text=True)
    assert done.stdout.strip() == "[]"
