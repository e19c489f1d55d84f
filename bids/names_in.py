"""Which of some names stand readable in a PDF, in a process of its own: ``python -m bids.names_in < names and file``.

The first line is the names as JSON, the rest the file. The answer is one line of JSON. What is drawn and not written,
as in a picture, is not found.
"""

from __future__ import annotations

import json
import resource
import sys
import unicodedata
from collections.abc import Sequence

import pypdfium2  # type: ignore[import-untyped]

from bids.inspection import MOST_MEMORY, MOST_SECONDS

SOFT_HYPHEN = "\u00ad"


def names_in(data: bytes, names: Sequence[str]) -> list[str]:
    """The names that the text of the PDF holds, however it is broken into lines. A PDF that cannot be read has none."""
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            text = _plain(" ".join(page.get_textpage().get_text_range() for page in pdf))
    except (pypdfium2.PdfiumError, ValueError):
        return []
    return [name for name in names if _plain(name) in text]


def _plain(text: str) -> str:
    """In small letters and with single spaces; a word that was divided at a line's end is whole again."""
    whole = text.replace("\ufffe", "").replace("\x02", "").replace(SOFT_HYPHEN, "")
    return " ".join(unicodedata.normalize("NFKC", whole).casefold().split())


def main() -> None:
    """Read names and file from standard input and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    names, _, data = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.write(json.dumps({"found": names_in(data, json.loads(names))}))


if __name__ == "__main__":
    main()
