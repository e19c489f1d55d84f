"""What the member makes: how much, how fast and where, and proposals of more."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from app import clock, formats, legalflow, shelf
from app.catalog import actions, language, picture_queries, review
from app.catalog.changing import actions as change_actions
from app.catalog.changing import proposal_actions
from app.catalog.changing import queries as change_queries
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Offering, OfferingPause
from app.db import db
from app.orders.delivery import terms
from app.pages import change_words, web
from app.pages.article_forms import OfferForm, PaceForm, ProposalForm, TermsForm
from app.pages.bid_fields import day
from app.pages.kind_fields import NAMES, kind_asked_for

KINDS = tuple(kind for kind in NAMES if kind != ArticleKind.BUNDLE)
"""What a member may propose; bundles are put together by staff."""

bp = Blueprint("offerings", __name__, url_prefix="/erbjudanden")


class PauseForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Days on which none of it is made."""

    first_day = day(_l("First day"), InputRequired(_l("Choose a day.")))
    last_day = day(_l("Last day"), InputRequired(_l("Choose a day.")))


@bp.route("")
def index() -> ResponseReturnValue:
    """A page of what the member offers or has offered, searched or in a state, and what it has asked us to change."""
    member = web.member()
    typed = request.args.get("q", "").strip()[: language.LONGEST_QUERY]
    state = _state(request.args.get("lage", ""))
    number = max(1, min(request.args.get("sida", 1, type=int), 1000))
    page = review.offerings_of(member, language.query_words(typed), state, number)
    offerings = page.rows
    return render_template(
        "member/offerings.html",
        page=page,
        typed=typed,
        state=state,
        counts=review.counts_of(member),
        asked=change_queries.open_for(member, offerings),
        never_sold={one.id for one in offerings if proposal_actions.is_new(one)},
        changeable=change_queries.may_change(member, offerings),
        pauses=change_queries.pauses([one.id for one in offerings], clock.local_date(clock.now())),
        words=change_words,
        pictured=picture_queries.pictured_by(member, [one.article_id for one in offerings]),
        address=lambda n: url_for(".index", q=typed or None, lage=state, sida=n),
    )


def _state(text: str) -> ApprovalState | None:
    if not text:
        return None
    return ApprovalState(text) if text in set(ApprovalState) else abort(404)


@bp.route("/<int:offering_id>", methods=["GET", "POST"])
def edit(offering_id: int) -> ResponseReturnValue:
    """Capacity and lead time, which the member changes by itself; what is only proposed has a page of its own."""
    offering = review.offering_of(web.member(), offering_id, lock=request.method == "POST")
    if offering.state == ApprovalState.PROPOSED:
        return web.back_to("member.proposals.edit", offering_id=offering_id)
    form = PaceForm()
    if request.method == "GET":
        form.show(offering)
    elif form.validate_on_submit():
        with web.refusals(form):
            pace = form.pace(offering.municipalities)
            actions.change_terms(offering, pace, by=web.user(), now=clock.now())
            return _saved(_("Saved. It holds from the next order."))
    return _edit_page(offering_id, form)


@bp.post("/<int:offering_id>/paus")
def pause(offering_id: int) -> ResponseReturnValue:
    """Make none of it for some days; it holds at once."""
    offering = review.offering_of(web.member(), offering_id, lock=True)
    form = PauseForm()
    if form.validate_on_submit():
        with web.refusals(form):
            first, last = web.given(form.first_day.data), web.given(form.last_day.data)
            made = change_actions.pause(offering, first, last, by=web.user(), now=clock.now())
            return _saved(_paused(made, first, last), offering_id)
    return _edit_page(offering_id, _filled(review.offering_of(web.member(), offering_id)), form)


def _paused(made: OfferingPause, first: date, last: date) -> str:
    """That it is saved, and as what when it has become one with another."""
    if (made.first_day, made.last_day) == (first, last):
        return str(_("The pause is saved. You get no new work of it on those days."))
    days = {"first": formats.day(made.first_day), "last": formats.day(made.last_day)}
    return str(_("It overlapped a pause that was there. They are one now: %(first)s to %(last)s.", **days))


@bp.post("/<int:offering_id>/paus/<int:pause_id>/ta-bort")
def end_pause(offering_id: int, pause_id: int) -> ResponseReturnValue:
    """Make it again."""
    offering = review.offering_of(web.member(), offering_id, lock=True)
    change_actions.end_pause(offering, pause_id, by=web.user(), now=clock.now())
    return _saved(_("The pause is removed."), offering_id)


def _filled(offering: Offering) -> PaceForm:
    """The form as it is, when another form of the page was sent."""
    form = PaceForm(formdata=None)
    form.show(offering)
    return form


def _edit_page(offering_id: int, form: PaceForm, pause: PauseForm | None = None) -> ResponseReturnValue:
    """One offering: what holds at once, and the way to what has to be asked for."""
    member = web.member()
    offering = review.offering_of(member, offering_id)
    page = render_template(
        "member/offerings_edit.html",
        form=form,
        offering=offering,
        never_sold=proposal_actions.is_new(offering),
        asked=change_queries.open_request(offering, member),
        may_change_article=bool(change_queries.may_change(member, [offering])),
        pauses=change_queries.pauses_of(offering, clock.local_date(clock.now())),
        pause=pause or PauseForm(formdata=None),
        only=terms.only_of(offering),
    )
    return page, 422 if pause else web.status(form)


@bp.route("/<int:offering_id>/sluta", methods=["POST"])
def withdraw(offering_id: int) -> ResponseReturnValue:
    """Stop offering it."""
    offering = review.offering_of(web.member(), offering_id, lock=True)
    actions.withdraw_offering(offering, by=web.user(), now=clock.now())
    return _saved(_("You no longer offer %(article)s.", article=offering.article.name))


@bp.route("/valj")
def choose() -> ResponseReturnValue:
    """Search the catalogue for something that the member can make too."""
    typed = language.shortened(request.args.get("q", "").strip())
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
        if (before := review.offering_by(web.member(), article_id)) is not None:
            form.show(before)
    elif form.validate_on_submit():
        with web.refusals(form):
            actions.propose_offering(
                article, web.member(), form.terms(), form.price.data, by=web.user(), now=clock.now()
            )
            return _saved(_("Your proposal is with us. We answer as soon as we have read it."))
    return _page("member/offerings_propose.html", form, article=review.article_to_make(article_id), offering=None)


@bp.route("/ny", methods=["GET", "POST"])
def propose_article() -> ResponseReturnValue:
    """Choose a kind, and propose something of it that is not in the catalogue yet."""
    kind = kind_asked_for(KINDS, ArticleKind.GOODS if request.method == "POST" else None)
    if kind is None:
        return render_template("member/offerings_kind.html", kinds=KINDS, names=NAMES)
    form = ProposalForm(kind)
    if request.method == "GET":
        form.areas.data = [web.member().municipality]
        if kind == ArticleKind.SECOND_HAND:
            form.capacity.data = Decimal(1)
    elif form.validate_on_submit():
        with web.refusals(form):
            actions.propose_article(
                web.member(), form.draft(), form.terms(), form.price.data, by=web.user(), now=clock.now()
            )
            return _saved(_("Your proposal is with us. We answer as soon as we have read it."))
    return _page("member/offerings_new.html", form, name=NAMES[kind][0], offering=None)


def _saved(sentence: str, offering_id: int | None = None) -> ResponseReturnValue:
    legalflow.look_at_members([web.member().id], now=clock.now())
    db.session.commit()
    shelf.clear()
    flash(sentence, "success")
    return web.back_to(".edit", offering_id=offering_id) if offering_id else web.back_to(".index")


def _page(template: str, form: TermsForm, **values: object) -> ResponseReturnValue:
    return render_template(template, form=form, **values), web.status(form)
