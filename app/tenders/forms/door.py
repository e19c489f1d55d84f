"""Buyers' forms that people hand in: read by a process of its own, and only then believed."""

from __future__ import annotations

from app.apart import read_apart
from app.errors import Refused
from app.tenders.forms.sheets import FormFile, from_plain

LARGEST = 20 * 1024 * 1024
"""Bytes."""
TOO_LARGE = "Filen är större än 20 MB. Ta bort bilder ur den, eller be köparen om ett mindre formulär."
PATIENCE = 90
"""Seconds."""
UNREADABLE = "Filen går inte att läsa. Öppna den, spara den på nytt som xlsx eller docx och ladda upp den igen."


def read(data: bytes) -> FormFile:
    """The form. Raises Refused, with a sentence."""
    if len(data) > LARGEST:
        raise Refused(TOO_LARGE)
    answer, _rest = read_apart("app.tenders.forms.reading", data, seconds=PATIENCE, unreadable=UNREADABLE)
    return from_plain(answer)
