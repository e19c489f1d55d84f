"""Who works on an invoice that is to be sent, and what becomes of each attempt."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from app import audit
from app.db import db
from app.invoicing.sending import queries
from app.invoicing.sending.access_point import Arrival, Heard, News, Outcome
from app.invoicing.sending.envelope import Envelope
from app.invoicing.sending.models import DispatchAttempt, InvoiceDispatch
from app.invoicing.sending.states import MOVES, DispatchRoute, DispatchState, wait_before_question, wait_before_try

LEASE = timedelta(seconds=60)
"""So long a worker holds what it sends: longer than one attempt can take."""
GIVEN_UP = "Tre dygns försök gav inget besked."


def claim(dispatch_id: int, now: datetime) -> bool:
    """Take one to work on; False when another worker was quicker."""
    free = update(InvoiceDispatch).where(InvoiceDispatch.id == dispatch_id, queries.is_free(now))
    done = db.session.execute(free.values(claimed_until=now + LEASE).execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def release(dispatch_id: int) -> None:
    """Others may work on it."""
    _held(dispatch_id)


def note_addresses(dispatch: InvoiceDispatch, envelope: Envelope) -> None:
    """Keep under which addresses it goes: answers name them."""
    dispatch.sender, dispatch.receiver = envelope.sender, envelope.receiver


def note_outcome(dispatch_id: int, outcome: Outcome, milliseconds: int, *, now: datetime) -> InvoiceDispatch:
    """Write down what an attempt came to: sent, not to be sent, or to be tried again under the same key."""
    dispatch = _held(dispatch_id)
    write_down(dispatch, outcome.said, now, status=outcome.status, milliseconds=milliseconds)
    if outcome.heard == Heard.TAKEN:
        dispatch.message_id = outcome.message_id
        mark_sent(dispatch, now)
        wait = wait_before_question(0)
        dispatch.asked, dispatch.ask_at = 0, now + wait if outcome.message_id and wait else None
    elif dispatch.state != DispatchState.QUEUED:
        pass  # Another worker, or a person, was quicker: what it came to for them holds.
    elif outcome.heard == Heard.REFUSED:
        mark_failed(dispatch, outcome.said or f"Åtkomstpunkten svarade {outcome.status}.", now)
    else:
        _try_later(dispatch, outcome.said, now)
    return dispatch


def note_laid(dispatch_id: int, *, now: datetime) -> InvoiceDispatch:
    """Its files lie in the folder."""
    dispatch = _held(dispatch_id)
    write_down(dispatch, f"Lagd i mappen {dispatch.prepared_in}.", now)
    mark_sent(dispatch, now)
    return dispatch


def note_trouble(dispatch_id: int, words: str, *, now: datetime) -> InvoiceDispatch:
    """It could not be handed over now, and nothing was: it is tried again later."""
    dispatch = _held(dispatch_id)
    write_down(dispatch, words, now)
    _try_later(dispatch, words, now)
    return dispatch


def note_impossible(dispatch_id: int, words: str, *, now: datetime) -> InvoiceDispatch:
    """It cannot be handed over as it is."""
    dispatch = _held(dispatch_id)
    write_down(dispatch, words, now)
    mark_failed(dispatch, words, now)
    return dispatch


def note_news(dispatch_id: int, news: News, *, now: datetime) -> InvoiceDispatch:
    """Write down what the access point knows of it. Without news we ask again later, ever more seldom."""
    dispatch = _held(dispatch_id)
    dispatch.asked += 1
    if news.arrival == Arrival.DELIVERED:
        note_delivered(dispatch, now=now)
    elif news.arrival == Arrival.FAILED:
        write_down(dispatch, news.said, now, status=news.status)
        mark_failed(dispatch, news.said or "Åtkomstpunkten säger att fakturan inte kom fram.", now)
    else:
        wait = wait_before_question(dispatch.asked)
        dispatch.ask_at = now + wait if wait else None
    return dispatch


def note_delivered(dispatch: InvoiceDispatch, *, now: datetime) -> None:
    """The receiver's side has it. Known already, or by hand as well, is no harm."""
    if DispatchState.DELIVERED in MOVES[dispatch.state]:
        dispatch.state, dispatch.delivered_at, dispatch.why = DispatchState.DELIVERED, now, ""
        audit.record(dispatch.invoice, "invoice delivered", by=None, now=now)
    dispatch.ask_at, dispatch.next_at = None, None


def _held(dispatch_id: int) -> InvoiceDispatch:
    """The row, locked and let go by whoever worked on it."""
    dispatch = queries.dispatch_with(dispatch_id, lock=True)
    dispatch.claimed_until = None
    return dispatch


def write_down(
    dispatch: InvoiceDispatch,
    said: str,
    now: datetime,
    *,
    status: int | None = None,
    milliseconds: int = 0,
    route: DispatchRoute | None = None,
) -> None:
    """One row of what has been tried and said."""
    row = DispatchAttempt(dispatch_id=dispatch.id, at=now, route=route or dispatch.route, said=said)
    row.status, row.milliseconds = status, milliseconds
    db.session.add(row)


def mark_sent(dispatch: InvoiceDispatch, at: datetime) -> None:
    """It has left us; that it arrived may be known already."""
    if DispatchState.SENT in MOVES[dispatch.state]:
        dispatch.state, dispatch.sent_at, dispatch.why = DispatchState.SENT, at, ""
        audit.record(dispatch.invoice, "invoice sent", by=None, now=at, route=dispatch.route.value)
    dispatch.next_at = None


def mark_failed(dispatch: InvoiceDispatch, why: str, now: datetime) -> None:
    """It will not go by itself, unless it has arrived all the same."""
    if DispatchState.FAILED in MOVES[dispatch.state]:
        dispatch.state, dispatch.why = DispatchState.FAILED, why
        audit.record(dispatch.invoice, "invoice not sent", by=None, now=now, why=why)
    dispatch.next_at, dispatch.ask_at = None, None


def _try_later(dispatch: InvoiceDispatch, why: str, now: datetime) -> None:
    """Unless it has gone meanwhile, or a person has seen to it."""
    if dispatch.state != DispatchState.QUEUED:
        return
    dispatch.tries += 1
    wait = wait_before_try(dispatch.tries)
    if wait is None:
        mark_failed(dispatch, f"{GIVEN_UP} {why}".strip(), now)
    else:
        dispatch.why, dispatch.next_at = why, now + wait
