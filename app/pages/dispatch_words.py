"""What the ways and states of an invoice, and the codes that receivers answer with, are called on screens."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.invoicing.sending.answers import ResponseCode
from app.invoicing.sending.states import DispatchRoute, DispatchState

ROUTES = {
    DispatchRoute.ACCESS_POINT: _l("Peppol, through the access point"),
    DispatchRoute.FOLDER: _l("Peppol, through the folder"),
    DispatchRoute.EMAIL: _l("E-mail with PDF"),
    DispatchRoute.HAND: _l("By hand"),
}
STATES = {
    DispatchState.QUEUED: (_l("On its way out"), "wait"),
    DispatchState.SENT: (_l("Sent out"), "info"),
    DispatchState.DELIVERED: (_l("With the receiver"), "good"),
    DispatchState.FAILED: (_l("Not sent"), "bad"),
    DispatchState.BY_HAND: (_l("Sent by hand"), "good"),
}
CODES = {
    ResponseCode.RECEIVED: (_l("The receiver has it"), "info"),
    ResponseCode.IN_PROCESS: (_l("The receiver works on it"), "info"),
    ResponseCode.UNDER_QUERY: (_l("The receiver asks something"), "wait"),
    ResponseCode.CONDITIONALLY_ACCEPTED: (_l("Approved with reservations"), "wait"),
    ResponseCode.REJECTED: (_l("The receiver rejects it"), "bad"),
    ResponseCode.ACCEPTED: (_l("The receiver approves it"), "good"),
    ResponseCode.PAID: (_l("The receiver says that it is paid"), "good"),
}
CLARIFICATIONS = {
    ("OPStatusReason", "NON"): _l("Nothing is wrong"),
    ("OPStatusReason", "REF"): _l("A reference is wrong or missing"),
    ("OPStatusReason", "LEG"): _l("Something that the law asks for is wrong"),
    ("OPStatusReason", "REC"): _l("The receiver does not know whom it is for"),
    ("OPStatusReason", "QUA"): _l("The quality was not good enough"),
    ("OPStatusReason", "DEL"): _l("Something about the delivery is wrong"),
    ("OPStatusReason", "PRI"): _l("A price is wrong"),
    ("OPStatusReason", "QTY"): _l("A quantity is wrong"),
    ("OPStatusReason", "ITM"): _l("An article is wrong"),
    ("OPStatusReason", "PAY"): _l("The payment terms are wrong"),
    ("OPStatusReason", "UNR"): _l("The receiver does not recognise the purchase"),
    ("OPStatusReason", "FIN"): _l("An amount or the bank details are wrong"),
    ("OPStatusReason", "PPD"): _l("A part of it is paid"),
    ("OPStatusReason", "OTH"): _l("Another reason"),
    ("OPStatusAction", "NOA"): _l("We need do nothing"),
    ("OPStatusAction", "PIN"): _l("We are to tell what is missing"),
    ("OPStatusAction", "NIN"): _l("We are to send a new invoice"),
    ("OPStatusAction", "CNF"): _l("We are to credit all of it"),
    ("OPStatusAction", "CNP"): _l("We are to credit a part of it"),
    ("OPStatusAction", "CNA"): _l("We are to credit the amount"),
    ("OPStatusAction", "OTH"): _l("We are to do something else"),
}
"""By list and code (Peppol code lists OPStatusReason and OPStatusAction)."""


def clarified(one: dict[str, Any]) -> Any:
    """What a clarification says; a code of the receiver's own stands as it is."""
    return CLARIFICATIONS.get((one["list_id"], one["code"]), one["code"])


WORDS = {"routes": ROUTES, "states": STATES, "codes": CODES, "clarified": clarified}
"""For templates/staff/_dispatch.html."""
