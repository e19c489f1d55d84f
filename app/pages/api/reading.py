"""What another system sends: read as JSON, held against its form, and refused by name where it does not fit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from flask import request
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from app.pages.problems import Problem

Form = Mapping[str, Any]
"""A JSON Schema (2020-12), which is also what the OpenAPI document shows."""
MOST_ERRORS = 20
NOT_READABLE = "The body is no JSON that can be kept: {wrong}."
SAID = {
    "type": "must be of the type {value}",
    "enum": "must be one of {value}",
    "pattern": "must match {value}",
    "format": "is no {value}",
    "minLength": "must have at least {value} characters",
    "maxLength": "must have at most {value} characters",
    "minItems": "must have at least {value}",
    "maxItems": "must have at most {value}",
    "minimum": "must be at least {value}",
    "maximum": "must be at most {value}",
    "uniqueItems": "must not have the same twice",
    "maxProperties": "must have at most {value} fields",
    "minProperties": "must have at least {value} fields",
    "oneOf": "fits none, or several, of the alternatives",
}


def body(form: Form | None) -> dict[str, Any]:
    """The request's body. Raises Problem for what is no JSON, has unknown fields, or does not fit the form."""
    raw = request.get_data()
    if request.mimetype not in {"", "application/json"} or (raw.strip() and not request.mimetype):
        raise Problem("not-json")
    if form is None:
        if raw.strip() not in {b"", b"{}"}:
            raise Problem("invalid", "The request takes no body.")
        return {}
    read = _parsed(raw) if raw.strip() else {}
    check(read, form)
    found: dict[str, Any] = read
    return found


def query(form: Form) -> dict[str, Any]:
    """What stands after the question mark, as the form's types. Raises Problem."""
    known: Mapping[str, Any] = form.get("properties", {})
    found: dict[str, Any] = {}
    for name in request.args:
        given, kind = request.args.getlist(name), known.get(name, {}).get("type")
        if kind == "array":
            found[name] = given
        elif len(given) > 1:
            raise Problem("invalid", errors=[(f"/{name}", "must stand once")])
        else:
            found[name] = _number(given[0]) if kind == "integer" else given[0]
    check(found, form)
    return found


def check(value: Any, form: Form) -> None:
    """Hold a value against a form. Raises Problem, which names each place that does not fit."""
    errors: list[tuple[str, str]] = []
    unknown: list[tuple[str, str]] = []
    for wrong in _validator(json.dumps(form)).iter_errors(value):
        if wrong.validator == "additionalProperties":
            unknown += [(place, "is not known here") for place in _unknown(wrong)]
        else:
            errors.append(_told(wrong))
    if unknown:
        raise Problem("unknown-field", errors=unknown[:MOST_ERRORS])
    if errors:
        raise Problem("invalid", errors=errors[:MOST_ERRORS])


def _parsed(raw: bytes) -> Any:
    """JSON that the database can keep: no doubled names, no numbers without end, no signs that are no text."""
    try:
        read = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(read, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as wrong:
        raise Problem("bad-request", NOT_READABLE.format(wrong=str(wrong)[:200])) from wrong
    if any("\0" in text for text in _texts(read)):
        raise Problem("bad-request", NOT_READABLE.format(wrong="a text holds the sign U+0000"))
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in the same object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else text


@lru_cache(maxsize=128)
def _validator(form: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(form), format_checker=FormatChecker(["date"]))


def _unknown(wrong: ValidationError) -> list[str]:
    known = wrong.schema.get("properties", {})
    return [f"{_pointer(wrong)}/{_escaped(name)}" for name in wrong.instance if name not in known]


def _told(wrong: ValidationError) -> tuple[str, str]:
    if wrong.validator == "required":
        missing = [name for name in wrong.validator_value if name not in wrong.instance]
        return f"{_pointer(wrong)}/{missing[0]}", "is missing"
    said = SAID.get(str(wrong.validator), "does not fit")
    return _pointer(wrong), said.format(value=str(wrong.validator_value)[:200])


def _pointer(wrong: ValidationError) -> str:
    return "".join(f"/{_escaped(str(step))}" for step in wrong.absolute_path)


def _escaped(step: str) -> str:
    return step[:100].replace("~", "~0").replace("/", "~1")
