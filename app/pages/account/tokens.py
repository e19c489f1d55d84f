"""A person's tokens: made, shown once, and revoked."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app import clock
from app.db import db
from app.pages import web
from app.pages.bid_words import listed
from app.pages.plain_fields import RadioField
from app.tokens import actions, queries

bp = Blueprint("tokens", __name__, url_prefix="/nycklar")
LIFETIMES = {"30": _l("30 days"), "90": _l("90 days"), "365": _l("A year")}


class TokenForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A new token."""

    name = StringField(_l("What is it for?"), [InputRequired(_l("Write which system has it.")), Length(max=80)])
    days = RadioField(_l("How long is it to hold?"), choices=listed(LIFETIMES.items()), default="90")


@bp.route("", methods=["GET"])
def index() -> ResponseReturnValue:
    """The person's tokens, and the form for a new one."""
    return _page(TokenForm(formdata=None))


@bp.route("", methods=["POST"])
def make() -> ResponseReturnValue:
    """Make one. Its secret stands in this answer, and nowhere else."""
    form = TokenForm()
    if form.validate_on_submit():
        with web.refusals(form):
            viewer = web.viewer()
            seat = queries.seat_of(web.user(), viewer.member, viewer.customer, lock=True)
            lifetime = timedelta(days=int(form.days.data))
            _token, secret = actions.make_token(
                seat, web.given(form.name.data), lifetime, by=web.user(), now=clock.now()
            )
            db.session.commit()
            return _page(TokenForm(formdata=None), secret)
    return _page(form)


@bp.route("/<int:token_id>/aterkalla", methods=["POST"])
def revoke(token_id: int) -> ResponseReturnValue:
    """From now on it opens nothing."""
    token = actions.revoke(queries.token_of(web.user(), token_id), by=web.user(), now=clock.now())
    name = token.name
    db.session.commit()
    flash(_("The key to %(name)s is revoked. The system can no longer use it.", name=name), "success")
    return web.back_to(".index")


def _page(form: TokenForm, secret: str = "") -> ResponseReturnValue:
    leaf = queries.tokens_of(web.user(), web.number_asked_for("sida") or 1)
    page = render_template(
        "account/tokens.html", form=form, leaf=leaf, secret=secret, now=clock.now(), page_url=_page_url
    )
    return page, web.status(form)


def _page_url(number: int) -> str:
    return url_for(".index", sida=number)
