"""The catalogue behind the counter: proposals to decide, all articles, and what each of them costs and earns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import catalogflow, clock, cpv, shelf
from app.catalog import actions, bundles, facets, kind_checks, language, review
from app.catalog.changing import queries as change_queries
from app.catalog.changing.models import ChangeRequest, ChangeState
from app.catalog.drafts import draft_of, margin, written
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.orders.standing import selling
from app.orders.windows import queries as windows
from app.pages import web
from app.pages.article_forms import ArticleForm, PriceForm, StaffOfferForm
from app.pages.kind_fields import NAMES, kind_asked_for
from app.pages.staff import pictures, wishes

bp = Blueprint("catalog", __name__, url_prefix="/katalog")
bp.before_request(web.sales_decide)

KINDS = tuple(NAMES)
UNPUBLISHED = (ApprovalState.PROPOSED, ApprovalState.DECLINED)
ACTS: dict[str, Callable[..., Any]] = {
    "article-withdraw": actions.withdraw_article,
    "article-restore": actions.restore_article,
    "article-keep": actions.keep_for_members,
    "article-sell": actions.sell_to_everybody,
    "offering-withdraw": actions.withdraw_offering,
    "offering-restore": actions.restore_offering,
}


@bp.route("")
def index() -> ResponseReturnValue:
    """All articles in a state."""
    typed = language.shortened(request.args.get("q", "").strip())
    state = _state(request.args.get("lage") or ApprovalState.APPROVED)
    category_id = _category(request.args.get("kategori", ""))
    number = max(1, min(request.args.get("sida", 1, type=int), 1000))
    page = review.article_page(language.query_words(typed), state, category_id, number)
    return render_template(
        "staff/catalog.html",
        page=page,
        makers=review.makers_of(page.rows),
        typed=typed,
        state=state,
        category_id=category_id,
        shelves=facets.shelves(),
        states=list(ApprovalState),
        waiting=change_queries.waiting().total,
        waiting_pictures=pictures.waiting_count(),
        address=lambda n: url_for(
            ".index", q=typed or None, lage=state.value, kategori=request.args.get("kategori") or None, sida=n
        ),
    )


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Choose a kind, and write an article of it; members are added to it afterwards."""
    kind = kind_asked_for(KINDS, ArticleKind.GOODS if request.method == "POST" else None)
    if kind is None:
        return render_template("staff/catalog_kind.html", kinds=KINDS, names=NAMES, article=None)
    form = ArticleForm(kind)
    if _more_rows(form):
        form.add_rows()
    elif form.validate_on_submit():
        with web.refusals(form):
            now = clock.now()
            made = actions.create_article(
                form.draft(), form.price.data, number=form.number.data or "", by=web.user(), now=now
            )
            if kind == ArticleKind.BUNDLE:
                return _done(
                    _("The bundle is saved. Customers see it when every part has a maker."), ".show", article_id=made.id
                )
            sentence = _("The article is saved. Now say who makes it: customers see it only then.")
            return _done(sentence, ".add_offering", article_id=made.id)
    elif request.method == "GET":
        form.add_rows()
    page = render_template("staff/catalog_new.html", form=form, codes=cpv.builtin(), name=NAMES[kind][0])
    return page, web.status(form)


@bp.route("/<int:article_id>", methods=["GET", "POST"])
def show(article_id: int) -> ResponseReturnValue:
    """One article: its words, its price, and who makes it at what cost."""
    article = review.article(article_id, lock=request.method == "POST")
    wished = wishes.as_wished(article, request.args.get("andring", type=int))
    form = ArticleForm(kind_asked_for(KINDS, wished.kind) or article.kind)
    if request.method == "GET":
        form.show(wished)
    elif _more_rows(form):
        form.add_rows()
    elif form.validate_on_submit():
        with web.refusals(form):
            return _save_article(article, form)
    return _article_page(article_id, form)


def _save_article(article: Article, form: ArticleForm) -> ResponseReturnValue:
    """What customers do not see yet is simply written; what they see becomes a change with a history."""
    number = form.number.data or article.number
    if article.state in UNPUBLISHED or actions.was_taken_back(article):
        actions.edit_article(article, form.draft(), form.price.data, number=number, by=web.user(), now=clock.now())
        return _done(_("Saved."), ".show", article_id=article.id)
    draft = form.draft().checked()
    state = {**written(draft), "price": form.price.data.ore, "number": number.strip()}
    if "andring" in request.form:
        found = change_queries.request_by_staff(request.form.get("andring", 0, type=int), article, lock=True)
        return _saved(catalogflow.save_again(found, wishes.wish(state), by=web.user(), now=clock.now()), _("Saved."))
    return _saved(catalogflow.save(article, wishes.wish(state), by=web.user(), now=clock.now()), _("Saved."))


def _saved(asked: ChangeRequest, sentence: str) -> ResponseReturnValue:
    """Published, or waiting for a colleague, or stopped because something newer is out."""
    if asked.state == ChangeState.APPROVED:
        return _done(sentence, ".show", article_id=asked.about.id)
    if asked.has_moved_on:
        sentence = _("Somebody else saved something newer while you wrote. Nothing is overwritten: compare and choose.")
    else:
        sentence = _("A colleague gets to look at the change. What is published stays until then.")
    return _done(sentence, "staff.changes.show", request_id=asked.id)


@bp.route("/<int:article_id>/typ")
def change_kind(article_id: int) -> ResponseReturnValue:
    """Choose another kind for an article; it changes when the form of that kind is saved."""
    article = review.article(article_id)
    return render_template("staff/catalog_kind.html", kinds=KINDS, names=NAMES, article=article)


@bp.route("/<int:article_id>/medlem", methods=["GET", "POST"])
def add_offering(article_id: int) -> ResponseReturnValue:
    """Write down what has been agreed with a member."""
    article = review.article(article_id, lock=request.method == "POST")
    members = {member.id: member for member in review.members_without(article)}
    form = StaffOfferForm()
    form.member.choices = [(member.id, member.name) for member in members.values()]
    if form.validate_on_submit():
        with web.refusals(form):
            member, price, terms = members[form.member.data], form.price.data, form.terms()
            actions.add_offering(article, member, terms, price, by=web.user(), now=clock.now())
            return _done(_("%(member)s makes it now.", member=member.name), ".show", article_id=article_id)
    return render_template("staff/catalog_member.html", form=form, article=review.article(article_id)), web.status(form)


@bp.route("/erbjudande/<int:offering_id>/pris", methods=["POST"])
def set_price(offering_id: int) -> ResponseReturnValue:
    """What a member is paid."""
    offering, form = review.offering(offering_id, lock=True), PriceForm()
    article_id = offering.article_id
    if not form.validate_on_submit():
        return _article_page(article_id, _filled(offering.article), failed=offering_id, failure=form)
    sentence = _("The member's price is saved. It holds from the next order.")
    if offering.state in UNPUBLISHED:
        actions.set_member_price(offering, form.price.data, by=web.user(), now=clock.now())
        return _done(sentence, ".show", article_id=article_id)
    wish = wishes.wish({"member_price": form.price.data.ore})
    return _saved(catalogflow.save(offering, wish, by=web.user(), now=clock.now()), sentence)


@bp.route("/<any(article,offering):kind>/<int:row_id>/<any(withdraw,restore,keep,sell):act>", methods=["POST"])
def change_state(kind: str, row_id: int, act: str) -> ResponseReturnValue:
    """Take an article or an offering out, or put it back; keep an article for members, or sell it to everybody."""
    act_on = ACTS.get(f"{kind}-{act}") or abort(404)
    row: Article | Offering = (
        review.article(row_id, lock=True) if kind == "article" else review.offering(row_id, lock=True)
    )
    act_on(row, by=web.user(), now=clock.now())
    article_id = row.id if isinstance(row, Article) else row.article_id
    return _done(_("Saved."), ".show", article_id=article_id)


def _article_page(
    article_id: int, form: ArticleForm, *, failed: int = 0, failure: PriceForm | None = None
) -> ResponseReturnValue:
    article = review.article(article_id)
    page = render_template(
        "staff/catalog_article.html",
        article=article,
        offerings=review.offerings_for(article),
        form=form,
        failed=failed,
        failure=failure,
        codes=cpv.builtin(),
        margin=margin,
        open_requests=change_queries.open_about(article),
        base=request.form.get("base", article.version, type=int),
        rewritten=request.values.get("andring", type=int),
        kind_name=NAMES[article.kind][0],
        other_kind=NAMES[form.kind][0] if form.kind != article.kind else "",
        warnings=kind_checks.warnings(draft_of(article)),
        makers_of=bundles.makers_of,
        standing=selling.wanting(article, clock.local_date(clock.now())),
        most_standing=selling.MOST,
        batched=windows.is_made_in_batches(article),
        batched_windows=windows.windows_of(article),
    )
    return page, 422 if failure else web.status(form)


def _filled(article: Article) -> ArticleForm:
    """The article's form as it is, when another form of the page was sent."""
    form = ArticleForm(article.kind, formdata=None)
    form.show(article)
    return form


def _more_rows(form: ArticleForm) -> bool:
    """Whether the button for more rows of parts was pressed."""
    return bool(form.is_submitted() and "more" in request.form)


def _done(sentence: str, endpoint: str, **values: object) -> ResponseReturnValue:
    db.session.commit()
    shelf.clear()
    flash(sentence, "success")
    return web.back_to(endpoint, **values)


def _state(text: str) -> ApprovalState:
    return ApprovalState(text) if text in set(ApprovalState) else abort(404)


def _category(slug: str) -> int | None:
    if not slug:
        return None
    return next((shelf.id for shelf in facets.shelves() if shelf.slug == slug), None) or abort(404)
