"""Words that mean the same: what one finds by one of them one finds by the others."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from app import clock, shelf
from app.catalog import synonyms
from app.catalog.changing import queries as change_queries
from app.db import db
from app.pages import web
from app.pages.bid_fields import Needed, at_most
from app.pages.staff import pictures

bp = Blueprint("synonyms", __name__, url_prefix="/katalog/synonymer")
bp.before_request(web.sales_decide)


class SynonymsForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A group of words."""

    words = TextAreaField(
        _l("Words that mean the same"), [Needed(_l("Write at least two words.")), at_most(synonyms.LONGEST_GROUP)]
    )


@bp.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """All groups, and a form for one more."""
    form = SynonymsForm()
    if form.validate_on_submit():
        with web.refusals(form):
            synonyms.add(form.words.data or "", by=web.user(), now=clock.now())
            return _done(_("Saved. Searches use it at once."))
    page = render_template(
        "staff/synonyms.html",
        form=form,
        groups=synonyms.groups(),
        waiting=change_queries.waiting().total,
        waiting_pictures=pictures.waiting_count(),
    )
    return page, web.status(form)


@bp.route("/<int:group_id>", methods=["GET", "POST"])
def edit(group_id: int) -> ResponseReturnValue:
    """Other words in a group."""
    group = synonyms.group(group_id, lock=request.method == "POST")
    form, shown = SynonymsForm(words=", ".join(group.words)), web.Shown.of(*group.words)
    if form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            synonyms.change(group, form.words.data or "", by=web.user(), now=clock.now())
            return _done(_("Saved. Searches use it at once."))
    page = render_template("staff/synonyms_edit.html", form=form, group=synonyms.group(group_id), shown=shown)
    return page, web.status(form)


@bp.route("/<int:group_id>/ta-bort", methods=["POST"])
def remove(group_id: int) -> ResponseReturnValue:
    """The words mean no longer the same."""
    synonyms.remove(synonyms.group(group_id, lock=True), by=web.user(), now=clock.now())
    return _done(_("The group is taken away."))


def _done(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    shelf.clear()
    flash(sentence, "success")
    return web.back_to(".index")
