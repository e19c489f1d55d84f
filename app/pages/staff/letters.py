"""Every letter, as it was written and whether it has gone."""

from __future__ import annotations

import re

from flask import Blueprint, current_app, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, mail
from app.db import db
from app.errors import Refused
from app.pages import web

bp = Blueprint("letters", __name__, url_prefix="/brev")
PAGE = 50
ANSWERS = "/svar"


@bp.route("")
def index() -> ResponseReturnValue:
    """Newest first, with those that a person must decide about on top."""
    text = request.args.get("q", "").strip()[:100]
    found = mail.latest(text, web.number_asked_for("fore"), PAGE)
    shown = found[:PAGE]
    more = shown[-1].id if len(found) > len(shown) else None
    return render_template("staff/letters.html", letters=shown, uncertain=mail.uncertain(), text=text, more=more)


@bp.route("/<int:letter_id>")
def show(letter_id: int) -> ResponseReturnValue:
    """One letter."""
    letter = mail.letter_with(letter_id)
    return render_template("staff/letter.html", letter=letter, body=_without_keys(letter.body))


@bp.route("/<int:letter_id>/igen", methods=["POST"])
def send_again(letter_id: int) -> ResponseReturnValue:
    """Send an uncertain letter once more, knowing that it may have arrived already."""
    web.sales_only()
    if mail.send_again(letter_id, now=clock.now()) is None:
        raise Refused(_("The letter has gone already, or somebody else has just sent it again."))
    db.session.commit()
    flash(_("The letter is on its way again."), "success")
    return web.back_to(".show", letter_id=letter_id)


def _without_keys(body: str) -> str:
    """A link by which one chooses a password opens an account, and one to an assignment speaks for its member.

    Only whom it was sent to may use it: else whoever reads letters could become an administrator. The demonstration
    has no mail: there one reads it here.
    """
    if not current_app.config["PRODUCTION"]:
        return body
    paths = (re.escape(path) for path in (current_app.config["SECURITY_RESET_URL"], ANSWERS))
    hidden = _("(hidden: for the recipient only)")
    return re.sub(rf"({'|'.join(paths)})/\S+", rf"\1/{hidden}", body)
