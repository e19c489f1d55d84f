"""Each thing that another system may ask for: its address, its forms, and what runs. The document is made of them."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, request

from app import clock
from app.db import db
from app.pages.api import reading
from app.pages.api.reading import Form
from app.pages.problems import PREFIX, Problem
from app.tokens import actions as tokens

bp = Blueprint("api", __name__, url_prefix=PREFIX)
View = Callable[..., dict[str, Any]]
"""Takes what was asked (of a GET its query, else its body) and the parts of the address, and gives the answer."""
NOTHING: Form = {"type": "object", "properties": {}, "additionalProperties": False}
LONGEST_KEY = 100


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    """As Flask writes it: ``/orders/<int:number>``."""
    name: str
    view: View
    answer: str
    """The name of the answer's form."""
    status: int = 200
    query: Form = field(default_factory=lambda: NOTHING)
    body: str = ""
    """The name of the body's form; empty where there is none."""
    needs_key: bool = False
    """Whether it must come with an Idempotency-Key."""
    open: bool = False
    """Whether it may be asked without a token."""

    @property
    def summary(self) -> str:
        """The first words of the function's docstring, off its source: web processes run without docstrings."""
        (read,) = ast.parse(inspect.getsource(self.view)).body
        return (ast.get_docstring(read) or "").strip(" .") if isinstance(read, ast.FunctionDef) else ""


OPERATIONS: list[Operation] = []
BODIES: dict[str, Form] = {}
"""The forms of what is sent, by name."""


def offered(method: str, path: str, *, body: Form | None = None, **about: Any) -> Callable[[View], View]:
    """Offer a function to other systems. `body` is a form with a title, by which it is known in the document."""

    def offer(view: View) -> View:
        named = str(body["title"]) if body else ""
        one = Operation(method, path, view.__name__, view, body=named, **about)
        if body:
            BODIES[named] = body
        OPERATIONS.append(one)
        bp.add_url_rule(path, view.__name__, _answering(one, view), methods=[method])
        return view

    return offer


def _answering(one: Operation, view: View) -> Callable[..., Response]:
    @wraps(view)
    def answer(**address: Any) -> Response:
        if one.method == "GET":
            return _json(view(reading.query(one.query), **address), one.status)
        reading.query(one.query)
        return _act(one, view, reading.body(BODIES.get(one.body)), address)

    return answer


def _act(one: Operation, view: View, asked: dict[str, Any], address: dict[str, Any]) -> Response:
    """Do it, or answer as it was answered before. What it does and what is answered are one transaction."""
    key = _key(one)
    if not key:
        done = _json(view(asked, **address), one.status)
        db.session.commit()
        return done
    mark = hashlib.sha256(f"{request.method} {request.path} {json.dumps(asked, sort_keys=True)}".encode()).hexdigest()
    reply, again = tokens.claim(g.seat_id, key, mark, now=clock.now())
    if again:
        if reply.asked != mark:
            raise Problem("key-reused")
        told = _json(json.loads(reply.body), reply.status)
        told.headers["Idempotency-Replayed"] = "true"
        return told
    found = view(asked, **address)
    reply.status, reply.body = one.status, json.dumps(found, ensure_ascii=False)
    db.session.commit()
    return _json(found, one.status)


def _key(one: Operation) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key and one.needs_key:
        raise Problem("bad-request", "The header Idempotency-Key is missing: any text of your own, new for each order.")
    if len(key) > LONGEST_KEY or not key.isascii() or not (key.isprintable() or not key):
        raise Problem("bad-request", f"The Idempotency-Key must be at most {LONGEST_KEY} plain characters.")
    return key


def _json(found: dict[str, Any], status: int) -> Response:
    response = Response(json.dumps(found, ensure_ascii=False), status=status, content_type="application/json")
    if status == 201:
        response.headers["Location"] = found["url"]
    return response
