"""The OpenAPI document: made of the very forms that input is held to, so that it cannot tell anything else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from flask import Flask, current_app

from app.errors import NotYours
from app.pages.api.operations import BODIES, OPERATIONS, Operation, offered
from app.pages.api.shapes import SHAPES, named
from app.pages.problems import MEDIA_TYPE, PREFIX, TYPES

_PART = re.compile(r"<(?:(int):)?([a-z_]+)>")
TOLD = """What a customer's or a member's own systems may do, with the rights of the person who made the token.

Amounts are texts in Swedish kronor with two decimals, quantities texts in the article's unit, days and
moments ISO 8601.
Lists come a page at a time: follow `next` until it is null. A page of articles may hold fewer than `limit`.
Errors are problem details (RFC 9457); `type` never changes its meaning, and fields that nobody knows are refused.
"""


@offered("GET", "/openapi.json", answer="Document", open=True)
def openapi(_asked: dict[str, Any]) -> dict[str, Any]:
    """This document."""
    return document(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


@offered("GET", "/problems/<kind>", answer="ProblemType", open=True)
def problem(_asked: dict[str, Any], kind: str) -> dict[str, Any]:
    """What a type of problem means."""
    if kind not in TYPES:
        raise NotYours
    status, title = TYPES[kind]
    return {"type": f"{PREFIX}/problems/{kind}", "title": title, "status": status}


@lru_cache(maxsize=4)
def document(app: Flask) -> dict[str, Any]:
    """All of it."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(_PART.sub(r"{\2}", one.path), {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Samsälj", "version": "1", "description": TOLD},
        "servers": [{"url": f"{str(app.config['BASE_URL']).rstrip('/')}{PREFIX}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**SHAPES, **BODIES},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_in_path(one), *_in_query(one), *_in_headers(one)],
        "responses": {
            str(one.status): {"description": one.answer, "content": _content("application/json", one.answer)},
            "default": {"description": "Why not", "content": _content(MEDIA_TYPE, "Problem")},
        },
    }
    if one.body:
        needed = bool(BODIES[one.body].get("required"))
        told["requestBody"] = {"required": needed, "content": _content("application/json", one.body)}
    if one.open:
        told["security"] = []
    return told


def _content(media_type: str, of: str) -> dict[str, Any]:
    return {media_type: {"schema": named(of)}}


def _in_path(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer" if kind else "string"}}
        for kind, name in _PART.findall(one.path)
    ]


def _in_query(one: Operation) -> list[dict[str, Any]]:
    needed = one.query.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": form}
        for name, form in one.query["properties"].items()
    ]


def _in_headers(one: Operation) -> list[dict[str, Any]]:
    if one.method == "GET":
        return [{"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}]
    said = "The same key with the same request is done once, and answered the same again for seven days"
    key = {"type": "string", "minLength": 1, "maxLength": 100}
    return [{"name": "Idempotency-Key", "in": "header", "required": one.needs_key, "description": said, "schema": key}]
