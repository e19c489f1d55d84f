"""Reading lists of CPV codes, the common procurement vocabulary (Regulation (EC) No 213/2008)."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TextIO

BUILT_IN = Path(__file__).parent / "data" / "cpv.csv"
DIVISIONS = Path(__file__).parent / "data" / "cpv_divisions.csv"
"""The codes that name a whole division: of their eight digits only the first two say anything."""
ALL_CODES = Path(__file__).parent / "data" / "cpv_codes.txt"
"""Every code of the 2008 list, eight digits a line, without check digits and labels."""
COLUMNS = ["code", "check_digit", "label_en", "label_sv"]
LONGEST_LABEL = 300
"""The longest label of the 2008 list has 168 characters."""
MOST_CODES = 20_000
"""The 2008 list has 9 454 codes; a file twice as long is some other file."""


@dataclass(frozen=True, slots=True)
class CpvCode:
    """One code: eight digits, the check digit that is written after the hyphen, and its English and Swedish labels."""

    code: str
    check_digit: str
    label_en: str
    label_sv: str

    @property
    def written(self) -> str:
        """As it stands in notices and bids: ``03222000-3``."""
        return f"{self.code}-{self.check_digit}"


def read_cpv(stream: TextIO) -> list[CpvCode]:
    """All codes of a comma-separated text with the columns code, check_digit, label_en and label_sv, in its order.

    Raises ValueError with a Swedish sentence that names line and reason at the first row that is wrong, and for a
    text that has no codes. Nothing is returned then, so a half-read list can never be stored.
    """
    found: dict[str, CpvCode] = {}
    for line, row in _rows(stream):
        entry = _code(line, row)
        if entry.code in found:
            raise ValueError(f"Rad {line}: koden {entry.code} finns redan längre upp i filen.")
        if len(found) == MOST_CODES:
            raise ValueError(f"Rad {line}: filen har fler än {MOST_CODES} koder och kan inte vara en CPV-lista.")
        found[entry.code] = entry
    if not found:
        raise ValueError("Filen har inga koder under rubrikraden.")
    return list(found.values())


@lru_cache(maxsize=1)
def builtin() -> tuple[CpvCode, ...]:
    """The codes that social enterprises usually sell under, shipped with the program and sorted by code."""
    with BUILT_IN.open(encoding="utf-8", newline="") as stream:
        return tuple(read_cpv(stream))


@lru_cache(maxsize=1)
def divisions() -> dict[str, CpvCode]:
    """The 45 divisions of the 2008 list by their two digits."""
    with DIVISIONS.open(encoding="utf-8", newline="") as stream:
        return {one.code[:2]: one for one in read_cpv(stream)}


def exists(code: str) -> bool:
    """Whether the vocabulary has this code of eight digits, sold by anybody or not."""
    return code in _all_codes()


@lru_cache(maxsize=1)
def _all_codes() -> frozenset[str]:
    return frozenset(ALL_CODES.read_text(encoding="ascii").split())


def _rows(stream: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of every row below the heading; empty lines are passed over."""
    reader = csv.reader(stream, strict=True)
    try:
        heading = [name.strip() for name in next(reader, [])]
        if heading and heading[0].startswith("\ufeff"):  # Spreadsheet programs put a byte order mark first.
            heading[0] = heading[0].removeprefix("\ufeff")
        if heading != COLUMNS:
            raise ValueError(f"Rad 1: rubrikerna ska vara {','.join(COLUMNS)}.")
        for row in reader:
            if row:
                yield reader.line_num, row
    except UnicodeDecodeError as wrong:
        raise ValueError(f"Rad {reader.line_num + 1}: texten är inte UTF-8.") from wrong
    except csv.Error as wrong:
        raise ValueError(f"Rad {max(reader.line_num, 1)}: raden går inte att läsa som kommaseparerad text.") from wrong


def _code(line: int, row: list[str]) -> CpvCode:
    if len(row) != len(COLUMNS):
        raise ValueError(f"Rad {line}: raden har {len(row)} fält men ska ha {len(COLUMNS)}.")
    code, check_digit, label_en, label_sv = (field.strip() for field in row)
    if not re.fullmatch("[0-9]{8}", code):
        raise ValueError(f"Rad {line}: koden ”{code[:40]}” ska ha åtta siffror.")
    if not re.fullmatch("[0-9]", check_digit):
        raise ValueError(f"Rad {line}: kontrollsiffran ”{check_digit[:40]}” ska vara en siffra.")
    for column, label in (("label_en", label_en), ("label_sv", label_sv)):
        _check_label(line, column, label)
    return CpvCode(code, check_digit, label_en, label_sv)


def _check_label(line: int, column: str, label: str) -> None:
    if not label:
        raise ValueError(f"Rad {line}: {column} är tom.")
    if len(label) > LONGEST_LABEL:
        raise ValueError(f"Rad {line}: {column} är längre än {LONGEST_LABEL} tecken.")
    if not label.isprintable():
        raise ValueError(f"Rad {line}: {column} innehåller radbrytning eller styrtecken.")
