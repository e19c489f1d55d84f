"""Checks e-invoices in a process of its own: ``python -m app.invoicing.einvoice.inspector``.

It lives as long as somebody asks. A question is four bytes with its length, and the XML; the answer is four bytes and
JSON: ``{"refused": sentence}`` for what cannot be read, else ``{"found": [[rule, severity, words, where], …]}``.
"""

from __future__ import annotations

import json
import struct
import sys
from typing import IO

from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.reading import NoEInvoice

LENGTH = struct.Struct(">I")


def main(asked: IO[bytes], answered: IO[bytes]) -> None:
    """Until nobody asks any longer."""
    while head := asked.read(LENGTH.size):
        answer = json.dumps(_answer(asked.read(*LENGTH.unpack(head)))).encode()
        answered.write(LENGTH.pack(len(answer)) + answer)
        answered.flush()


def _answer(xml: bytes) -> dict[str, object]:
    try:
        return {"found": [[one.rule, one.severity, one.words, one.where] for one in check(xml)]}
    except NoEInvoice as no:
        return {"refused": str(no)}


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
