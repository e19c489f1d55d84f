"""The access point that hands our e-invoices over. Only this file knows it; what it must do: docs/access-point.md.

Each call is made in a process of its own, with one clock for all of it; no redirect is followed, TLS is verified, and
of an answer no more is read than is expected. Nothing that it says is believed beyond what is asked of it here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from app import posting
from app.invoicing.sending.answers import DOCUMENT_TYPE, LARGEST
from app.invoicing.sending.envelope import Envelope
from app.outlets import AccessPoint
from app.posting import Question, Reply

PATIENCE = 30
"""Seconds for each call. A dispatch is claimed for longer than that."""
SMALL = 64 * 1024
"""Bytes of an answer in JSON."""
AT_ONCE = 50
"""So many messages of the inbox are asked for."""
ID = re.compile(r"[\x21-\x7e]{1,200}")
"""What a message may be called."""
LATER = frozenset({408, 425, 429})
"""What sounds like a refusal, and only says that it is too early or too much."""
PARTICIPANT, DOCUMENT, PROCESS = "iso6523-actorid-upis", "busdox-docid-qns", "cenbii-procid-ubl"
"""The network's schemes for who, what and in which process (Peppol policy for identifiers)."""


class Heard(StrEnum):
    """What an attempt to hand something over came to."""

    TAKEN = "taken"
    REFUSED = "refused"
    """It will not take it, whenever it is asked."""
    NOT_NOW = "not now"
    """Nobody knows whether it has been taken: it must be sent again under the same key."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An attempt, and what was answered."""

    heard: Heard
    status: int | None
    said: str
    message_id: str | None = None


class Arrival(StrEnum):
    """What the access point knows of something that it took."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class News:
    """Whether it has come; none where there was no answer to be had."""

    arrival: Arrival | None
    status: int | None
    said: str


def send(point: AccessPoint, key: str, envelope: Envelope, xml: bytes) -> Outcome:
    """``POST /documents``: hand a document over. The same key is the same document, however often it is sent."""
    headings = {
        "Content-Type": "application/xml",
        "Idempotency-Key": key,
        "Peppol-Sender": f"{PARTICIPANT}::{envelope.sender}",
        "Peppol-Receiver": f"{PARTICIPANT}::{envelope.receiver}",
        "Peppol-Document-Type": f"{DOCUMENT}::{envelope.document_type}",
        "Peppol-Process": f"{PROCESS}::{envelope.process}",
    }
    reply = _call(point, "POST", "/documents", headings=headings, body=xml)
    said = _object(reply)
    message_id, status = _id(said.get("id")), reply.status
    if status == 409 or (status in {200, 201, 202} and message_id):
        return Outcome(Heard.TAKEN, status, _words(reply, said), message_id)
    if status is not None and is_refusal(status):
        return Outcome(Heard.REFUSED, status, _words(reply, said))
    return Outcome(Heard.NOT_NOW, status, _words(reply, said))


def is_refusal(status: int) -> bool:
    """Whether an answer means that the document as it is will never be taken; a conflict means that it has been."""
    return 300 <= status < 500 and status not in LATER and status != 409


def news_of(point: AccessPoint, message_id: str) -> News:
    """``GET /documents/ID``: whether what was taken has reached the receiver."""
    reply = _call(point, "GET", f"/documents/{quote(message_id, safe='')}")
    said = _object(reply)
    state = str(said.get("state"))
    known = reply.status == 200 and state in set(Arrival)
    return News(Arrival(state) if known else None, reply.status, _words(reply, said))


def inbox(point: AccessPoint) -> list[str]:
    """``GET /inbox``: what the Invoice Responses are called that we have not taken yet, the oldest first."""
    asked = urlencode({"document_type": f"{DOCUMENT}::{DOCUMENT_TYPE}", "limit": AT_ONCE})
    reply = _call(point, "GET", f"/inbox?{asked}")
    found = _object(reply).get("messages") if reply.status == 200 else None
    names = [_id(one.get("id")) for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [name for name in names if name][:AT_ONCE]


def fetch(point: AccessPoint, inbox_id: str) -> bytes | None:
    """``GET /inbox/ID``: one message; none when it is not to be had now. Of one too large a byte too much is given."""
    path = f"/inbox/{quote(inbox_id, safe='')}"
    reply = _call(point, "GET", path, kept=LARGEST + 1)
    return reply.body if reply.status == 200 else None


def take(point: AccessPoint, inbox_id: str) -> None:
    """``POST /inbox/ID/taken``: we have it, and need not be told again. When that is not heard, we are: no harm."""
    _call(point, "POST", f"/inbox/{quote(inbox_id, safe='')}/taken")


def _call(
    point: AccessPoint,
    method: str,
    path: str,
    *,
    headings: dict[str, str] | None = None,
    body: bytes = b"",
    kept: int = SMALL,
) -> Reply:
    known = {"Authorization": f"Bearer {point.key}", "User-Agent": "Samsalj-Invoices/1"}
    if method == "POST":
        known["Content-Length"] = str(len(body))
    asked = {**known, **(headings or {})}
    question = Question(method, point.url + path, asked, body, kept=kept, patience=PATIENCE, by_the_house=True)
    return posting.ask(question)


def _object(reply: Reply) -> dict[str, Any]:
    """The JSON object that was answered; an empty one for anything else."""
    try:
        found = json.loads(reply.body) if reply.is_whole else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _id(found: object) -> str | None:
    return found if isinstance(found, str) and ID.fullmatch(found) else None


def _words(reply: Reply, said: dict[str, Any]) -> str:
    """What a person should read of it."""
    words = said.get("words")
    return (words if isinstance(words, str) and words else reply.said).replace("\0", "")[: posting.KEPT]
