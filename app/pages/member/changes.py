"""What a member asks us to change, and what we answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import catalogflow, clock
from app.catalog import change_queries, changes, facets, review
from app.catalog.change_actions import Wish, stand
from app.catalog.change_kinds import State
from app.catalog.change_models import ChangeRequest
from app.catalog.drafts import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_REASON, draft_of, written
from app.catalog.kinds import ALLERGENS
from app.catalog.models import Article, Offering
from app.db import db
from app.errors import Refused
from app.money import Money
from app.pages import change_words, web
from app.pages.article_forms import PlacesForm
from app.pages.bid_fields import MoneyField, Needed, Positive, at_most, line
from app.pages.plain_fields import SelectField, SelectMultipleField

bp = Blueprint("changes", __name__, url_prefix="/andringar")


class _Note:
    """What to say to us with it."""

    note = TextAreaField(_l("Message to us"), [Optional(), at_most(LONGEST_REASON)])


class OfferingChangeForm(_Note, PlacesForm):
    """What the member wants to be paid, and where it delivers."""

    price = MoneyField(
        _l("What you want to be paid per unit, in kronor without VAT"),
        [Needed(_l("Write what you want to be paid.")), Positive()],
    )

    def show(self, state: State) -> None:
        """Fill in a state."""
        self.price.data = Money(state["member_price"])
        self.areas.data = list(state["municipalities"])

    def state(self, offering: Offering) -> State:  # noqa: ARG002  as the article's
        """What was typed. Raises Refused when no place was chosen."""
        if not self.municipalities():
            raise Refused("Välj minst en kommun dit ni levererar.")
        return {"member_price": self.price.data.ore, "municipalities": sorted(self.municipalities())}


class ArticleChangeForm(_Note, FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What customers read about an article."""

    name = line(_l("What it is called"), LONGEST_NAME, Needed(_l("Write what it is called.")))
    category = SelectField(_l("Category"), coerce=int)
    description = TextAreaField(
        _l("What is included"), [Needed(_l("Write what is included.")), at_most(LONGEST_DESCRIPTION)]
    )
    ingredients = TextAreaField(_l("Ingredients"), [Optional(), at_most(LONGEST_DESCRIPTION)])
    allergens = SelectMultipleField(
        _l("Allergens"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validators=[Optional()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = web.language() == "en"
        self.category.choices = [(shelf.id, shelf.name(web.language())) for shelf in facets.shelves()]
        self.allergens.choices = [(one.code, one.name_en if english else one.name_sv) for one in ALLERGENS.values()]

    def show(self, state: State) -> None:
        """Fill in a state."""
        draft = changes.draft_from(state)
        for name in ("name", "description", "ingredients"):
            self[name].data = getattr(draft, name)
        self.category.data, self.allergens.data = draft.category_id, list(draft.allergens)

    def state(self, article: Article) -> State:
        """What was typed, on top of all that the form does not ask for."""
        draft = replace(
            draft_of(article),
            name=self.name.data,
            description=self.description.data or "",
            category_id=self.category.data,
            ingredients=(self.ingredients.data or "").strip(),
            allergens=tuple(self.allergens.data or ()),
        )
        asked = ("name", "description", "category_id", "ingredients", "allergens")
        return {name: value for name, value in written(draft.checked()).items() if name in asked}


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
    return render_template("member/changes/show.html", asked=found, rows=rows, words=change_words)


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
    return _ask(found.subject, send, prefill=changes.rebase(base, current, actions), found=found)


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
    form: Any = ArticleChangeForm() if isinstance(subject, Article) else OfferingChangeForm()
    if request.method == "GET":
        form.show(prefill)
        form.note.data = found.note if found else ""
    elif form.validate_on_submit():
        with web.refusals(form):
            base = request.form.get("base", type=int)
            return _sent(send(Wish(form.state(subject), base, form.note.data or "")))
    base = request.form.get("base", subject.version, type=int)
    about = subject if isinstance(subject, Article) else subject.article
    page = "member/changes/article.html" if isinstance(subject, Article) else "member/changes/offering.html"
    return render_template(
        page, form=form, subject=subject, article=about, base=base, found=found, price=_price(subject)
    ), web.status(form)


def _price(subject: Article | Offering) -> Money:
    return subject.price if isinstance(subject, Article) else subject.member_price


def _sent(made: ChangeRequest) -> ResponseReturnValue:
    return _done(_("The change is with us. What is in the catalogue stays until we have answered."), made.id)


def _done(sentence: str, request_id: int) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".show", request_id=request_id)
