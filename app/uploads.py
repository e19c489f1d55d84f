"""Files that people hand in: looked through by a process of its own, before anything is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from app.errors import Refused
from config import ROOT

PATIENCE = 30
"""Seconds."""
UNREADABLE = "Filen går inte att läsa. Spara den på nytt som PDF och ladda upp den igen."


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file turned out to be, whatever its name says. A picture is one page."""

    media_type: str
    pages: int

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF, and no picture."""
        return self.media_type == "application/pdf"


def look_through(data: bytes) -> Upload:
    """What the file is. Raises Refused, with a sentence, for all but a PDF or a picture that can be printed."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bids.inspection"],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            cwd=ROOT,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as trouble:
        raise Refused(UNREADABLE) from trouble
    if "refused" in answer:
        raise Refused(answer["refused"])
    return Upload(answer["media_type"], answer["pages"])
