"""What a file for an invoice may be: small, and of a kind that every receiver opens (EN 16931 BT-125)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app import uploads
from app.apart import read_apart
from app.errors import Refused
from app.files import tidy_name

LARGEST = 5 * 1024 * 1024
"""Bytes of one file."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/csv": (".csv",),
    XLSX: (".xlsx",),
}
"""By media type how a name may end; the first is put to one that ends otherwise."""
INSPECTING = "app.invoicing.attaching.inspecting"
PATIENCE = 30
"""Seconds."""
UNREADABLE = "Filen går inte att läsa. Spara den på nytt och försök igen."
_PICTURE_OR_PDF = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may go along."""

    data: bytes
    name: str
    media_type: str


def checked(data: bytes, name: str) -> Checked:
    """The file, named after what it is and not what it says that it is. Raises Refused, with a sentence."""
    if not data:
        raise Refused("Filen är tom.")
    if len(data) > LARGEST:
        raise Refused("Filen är större än 5 MB. Spara den mindre, eller dela upp den.")
    media_type = _media_type(data, name)
    tidy, endings = tidy_name(name), SUFFIXES[media_type]
    if Path(tidy).suffix.lower() not in endings:
        tidy = f"{Path(tidy).stem[:100]}{endings[0]}"
    return Checked(data, tidy, media_type)


def _media_type(data: bytes, name: str) -> str:
    if data.startswith(_PICTURE_OR_PDF):
        return uploads.look_through(data).media_type
    if data.startswith(b"PK") or name.lower().endswith(".csv"):
        answer, _rest = read_apart(INSPECTING, data, seconds=PATIENCE, unreadable=UNREADABLE)
        return str(answer["media_type"])
    raise Refused("Filen ska vara en PDF, en bild (PNG eller JPEG) eller en tabell (xlsx eller csv).")
