"""Complaints: those that wait, one with its photographs and the decision; and what is to be credited."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import clock, complaintflow, pictures
from app.db import db
from app.errors import Refused
from app.invoicing import queries as invoices
from app.money import NOUGHT, Money
from app.orders import complaint_queries, complaints, queries
from app.orders.complaint_models import Complaint
from app.pages import web
from app.pages.complaint_form import ComplaintForm
from app.pages.plain_fields import DateField

bp = Blueprint("complaints", __name__)


class DecisionForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """An answer to the customer."""

    answer = TextAreaField(
        _l("Words to the customer"), [InputRequired(_l("Write why. The customer reads it.")), Length(max=1000)]
    )


class ReplaceForm(DecisionForm):
    """Something new at no cost."""

    on = DateField(_l("Delivered anew on"), [InputRequired(_l("Choose a day."))])
    borne = StringField(_l("The member bears, excl. VAT"), [Length(max=20)])


class CheaperForm(DecisionForm):
    """A lower price."""

    amount = StringField(
        _l("The customer pays less, excl. VAT"), [InputRequired(_l("Write an amount.")), Length(max=20)]
    )
    borne = StringField(_l("The member bears, excl. VAT"), [Length(max=20)])


FORMS = {"ersatt": ReplaceForm, "avdrag": CheaperForm, "nej": DecisionForm}


@bp.route("/reklamationer")
def index() -> ResponseReturnValue:
    """What waits for a decision, and what is to be credited."""
    number = web.number_asked_for("sida") or 1
    waiting, due = complaint_queries.waiting(number), invoices.credits_due(number)
    return render_template("staff/complaints.html", waiting=waiting, credits=due)


@bp.route("/bestallningar/<int:number>/reklamera", methods=["GET", "POST"])
def complain(number: int) -> ResponseReturnValue:
    """Take in a complaint for the customer, also after the time."""
    web.sales_only()
    form = ComplaintForm(complaint_queries.delivered_in(queries.order_numbered(number)))
    if form.validate_on_submit():
        with web.refusals(form):
            photographs = form.developed()
            order = queries.order_numbered(number, lock=True)
            complaint = form.complain(order, photographs, by=web.user(), late=True)
            db.session.commit()
            flash(_("The complaint is saved."), "success")
            return web.back_to(".show", complaint_id=complaint.id)
    order, back = queries.order_numbered(number), url_for("staff.orders.show", number=number)
    return render_template("complain.html", order=order, form=form, back=back), web.status(form)


@bp.route("/reklamationer/<int:complaint_id>")
def show(complaint_id: int) -> ResponseReturnValue:
    """One complaint."""
    return _page(complaint_queries.complaint_with(complaint_id))


@bp.route("/reklamationer/<int:complaint_id>/<any(ersatt,avdrag,nej):act>", methods=["POST"])
def decide(complaint_id: int, act: str) -> ResponseReturnValue:
    """Something new, a lower price, or no."""
    web.sales_only()
    queries.hold(complaint_queries.complaint_with(complaint_id).order_line.order_id)
    complaint = complaint_queries.complaint_with(complaint_id)
    db.session.refresh(complaint)
    form = FORMS[act](prefix=act)
    if form.validate_on_submit():
        with web.refusals(form):
            _decide(complaint, act, form)
            db.session.commit()
            flash(_("Decided. The customer and the member get letters."), "success")
            return web.back_to(".show", complaint_id=complaint_id)
    return _page(complaint_queries.complaint_with(complaint_id), **{act: form})


def _decide(complaint: Complaint, act: str, form: Any) -> None:
    answer, by, now = web.given(form.answer.data), web.user(), clock.now()
    if act == "nej":
        complaintflow.decline(complaint, answer, by=by, now=now)
    elif act == "ersatt":
        complaintflow.replace(complaint, form.on.data, answer, borne=_amount(form.borne.data), by=by, now=now)
    else:
        amount, borne = _amount(form.amount.data), _amount(form.borne.data)
        complaintflow.make_cheaper(complaint, amount, answer, borne=borne, by=by, now=now)


def _amount(typed: str | None) -> Money:
    """An amount in kronor; nought where nothing was typed. Raises Refused."""
    text = (typed or "").strip()
    try:
        return Money.parse(text) if text else NOUGHT
    except ValueError as wrong:
        raise Refused("Skriv beloppet i kronor, till exempel 120,50.") from wrong


def _page(complaint: Complaint, **tried: FlaskForm) -> ResponseReturnValue:
    forms = {act: tried.get(act) or kind(formdata=None, prefix=act) for act, kind in FORMS.items()}
    line = complaint.order_line
    page = render_template(
        "staff/complaint.html",
        complaint=complaint,
        order=line.order,
        forms_for=forms,
        wrong=next(iter(tried.values()), None),
        worth=line.price_of(complaint.quantity),
        earned=complaints.most_borne(complaint),
        may_change=bool(web.viewer().roles & {"sales", "admin"}),
        addresses=[pictures.address(one.picture, pictures.PAGE) for one in complaint.pictures],
    )
    return page, 422 if tried else 200
