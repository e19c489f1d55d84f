"""What in a PDF does something by itself, or carries something that can: refused when it is uploaded.

In the bound bid none of it is left, but each appendix also goes to the buyer by itself, as it was uploaded, and the
buyer's system may turn it away. It is refused and not cleaned: a cleaned file would be another than the one that
somebody has signed. For the same reason documents within it may stay, as those that e-signature services add.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary

from bids.refusal import AppendixRefused

RUNS = {"/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute"}
PLAYS = {"/RichMedia", "/Movie", "/3D"}
CARRIED = frozenset(
    ["pdf", "xml", "json", "txt", "csv", "html", "htm", "png", "jpg", "jpeg", "xlsx", "docx", "ods", "odt"]
)
"""Endings of files that may lie within."""
DEEPEST = 20
PROGRAM = (
    "PDF-filen innehåller ett program, och köparens system kan avvisa den. Skriv ut dokumentet som en ny PDF, utan "
    "skript, och ladda upp den."
)
CARRIES = (
    "I PDF-filen ligger filen {0}, som köparens system kan avvisa. Ta bort den, eller skriv ut dokumentet som en ny "
    "PDF, och ladda upp den."
)


def check_inactive(pdf: pikepdf.Pdf) -> None:
    """Raises AppendixRefused for a PDF that runs or plays something, or carries what is no document."""
    root = pdf.Root
    names = root.get("/Names", Dictionary())
    if "/JavaScript" in names or _runs(root.get("/OpenAction")) or _any_runs(root.get("/AA")):
        raise AppendixRefused(PROGRAM)
    for page in pdf.pages:
        if _any_runs(page.obj.get("/AA")) or any(map(_note_runs, _notes(page))):
            raise AppendixRefused(PROGRAM)
    for name in _carried(pdf):
        if name.rpartition(".")[2].lower() not in CARRIED:
            raise AppendixRefused(CARRIES.format(name[-60:] or "utan namn"))


def _runs(action: Any, depth: int = 0) -> bool:
    """Whether the action, or one that follows it, runs something; what is a place to go to does not."""
    if isinstance(action, Array):
        return depth > 0 and any(_runs(one, depth + 1) for one in action.as_list())
    if not isinstance(action, Dictionary):
        return False
    return depth > DEEPEST or str(action.get("/S")) in RUNS or _runs(action.get("/Next"), depth + 1)


def _any_runs(actions: Any) -> bool:
    return isinstance(actions, Dictionary) and any(_runs(one) for one in dict(actions).values())


def _notes(page: pikepdf.Page) -> list[Any]:
    notes = page.obj.get("/Annots")
    return [one for one in notes.as_list() if isinstance(one, Dictionary)] if isinstance(notes, Array) else []


def _note_runs(note: Any) -> bool:
    """Whether a note on a page does, or the field that it belongs to."""
    for _level in range(DEEPEST):
        if str(note.get("/Subtype")) in PLAYS or _runs(note.get("/A")) or _any_runs(note.get("/AA")):
            return True
        note = note.get("/Parent")
        if not isinstance(note, Dictionary):
            return False
    return True


def _carried(pdf: pikepdf.Pdf) -> Iterator[str]:
    """The names of the files within, and of those that hang on a page."""
    yield from (str(spec.filename or name) for name, spec in pdf.attachments.items())
    for page in pdf.pages:
        for note in _notes(page):
            if note.get("/Subtype") == pikepdf.Name.FileAttachment:
                spec = note.get("/FS", Dictionary())
                yield str(spec.get("/UF", spec.get("/F", ""))) if isinstance(spec, Dictionary) else str(spec)
