"""Files that people hand in: looked through by a process of its own, before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass

from app.apart import read_apart

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
    answer, _rest = read_apart("bids.inspection", data, seconds=PATIENCE, unreadable=UNREADABLE)
    return Upload(answer["media_type"], answer["pages"])
