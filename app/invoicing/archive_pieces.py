"""Which files an archive has of an invoice: the PDF, an XML by rules that are named, and what went with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app.files import StoredFile
from app.invoicing import queries
from app.invoicing.document import Invoice
from app.invoicing.einvoice import inspecting
from app.invoicing.einvoice.findings import Rulebook, fatal
from app.invoicing.einvoice.reading import NoEInvoice
from app.invoicing.ubl import to_archive
from app.money import Money


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the archive, and where its bytes are."""

    name: str
    """In the folder."""
    form: str
    sha256: str
    source: StoredFile | bytes
    """A file that was kept when it was made, or what has just been made of the frozen document."""
    rules: str = ""
    """By which rules an XML has been checked."""
    remarks: str = ""
    """What those rules said of it; empty where it keeps to them."""


class Kept(Protocol):
    """A row of what was issued: to a customer, or to a member."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def is_credit_note(self) -> bool: ...  # noqa: D102
    @property
    def net(self) -> Money: ...  # noqa: D102
    @property
    def vat(self) -> Money: ...  # noqa: D102
    @property
    def gross(self) -> Money: ...  # noqa: D102
    @property
    def document(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def file_name(self) -> str: ...  # noqa: D102
    @property
    def file(self) -> StoredFile | None: ...  # noqa: D102
    @property
    def xml(self) -> StoredFile | None: ...  # noqa: D102


def pieces_of(record: Kept, values: Invoice) -> Iterator[Piece]:
    """All of one document; the PDF is there, whoever asks has seen to it. Raises InspectorStopped.

    What was sent as an e-invoice, or could have been, lies there as it was. Of all others - private people, and
    customers without an electronic address - the XML is made for the archive: EN 16931 does not ask for the buyer's
    electronic address, which only the network needs. It holds what the document holds and nothing else.
    """
    stem = f"{values.issued_on:%Y-%m}/{record.file_name.removesuffix('.pdf')}"
    if record.file is not None:
        yield _kept(f"{stem}.pdf", "PDF", record.file)
    if record.xml is not None:
        yield _kept(f"{stem}.xml", "XML", record.xml, Rulebook.PEPPOL)
    else:
        yield _made(f"{stem}.xml", to_archive(values))
    attached = queries.files_with([one.file_id for one in values.attachments])
    for place, one in enumerate(values.attachments, start=1):
        yield _kept(f"{stem}-bilaga-{place}{Path(one.name).suffix.lower()}", "Bilaga", attached[one.file_id])


def _kept(name: str, form: str, file: StoredFile, rules: str = "") -> Piece:
    return Piece(name, form, file.sha256, file, rules)


def _made(name: str, xml: bytes) -> Piece:
    try:
        found = fatal(inspecting.check(xml, Rulebook.EUROPEAN))
    except NoEInvoice as no:
        remarks = str(no)
    else:
        remarks = "; ".join(f"{one.rule}: {one.words}" for one in found)
    return Piece(name, "XML", hashlib.sha256(xml).hexdigest(), xml, Rulebook.EUROPEAN, remarks)
