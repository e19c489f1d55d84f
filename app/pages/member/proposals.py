"""What the member has proposed and we have not answered: put right, or taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, shelf
from app.catalog import actions, review
from app.catalog.changing import proposal_actions
from app.catalog.models import ApprovalState, Offering
from app.catalog.rows import must_be
from app.catalog.versions import mark_of
from app.db import db
from app.pages import web
from app.pages.article_forms import OfferForm, ProposalForm
from app.pages.kind_fields import NAMES

bp = Blueprint("proposals", __name__, url_prefix="/erbjudanden")


@bp.route("/<int:offering_id>/forslag", methods=["GET", "POST"])
def edit(offering_id: int) -> ResponseReturnValue:
    """All that the member could write when it proposed it, as long as we have not said yes."""
    offering = review.offering_of(web.member(), offering_id, lock=request.method == "POST")
    is_new = proposal_actions.is_new(offering)
    if not is_new and offering.state != ApprovalState.PROPOSED:
        return web.back_to("member.offerings.edit", offering_id=offering_id)
    form: Any = ProposalForm(offering.article.kind) if is_new else OfferForm()
    if request.method == "GET":
        form.show(offering)
    elif form.validate_on_submit():
        with web.refusals(form):
            _write(offering, form)
            return _done(_("Your proposal is changed. We answer as soon as we have read it."))
    return _page(offering_id, form, is_new=is_new)


@bp.post("/<int:offering_id>/ta-tillbaka")
def take_back(offering_id: int) -> ResponseReturnValue:
    """The member does not want to sell it after all."""
    offering = review.offering_of(web.member(), offering_id, lock=True)
    must_be(offering, ApprovalState.PROPOSED)
    actions.withdraw_offering(offering, by=web.user(), now=clock.now())
    return _done(_("You have taken back your proposal: %(article)s.", article=offering.article.name))


def _write(offering: Offering, form: Any) -> None:
    proposal_actions.check_read(offering, request.form.get("mark", ""))
    terms, price, user, now = form.terms(), form.price.data, web.user(), clock.now()
    if isinstance(form, ProposalForm):
        draft = form.draft(offering.article.cpv)
        proposal_actions.rewrite_article(offering, draft, terms, price, by=user, now=now)
    else:
        proposal_actions.rewrite_offering(offering, terms, price, by=user, now=now)


def _page(offering_id: int, form: Any, *, is_new: bool) -> ResponseReturnValue:
    offering = review.offering_of(web.member(), offering_id)
    page = render_template(
        "member/offerings_new.html" if is_new else "member/offerings_propose.html",
        form=form,
        article=offering.article,
        offering=offering,
        name=NAMES[offering.article.kind][0],
        mark=request.form.get("mark") or mark_of(offering),
    )
    return page, web.status(form)


def _done(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    shelf.clear()
    flash(sentence, "success")
    return web.back_to("member.offerings.index")
