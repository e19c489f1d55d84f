"""``make bench``: run every bench_*.py here, print what they measured, and fail when something is over its limit.

Each has a function ``measure()`` that gives one or more of (name, figure, limit); the figure may be as large as the
limit. Figures are ratios of two things measured in the same run, or counts. Names as arguments choose among the files.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

Row = tuple[str, float, float]


def modules(chosen: Iterable[str]) -> Iterator[str]:
    """The names of the measuring modules; all of them when none is chosen."""
    wanted = set(chosen)
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        if not wanted or wanted & {file.stem, file.stem.removeprefix("bench_")}:
            yield f"tests.benchmarks.{file.stem}"


def measured(module: str) -> Iterator[Row]:
    """What one module measured."""
    answer = importlib.import_module(module).measure()
    yield from [answer] if isinstance(answer, tuple) else answer


def main() -> int:
    """Print the rows as they come; 1 when one is over its limit."""
    over = 0
    print(f"{'':72} {'figure':>8} {'limit':>8}")  # noqa: T201  a table on the screen is what this is for
    for module in modules(sys.argv[1:]):
        for name, figure, limit in measured(module):
            over += figure > limit
            print(f"{name:72} {figure:8.2f} {limit:8.2f}{'  OVER' if figure > limit else ''}", flush=True)  # noqa: T201
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
