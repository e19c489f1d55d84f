"""One assignment, answered by the link in a letter: for a member at which nobody signs in.

Whoever has the link sees that one assignment and nothing else. To open it changes nothing, because programs that look
through letters open all links.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_wtf import FlaskForm

from app import clock, deliveryflow, orderflow
from app.db import db
from app.orders import by_link, emails, handing
from app.orders.delivery.proofs import Shown
from app.orders.delivery.queries import parcel_of, parcels_in
from app.orders.delivery.rules import needs_of
from app.orders.models import Assignment
from app.pages import web
from app.pages.answer_form import AnswerForm, DeclineForm, read_quantities, typed_for

LIMIT = "30 per minute; 300 per hour"
"""For each address from which links are opened."""

bp = Blueprint("by_link", __name__, url_prefix="/svar/<key>")


class Closed(Exception):  # noqa: N818  nothing went wrong
    """The link opens nothing any longer."""


def limit(limiter: Limiter) -> None:
    """Guessing must be slow."""
    limiter.limit(LIMIT)(bp)


@bp.after_request
def keep_to_oneself(response: Response) -> Response:
    """The address is a key: no other site, cache or search engine gets it.

    Our own pages do: without the referrer no form could be sent over HTTPS (Flask-WTF looks at it).
    """
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.errorhandler(Closed)
def show_closed(_closed: Closed) -> ResponseReturnValue:
    """It is over, or lies elsewhere; whatever it was about, nothing of it is shown."""
    db.session.rollback()
    return render_template("public/link_closed.html"), 410


@bp.get("")
def show(key: str) -> ResponseReturnValue:
    """What is asked for, and the answer."""
    return _page(key, _opened(key))


@bp.post("/ja")
def accept(key: str) -> ResponseReturnValue:
    """Take on all, or the quantities that were changed."""
    assignment, form = _opened(key, lock=True), AnswerForm()
    typed = typed_for(assignment)
    if form.validate_on_submit():
        with web.refusals(form):
            quantities = read_quantities(assignment, typed)
            by_link.note_use(assignment, now=clock.now())
            orderflow.accept(assignment, quantities, by=by_link.answerer(assignment), now=clock.now())
            db.session.commit()
            flash(_("Thank you! The work is yours."), "success")
            return web.back_to(".show", key=key)
    return _page(key, _opened(key), answer=form, typed=typed)


@bp.post("/nej")
def decline(key: str) -> ResponseReturnValue:
    """Say no, with a reason; somebody else is asked at once."""
    assignment, form = _opened(key, lock=True), DeclineForm()
    if form.validate_on_submit():
        with web.refusals(form):
            by_link.note_use(assignment, now=clock.now())
            reason = web.given(form.reason.data)
            orderflow.decline(assignment, reason, by=by_link.answerer(assignment), now=clock.now())
            db.session.commit()
            flash(_("You have declined. We ask somebody else."), "info")
            return web.back_to(".show", key=key)
    return _page(key, _opened(key), no=form)


@bp.post("/levererat")
def deliver(key: str) -> ResponseReturnValue:
    """Report that everything has been handed over. What wants a proof is reported by telephone."""
    assignment, form = _opened(key, lock=True), FlaskForm()
    if form.validate_on_submit():
        with web.refusals(form):
            by_link.note_use(assignment, now=clock.now())
            deliveryflow.deliver(assignment, Shown(), by=by_link.answerer(assignment), now=clock.now())
            db.session.commit()
            flash(_("Well done! It is reported as delivered."), "success")
            return web.back_to(".show", key=key)
    return _page(key, _opened(key), delivered=form)


def _opened(key: str, *, lock: bool = False) -> Assignment:
    """Raises NotYours for a key that is not ours, Closed for one that opens nothing any longer."""
    found = by_link.behind(emails.read_answer_key(key), clock.now(), lock=lock)
    if found is None:
        raise Closed
    return found


def _page(
    key: str,
    assignment: Assignment,
    *,
    answer: AnswerForm | None = None,
    no: DeclineForm | None = None,
    delivered: FlaskForm | None = None,
    typed: dict[int, str | None] | None = None,
) -> ResponseReturnValue:
    wrong = answer or no or delivered
    parcel = parcel_of(parcels_in(assignment.order), assignment)
    to_customer = handing.reaches_customer(assignment)
    page = render_template(
        "public/by_link.html",
        key=key,
        assignment=assignment,
        handovers=handing.handovers(assignment),
        to_customer=to_customer,
        coming=[sender for line in assignment.lines for sender in handing.waiting_for(line.order_line)],
        parcel=parcel,
        may_report=_may_report(assignment, to_customer=to_customer, carried=bool(parcel and parcel.carriage)),
        wrong=wrong,
        answer=answer or AnswerForm(formdata=None),
        no=no or DeclineForm(formdata=None),
        typed=typed or {},
        in_time=assignment.answer_before >= clock.now(),
        due=assignment.delivery_day <= clock.local_date(clock.now()),
    )
    return page, web.status(wrong) if wrong else 200


def _may_report(assignment: Assignment, *, to_customer: bool, carried: bool) -> bool:
    """Whether a press on a button is enough: nothing to show, nobody else to wait for."""
    wants_proof = to_customer and needs_of(assignment.order.customer_id).any
    return assignment.state == "accepted" and not (carried or wants_proof or handing.not_here_yet(assignment))
