"""What a member asks us to change, and what we answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import catalogflow, clock, cpv
from app.catalog import review
from app.catalog.changing import changes
from app.catalog.changing import queries as change_queries
from app.catalog.changing.actions import Wish, stand
from app.catalog.changing.kinds import State
from app.catalog.changing.models import ChangeRequest
from app.catalog.models import Article, Offering
from app.db import db
from app.money import Money
from app.pages import change_words, web
from app.pages.member.change_forms import ArticleChangeForm, OfferingChangeForm

bp = Blueprint("changes", __name__, url_prefix="/andringar")


@bp.route("")
def index() -> ResponseReturnValue:
    """All that the member has asked for."""
    found = change_queries.requests_of(web.member())
    return render_template("member/changes/index.html", requests=found, words=change_words)


@bp.route("/<int:request_id>")
def show(request_id: int) -> ResponseReturnValue:
    """One of them, before and after."""
    found = change_queries.request_of(web.member(), request_id)
    rows = change_words.compared(found)
    talk = change_queries.talk(found)
    return render_template("member/changes/show.html", asked=found, rows=rows, talk=talk, words=change_words)


@bp.post("/<int:request_id>/ta-tillbaka")
def take_back(request_id: int) -> ResponseReturnValue:
    """The member wants it no longer."""
    found = change_queries.request_of(web.member(), request_id, lock=True)
    catalogflow.take_back(found, by=web.user(), now=clock.now())
    return _done(_("You have taken the change back. Nothing is changed."), request_id)


@bp.route("/<int:request_id>/skriv-om", methods=["GET", "POST"])
def rewrite(request_id: int) -> ResponseReturnValue:
    """Put right what was sent back, or what still waits, on the ground of what holds now."""
    found = change_queries.request_of(web.member(), request_id, lock=request.method == "POST")

    def send(wish: Wish) -> ChangeRequest:
        return catalogflow.send_again(found, wish, by=web.user(), now=clock.now())

    if not found.is_open:
        return web.back_to(".show", request_id=request_id)
    base, current, actions = stand(found)
    wished = changes.rebase(base, current, actions, changes.moved(base, current, actions))
    return _ask(found.subject, send, prefill=wished, found=found)


@bp.route("/erbjudande/<int:offering_id>", methods=["GET", "POST"])
def ask_offering(offering_id: int) -> ResponseReturnValue:
    """Another price, or other places."""
    return _ask_about(review.offering_of(web.member(), offering_id, lock=request.method == "POST"))


@bp.route("/artikel/<int:article_id>", methods=["GET", "POST"])
def ask_article(article_id: int) -> ResponseReturnValue:
    """Other words about an article that is the member's own."""
    return _ask_about(change_queries.article_of(web.member(), article_id, lock=request.method == "POST"))


@bp.post("/artikel/<int:article_id>/sluta")
def ask_to_end(article_id: int) -> ResponseReturnValue:
    """Sell the article no longer, whoever makes it."""
    article = change_queries.article_of(web.member(), article_id, lock=True)
    wish = Wish({"sold": False}, note=request.form.get("note", ""))
    made = catalogflow.ask(article, wish, member=web.member(), by=web.user(), now=clock.now())
    return _sent(made)


def _ask_about(subject: Article | Offering) -> ResponseReturnValue:
    there = change_queries.open_request(subject, web.member())
    if there is not None and request.method == "GET":
        return web.back_to(".rewrite", request_id=there.id)

    def send(wish: Wish) -> ChangeRequest:
        return catalogflow.ask(subject, wish, member=web.member(), by=web.user(), now=clock.now())

    return _ask(subject, send, prefill=change_queries.state_now(subject))


def _ask(
    subject: Article | Offering,
    send: Callable[[Wish], ChangeRequest],
    *,
    prefill: State,
    found: ChangeRequest | None = None,
) -> ResponseReturnValue:
    """The form of a wish. What it was written on the ground of goes with it, so that nothing newer is overwritten."""
    form: Any = ArticleChangeForm(subject) if isinstance(subject, Article) else OfferingChangeForm()
    if request.method == "GET":
        form.show(prefill)
        form.note.data = found.note if found else ""
    elif "more" in request.form and isinstance(subject, Article):
        form.add_rows()
    elif form.validate_on_submit():
        with web.refusals(form):
            base = request.form.get("base", type=int)
            return _sent(send(Wish(form.state(), base, form.note.data or "")))
    if found is not None:
        form.stand_beside(change_words.compared(found))
    base = request.form.get("base", subject.version, type=int)
    about = subject if isinstance(subject, Article) else subject.article
    page = "member/changes/article.html" if isinstance(subject, Article) else "member/changes/offering.html"
    values = {"subject": subject, "article": about, "base": base, "found": found, "price": _price(subject)}
    return render_template(page, form=form, codes=cpv.builtin(), **values), web.status(form)


def _price(subject: Article | Offering) -> Money:
    return subject.price if isinstance(subject, Article) else subject.member_price


def _sent(made: ChangeRequest) -> ResponseReturnValue:
    return _done(_("The change is with us. What is in the catalogue stays until we have answered."), made.id)


def _done(sentence: str, request_id: int) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".show", request_id=request_id)
