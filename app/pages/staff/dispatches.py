"""Invoices that were not sent, or that somebody must send, and what receivers have answered."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app import clock
from app.db import db
from app.errors import NotYours
from app.invoicing.sending import actions, answering, queries
from app.invoicing.sending.models import InvoiceDispatch
from app.invoicing.sending.states import MOVES, DispatchRoute, DispatchState
from app.pages import downloads, web
from app.pages.dispatch_words import WORDS
from app.pages.seen import SeenForm

bp = Blueprint("dispatches", __name__, url_prefix="/fakturor/utskick")

HEAPS = {"fel": queries.failed, "hand": queries.for_hand, "vantar": queries.waiting, "svar": queries.waiting_responses}
"""By the word in the address."""


class ByHandForm(SeenForm):
    """How it was sent. It is no answer to what happened after the page was opened."""

    how = StringField(
        _l("How was it sent?"),
        [InputRequired(_l("Write how it was sent, such as: posted on Monday.")), Length(max=200)],
    )

    def __init__(self, dispatch: InvoiceDispatch) -> None:
        self.dispatch = dispatch
        super().__init__()

    def holds_now(self) -> list[tuple[str, object]]:
        """Where it stands."""
        return _standing(self.dispatch)


def _standing(dispatch: InvoiceDispatch) -> list[tuple[str, object]]:
    return [("state", dispatch.state.value), ("queued", dispatch.queued_at), ("route", dispatch.route.value)]


@bp.route("")
def index() -> ResponseReturnValue:
    """One heap, and how much lies in each."""
    counts, heap = queries.counts(), request.args.get("visa", "")
    sizes = {"fel": counts.failed, "hand": counts.for_hand, "svar": counts.responses, "vantar": counts.waiting}
    if heap not in HEAPS:
        heap = next((name for name, size in sizes.items() if size), "fel")
    return render_template(
        "staff/dispatches.html",
        heap=heap,
        sizes=sizes,
        leaf=HEAPS[heap](web.number_asked_for("sida") or 1),
        public=queries.public_by_email(),
        to_page=lambda number: url_for(".index", visa=heap, sida=number),
        may_change=web.is_finance(),
        words=WORDS,
    )


@bp.route("/<int:dispatch_id>")
def show(dispatch_id: int) -> ResponseReturnValue:
    """One invoice's way, each attempt, and what was answered."""
    dispatch = queries.dispatch_with(dispatch_id)
    return _page(dispatch, ByHandForm(dispatch))


@bp.route("/<int:dispatch_id>/for-hand", methods=["POST"])
def mark_by_hand(dispatch_id: int) -> ResponseReturnValue:
    """Somebody has seen to it."""
    web.finance_only()
    dispatch = queries.dispatch_with(dispatch_id, lock=True)
    form = ByHandForm(dispatch)
    if form.validate_on_submit():
        with web.refusals(form):
            actions.mark_by_hand(dispatch, web.given(form.how.data), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Noted that it was sent by hand."), "success")
            return web.back_to(".show", dispatch_id=dispatch_id)
    return _page(queries.dispatch_with(dispatch_id), form)


@bp.route("/<int:dispatch_id>/igen", methods=["POST"])
def send_again(dispatch_id: int) -> ResponseReturnValue:
    """Let it go once more."""
    web.finance_only()
    dispatch = queries.dispatch_with(dispatch_id, lock=True)
    web.Shown.of(*_standing(dispatch)).check()
    actions.send_again(dispatch, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The invoice is on its way."), "success")
    return web.back_to(".show", dispatch_id=dispatch_id)


@bp.route("/faktura/<int:invoice_id>/e-faktura", methods=["POST"])
def send_as_einvoice(invoice_id: int) -> ResponseReturnValue:
    """It has left in another way, and the customer can take e-invoices now."""
    web.finance_only()
    record, before = queries.held_of(invoice_id)
    dispatch = actions.send_as_einvoice(record, before, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The invoice is on its way as an e-invoice."), "success")
    return web.back_to(".show", dispatch_id=dispatch.id)


@bp.route("/igen", methods=["POST"])
def send_all_again() -> ResponseReturnValue:
    """Let all go once more that failed electronically, as when the access point did not know us for a while."""
    web.finance_only()
    count = actions.send_failed_again(by=web.user(), now=clock.now())
    db.session.commit()
    flash(ngettext("%(num)s invoice is on its way.", "%(num)s invoices are on their way.", count), "success")
    return web.back_to(".index", visa="vantar")


@bp.route("/svar/<int:response_id>/klart", methods=["POST"])
def handle(response_id: int) -> ResponseReturnValue:
    """Somebody has seen to what was answered."""
    web.finance_only()
    response = queries.response_with(response_id, lock=True)
    answering.handle(response, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The answer is taken care of."), "success")
    return web.back_to(".index", visa="svar")


@bp.route("/svar/<int:response_id>.xml")
def answer_file(response_id: int) -> Response:
    """What was answered, as it came."""
    response = queries.response_with(response_id)
    if response.file is None:
        raise NotYours
    return downloads.stored(response.file)


def _page(dispatch: InvoiceDispatch, form: ByHandForm) -> ResponseReturnValue:
    may_change = web.is_finance()
    by_hand = dispatch.state == DispatchState.QUEUED and dispatch.route == DispatchRoute.HAND
    ways = queries.dispatches_of(dispatch.invoice_id)
    page = render_template(
        "staff/dispatch.html",
        dispatch=dispatch,
        ways=ways,
        einvoice=actions.offer(dispatch.invoice, ways[0]),
        answers=queries.responses_to(dispatch.invoice),
        form=form,
        shown=web.Shown.of(*_standing(dispatch)),
        may_mark=may_change and DispatchState.BY_HAND in MOVES[dispatch.state],
        may_send=may_change and (dispatch.state == DispatchState.FAILED or by_hand),
        may_change=may_change,
        words=WORDS,
    )
    return page, web.status(form)
