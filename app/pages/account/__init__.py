"""What a person who acts for an organisation settles for its own systems and people."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from app.pages import web
from app.pages.account import acting, hooks, people, tokens

bp = Blueprint("account", __name__, url_prefix="/system")
for page in (acting, hooks, people, tokens):
    bp.register_blueprint(page.bp)


@bp.before_request
def seated_only() -> ResponseReturnValue | None:
    """For people with a seat: a token acts for an organisation, and staff have none."""
    viewer = web.viewer()
    if viewer.user is None:
        return web.to_sign_in()
    chooses = (request.endpoint or "").startswith("account.acting.")
    if viewer.member is None and viewer.customer is None and not chooses:
        abort(403)
    return None
