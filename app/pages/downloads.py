"""What people take home: lists as csv or xlsx, made in a temporary file, and files that were handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from flask import Response

from app import clock, files
from app.errors import Refused
from app.files import StoredFile
from app.spreadsheets.writing import Sheet, Value, csv_file, xlsx

FORMATS = "xlsx", "csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_XLSX = 25_000
"""Rows: some three seconds of work. csv is ten times as quick and has no limit."""
PIECE = 1 << 16


def table(name: str, kind: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], count: int) -> Response:
    """A list in one of the two formats. Raises Refused for more rows than an xlsx is made of here."""
    if kind == "csv":
        return csv(name, csv_file(headings, rows))
    if count > MOST_IN_XLSX:
        raise Refused("Listan har fler än 25 000 rader. Hämta den som csv i stället: där ryms allt.")
    widths = [max(12, len(heading) + 2) for heading in headings]
    return workbook(name, xlsx([Sheet("Lista", headings, rows, widths)]))


def csv(name: str, file: IO[bytes]) -> Response:
    """A csv out of an open file, which is closed when it has been sent."""
    return _attached(file, "text/csv", f"{name}.csv")


def workbook(name: str, file: IO[bytes]) -> Response:
    """An xlsx out of an open file, which is closed when it has been sent."""
    return _attached(file, XLSX, f"{name}.xlsx")


def stored(file: StoredFile) -> Response:
    """A file that was looked through when it came."""
    return kept(files.read(file), file.name, file.media_type)


def large(file: StoredFile) -> Response:
    """A file that is too large to hold, sent piece by piece."""
    return _attached(files.opened(file), file.media_type, file.name)


def kept(data: bytes, name: str, media_type: str) -> Response:
    """A file as it is, to be kept by whoever asks. It is saved rather than run: no script of its own, no frame."""
    response = Response(data, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def dated(name: str) -> str:
    """``katalog-2026-11-23``."""
    return f"{name}-{clock.local_date(clock.now())}"


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _attached(file: IO[bytes], media_type: str, name: str) -> Response:
    response = Response(_pieces(file), mimetype=media_type)
    response.call_on_close(file.close)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
