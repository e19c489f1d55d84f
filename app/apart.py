"""Work for a process of its own.

What people hand in is read there: a file that breaks its reader breaks nothing of ours. And what needs a large library
is reckoned there, so that web processes stay small.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from typing import Any

from app.errors import Refused
from config import ROOT


def read_apart(module: str, data: bytes, *, seconds: int, unreadable: str) -> tuple[dict[str, Any], bytes]:
    """What one of our programs says of a file: its first line, which is JSON, and the bytes that follow it.

    Raises Refused with the program's own sentence, or with `unreadable` when it says nothing in so many seconds.
    """
    try:
        done = subprocess.run(  # noqa: S603  no shell, and the module is one of ours
            [sys.executable, "-m", module], input=data, capture_output=True, timeout=seconds, cwd=ROOT, check=False
        )
        head, _, body = done.stdout.partition(b"\n")
        answer: dict[str, Any] = json.loads(head)
    except (subprocess.TimeoutExpired, ValueError) as trouble:
        raise Refused(unreadable) from trouble
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer, body


def reckon_apart(module: str, question: object, *, seconds: int, slow: str) -> Any:
    """What one of our programs answers to a value; both travel as the objects that they are.

    Raises Refused with the sentence `slow` when it takes longer.
    """
    try:
        done = subprocess.run(  # noqa: S603  no shell, and the module is one of ours
            [sys.executable, "-m", module],
            input=pickle.dumps(question),
            stdout=subprocess.PIPE,
            timeout=seconds,
            cwd=ROOT,
            check=True,
        )
    except subprocess.TimeoutExpired as late:
        raise Refused(slow) from late
    return pickle.loads(done.stdout)  # noqa: S301  nobody but our own program has written it
