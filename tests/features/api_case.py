"""A system of somebody's that talks to /api/v1, and holds each answer to what the document says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jsonschema
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.accounts.models import Seat, User
from app.db import db
from app.tokens import actions
from tests.people import Visitor, save

OPENAPI = "/api/v1/openapi.json"


@dataclass
class System:
    """Somebody's program, with a token."""

    client: Visitor
    secret: str
    document: dict[str, Any]

    def get(self, path: str, *, status: int = 200, **headers: str) -> Any:
        """Ask for something."""
        return self._told("get", path, status, headers)

    def post(self, path: str, body: Any = None, *, status: int = 200, key: str = "", **headers: str) -> Any:
        """Have something done."""
        more = {"Idempotency-Key": key} if key else {}
        return self._told("post", path, status, {**headers, **more}, **({} if body is None else {"json": body}))

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any) -> TestResponse:
        """The bare answer, after seeing that it is in the document."""
        wanted = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
        answer: TestResponse = getattr(self.client, method)(f"/api/v1{path}", headers=wanted, **sent)
        assert "Set-Cookie" not in answer.headers
        fits(answer, method, path, self.document)
        return answer

    def _told(self, method: str, path: str, status: int, headers: dict[str, str], **sent: Any) -> Any:
        answer = self.ask(method, path, {name.replace("_", "-"): said for name, said in headers.items()}, **sent)
        assert answer.status_code == status, answer.text
        return answer.json


def fits(answer: TestResponse, method: str, path: str, document: dict[str, Any]) -> None:
    """The document names the answer, and a foreign validator finds that the answer has the form that it names."""
    found = operation(document, method, path)
    if found is None:
        assert answer.status_code in {401, 404, 405, 429}, f"{method} {path} is not in the document"
        told: dict[str, Any] = {"content": {"application/problem+json": {"schema": _ref("Problem")}}}
    elif answer.status_code == 304:
        return
    else:
        told = found["responses"].get(str(answer.status_code)) or found["responses"]["default"]
    form = told["content"][answer.mimetype]["schema"]
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **form, "components": document["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(answer.json)


def operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    """What the document says of a method of an address."""
    plain = path.partition("?")[0]
    for pattern, methods in document["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", pattern), plain) and method in methods:
            found: dict[str, Any] = methods[method]
            return found
    return None


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def system(app: Flask, email: str) -> System:
    """A program of the person with that address, with a token of a month."""
    user = db.session.scalars(select(User).where(User.email == email)).one()
    seat = db.session.scalars(select(Seat).where(Seat.user_id == user.id)).one()
    _token, secret = actions.make_token(seat, "Provsystem", timedelta(days=30), by=user, now=clock.now())
    save()
    client = app.test_client()
    return System(client, secret, client.get(OPENAPI).json)
