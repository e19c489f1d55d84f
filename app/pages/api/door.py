"""The door for other systems: who asks, how often, and how they are told no. There are no cookies here."""

from __future__ import annotations

import hashlib

from flask import Response, g, request
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import HTTPException

from app import clock
from app.db import db
from app.errors import NotYours, Refused
from app.pages import problems, web
from app.pages.api.operations import OPERATIONS, bp
from app.pages.problems import Problem
from app.tokens import actions, queries

LIMIT = "20 per second; 600 per minute"
"""For each token; many a system has one, and a person who waits for it should not notice the others."""
GUESSES = "60 per minute"
"""For each address, of requests with a token that does not hold."""


def limit(limiter: Limiter) -> None:
    """Count the requests of each token, and the guesses of each address."""
    limiter.limit(LIMIT, key_func=_caller)(bp)
    limiter.limit(GUESSES, key_func=get_remote_address, deduct_when=_is_guess)(bp)


def _caller() -> str:
    """A token as it was shown, whether it holds or not; else the address."""
    shown = request.headers.get("Authorization", "")
    return hashlib.sha256(shown.encode()).hexdigest() if shown else get_remote_address()


def _is_guess(response: Response) -> bool:
    return response.status_code == 401


@bp.before_request
def let_in() -> None:
    """Find out who asks by the bearer token (RFC 6750). A session means nothing here. Raises Problem."""
    if any(f"api.{one.name}" == request.endpoint and one.open for one in OPERATIONS):
        return
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    now = clock.now()
    holder = queries.holder(secret.strip(), now) if scheme.lower() == "bearer" else None
    if holder is None:
        raise Problem("not-signed-in")
    if actions.note_use(holder.token, now):
        holder = queries.holder(secret.strip(), now)
        if holder is None:  # Revoked in between.
            raise Problem("not-signed-in")
    g.seat_id, g.token = holder.token.seat_id, holder.token
    g.viewer = web.Viewer(holder.user, holder.user.role_names, holder.member, holder.customer)


@bp.after_request
def keep(response: Response) -> Response:
    """Whoever asks again says what it has, and is answered 304 when nothing is new."""
    if request.method == "GET" and response.status_code == 200:
        response.headers["Cache-Control"] = "private, no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


@bp.errorhandler(Problem)
def show_problem(problem: Problem) -> Response:
    """What the door itself refuses."""
    db.session.rollback()
    headers = {"WWW-Authenticate": 'Bearer realm="api"'} if problem.kind == "not-signed-in" else None
    return problems.as_response(problem.kind, problem.detail, problem.errors, headers=headers)


@bp.errorhandler(Refused)
def show_refusal(no: Refused) -> Response:
    """A rule's no."""
    db.session.rollback()
    return problems.as_response("refused", str(no))


@bp.errorhandler(NotYours)
def show_not_yours(_no: NotYours) -> Response:
    """Somebody else's looks as if it were not there."""
    db.session.rollback()
    return problems.as_response("not-found")


@bp.errorhandler(HTTPException)
def show_http_error(error: HTTPException) -> Response:
    """Whatever else."""
    db.session.rollback()
    response = problems.of_http_error(error)
    if isinstance(error, RateLimitExceeded):
        window: int = error.limit.limit.get_expiry()
        response.headers["Retry-After"] = str(window)
    return response
