"""Where a member works beside its own address: the way to a customer counts from the nearest."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import db
from app.members import actions
from app.members.queries import member_with
from app.pages import web
from app.pages.member_forms import WorkplaceForm

bp = Blueprint("workplaces", __name__, url_prefix="/medlemmar")
bp.before_request(web.sales_only)


@bp.route("/<int:member_id>/arbetsplatser", methods=["GET", "POST"])
def new(member_id: int) -> ResponseReturnValue:
    """One more place of work."""
    member, form = member_with(member_id), WorkplaceForm()
    if form.validate_on_submit():
        with web.refusals(form):
            made = actions.add_workplace(member, form.facts(), by=web.user(), now=clock.now())
            return _done(member_id, _("%(place)s is saved.", place=made.name))
    page = render_template("staff/workplace_form.html", form=form, member=member_with(member_id))
    return page, web.status(form)


@bp.route("/<int:member_id>/arbetsplatser/<int:place_id>/bort", methods=["POST"])
def remove(member_id: int, place_id: int) -> ResponseReturnValue:
    """Nobody works there any longer."""
    actions.remove_workplace(member_with(member_id), place_id, by=web.user(), now=clock.now())
    return _done(member_id, _("The place of work is taken away."))


def _done(member_id: int, sentence: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to("staff.members.show", member_id=member_id)
