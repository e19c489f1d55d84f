"""Makes one bid's PDF in a process of its own: ``python -m bids.bindery FILES SHELF NOW < offer.json > answer``.

FILES is the folder where files lie by their hash (``ab12…`` is ``ab/ab12…``), SHELF where pages lie that are pressed,
NOW the time in seconds since 1970.
The answer is one line of JSON, the number of pages or why the bid cannot be printed, and after it the PDF. How far the
work has come is told on the error stream, per cent, one number a line.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bids import pictures
from bids.document import to_pdf
from bids.offer import Offer, from_json
from bids.parties import Party
from bids.pressing import Presses, Shelf
from bids.refusal import AppendixRefused

READ, PRESSED = 5, 85
"""Per cent when everything is read, and when all pages are pressed."""


def make(offer: Offer, files: Path, presses: Presses) -> bytes:
    """The PDF. A member may have taken its picture away meanwhile: then its page has none.

    Raises AppendixRefused, FileNotFoundError for another file that the disk has lost, PressStopped.
    """
    offer = replace(offer, parties=tuple(_as_it_is(party, files) for party in offer.parties))
    appendices = {one.number: _kept(files, one.sha256) for one in offer.appendices}
    look = offer.look
    named = {one.sha256 for one in look.pictures} | {look.style.logo} if look else set()
    named |= {party.picture for party in offer.parties}
    shown = {digest: pictures.printable(_kept(files, digest))[0] for digest in sorted(named - {""})}
    return to_pdf(offer, appendices, shown, presses)


def _as_it_is(party: Party, files: Path) -> Party:
    is_there = not party.picture or (files / party.picture[:2] / party.picture).is_file()
    return party if is_there else replace(party, picture="", picture_words="")


def _kept(files: Path, digest: str) -> bytes:
    return (files / digest[:2] / digest).read_bytes()


def tell(done: int) -> None:
    """Say how far the work has come."""
    sys.stderr.write(f"{done}\n")
    sys.stderr.flush()


def main() -> None:
    """Read the offer from standard input and answer on standard output."""
    files, shelf = Path(sys.argv[1]), Shelf(Path(sys.argv[2]))
    offer = from_json(sys.stdin.read())
    tell(READ)
    presses = Presses(shelf, lambda done, total: tell(READ + (PRESSED - READ) * done // max(1, total)))
    try:
        data = make(offer, files, presses)
        answer: dict[str, object] = {"bytes": len(data)}
    except AppendixRefused as no:
        data, answer = b"", {"refused": str(no)}
    shelf.clear_out(float(sys.argv[3]))
    with suppress(BrokenPipeError):
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + data)


if __name__ == "__main__":
    main()
