"""Whether a request is one that Stripe's published description allows: what the library has of it, or the file itself.

The library's own parameter types are generated from Stripe's OpenAPI description. Where the description itself is at
hand (STRIPE_OPENAPI names the file ``spec3.json``) requests are checked against it too.
"""

from __future__ import annotations

import json
import os
import re
import typing
from functools import cache
from pathlib import Path
from typing import Any, Literal, NotRequired, Union, get_args, get_origin

import stripe.params
import typing_extensions
from stripe.params import checkout

KINDS: dict[str, Any] = {
    "POST /v1/checkout/sessions": checkout.SessionCreateParams,
    "GET /v1/checkout/sessions/{session}": checkout.SessionRetrieveParams,
    "POST /v1/checkout/sessions/{session}/expire": checkout.SessionExpireParams,
    "GET /v1/payment_intents/{intent}": stripe.params.PaymentIntentRetrieveParams,
    "POST /v1/payment_intents/{intent}/capture": stripe.params.PaymentIntentCaptureParams,
    "POST /v1/payment_intents/{intent}/cancel": stripe.params.PaymentIntentCancelParams,
    "POST /v1/refunds": stripe.params.RefundCreateParams,
    "GET /v1/refunds": stripe.params.RefundListParams,
    "GET /v1/disputes/{dispute}": stripe.params.DisputeRetrieveParams,
    "POST /v1/transfers": stripe.params.TransferCreateParams,
    "GET /v1/transfers": stripe.params.TransferListParams,
    "GET /v1/transfers/{id}/reversals": stripe.params.TransferReversalListParams,
    "POST /v1/transfers/{id}/reversals": stripe.params.TransferReversalCreateParams,
}
"""All that we ask Stripe for. A request that is not here is one that nobody has looked at."""
OPTIONS = {"api_key", "stripe_version", "stripe_account", "stripe_context", "max_network_retries", "idempotency_key"}
OPTIONS |= {"content_type", "headers"}
"""What the library's types have beside a request's own parameters."""
ONLY_FOR_CHECKERS = {"StripeContext": Any, "Mapping": typing.Mapping}
"""What those types name without importing it."""


def decoded(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """``a[b][0]=c`` as ``{"a": {"b": ["c"]}}``."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        steps = re.findall(r"[^\[\]]+", name)
        at = found
        for step in steps[:-1]:
            at = at.setdefault(step, {})
        at[steps[-1]] = value
    return typing.cast("dict[str, Any]", _listed(found))


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(one) for key, one in value.items()}
    return [inner[str(n)] for n in range(len(inner))] if inner and all(key.isdecimal() for key in inner) else inner


def faults(request: str, params: dict[str, Any]) -> list[str]:
    """What in a request, such as ``POST /v1/refunds``, Stripe would not understand."""
    found = _faults_of(params, KINDS[request], "")
    return found + (_against(request, params) if description() else [])


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing_extensions.get_type_hints(kind, localns=ONLY_FOR_CHECKERS, include_extras=True)


def _faults_of(value: Any, hint: Any, at: str) -> list[str]:
    if get_origin(hint) is NotRequired:
        hint = get_args(hint)[0]
    if typing_extensions.is_typeddict(hint):
        return _of_object(value, hint, at)
    if hint is stripe._stripe_object.UntypedStripeObject:
        return [f"{at}: no object"]
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, type(int | str)}:
        fixed = [one for one in args if get_origin(one) is Literal]
        tried = fixed if fixed and isinstance(value, str) and not (set(args) - set(fixed) - {str}) else args
        return [] if any(not _faults_of(value, one, at) for one in tried) else [f"{at}: {value!r}"]
    return _of_plain(value, hint, origin, args, at)


def _of_object(value: Any, hint: Any, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: no object"]
    hints = {name: one for name, one in _hints(hint).items() if name not in OPTIONS}
    unknown = [f"{at}.{name}: unknown" for name in value if name not in hints]
    wanted = [f"{at}.{n}: missing" for n, one in hints.items() if get_origin(one) is not NotRequired and n not in value]
    inner = [fault for n, one in value.items() if n in hints for fault in _faults_of(one, hints[n], f"{at}.{n}")]
    return unknown + wanted + inner


def _of_plain(value: Any, hint: Any, origin: Any, args: Any, at: str) -> list[str]:
    if origin is Literal:
        good = value in args
    elif origin is list:
        return [x for one in value for x in _faults_of(one, args[0], at)] if isinstance(value, list) else [at]
    elif origin is dict or hint is dict:
        good = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    else:
        text = isinstance(value, str)
        pattern = {int: r"-?[0-9]+", bool: "true|false", str: r"(?s).*", float: r"-?[0-9.]+"}.get(hint)
        good = text and pattern is not None and re.fullmatch(pattern, value) is not None
    return [] if good else [f"{at}: {value!r} is no {hint}"]


@cache
def description() -> dict[str, Any] | None:
    """Stripe's OpenAPI description, where somebody has put it."""
    named = os.environ.get("STRIPE_OPENAPI")
    return json.loads(Path(named).read_text(encoding="utf-8")) if named and Path(named).exists() else None


def _against(request: str, params: dict[str, Any]) -> list[str]:
    whole = description()
    assert whole is not None
    method, path = request.split()
    shape = re.sub(r"\{\w+\}", "{}", path)
    paths = {re.sub(r"\{\w+\}", "{}", one): said for one, said in whole["paths"].items()}
    said = paths[shape][method.lower()]
    if method == "GET":
        names = {one["name"]: one["schema"] for one in said["parameters"] if one["in"] == "query"}
        schema: dict[str, Any] = {"type": "object", "properties": names, "additionalProperties": False}
    else:
        schema = said["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        schema = {"additionalProperties": False, **schema}
    return _of_schema(params, schema, "")


def _of_schema(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    if "anyOf" in schema:
        return [] if any(not _of_schema(value, one, at) for one in schema["anyOf"]) else [f"{at}: {value!r}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    kind = schema.get("type")
    if kind == "object":
        return _of_members(value, schema, at)
    if kind == "array":
        return [x for one in value for x in _of_schema(one, schema["items"], at)] if isinstance(value, list) else [at]
    pattern = {"integer": r"-?[0-9]+", "boolean": "true|false", "number": r"-?[0-9.]+"}.get(kind or "", r"(?s).*")
    good = isinstance(value, str) and re.fullmatch(pattern, value) and len(value) <= schema.get("maxLength", 10**6)
    return [] if good else [f"{at}: {value!r} is no {kind}"]


def _of_members(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: no object"]
    known, more = schema.get("properties", {}), schema.get("additionalProperties", False)
    found = [f"{at}.{name}: missing" for name in schema.get("required", ()) if name not in value]
    for name, one in value.items():
        if name in known:
            found += _of_schema(one, known[name], f"{at}.{name}")
        elif isinstance(more, dict):
            found += _of_schema(one, more, f"{at}.{name}")
        elif not more:
            found.append(f"{at}.{name}: unknown")
    return found
