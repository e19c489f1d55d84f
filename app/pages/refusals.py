"""How a no is shown, and what each answer tells the browser."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from app.db import db
from app.errors import NotYours, Refused
from app.pages import lapsed, problems, web
from app.pages.other_seat import other_seat
from app.payments import stripe_client

REFUSING = {"security.login", "security.reset_password", "security.change_password"}
CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def show_refusal(no: Refused) -> ResponseReturnValue:
    """A rule's no outside a form: the sentence as it stands, and nothing saved."""
    db.session.rollback()
    return _error_page(409, str(no))


def show_not_yours(_no: NotYours) -> ResponseReturnValue:
    """Somebody else's row looks as if it were not there; a stranger may be whose it is, and is asked to sign in."""
    db.session.rollback()
    return web.to_sign_in() if _of_a_letter() else _error_page(404, None)


def _of_a_letter() -> bool:
    """Whether somebody who is not signed in asks for a page of a customer's, as letters do, be there one or not."""
    return "buyer" in request.blueprints and request.method in web.SAFE_METHODS and web.viewer().user is None


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Any other no, from a wrong address to a breakdown."""
    if error.response is not None or error.code is None or error.code < 400 or isinstance(error, SecurityError):
        return error.get_response()  # under a foreign host name no page of ours has an address
    db.session.rollback()
    if isinstance(error, CSRFError):
        return lapsed.show()
    if problems.asked_here():
        return problems.of_http_error(error)
    if error.code == 400 and request.path.endswith(".json"):
        return {"error": _("The address cannot be read")}, 400
    shown = _error_page(error.code, None)
    if error.code in {405, 429}:
        shown.headers.extend({k: v for k, v in error.get_headers() if k in {"Allow", "Retry-After"}})
    if isinstance(error, RateLimitExceeded):
        shown.headers["Retry-After"] = str(error.limit.limit.get_expiry())
    return shown


def _error_page(code: int, sentence: str | None) -> Response:
    other = other_seat() if code in {403, 404} else None
    too_large = {"most": _most_megabytes(), "back": lapsed.page_before()} if code == 413 else {"most": 0, "back": None}
    page = render_template("errors/error.html", code=code, sentence=sentence, other=other, **too_large)
    return Response(page, status=code, mimetype="text/html")


def _most_megabytes() -> int:
    """What one form may bring along, all files together."""
    return (request.max_content_length or 0) // (1024 * 1024)


def _content_security() -> str:
    """A form of ours may lead on to the card payment: browsers follow what it leads to as well as where it goes."""
    if not stripe_client.takes_cards():
        return CONTENT_SECURITY
    return CONTENT_SECURITY.replace("form-action 'self'", f"form-action 'self' {stripe_client.pages()}")


def add_headers(response: Response) -> Response:
    """What a browser must know to protect the viewer."""
    if request.endpoint in REFUSING and request.method == "POST" and response.status_code == 200:
        response.status_code = 422  # the library shows the form again as if all were well
    response.headers.setdefault("Content-Security-Policy", _content_security())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if web.viewer_known() and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    return response
