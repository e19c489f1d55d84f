"""A period's invoices and credit notes as files in a folder, for the archive and for auditors.

Each file is compared with its hash: the one that was kept when it was made, or that of what the frozen document gives.
The same rows always give the same folder, and a run that was broken off goes on where it stopped: what lies there
rightly is not written again. Nothing is held but a few rows and a piece of one file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import IO

from app import files
from app.errors import Refused
from app.invoicing import queries
from app.invoicing.actions import values_of
from app.invoicing.archive_pieces import Kept, Piece, pieces_of
from app.invoicing.document import Invoice
from app.money import Money
from app.spreadsheets.writing import Value, csv_file

MARK, LIST = "export.json", "forteckning.csv"
"""What says that a folder is one of ours and of which period, and the manifest."""
HEADINGS = ("Fil", "Format", "Slag", "Nummer", "Datum", "Säljare", "Kund", "Org.nr", "Exkl. moms", "Moms", "Summa",
            "Att betala", "Krediterar", "Kontrollerad enligt", "Anmärkningar", "SHA-256")  # fmt: skip
PROGRAM = "samsalj export-invoices"
AT_A_TIME = 1 << 20
"""Bytes."""


Issued = Callable[[date | None, date | None], Iterator[Kept]]
"""Reads what was issued from a day to a day, both included."""


@dataclass(slots=True)
class Export:
    """One run: where to, of which days (both included), and what came of it."""

    folder: Path
    first: date | None = None
    last: date | None = None
    also: Issued | None = None
    """What was issued beside the invoices to customers, such as those to members for commission."""
    documents: int = 0
    written: int = 0
    sum: Money = field(default_factory=lambda: Money(0))
    """With VAT; credit notes taken off."""
    faults: list[str] = field(default_factory=list)
    """Files that are gone or not what they were, in words."""
    remarks: list[str] = field(default_factory=list)
    """What the rules say of an XML that is written all the same, in words."""

    def run(self) -> None:
        """Write all of it.

        Raises Refused for a folder that is somebody else's or of another period, OSError and InspectorStopped.
        """
        self._claim()
        with csv_file(HEADINGS, self._rows()) as listed:
            digest = _copied(listed, self.folder / LIST, self._draft)
        self._mark(digest)

    @property
    def _draft(self) -> Path:
        return self.folder / f".utkast-{os.getpid()}"

    def _claim(self) -> None:
        """Make the folder ours, or see that it is; what a run left that was ended in the midst of a file goes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(self.folder.iterdir()):
            before = _marked(self.folder)
            if before is None:
                raise Refused(f"Mappen {self.folder} är inte tom, och det som ligger i den är ingen fakturaexport.")
            if (before.get("from"), before.get("to")) != (_written(self.first), _written(self.last)):
                raise Refused(f"I mappen {self.folder} ligger en export av en annan period. Välj en annan mapp.")
        self._mark(None)
        for left in self.folder.glob(".utkast-*"):
            left.unlink()

    def _mark(self, digest: str | None) -> None:
        """Say which period it is, and when all is there what it comes to."""
        said: dict[str, object] = {"program": PROGRAM, "from": _written(self.first), "to": _written(self.last)}
        if digest is not None:
            said |= {"documents": self.documents, "sum": str(self.sum.in_kronor()), "faults": len(self.faults)}
            said |= {"list": LIST, "sha256": digest}
        self._draft.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self._draft.replace(self.folder / MARK)

    def _issued(self) -> Iterator[Kept]:
        yield from queries.issued_between(self.first, self.last)
        if self.also is not None:
            yield from self.also(self.first, self.last)

    def _rows(self) -> Iterator[tuple[Value, ...]]:
        for record in self._issued():
            self.documents += 1
            values, sign = values_of(record), -1 if record.is_credit_note else 1
            self.sum += record.gross.times(sign)
            for piece in pieces_of(record, values):
                if self._laid(piece):
                    yield _row(piece, record, values)

    def _laid(self, piece: Piece) -> bool:
        """Whether the file lies in the folder and is what it was when it was made."""
        if piece.remarks:
            self.remarks.append(f"{piece.name}: {piece.remarks}")
        place = self.folder / piece.name
        if place.exists() and _digest_of(place) == piece.sha256:
            return True
        place.parent.mkdir(exist_ok=True)
        try:
            with _opened(piece) as source:
                _copied(source, place, self._draft)
        except FileNotFoundError:
            self.faults.append(f"{piece.name}: filen finns inte kvar på disken.")
            return False
        if _digest_of(place) != piece.sha256:
            place.unlink()
            self.faults.append(f"{piece.name}: filen på disken är inte den som sparades, dess SHA-256 är en annan.")
            return False
        self.written += 1
        return True


def _opened(piece: Piece) -> IO[bytes]:
    return BytesIO(piece.source) if isinstance(piece.source, bytes) else files.opened(piece.source)


def _row(piece: Piece, record: Kept, values: Invoice) -> tuple[Value, ...]:
    """Names as they stand on the document. What a credit note gives back is taken off a sum of the column."""
    sign = -1 if record.is_credit_note else 1
    sums = (record.net.times(sign), record.vat.times(sign), record.gross.times(sign), values.payable.times(sign))
    return (
        piece.name,
        piece.form,
        "Kreditfaktura" if record.is_credit_note else "Faktura",
        record.name,
        values.issued_on,
        values.seller.name,
        values.buyer.name,
        values.buyer.org_number,
        *sums,
        values.credits.name if values.credits else "",
        piece.rules,
        piece.remarks,
        piece.sha256,
    )


def _copied(source: IO[bytes], place: Path, draft: Path) -> str:
    """Lay the bytes at a place, all or none; their hash."""
    with draft.open("wb") as out:
        shutil.copyfileobj(source, out, AT_A_TIME)
    digest = _digest_of(draft)
    draft.replace(place)
    return digest


def _digest_of(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _marked(folder: Path) -> dict[str, object] | None:
    """What an earlier run has said of the folder; None when it was no run of ours."""
    try:
        said = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and said.get("program") == PROGRAM else None


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
