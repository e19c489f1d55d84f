"""How a message is signed, so that the other side knows that it is ours and new (Standard Webhooks 1.0). Pure."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime

MARK = "whsec_"


def new_secret() -> str:
    """A key of 256 bits, as both sides write it."""
    return MARK + b64encode(secrets.token_bytes(32)).decode()


def headings(secret: str, key: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headings of one attempt: which message, when it is sent, and the signature over both and the body."""
    timestamp = str(int(now.timestamp()))
    signed = f"{key}.{timestamp}.".encode() + body
    mark = hmac.new(b64decode(secret.removeprefix(MARK)), signed, hashlib.sha256).digest()
    return {
        "webhook-id": key,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(mark).decode()}",
        "Content-Type": "application/json",
        "User-Agent": "Samsalj-Webhooks/1",
    }
