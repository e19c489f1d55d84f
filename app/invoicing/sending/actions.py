"""Putting an invoice into the queue, what becomes of each attempt, and what a person decides about it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app import audit, jobs, mail, outlets
from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.invoicing import emails
from app.invoicing.actions import values_of
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import queries
from app.invoicing.sending.access_point import Arrival, Heard, News, Outcome
from app.invoicing.sending.envelope import Envelope
from app.invoicing.sending.models import DispatchAttempt, InvoiceDispatch
from app.invoicing.sending.states import (
    MOVES,
    DispatchRoute,
    DispatchState,
    choose,
    wait_before_question,
    wait_before_try,
)
from app.mail import LetterState
from app.workers import RoutineRun

LEASE = timedelta(seconds=60)
"""So long a worker holds what it sends: longer than one attempt can take."""
GIVEN_UP = "Tre dygns försök gav inget besked."
BUSY = "Fakturan skickas just nu. Vänta en minut och ladda om sidan."
BY_ITSELF = {DispatchRoute.ACCESS_POINT, DispatchRoute.FOLDER}
DOUBTFUL_LETTER = "Förbindelsen bröts medan e-postservern tog emot brevet. Fråga kunden om det kom."
LOST_LETTER = "E-postservern tar inte emot brevet. Rätta kundens e-postadress och skicka igen."


def queue(record: InvoiceRecord, *, now: datetime) -> InvoiceDispatch:
    """Choose the way of an invoice that is being issued, and let it go there; a letter is written at once."""
    route, why = _choice(record)
    by_itself = route in BY_ITSELF
    dispatch = InvoiceDispatch(
        invoice=record, route=route, why=why, key=_new_key(), queued_at=now, next_at=now if by_itself else None
    )
    db.session.add(dispatch)
    if route == DispatchRoute.EMAIL:
        _write_letter(record, now)
    audit.record(record, "invoice queued", by=None, now=now, route=route.value)
    return dispatch


def _choice(record: InvoiceRecord) -> tuple[DispatchRoute, str]:
    has_point, has_folder = outlets.access_point() is not None, outlets.drop_folder() is not None
    return choose(record.customer.invoice_route, access_point=has_point, folder=has_folder)


def _new_key() -> str:
    return secrets.token_hex(16)


def _write_letter(record: InvoiceRecord, now: datetime) -> None:
    """To the customer's present address. It goes with the PDF: at once where that is made, else when it is."""
    write = emails.credit_letter if record.is_credit_note else emails.invoice_letter
    record.letter = write(record, values_of(record), now=now)
    if record.file is not None:
        record.letter.attachment = record.file
        mail.post(record.letter)


def claim(dispatch_id: int, now: datetime) -> bool:
    """Take one to work on; False when another worker was quicker."""
    free = update(InvoiceDispatch).where(InvoiceDispatch.id == dispatch_id, queries.is_free(now))
    done = db.session.execute(free.values(claimed_until=now + LEASE).execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def release(dispatch_id: int) -> None:
    """Others may work on it."""
    _held(dispatch_id)


def claim_inbox(now: datetime) -> bool:
    """Take the turn to look into the inbox; False when it is another worker's or too early."""
    early = RoutineRun.ran_at <= now - queries.EVERY
    turn = update(RoutineRun).where(RoutineRun.name == queries.INBOX, early).values(ran_at=now)
    done = db.session.execute(turn.execution_options(synchronize_session=False))
    if done.rowcount == 1:  # type: ignore[attr-defined]
        return True
    if not queries.is_inbox_due(now):
        return False
    try:
        with db.session.begin_nested():
            db.session.add(RoutineRun(name=queries.INBOX, ran_at=now))
    except IntegrityError:
        return False
    return True


def note_addresses(dispatch: InvoiceDispatch, envelope: Envelope) -> None:
    """Keep under which addresses it goes: answers name them."""
    dispatch.sender, dispatch.receiver = envelope.sender, envelope.receiver


def note_outcome(dispatch_id: int, outcome: Outcome, milliseconds: int, *, now: datetime) -> InvoiceDispatch:
    """Write down what an attempt came to: sent, not to be sent, or to be tried again under the same key."""
    dispatch = _held(dispatch_id)
    _attempt(dispatch, outcome.said, now, status=outcome.status, milliseconds=milliseconds)
    if outcome.heard == Heard.TAKEN:
        dispatch.message_id = outcome.message_id
        _sent(dispatch, now)
        wait = wait_before_question(0)
        dispatch.asked, dispatch.ask_at = 0, now + wait if outcome.message_id and wait else None
    elif dispatch.state != DispatchState.QUEUED:
        pass  # Another worker, or a person, was quicker: what it came to for them holds.
    elif outcome.heard == Heard.REFUSED:
        _fail(dispatch, outcome.said or f"Åtkomstpunkten svarade {outcome.status}.", now)
    else:
        _try_later(dispatch, outcome.said, now)
    return dispatch


def note_laid(dispatch_id: int, *, now: datetime) -> InvoiceDispatch:
    """Its files lie in the folder."""
    dispatch = _held(dispatch_id)
    _attempt(dispatch, f"Lagd i mappen {dispatch.prepared_in}.", now)
    _sent(dispatch, now)
    return dispatch


def note_trouble(dispatch_id: int, words: str, *, now: datetime) -> InvoiceDispatch:
    """It could not be handed over now, and nothing was: it is tried again later."""
    dispatch = _held(dispatch_id)
    _attempt(dispatch, words, now)
    _try_later(dispatch, words, now)
    return dispatch


def note_impossible(dispatch_id: int, words: str, *, now: datetime) -> InvoiceDispatch:
    """It cannot be handed over as it is."""
    dispatch = _held(dispatch_id)
    _attempt(dispatch, words, now)
    _fail(dispatch, words, now)
    return dispatch


def note_news(dispatch_id: int, news: News, *, now: datetime) -> InvoiceDispatch:
    """Write down what the access point knows of it. Without news we ask again later, ever more seldom."""
    dispatch = _held(dispatch_id)
    dispatch.asked += 1
    if news.arrival == Arrival.DELIVERED:
        note_delivered(dispatch, now=now)
    elif news.arrival == Arrival.FAILED:
        _attempt(dispatch, news.said, now, status=news.status)
        _fail(dispatch, news.said or "Åtkomstpunkten säger att fakturan inte kom fram.", now)
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


@jobs.every_minute
def follow_letters(now: datetime) -> None:
    """What goes by e-mail is sent when its letter is, and has failed when that will not go."""
    for dispatch in queries.followed_letters():
        letter = dispatch.invoice.letter
        if letter is None:
            continue
        if letter.state == LetterState.SENT:
            _attempt(dispatch, f"Brev till {letter.to_address}.", now)
            _sent(dispatch, letter.sent_at or now)
        else:
            why = DOUBTFUL_LETTER if letter.state == LetterState.UNCERTAIN else LOST_LETTER
            _attempt(dispatch, why, now)
            _fail(dispatch, why, now)


def send_again(dispatch: InvoiceDispatch, *, by: Actor, now: datetime) -> InvoiceDispatch:
    """A person lets it go once more. The caller holds the row. Raises Refused where there is nothing to send again.

    Where nobody knows whether it was taken the key stays, so that it cannot become a second invoice. What went by
    e-mail or was to go by hand takes the way that the customer has now.
    """
    _refuse_busy(dispatch, now)
    by_hand = dispatch.state == DispatchState.QUEUED and dispatch.route == DispatchRoute.HAND
    if dispatch.state != DispatchState.FAILED and not by_hand:
        raise Refused("Fakturan är redan på väg. Ladda om sidan.")
    if dispatch.route not in BY_ITSELF:
        _take_present_way(dispatch)
    if dispatch.is_known_lost:
        dispatch.key, dispatch.message_id = _new_key(), None
    dispatch.state, dispatch.tries, dispatch.queued_at = DispatchState.QUEUED, 0, now
    dispatch.next_at = now if dispatch.route in BY_ITSELF else None
    if dispatch.route == DispatchRoute.EMAIL:
        _letter_again(dispatch.invoice, now)
    audit.record(dispatch.invoice, "invoice sent again", by=by, now=now, route=dispatch.route.value)
    return dispatch


def send_failed_again(*, by: Actor, now: datetime) -> int:
    """Let all go once more that failed electronically; returns how many there were, at most some hundred at a time."""
    found = queries.failed_electronically(now)
    for dispatch in found:
        send_again(dispatch, by=by, now=now)
    return len(found)


def _take_present_way(dispatch: InvoiceDispatch) -> None:
    route, why = _choice(dispatch.invoice)
    if route == DispatchRoute.HAND and dispatch.route == DispatchRoute.HAND:
        raise Refused(f"{why} Ändra hur kunden får fakturor om den ska gå av sig själv.")
    dispatch.route, dispatch.why = route, why


def _letter_again(record: InvoiceRecord, now: datetime) -> None:
    """The same letter where it may go yet, else one to the address that the customer has now."""
    letter = record.letter
    if letter is not None and letter.to_address == record.customer.email:
        if letter.state == LetterState.UNCERTAIN:
            mail.send_again(letter.id, now=now)
            return
        job = queries.failed_delivery(letter)
        if letter.state == LetterState.WAITING and job is not None:
            jobs.retry(job.id, now=now)
            return
    _write_letter(record, now)


def mark_by_hand(dispatch: InvoiceDispatch, how: str, *, by: Actor, now: datetime) -> InvoiceDispatch:
    """A person has seen to it in another way. The caller holds the row. Raises Refused where it has gone already."""
    _refuse_busy(dispatch, now)
    dispatch.state = DispatchState.BY_HAND
    dispatch.sent_at, dispatch.next_at, dispatch.why = now, None, ""
    _attempt(dispatch, f"{how} ({by.name})", now, route=DispatchRoute.HAND)
    audit.record(dispatch.invoice, "invoice sent by hand", by=by, now=now, how=how)
    return dispatch


def _refuse_busy(dispatch: InvoiceDispatch, now: datetime) -> None:
    if dispatch.claimed_until is not None and dispatch.claimed_until > now:
        raise Refused(BUSY)


def _held(dispatch_id: int) -> InvoiceDispatch:
    """The row, locked and let go by whoever worked on it."""
    dispatch = queries.dispatch_with(dispatch_id, lock=True)
    dispatch.claimed_until = None
    return dispatch


def _attempt(
    dispatch: InvoiceDispatch,
    said: str,
    now: datetime,
    *,
    status: int | None = None,
    milliseconds: int = 0,
    route: DispatchRoute | None = None,
) -> None:
    row = DispatchAttempt(dispatch_id=dispatch.id, at=now, route=route or dispatch.route, said=said)
    row.status, row.milliseconds = status, milliseconds
    db.session.add(row)


def _sent(dispatch: InvoiceDispatch, at: datetime) -> None:
    if DispatchState.SENT in MOVES[dispatch.state]:
        dispatch.state, dispatch.sent_at, dispatch.why = DispatchState.SENT, at, ""
        audit.record(dispatch.invoice, "invoice sent", by=None, now=at, route=dispatch.route.value)
    dispatch.next_at = None


def _fail(dispatch: InvoiceDispatch, why: str, now: datetime) -> None:
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
        _fail(dispatch, f"{GIVEN_UP} {why}".strip(), now)
    else:
        dispatch.why, dispatch.next_at = why, now + wait
