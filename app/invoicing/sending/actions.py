"""Putting an invoice into the queue, and what a person decides about it."""

from __future__ import annotations

import secrets
from datetime import datetime

from app import audit, outlets
from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import attempts, letters, queries
from app.invoicing.sending.models import InvoiceDispatch
from app.invoicing.sending.states import DispatchRoute, DispatchState, choose

BUSY = "Fakturan skickas just nu. Vänta en minut och ladda om sidan."
BY_ITSELF = {DispatchRoute.ACCESS_POINT, DispatchRoute.FOLDER}


def queue(record: InvoiceRecord, *, now: datetime) -> InvoiceDispatch:
    """Choose the way of an invoice that is being issued, and let it go there; a letter is written at once."""
    route, why = _choice(record)
    by_itself = route in BY_ITSELF
    dispatch = InvoiceDispatch(
        invoice=record, route=route, why=why, key=_new_key(), queued_at=now, next_at=now if by_itself else None
    )
    db.session.add(dispatch)
    if route == DispatchRoute.EMAIL:
        letters.write(record, now)
    audit.record(record, "invoice queued", by=None, now=now, route=route.value)
    return dispatch


def _choice(record: InvoiceRecord) -> tuple[DispatchRoute, str]:
    has_point, has_folder = outlets.access_point() is not None, outlets.drop_folder() is not None
    return choose(record.customer.invoice_route, access_point=has_point, folder=has_folder)


def _new_key() -> str:
    return secrets.token_hex(16)


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
        letters.write_again(dispatch.invoice, now)
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


def mark_by_hand(dispatch: InvoiceDispatch, how: str, *, by: Actor, now: datetime) -> InvoiceDispatch:
    """A person has seen to it in another way. The caller holds the row. Raises Refused where it has gone already."""
    _refuse_busy(dispatch, now)
    dispatch.state = DispatchState.BY_HAND
    dispatch.sent_at, dispatch.next_at, dispatch.why = now, None, ""
    attempts.write_down(dispatch, f"{how} ({by.name})", now, route=DispatchRoute.HAND)
    audit.record(dispatch.invoice, "invoice sent by hand", by=by, now=now, how=how)
    return dispatch


def _refuse_busy(dispatch: InvoiceDispatch, now: datetime) -> None:
    if dispatch.claimed_until is not None and dispatch.claimed_until > now:
        raise Refused(BUSY)
