"""One wished change before and after, and staff's word on it; and all that an article has been."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Optional

from app import catalogflow, clock, shelf
from app.accounts.models import RoleName
from app.catalog import review
from app.catalog.changing import changes
from app.catalog.changing import queries as change_queries
from app.catalog.changing.actions import Wish, stand
from app.catalog.changing.kinds import State
from app.catalog.changing.models import ChangeRequest, ChangeState
from app.catalog.drafts import LONGEST_REASON, Margin, margin
from app.catalog.models import ApprovalState, Article
from app.catalog.versions import ArticleVersion
from app.db import db
from app.money import Money
from app.orders import queries as orders
from app.orders.standing import selling
from app.pages import change_words, web
from app.pages.article_forms import PriceForm
from app.pages.bid_fields import Needed, at_most

bp = Blueprint("changes", __name__, url_prefix="/katalog")
bp.before_request(web.sales_decide)


class AnswerForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A yes, with or without words."""

    words = TextAreaField(_l("Message"), [Optional(), at_most(LONGEST_REASON)])


class NoForm(FlaskForm):  # type: ignore[misc]
    """Not now, or no: never without a word."""

    words = TextAreaField(_l("Message"), [Needed(_l("Write why. Who asked reads it.")), at_most(LONGEST_REASON)])


@bp.get("/andringar/<int:request_id>")
def show(request_id: int) -> ResponseReturnValue:
    """Before and after, what it means, and who asked when."""
    found = change_queries.request_with(request_id)
    return _page(found, NoForm(formdata=None) if found.has_moved_on else AnswerForm(formdata=None))


@bp.post("/andringar/<int:request_id>/ja")
def approve(request_id: int) -> ResponseReturnValue:
    """It is published."""
    sentence = _("The change is approved and holds from now on.")
    return _answer(request_id, AnswerForm(), catalogflow.approve, sentence)


@bp.post("/andringar/<int:request_id>/tillbaka")
def send_back(request_id: int) -> ResponseReturnValue:
    """Who made it is to put something right."""
    return _answer(request_id, NoForm(), catalogflow.send_back, _("The change is sent back with your message."))


@bp.post("/andringar/<int:request_id>/nej")
def decline(request_id: int) -> ResponseReturnValue:
    """It will not be."""
    return _answer(request_id, NoForm(), catalogflow.decline, _("The change is declined. Nothing is changed."))


@bp.post("/andringar/<int:request_id>/gor-om")
def redo(request_id: int) -> ResponseReturnValue:
    """Write it anew against what holds now; for what both have changed, a person has chosen."""
    found, form = change_queries.request_with(request_id, lock=True), NoForm(formdata=None)
    with web.refusals(form):
        choices = {
            name.removeprefix("val-"): value == "wanted"
            for name, value in request.form.items()
            if name.startswith("val-") and value in {"wanted", "now"}
        }
        catalogflow.redo(found, _revision(), choices, by=web.user(), now=clock.now())
        sentence = _("The change is written anew against what holds now. Read it once more.")
        return _done(sentence, ".show", request_id=request_id)
    return _page(change_queries.request_with(request_id), form)


@bp.post("/andringar/<int:request_id>/nytt-pris")
def new_price(request_id: int) -> ResponseReturnValue:
    """Neither the one nor the other: what one of us wanted a member to be paid becomes something else, at once."""
    found, form = change_queries.request_by_staff(request_id, lock=True), PriceForm()
    if found.offering_id is None:
        abort(404)
    review.offering(found.offering_id, lock=True)
    if form.validate_on_submit():
        with web.refusals(form):
            wish = Wish({"member_price": form.price.data.ore}, request.form.get("base", type=int), found.note)
            made = catalogflow.save_again(found, wish, by=web.user(), now=clock.now())
            if made.state == ChangeState.APPROVED:
                sentence = _("The member's price is saved. It holds from the next order.")
                return _done(sentence, "staff.catalog.show", article_id=made.about.id)
            return _done(_("The change is written anew. Read it once more."), ".show", request_id=request_id)
    return _page(change_queries.request_with(request_id), NoForm(formdata=None), form)


@bp.post("/andringar/<int:request_id>/ta-tillbaka")
def take_back(request_id: int) -> ResponseReturnValue:
    """One of us wants it no longer; what a member has asked for is the member's to take back."""
    found = change_queries.request_by_staff(request_id, lock=True)
    catalogflow.take_back(found, by=web.user(), now=clock.now())
    return _done(_("The change is taken back. Nothing is changed."), ".show", request_id=request_id)


@bp.get("/artikel/<int:article_id>/historik")
def history(article_id: int) -> ResponseReturnValue:
    """All that an article has been, with who changed what and when."""
    article = review.article(article_id)
    found = change_queries.article_versions(article, before=web.number_asked_for("fore"))
    versions = found[: change_queries.MOST_SHOWN]
    older = [*found[1:], None]
    return render_template(
        "staff/changes/history.html",
        article=article,
        versions=[(one, _steps(one, before)) for one, before in zip(versions, older, strict=False)],
        more=versions[-1].number if len(found) > len(versions) else None,
        offerings=change_queries.offering_versions(article),
        open_requests=change_queries.open_about(article),
        words=change_words,
        price=Money,
    )


@bp.get("/artikel/<int:article_id>/historik/<int:number>")
def version(article_id: int, number: int) -> ResponseReturnValue:
    """An article as it was, in full."""
    article = review.article(article_id)
    found = change_queries.article_version(article, number)
    facts = change_words.facts(found.content)
    return render_template("staff/changes/version.html", article=article, version=found, facts=facts)


def _steps(version: ArticleVersion, older: ArticleVersion | None) -> list[change_words.Compared]:
    """What is new since the version before; nothing of the first."""
    if older is None:
        return []
    actions = changes.difference(older.content, version.content)
    return change_words.compare(older.content, version.content, older.content, {one.slot for one in actions})


def _answer(
    request_id: int, form: AnswerForm | NoForm, act: Callable[..., ChangeRequest], sentence: str
) -> ResponseReturnValue:
    found = change_queries.request_with(request_id, lock=True)
    if not form.validate_on_submit():
        return _page(found, form)
    act(found, _revision(), form.words.data or "", by=web.user(), now=clock.now())
    return _done(sentence, "staff.proposals.index")


def _page(found: ChangeRequest, form: AnswerForm | NoForm, price: PriceForm | None = None) -> ResponseReturnValue:
    decides = bool(web.viewer().roles & {RoleName.SALES, RoleName.ADMIN})
    own = found.by_colleague and found.made_by_id == web.user().id
    rows = change_words.compared(found)
    page = render_template(
        "staff/changes/show.html",
        asked=found,
        rows=rows,
        form=form,
        margins=_margins(found),
        open_orders=orders.open_orders_of(found.about.id) if found.is_open else 0,
        standing=selling.wanting(found.about, clock.local_date(clock.now())) if found.is_open else (),
        most_standing=selling.MOST,
        decides=decides,
        may_answer=decides and found.state == ChangeState.WAITING and not found.has_moved_on and not own,
        own=own,
        price=price or _price_form(found),
        states=change_words.STATES,
        talk=change_queries.talk(found),
        acts=change_words.ACTS,
        inbox=url_for("staff.proposals.index"),
    )
    return page, web.status(price or form)


def _price_form(found: ChangeRequest) -> PriceForm | None:
    """Where one of us can write another price, filled in with the one that was wanted."""
    if not found.is_open or found.offering_id is None or found.member_id is not None:
        return None
    form = PriceForm(formdata=None)
    base, _now, actions = stand(found)
    form.price.data = Money(changes.apply(base, actions)["member_price"])
    return form


def _margins(found: ChangeRequest) -> list[tuple[str, Margin, Margin]]:
    """What is left for us of a unit before and after, for each member that the change concerns."""
    base, current, actions = stand(found)
    before = current if found.is_open else base
    after = changes.apply(base, actions)
    if not {"price", "member_price"} & {action.slot for action in actions}:
        return []
    return [(name, _left(found, before, paid), _left(found, after, paid)) for name, paid in _paid(found)]


def _paid(found: ChangeRequest) -> list[tuple[str, Money]]:
    """Who is paid what for the article."""
    subject = found.subject
    if not isinstance(subject, Article):
        return [(subject.member.name, subject.member_price)]
    return [(one.member.name, one.member_price) for one in subject.offerings if one.state == ApprovalState.APPROVED]


def _left(found: ChangeRequest, state: State, paid: Money) -> Margin:
    price = Money(state["price"]) if "price" in state else found.about.price
    return margin(price, Money(state["member_price"]) if "member_price" in state else paid)


def _revision() -> int:
    """Which writing of the request was read before this was pressed."""
    return request.form.get("revision", 0, type=int)


def _done(sentence: str, endpoint: str, **values: int) -> ResponseReturnValue:
    db.session.commit()
    shelf.clear()
    flash(sentence, "success")
    return web.back_to(endpoint, **values)
