"""Reads an Invoice Response (Peppol BIS Invoice Response 3, UBL 2.1 ApplicationResponse). Pure; believes nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lxml import etree

from app.invoicing.sending.envelope import NAMES, participant
from bids import safe_xml

LARGEST = 1024 * 1024
"""Bytes. An answer holds some codes and remarks."""
ROOT = "{urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2}ApplicationResponse"
SPECIFICATION = "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"
DOCUMENT_TYPE = f"{ROOT[1:].replace('}', '::')}##{SPECIFICATION}::2.1"
"""As the network calls it."""
LONGEST = 2000
"""Letters of a remark; the whole lies in the file."""
MOST = 20
"""So many clarifications are taken."""


class ResponseCode(StrEnum):
    """What the receiver says of the invoice (the subset of UNCL 4343 that the specification allows)."""

    RECEIVED = "AB"
    IN_PROCESS = "IP"
    UNDER_QUERY = "UQ"
    CONDITIONALLY_ACCEPTED = "CA"
    REJECTED = "RE"
    ACCEPTED = "AP"
    PAID = "PD"


FOR_FINANCE = frozenset({ResponseCode.UNDER_QUERY, ResponseCode.CONDITIONALLY_ACCEPTED, ResponseCode.REJECTED})
"""After these somebody must do something."""


class ResponseRefused(safe_xml.XmlRefused):
    """It cannot be read as an Invoice Response."""


SAYS = safe_xml.Says(
    refused=ResponseRefused,
    empty="Svaret är tomt.",
    large="Svaret är för stort.",
    no_xml="Svaret är inte XML.",
    encoding="Svarets teckenkodning stöds inte.",
    doctype="Svaret har en DOCTYPE, som kan användas för att lura ut uppgifter. Riktiga svar har ingen.",
    broken="Svaret är inte välformad XML. Det är kanske avbrutet.",
)


@dataclass(frozen=True, slots=True)
class Clarification:
    """Why, or what the receiver wants us to do."""

    list_id: str
    """``OPStatusReason``, ``OPStatusAction``, or a list of the receiver's own."""
    code: str
    words: str
    fields: tuple[tuple[str, str], ...] = ()
    """Which term of the invoice it is about (such as BT-13), and what should stand there."""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer about one invoice."""

    id: str
    said_at: str
    """Day, and time of day where it is said: as ISO 8601, so that they sort as text."""
    sender: str
    """Scheme and number of who answers."""
    receiver: str
    """Ours."""
    number: str
    """Of the invoice or credit note."""
    code: ResponseCode
    effective_on: date | None
    note: str
    clarifications: tuple[Clarification, ...]

    @property
    def fingerprint(self) -> str:
        """The same for each copy, however often it comes. Senders that use an id twice for two answers are borne."""
        same = (self.sender, self.receiver, self.id, self.number, self.code.value, self.said_at)
        return hashlib.sha256("\x1f".join(same).encode()).hexdigest()


def read_response(data: bytes) -> Response:
    """The answer as values. Raises ResponseRefused, with a sentence, for whatever is no Invoice Response."""
    if len(data) > LARGEST:
        raise ResponseRefused(SAYS.large)
    root = safe_xml.parse(data, SAYS)
    specification = _text(root, "cbc:CustomizationID")
    if root.tag != ROOT or not re.fullmatch(re.escape(SPECIFICATION) + r"(\.\d+)?", specification):
        raise ResponseRefused("Det är inget svar på en faktura (Peppol Invoice Response 3).")
    said = root.findall("cac:DocumentResponse", NAMES)
    if len(said) != 1:
        raise ResponseRefused("Ett svar ska gälla en faktura.")
    return Response(
        id=_needed(root, "cbc:ID", "svarets nummer"),
        said_at=_moment(root),
        sender=participant(root.find("cac:SenderParty/cbc:EndpointID", NAMES)),
        receiver=participant(root.find("cac:ReceiverParty/cbc:EndpointID", NAMES)),
        number=_needed(said[0], "cac:DocumentReference/cbc:ID", "fakturans nummer"),
        code=_code(said[0]),
        effective_on=_day(_text(said[0], "cac:Response/cbc:EffectiveDate")),
        note=_text(root, "cbc:Note"),
        clarifications=_clarifications(said[0].findall("cac:Response/cac:Status", NAMES)),
    )


def _clarifications(found: Sequence[etree._Element]) -> tuple[Clarification, ...]:
    return tuple(
        Clarification(
            list_id=_list_of(one),
            code=_text(one, "cbc:StatusReasonCode")[:40],
            words=_text(one, "cbc:StatusReason"),
            fields=tuple(
                (_text(field, "cbc:AttributeID")[:200], _text(field, "cbc:Description"))
                for field in one.findall("cac:Condition", NAMES)[:MOST]
            ),
        )
        for one in found[:MOST]
    )


def _list_of(status: etree._Element) -> str:
    code = status.find("cbc:StatusReasonCode", NAMES)
    return "" if code is None else code.get("listID", "")[:40]


def _code(said: etree._Element) -> ResponseCode:
    code = _needed(said, "cac:Response/cbc:ResponseCode", "koden för svaret")
    try:
        return ResponseCode(code)
    except ValueError as wrong:
        raise ResponseRefused(f"Koden {code[:20]!r} finns inte för svar på fakturor.") from wrong


def _moment(root: etree._Element) -> str:
    """The day, and the time where it is written as a time."""
    day = _day(_needed(root, "cbc:IssueDate", "svarets datum"))
    if day is None:
        raise ResponseRefused("Svarets datum är inget datum.")
    time = re.match(r"\d\d:\d\d:\d\d", _text(root, "cbc:IssueTime"))
    return f"{day.isoformat()}T{time[0]}" if time else day.isoformat()


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text[:10])
    return None


def _needed(node: etree._Element, path: str, what: str) -> str:
    found = _text(node, path)
    if not found:
        raise ResponseRefused(f"Svaret saknar {what}.")
    return found


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path, namespaces=NAMES) or "").strip()[:LONGEST]
