"""Long lists a page at a time: from a cursor on, which is a place in the list and no count of rows."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

from flask import request

from app.pages.api.reading import Form
from app.pages.problems import Problem
from app.pages.web import LARGEST_ID

LIMIT = 50
MOST = 100
PLACE: dict[str, Any] = {
    "cursor": {"type": "string", "maxLength": 40, "description": "From the address in next; leave it out to begin"},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT, "description": "Rows a page"},
}


def paged(**more: Any) -> Form:
    """The query of a long list."""
    return {"type": "object", "properties": {**PLACE, **more}, "additionalProperties": False}


def limit_of(asked: dict[str, Any]) -> int:
    """How many rows are wanted."""
    found: int = asked.get("limit", LIMIT)
    return found


def place_of(asked: dict[str, Any]) -> int | None:
    """After which row the page begins; None for the first page. Raises Problem."""
    cursor = asked.get("cursor")
    if cursor is None:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        number = int(text) if text.isdecimal() and len(text) < 11 else -1
    except ValueError:
        number = -1
    if not 0 <= number <= LARGEST_ID:
        raise Problem("invalid", errors=[("/cursor", "cannot be read; take the address in next as it stands")])
    return number


def following(last: int | None) -> str | None:
    """The address of the page after a row; None when there is none."""
    if last is None:
        return None
    cursor = urlsafe_b64encode(str(last).encode()).decode().rstrip("=")
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"
