"""Putting an invoice into the queue, and what a person decides about it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from app import audit, files, jobs, outlets
from app.audit import Actor
from app.customers.models import CustomerKind, InvoiceRoute
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.invoicing.actions import MAKING
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import attempts, letters, queries
from app.invoicing.sending.envelope import envelope_of
from app.invoicing.sending.models import InvoiceDispatch
from app.invoicing.sending.states import DispatchRoute, DispatchState, choose
from bids.safe_xml import XmlRefused

BUSY = "Fakturan skickas just nu. Vänta en minut och ladda om sidan."
ON_ITS_WAY = "Fakturan är redan på väg. Ladda om sidan."
GONE = "Fakturan har redan gått som e-faktura. Ladda om sidan."
NO_ADDRESS = "Kunden saknar elektronisk adress. Skriv in den hos kunden, som 0007:2120999012."
UNDECIDED = {DispatchState.QUEUED, DispatchState.FAILED}
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
    return choose(record.customer.invoice_route, **_ways())


def _ways() -> dict[str, bool]:
    """Which electronic ways this house has."""
    return {"access_point": outlets.access_point() is not None, "folder": outlets.drop_folder() is not None}


def _new_key() -> str:
    return secrets.token_hex(16)


def send_again(dispatch: InvoiceDispatch, *, by: Actor, now: datetime) -> InvoiceDispatch:
    """A person lets it go once more. The caller holds the row. Raises Refused where there is nothing to send again.

    Where nobody knows whether it was taken the key stays, so that it cannot become a second invoice. What went by
    e-mail or was to go by hand takes the way that the customer has now; what was refused or lost goes to the address
    that the customer has now, and by the electronic way that this house has now.
    """
    _refuse_busy(dispatch, now)
    by_hand = dispatch.state == DispatchState.QUEUED and dispatch.route == DispatchRoute.HAND
    if dispatch.state != DispatchState.FAILED and not by_hand:
        raise Refused(ON_ITS_WAY)
    if dispatch.route not in BY_ITSELF:
        _take_present_way(dispatch)
    else:
        _take_way_there_is(dispatch)
    if _is_readdressed(dispatch):
        dispatch.invoice.xml, dispatch.key, dispatch.message_id = None, _new_key(), None
    elif dispatch.is_known_lost:
        dispatch.key, dispatch.message_id = _new_key(), None
    dispatch.state, dispatch.tries, dispatch.queued_at = DispatchState.QUEUED, 0, now
    dispatch.next_at = now if dispatch.route in BY_ITSELF else None
    if dispatch.route == DispatchRoute.EMAIL:
        letters.write_again(dispatch.invoice, now)
    elif dispatch.route in BY_ITSELF and dispatch.invoice.xml is None:
        jobs.enqueue(MAKING, invoice_id=dispatch.invoice_id)
    audit.record(dispatch.invoice, "invoice sent again", by=by, now=now, route=dispatch.route.value)
    return dispatch


def _is_readdressed(dispatch: InvoiceDispatch) -> bool:
    """Whether it went to an address that the customer no longer has, and nobody has it there."""
    address = dispatch.invoice.customer.electronic_address
    if not address or dispatch.receiver in {None, address}:
        return False
    return dispatch.is_known_lost or queries.was_refused(dispatch)


def send_as_einvoice(
    record: InvoiceRecord, before: InvoiceDispatch | None, *, by: Actor, now: datetime
) -> InvoiceDispatch:
    """Let an invoice that has left in another way go as an e-invoice too: the same number, the same document.

    The caller holds both (`queries.held_of`). The way that it took before stays as it is, and another follows it.
    Raises Refused for what is on its way, for what has gone as an e-invoice, and where nobody knows where to.
    """
    if before is not None:
        _refuse_busy(before, now)
    why_not = hindrance(record, before)
    if why_not:
        raise Refused(why_not)
    route, _why = choose(InvoiceRoute.PEPPOL, **_ways())
    dispatch = InvoiceDispatch(invoice=record, route=route, key=_key_after(before), queued_at=now, next_at=now)
    dispatch.replaces_id = before.id if before else None
    db.session.add(dispatch)
    _see_to_xml(record)
    audit.record(record, "invoice sent as e-invoice too", by=by, now=now, route=route.value)
    return dispatch


def hindrance(record: InvoiceRecord, before: InvoiceDispatch | None) -> str:
    """Why an invoice cannot go as an e-invoice too, in words; empty when it can. `before` is its newest way."""
    if before is not None and not before.has_left_otherwise:
        return ON_ITS_WAY if before.state in UNDECIDED else GONE
    if not record.customer.electronic_address:
        return NO_ADDRESS
    route, _why = choose(InvoiceRoute.PEPPOL, **_ways())
    if route == DispatchRoute.HAND:
        return "Varken åtkomstpunkt eller mapp är inställd, så att inga e-fakturor kan skickas härifrån."
    if before is not None and route == before.route == DispatchRoute.FOLDER and before.sent_at and before.prepared_in:
        return "E-fakturan har redan lagts i mappen."
    return ""


@dataclass(frozen=True, slots=True)
class AsEInvoice:
    """What a page offers about sending an invoice as an e-invoice too."""

    may_go: bool
    lacks_address: bool
    """Whether nothing else is missing, of a customer that could have one: private people take none through Peppol."""


def offer(record: InvoiceRecord, before: InvoiceDispatch | None) -> AsEInvoice:
    """Whether it may go as an e-invoice too, after its newest way."""
    why_not = hindrance(record, before)
    return AsEInvoice(not why_not, why_not == NO_ADDRESS and record.customer.kind != CustomerKind.PRIVATE)


def _key_after(before: InvoiceDispatch | None) -> str:
    """Where the access point may have it all the same, it goes under the key that it had, and is taken once."""
    if before is None or before.route != DispatchRoute.ACCESS_POINT or before.message_id is not None:
        return _new_key()
    key, before.key = before.key, _new_key()
    db.session.flush()
    return key


def _see_to_xml(record: InvoiceRecord) -> None:
    """It is made now where it was not, and anew where it names another address and has never been handed over."""
    other = record.xml is not None and _receiver(record.xml) != record.customer.electronic_address
    if other and not queries.was_named(record):
        record.xml = None
    if record.xml is None:
        jobs.enqueue(MAKING, invoice_id=record.id)


def _receiver(xml: StoredFile) -> str:
    """To whom the XML goes; empty where the disk has lost it."""
    try:
        return envelope_of(files.read(xml)).receiver
    except (FileNotFoundError, XmlRefused):
        return ""


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


def _take_way_there_is(dispatch: InvoiceDispatch) -> None:
    """It goes through the other of the two where its own is no longer set; where neither is it waits for its own."""
    ways = _ways()
    route, _why = choose(InvoiceRoute.PEPPOL, **ways)
    if not ways[dispatch.route.value] and route in BY_ITSELF:
        dispatch.route, dispatch.why = route, ""


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
