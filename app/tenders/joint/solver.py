"""Finds a sharing: ``python -m app.tenders.joint.solver < question > proposal``. See proposing.py, which starts it."""

from __future__ import annotations

import os
import pickle
import resource
import sys

from bids.proposal import propose

MOST_SECONDS = 60
"""Of processor time; then the system ends it."""


def main() -> None:
    """Read the question from standard input and write the proposal to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # The solver greets whoever reads standard output.
    found = propose(*pickle.load(sys.stdin.buffer))  # noqa: S301  nobody but our own web process has written it
    with answer:
        pickle.dump(found, answer)


if __name__ == "__main__":
    main()
