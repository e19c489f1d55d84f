"""Reads one buyer's form in a process of its own: ``python -m app.tenders.forms.reading < file``.

The answer is JSON: what `sheets.to_plain` makes of the form, or why it is refused.
"""

from __future__ import annotations

import json
import resource
import sys
from zipfile import ZipFile

from app.errors import Refused
from app.spreadsheets.parcels import DAMAGED, no_doctype, opened, weigh
from app.tenders.forms.docx_tables import tables_of
from app.tenders.forms.sheets import DOCX, XLSX, FormFile, FormSheet, to_plain
from app.tenders.forms.xlsx_tables import sheets_of

MOST_MEMORY = 1536 * 1024**2
"""Bytes of address space; what is really used is far less."""
MOST_SECONDS = 60
"""Of processor time."""
MOST_BYTES = 200 * 1024 * 1024
"""Of all parts, unpacked."""
BOMB = "Filen packar upp till mer än vi tar emot. Spara den på nytt, utan bilder och annat än formuläret."
MACROS = (
    "Filen innehåller makron (små program). Vi öppnar inga sådana. Be köparen om formuläret utan makron, eller spara "
    "det som vanlig xlsx eller docx."
)
LOCKED = "Filen är låst med lösenord. Be köparen om den utan lösenord, eller spara den utan och ladda upp den igen."
OLD_SHEET = "Filen är sparad i det gamla formatet xls. Spara den som xlsx och ladda upp den igen."
OLD_PAPER = "Filen är sparad i det gamla formatet doc. Spara den som docx och ladda upp den igen."
TEXT = (
    "Filen är en textfil (csv) och inget formulär, vad den än heter. Öppna den i ett kalkylprogram, spara den som xlsx "
    "och ladda upp den igen, eller klistra in raderna."
)
PDF = "Filen är en PDF. Be köparen om formuläret som xlsx eller docx, eller klistra in kraven ur den."
OTHER = "Filen är varken xlsx eller docx. Spara formuläret i ett av de formaten och ladda upp det igen."
UNREADABLE = "Filen går inte att läsa. Öppna den, spara den på nytt som xlsx eller docx och ladda upp den igen."
EMPTY = "Filen har ingen tabell med något i. Ladda upp formuläret som köparen har skickat."
_OLD = ((b"EncryptedPackage", LOCKED), (b"WordDocument", OLD_PAPER), (b"Workbook", OLD_SHEET), (b"Book", OLD_SHEET))


def form_of(data: bytes) -> FormFile:
    """The form. Raises Refused, with a sentence, for what we do not open."""
    if not data.strip():
        raise Refused("Filen är tom.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(next((why for name, why in _OLD if b"\0".join(bytes([n]) for n in name) in data), OTHER))
    if not data.startswith(b"PK"):
        raise Refused(_no_parcel(data))
    with opened(data, sentence=BOMB) as parcel:
        kind = _looked_through(parcel)
        sheets = sheets_of(data, parcel) if kind == XLSX else tables_of(parcel)
    return _worth_reading(FormFile(kind, sheets))


def _no_parcel(data: bytes) -> str:
    if data.startswith(b"%PDF"):
        return PDF
    is_text = b"\0" not in data[:4096] or data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return TEXT if is_text and not data.lstrip().startswith(b"{\\rtf") else OTHER


def _looked_through(parcel: ZipFile) -> str:
    """What the parcel is, once it has been weighed."""
    names = [part.filename.casefold() for part in parcel.infolist()]
    known = set(names)
    if len(known) != len(names):
        raise Refused(DAMAGED)
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in known):
        raise Refused(MACROS)
    kind = XLSX if "xl/workbook.xml" in known else DOCX if "word/document.xml" in known else ""
    if not kind:
        raise Refused(OTHER)
    weigh(parcel, most=MOST_BYTES, sentence=BOMB)
    no_doctype(parcel, sentence=UNREADABLE)
    if b"macroenabled" in parcel.read("[Content_Types].xml").lower():
        raise Refused(MACROS)
    return kind


def _worth_reading(form: FormFile) -> FormFile:
    """Sheets with something in them. Raises Refused where there is none, and where every one is too long."""
    sheets: tuple[FormSheet, ...] = form.sheets
    if not any(sheet.rows or sheet.problem for sheet in sheets):
        raise Refused(EMPTY)
    if all(sheet.problem or not sheet.rows for sheet in sheets):
        raise Refused(next(sheet.problem for sheet in sheets if sheet.problem))
    return form


def answer_to(data: bytes) -> dict[str, object]:
    """What the program says of a file: the form, or why it is refused."""
    try:
        return to_plain(form_of(data))
    except Refused as no:
        return {"refused": str(no)}
    except MemoryError:
        return {"refused": BOMB}
    except Exception:  # Whatever the libraries stumble over, the file is what is wrong.
        return {"refused": UNREADABLE}


def main() -> None:
    """Read the file from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.write(json.dumps(answer_to(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
