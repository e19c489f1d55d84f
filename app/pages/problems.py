"""How other systems are told no: problem details (RFC 9457), each with a type that never changes its meaning."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException

PREFIX = "/api/v1"
MEDIA_TYPE = "application/problem+json"
TYPES: dict[str, tuple[int, str]] = {
    "bad-request": (400, "The request cannot be read."),
    "not-signed-in": (401, "There is no token, or it is unknown, revoked or too old."),
    "not-for-this-account": (403, "The token's owner may not do this."),
    "not-found": (404, "It does not exist, or belongs to somebody else."),
    "method-not-allowed": (405, "The address does not take this method."),
    "refused": (409, "A rule of the house says no. The detail is a sentence for a person, in Swedish."),
    "too-large": (413, "The request is too large."),
    "not-json": (415, "The body must be JSON (application/json)."),
    "invalid": (422, "Something in the request is missing or wrong; errors says what."),
    "unknown-field": (422, "The request has fields that nobody here knows; errors names them."),
    "key-reused": (422, "The idempotency key has been used for another request."),
    "too-many-requests": (429, "Too many requests. Wait as long as Retry-After says."),
    "failed": (500, "Something went wrong here. Nothing was saved."),
    "unavailable": (503, "The service rests for a moment."),
}
_BY_STATUS = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-for-this-account",
    404: "not-found",
    405: "method-not-allowed",
    409: "refused",
    413: "too-large",
    415: "not-json",
    429: "too-many-requests",
    503: "unavailable",
}


class Problem(Exception):  # noqa: N818  it is a no, as Refused is
    """The request is answered with a problem of a type; `errors` are (JSON pointer, what is wrong there)."""

    def __init__(self, kind: str, detail: str = "", errors: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(detail or TYPES[kind][1])
        self.kind, self.detail, self.errors = kind, detail, errors


def asked_here() -> bool:
    """Whether the request is one of another system's, which reads no page."""
    return request.path.startswith(f"{PREFIX}/")


def as_response(
    kind: str,
    detail: str = "",
    errors: Sequence[tuple[str, str]] = (),
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as it is answered."""
    status, title = TYPES[kind]
    body: dict[str, Any] = {"type": f"{PREFIX}/problems/{kind}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = [{"pointer": pointer, "detail": said} for pointer, said in errors]
    response = Response(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    response.headers.extend(headers or {})
    return response


def of_http_error(error: HTTPException) -> Response:
    """What the framework refuses, from a wrong address to a breakdown."""
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After", "WWW-Authenticate"}}
    code = error.code or 500
    return as_response(_BY_STATUS.get(code, "bad-request" if code < 500 else "failed"), headers=kept)
