"""Hands over what waits, beside the jobs, and asks after what was handed over.

The row is the queue: a worker that dies leaves it claimed for a minute, and then another goes on with the same key or
the same prepared files, so that the receiver has one invoice whatever happened.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

import structlog

from app import beside, clock, files, jobs, outlets
from app.db import db
from app.files import StoredFile
from app.invoicing.sending import access_point, attempts, drop_folder, queries
from app.invoicing.sending.envelope import envelope_of
from app.invoicing.sending.models import InvoiceDispatch
from app.invoicing.sending.states import DispatchRoute, DispatchState
from app.queue import InApp
from bids.safe_xml import XmlRefused

log = structlog.get_logger()

SIDE_BY_SIDE = 4
"""So many invoices are handed over at the same time by one worker."""
NO_POINT = "Ingen åtkomstpunkt är inställd."
NO_FOLDER = "Ingen mapp är inställd."


class DocumentLost(Exception):  # noqa: N818  it is a verdict, as Hopeless is
    """The disk has lost what is to be sent. The message is a sentence to show."""


def run(in_app: InApp, stop: threading.Event) -> None:
    """Beside the jobs: look each second for what is due."""
    beside.look_after(
        in_app, stop, what="invoice", due=lambda: queries.due(clock.now()), do=work_on, side_by_side=SIDE_BY_SIDE
    )


def work_off() -> int:
    """Work on all that is due, one after the other; returns how many there were."""
    found = queries.due(clock.now())
    for dispatch_id in found:
        work_on(dispatch_id)
    return len(found)


def work_on(dispatch_id: int) -> None:
    """One attempt, or one question. While it lasts nothing is held in the database but the claim."""
    if not attempts.claim(dispatch_id, clock.now()):
        db.session.rollback()
        return
    jobs.checkpoint()
    try:
        _work_on(queries.dispatch_with(dispatch_id))
    except (DocumentLost, XmlRefused) as no:
        db.session.rollback()
        attempts.note_impossible(dispatch_id, str(no), now=clock.now())
    jobs.checkpoint()


def _work_on(dispatch: InvoiceDispatch) -> None:
    if dispatch.state == DispatchState.SENT and dispatch.ask_at is not None:
        _ask_after(dispatch)
    elif dispatch.state == DispatchState.QUEUED and dispatch.route == DispatchRoute.ACCESS_POINT:
        _hand_over(dispatch)
    elif dispatch.state == DispatchState.QUEUED and dispatch.route == DispatchRoute.FOLDER:
        _lay(dispatch)
    else:  # Somebody was quicker, between the look and the claim.
        attempts.release(dispatch.id)


def _hand_over(dispatch: InvoiceDispatch) -> None:
    point, dispatch_id, key = outlets.access_point(), dispatch.id, dispatch.key
    if point is None:
        attempts.note_trouble(dispatch_id, NO_POINT, now=clock.now())
        return
    xml = _read(dispatch.invoice.xml)
    envelope = envelope_of(xml)
    attempts.note_addresses(dispatch, envelope)
    jobs.checkpoint()
    began = time.monotonic()
    outcome = access_point.send(point, key, envelope, xml)
    milliseconds = round((time.monotonic() - began) * 1000)
    attempts.note_outcome(dispatch_id, outcome, milliseconds, now=clock.now())


def _ask_after(dispatch: InvoiceDispatch) -> None:
    point, dispatch_id, message_id = outlets.access_point(), dispatch.id, dispatch.message_id
    jobs.checkpoint()
    if point is None or message_id is None:
        news = access_point.News(None, None, NO_POINT)
    else:
        news = access_point.news_of(point, message_id)
    attempts.note_news(dispatch_id, news, now=clock.now())


def _lay(dispatch: InvoiceDispatch) -> None:
    """Made ready, written down, and only then renamed: whoever comes after a crash knows how far it went."""
    dispatch_id, key, folder = dispatch.id, dispatch.key, outlets.drop_folder()
    if folder is None:
        attempts.note_trouble(dispatch_id, NO_FOLDER, now=clock.now())
        return
    name = dispatch.invoice.name
    documents = {f"{name}.pdf": _read(dispatch.invoice.file), f"{name}.xml": _read(dispatch.invoice.xml)}
    try:
        place = _prepared(dispatch, folder, documents)
        drop_folder.publish(place, key, *documents)
    except OSError as trouble:
        db.session.rollback()
        attempts.note_trouble(dispatch_id, drop_folder.in_words(trouble), now=clock.now())
    except drop_folder.Occupied as no:
        attempts.note_impossible(dispatch_id, str(no), now=clock.now())
    else:
        attempts.note_laid(dispatch_id, now=clock.now())


def _prepared(dispatch: InvoiceDispatch, folder: Path, documents: dict[str, bytes]) -> Path:
    """The folder in which it lies ready, or from which it has been handed over. Raises OSError."""
    if dispatch.prepared_in is not None:
        before = Path(dispatch.prepared_in)
        if before == folder or not drop_folder.is_ready(before, dispatch.key, *documents):
            return before
    attempts.note_addresses(dispatch, envelope_of(documents[f"{dispatch.invoice.name}.xml"]))
    drop_folder.prepare(folder, dispatch.key, documents)
    dispatch.prepared_in = str(folder)
    jobs.checkpoint()
    return folder


def _read(file: StoredFile | None) -> bytes:
    """A document's bytes. Raises DocumentLost."""
    try:
        if file is not None:
            return files.read(file)
    except FileNotFoundError as gone:
        log.warning("invoice document lost", file=gone.filename)
    raise DocumentLost("Dokumentet finns inte på disken.")
