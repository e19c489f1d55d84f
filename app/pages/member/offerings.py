"""What the member makes: how much, how fast and where, and proposals of more."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, shelf
from app.catalog import actions, language, review
from app.db import db
from app.pages import web
from app.pages.article_forms import OfferForm, ProposalForm, TermsForm

bp = Blueprint("offerings", __name__, url_prefix="/erbjudanden")


@bp.route("")
def index() -> ResponseReturnValue:
    """All that the member offers or has offered."""
    return render_template("member/offerings.html", offerings=review.offerings_of(web.member()))


@bp.route("/<int:offering_id>", methods=["GET", "POST"])
def edit(offering_id: int) -> ResponseReturnValue:
    """Capacity, lead time and places, which the member changes by itself."""
    offering = review.offering_of(web.member(), offering_id, lock=request.method == "POST")
    form = TermsForm()
    if request.method == "GET":
        form.show(offering)
    elif form.validate_on_submit():
        with web.refusals(form):
            actions.change_terms(offering, form.terms(), by=web.user(), now=clock.now())
            return _saved(_("Saved. It holds from the next order."))
    return _page("member/offerings_edit.html", form, offering=review.offering_of(web.member(), offering_id))


@bp.route("/<int:offering_id>/sluta", methods=["POST"])
def withdraw(offering_id: int) -> ResponseReturnValue:
    """Stop offering it."""
    offering = review.offering_of(web.member(), offering_id, lock=True)
    actions.withdraw_offering(offering, by=web.user(), now=clock.now())
    return _saved(_("You no longer offer %(article)s.", article=offering.article.name))


@bp.route("/valj")
def choose() -> ResponseReturnValue:
    """Search the catalogue for something that the member can make too."""
    typed = request.args.get("q", "").strip()[: language.LONGEST_QUERY]
    words = language.query_words(typed)
    found = review.makeable(web.member(), words) if words else []
    return render_template("member/offerings_choose.html", typed=typed, words=words, found=found)


@bp.route("/valj/<int:article_id>", methods=["GET", "POST"])
def propose(article_id: int) -> ResponseReturnValue:
    """Offer to make something that is in the catalogue."""
    article = review.article_to_make(article_id, lock=request.method == "POST")
    form = OfferForm()
    if request.method == "GET":
        form.areas.data = [web.member().municipality]
    elif form.validate_on_submit():
        with web.refusals(form):
            actions.propose_offering(
                article, web.member(), form.terms(), form.price.data, by=web.user(), now=clock.now()
            )
            return _saved(_("Your proposal is with us. We answer as soon as we have read it."))
    return _page("member/offerings_propose.html", form, article=review.article_to_make(article_id))


@bp.route("/ny", methods=["GET", "POST"])
def propose_article() -> ResponseReturnValue:
    """Propose something that is not in the catalogue yet."""
    form = ProposalForm()
    if request.method == "GET":
        form.areas.data = [web.member().municipality]
    elif form.validate_on_submit():
        with web.refusals(form):
            actions.propose_article(
                web.member(), form.draft(), form.terms(), form.price.data, by=web.user(), now=clock.now()
            )
            return _saved(_("Your proposal is with us. We answer as soon as we have read it."))
    return _page("member/offerings_new.html", form)


def _saved(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    shelf.clear()
    flash(sentence, "success")
    return web.back_to(".index")


def _page(template: str, form: TermsForm, **values: object) -> ResponseReturnValue:
    return render_template(template, form=form, **values), web.status(form)
