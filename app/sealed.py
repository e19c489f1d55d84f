"""What must lie unreadable in the database: sealed with a key that lies elsewhere, and opened with it only.

`PERSONAL_DATA_KEY` may hold several keys with commas between them: the first seals, and each of them opens what it once
sealed. A new key is put first; when `reseal` has gone over all rows the old one can be thrown away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class Unreadable(Exception):  # noqa: N818  it says what the text is
    """None of the keys opens it: one has been thrown away too early, or somebody has changed the text."""


def seal(text: str) -> str:
    """The text, unreadable without the key and noticed if anybody changes it. Twice the same text is not the same."""
    return _safe(_keys()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises Unreadable."""
    try:
        return _safe(_keys()).decrypt(sealed.encode()).decode()
    except InvalidToken as wrong:
        raise Unreadable("no key opens it") from wrong


def reseal(sealed: str) -> str:
    """The same under the first key. Raises Unreadable."""
    try:
        return _safe(_keys()).rotate(sealed.encode()).decode()
    except InvalidToken as wrong:
        raise Unreadable("no key opens it") from wrong


def marks(text: str) -> list[str]:
    """By what the same text is known again without being opened, one for each key; the first is the one to keep."""
    return [hmac.new(_derived(key, b"mark"), text.encode(), hashlib.sha256).hexdigest() for key in _keys()]


def _keys() -> tuple[str, ...]:
    keys: tuple[str, ...] = current_app.config["PERSONAL_DATA_KEYS"]
    return keys


@lru_cache(maxsize=4)
def _safe(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, b"seal"))) for key in keys])


@lru_cache(maxsize=8)
def _derived(key: str, purpose: bytes) -> bytes:
    """The keys are long and random, so one step suffices (RFC 5869); each purpose has a key of its own."""
    return HKDF(SHA256(), 32, salt=None, info=b"samsalj personal data, " + purpose).derive(key.encode())
