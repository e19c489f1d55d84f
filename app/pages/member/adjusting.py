"""Something in an assignment became otherwise: the weight, a part is sold out, a delivery in two, something else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import adjustflow, clock, formats
from app.catalog.models import Offering
from app.db import db
from app.errors import Refused
from app.orders import adjusting, change_queries, handing, queries
from app.orders.cart import read_quantity
from app.orders.delivery.rules import Needs, needs_of
from app.orders.models import Assignment, AssignmentLine
from app.orders.questions import Instead
from app.pages import doors, web
from app.pages.asking_once import Once, early_words
from app.pages.member.door_forms import ProofForm
from app.pages.plain_fields import DateField, RadioField, SelectField

bp = Blueprint("adjusting", __name__, url_prefix="/uppdrag/<int:assignment_id>")
WHY = _l("Why?")
_ASKED = _l("The customer has got the question. Wait for the answer.")
_HOW_MUCH = InputRequired(_l("Write how much."))


class LineForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Which of the lines it is about."""

    line = RadioField(_l("What is it about?"), validate_choice=True)

    def __init__(self, shares: list[AssignmentLine]) -> None:
        super().__init__()
        self.line.choices = [(str(share.id), _called(share)) for share in shares]
        if self.line.data is None and shares:
            self.line.data = self.line.choices[0][0]


class WeighForm(LineForm):
    """What it came out at."""

    quantity = StringField(_l("How much is it now?"), [_HOW_MUCH, Length(max=20)])
    why = TextAreaField(_l("Words to the customer, if it is much more"), [Length(max=500)])


class SoldOutForm(LineForm):
    """What can still be made."""

    quantity = StringField(_l("How many can you deliver?"), [_HOW_MUCH, Length(max=20)])
    why = TextAreaField(WHY, [InputRequired(_l("Write a few words about why.")), Length(max=500)])


class InsteadForm(LineForm):
    """What you would rather deliver."""

    quantity = StringField(_l("How much of it can you not deliver?"), [_HOW_MUCH, Length(max=20)])
    offering = SelectField(_l("What do you offer instead?"))
    new_quantity = StringField(_l("How many of that?"), [_HOW_MUCH, Length(max=20)])
    why = TextAreaField(WHY, [InputRequired(_l("Write why. The customer reads it.")), Length(max=500)])

    def __init__(self, shares: list[AssignmentLine]) -> None:
        super().__init__(shares)
        own = change_queries.offered_instead(shares[0].assignment) if shares else ()
        self.offerings: dict[str, Offering] = {str(one.id): one for one in own}
        self.offering.choices = [
            ("", _l("Choose in the list")),
            *((id_, _sold(one)) for id_, one in self.offerings.items()),
        ]


class PartForm(ProofForm):
    """When the rest comes, and who took the part. What it is stands in the page, one a line, under `quantity-ID`."""

    rest_on = DateField(_l("When does the rest come?"), [InputRequired(_l("Choose a day."))])


@bp.route("/vikt", methods=["GET", "POST"])
def weigh(assignment_id: int) -> ResponseReturnValue:
    """It came out at another weight."""
    assignment = _own(assignment_id)
    form = WeighForm([share for share in _shares(assignment) if adjusting.is_weighed(share.order_line)])

    def act() -> str:
        share = _chosen(assignment, form)
        quantity = _read(form.quantity.data, share.order_line.unit)
        question = adjustflow.weigh(share, quantity, form.why.data or "", by=doors.actor(), now=clock.now())
        return str(_ASKED if question else _("Saved."))

    return _do(assignment_id, form, act, "member/adjust_weight.html")


@bp.route("/slut", methods=["GET", "POST"])
def sold_out(assignment_id: int) -> ResponseReturnValue:
    """Something is sold out."""
    assignment = _own(assignment_id)
    form = SoldOutForm(_shares(assignment))

    def act() -> str:
        share = _chosen(assignment, form)
        left = _read(form.quantity.data, share.order_line.unit)
        adjustflow.sold_out(share, left, web.given(form.why.data), by=doors.actor(), now=clock.now())
        return str(_("Thank you for telling us. We ask somebody else for the rest."))

    return _do(assignment_id, form, act, "member/adjust_sold_out.html")


@bp.route("/forslag", methods=["GET", "POST"])
def propose(assignment_id: int) -> ResponseReturnValue:
    """Something else of the member's own; the customer says yes or no."""
    assignment = _own(assignment_id)
    form = InsteadForm(_shares(assignment))

    def act() -> str:
        share, offering = _chosen(assignment, form), form.offerings.get(form.offering.data)
        if offering is None:
            raise Refused(web.must_choose())
        instead = Instead(offering, _read(form.new_quantity.data, offering.article.unit))
        quantity = _read(form.quantity.data, share.order_line.unit)
        adjustflow.propose(share, quantity, instead, web.given(form.why.data), by=doors.actor(), now=clock.now())
        return str(_ASKED)

    return _do(assignment_id, form, act, "member/adjust_instead.html")


@bp.route("/del", methods=["GET", "POST"])
def part(assignment_id: int) -> ResponseReturnValue:
    """Some is delivered now, the rest on another day."""
    assignment = _own(assignment_id)
    form, once, day = PartForm(), Once(), assignment.delivery_day
    needs = needs_of(assignment.order.customer_id) if handing.reaches_customer(assignment) else Needs()

    def act() -> str:
        once.ask(*early_words(day, []))
        shown = form.shown()
        assignment = _own(assignment_id)  # again: no row was held while a photograph was developed
        now = {share.id: _read(_typed(share), share.order_line.unit) for share in _shares(assignment)}
        rest_on = web.given(form.rest_on.data)
        adjustflow.deliver_part(assignment, now, rest_on, shown, by=doors.actor(), now=clock.now())
        return str(_("Well done! The customer knows what has come and when the rest comes."))

    def early() -> str:
        return once.tell(*early_words(day, []))

    return _do(assignment_id, form, act, "member/adjust_part.html", once=once, early=early, needs=needs)


def _do(assignment_id: int, form: Any, act: Callable[[], str], page: str, **more: object) -> ResponseReturnValue:
    """One task a page: do it and go back to the assignment, or show the page."""
    if form.validate_on_submit():
        with web.refusals(form):
            done = act()
            db.session.commit()
            flash(done, "success")
            return doors.back_to("assignments.show", assignment_id=assignment_id)
    assignment = queries.assignment_of(doors.member(), assignment_id)
    typed = {share.id: _typed(share) for share in _shares(assignment)}
    shares = _shares(assignment)
    return render_template(page, assignment=assignment, form=form, typed=typed, shares=shares, **more), web.status(form)


def _own(assignment_id: int) -> Assignment:
    assignment = queries.assignment_of(doors.member(), assignment_id, lock=web.changing())
    adjusting.check_going_on(assignment)
    return assignment


def _shares(assignment: Assignment) -> list[AssignmentLine]:
    return [share for share in assignment.lines if share.quantity]


def _chosen(assignment: Assignment, form: LineForm) -> AssignmentLine:
    found = next((share for share in _shares(assignment) if str(share.id) == form.line.data), None)
    if found is None:
        raise Refused(web.must_choose())
    return found


def _typed(share: AssignmentLine) -> str:
    return request.form.get(f"quantity-{share.id}", formats.quantity(share.quantity))


def _read(typed: str | None, unit: str) -> Decimal:
    """A quantity; nought is one too. Raises Refused."""
    text = (typed or "").strip()
    if text == "0":
        return Decimal(0)
    try:
        return read_quantity(text, unit)
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong


def _called(share: AssignmentLine) -> str:
    line = share.order_line
    return f"{line.name}, {formats.quantity(share.quantity)} {formats.unit(line.unit, line.unit_text)}"


def _sold(offering: Offering) -> str:
    article = offering.article
    return f"{article.name} ({formats.unit(article.unit, article.unit_text)})"
