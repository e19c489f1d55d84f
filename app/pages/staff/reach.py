"""How a member is reached: by its own people, by links in letters, or on paper."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock
from app.db import db
from app.errors import NotYours
from app.members import queries
from app.members.models import Reach
from app.members.reaching import reach
from app.pages import web
from app.pages.bid_words import listed
from app.pages.organisation_forms import OfRow
from app.pages.plain_fields import RadioField

bp = Blueprint("reach", __name__, url_prefix="/medlemmar/<int:member_id>/nas")
WAYS = {
    Reach.CONNECTED: _l("They sign in themselves"),
    Reach.LINK: _l("By e-mail: they answer by a link in the letter, without signing in"),
    Reach.PAPER: _l("On paper: we print letters, and write down what they say"),
}


class ReachForm(OfRow, FlaskForm):  # type: ignore[misc]  # the base is untyped
    """One of the three."""

    reached_by = RadioField(
        _l("How do letters come to them?"),
        [InputRequired(_l("Choose one in the list."))],
        choices=listed((way.value, words) for way, words in WAYS.items()),
    )


@bp.route("", methods=["GET", "POST"])
def change(member_id: int) -> ResponseReturnValue:
    """Choose."""
    web.sales_only()
    member = queries.member_with(member_id, lock=request.method == "POST")
    if member.is_sales_company:
        raise NotYours
    form = ReachForm(obj=member)
    shown = form.seen(member)
    if form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            reach(member, Reach(form.reached_by.data), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Saved. It holds for letters from now on."), "success")
            return web.back_to("staff.members.show", member_id=member_id)
    member = queries.member_with(member_id)
    if shown.changed:
        form.stand_beside(member)
    return render_template("staff/reach.html", form=form, member=member, shown=shown), web.status(form)
