"""Checks e-invoices in a process of its own: ``python -m app.invoicing.einvoice.inspector``.

It lives as long as somebody asks. A question is a byte that says whether Peppol's rules are asked too, four bytes with
its length, and the XML; the answer is four bytes with its length, and JSON: ``{"refused": sentence}`` for what cannot
be read, else ``{"found": [[rule, severity, words, where, official], …]}``.
"""

from __future__ import annotations

import json
import struct
import sys
from typing import IO

from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.findings import Rulebook
from app.invoicing.einvoice.reading import NoEInvoice

QUESTION, LENGTH = struct.Struct(">?I"), struct.Struct(">I")


def main(asked: IO[bytes], answered: IO[bytes]) -> None:
    """Until nobody asks any longer."""
    while head := asked.read(QUESTION.size):
        peppol, length = QUESTION.unpack(head)
        by = Rulebook.PEPPOL if peppol else Rulebook.EUROPEAN
        answer = json.dumps(_answer(asked.read(length), by)).encode()
        answered.write(LENGTH.pack(len(answer)) + answer)
        answered.flush()


def _answer(xml: bytes, by: Rulebook) -> dict[str, object]:
    try:
        return {"found": [[one.rule, one.severity, one.words, one.where, one.official] for one in check(xml, by)]}
    except NoEInvoice as no:
        return {"refused": str(no)}


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
