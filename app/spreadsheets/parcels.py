"""Zip files that people hand in: weighed before anything is taken out of them."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  the library's name

from app.errors import Refused

MOST_PARTS = 3000
STEEPEST = 200
"""So many times larger than packed may a part of more than `SMALL` be; what people write packs ten to fifty times."""
SMALL = 5 * 1024 * 1024
DAMAGED = "Filen är skadad. Spara den på nytt och ladda upp den igen."
_ENTRY = b"PK\x01\x02"


def opened(data: bytes, *, sentence: str) -> ZipFile:
    """A zip file in memory. Raises Refused: `sentence` for one with too many parts, before they are listed."""
    if data.count(_ENTRY) > MOST_PARTS:
        raise Refused(sentence)
    try:
        return ZipFile(BytesIO(data))
    except (BadZipFile, LargeZipFile, ValueError, OSError, NotImplementedError) as trouble:
        raise Refused(DAMAGED) from trouble


def weigh(parcel: ZipFile, *, most: int, sentence: str) -> None:
    """Believe neither the list of contents nor the parts: both are weighed, in bytes unpacked. Raises Refused."""
    parts = parcel.infolist()
    steep = any(part.file_size > SMALL and part.file_size > STEEPEST * max(part.compress_size, 1) for part in parts)
    if len(parts) > MOST_PARTS or steep or sum(part.file_size for part in parts) > most:
        raise Refused(sentence)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("Filen är låst med lösenord. Spara den utan lösenord och ladda upp den igen.")
    left = most
    for part in parts:
        try:
            with parcel.open(part) as stream:
                while piece := stream.read(1 << 20):
                    left -= len(piece)
                    if left < 0:
                        raise Refused(sentence)
        except (BadZipFile, LargeZipFile, ZlibError, EOFError, NotImplementedError) as trouble:
            raise Refused(DAMAGED) from trouble


def no_doctype(parcel: ZipFile, *, sentence: str) -> None:
    """No office program writes entities of its own; who does wants them to unfold. Raises Refused."""
    for part in parcel.infolist():
        if part.filename.casefold().endswith((".xml", ".rels")):
            with parcel.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(4096).replace(b"\0", b""):
                    raise Refused(sentence)
