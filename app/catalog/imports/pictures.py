"""The pictures that an assortment names: fetched from the web or taken out of a zip file, one at a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812  the library's name

from app import fetching, pictures
from app.errors import Refused
from app.spreadsheets import parcels
from app.units import counted

MOST = 2000
"""Pictures of one file."""
MOST_UNPACKED = 600 * 1024 * 1024
MOST_NAMED = 5
"""So many files are told where several fit."""
BOMB = "Zip-filen med bilder packar upp till mer än vi tar emot. Dela upp den i flera filer."
WEB = ("https://", "http://")


class Source:
    """Where the bytes of a picture come from. Names in a zip file are only compared: nothing is unpacked to disk."""

    def __init__(self, parcel: bytes | None) -> None:
        """Raises Refused for a zip file that we do not open."""
        self.zip: ZipFile | None = None
        self.parts: dict[str, ZipInfo] = {}
        self.alike: dict[str, list[ZipInfo]] = {}
        if parcel is not None:
            self.zip = parcels.opened(parcel, sentence=BOMB)
            parcels.weigh(self.zip, most=MOST_UNPACKED, sentence=BOMB)
            self.parts = {_plain(part.filename): part for part in self.zip.infolist() if not part.is_dir()}
            for part in self.parts.values():
                self.alike.setdefault(_bare(part.filename), []).append(part)

    def bytes_of(self, name: str) -> bytes:
        """The bytes at an address on the web or under a name in the zip file. Raises Refused, with a sentence."""
        if name.casefold().startswith(WEB):
            return fetching.fetch(name)
        if self.zip is None:
            raise Refused("Bilden är ingen webbadress, och ingen zip-fil med bilder kom med.")
        part = self._part(name)
        if part.file_size > pictures.LARGEST:
            raise Refused(fetching.TOO_LARGE)
        try:
            with self.zip.open(part) as stream:
                return stream.read(pictures.LARGEST + 1)
        except (BadZipFile, ZlibError, EOFError) as trouble:
            raise Refused(parcels.DAMAGED) from trouble

    def _part(self, name: str) -> ZipInfo:
        """The file with exactly this name, else the only one with it in some folder, in whatever letters."""
        if exact := self.parts.get(_plain(name)):
            return exact
        alike = self.alike.get(_bare(name), [])
        if not alike:
            raise Refused(f"Zip-filen har ingen fil som heter {name[:80]}.")
        if len(alike) > 1:
            names = "; ".join(part.filename[:80] for part in alike[:MOST_NAMED])
            more = f" och {len(alike) - MOST_NAMED} till" if len(alike) > MOST_NAMED else ""
            raise Refused(f"Flera filer i zip-filen passar: {names}{more}. Skriv hela namnet, med mapp.")
        return alike[0]


def named(sources: Iterable[str]) -> list[str]:
    """Each source once, in order. Raises Refused for too many."""
    found = list(dict.fromkeys(sources))
    if len(found) > MOST:
        raise Refused(f"Filen har fler än {counted(MOST, 'bild', 'bilder')}. Dela upp den i flera filer.")
    return found


def _plain(name: str) -> str:
    """Macs write å as two signs, Windows as one."""
    return unicodedata.normalize("NFC", name.strip())


def _bare(name: str) -> str:
    """A file's own name, without its folders and without capitals."""
    return _plain(re.split(r"[\\/]", name)[-1]).casefold()
