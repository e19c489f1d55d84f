"""Deductions for household work: what is to be paid, what can be asked of the tax agency, and what it has said."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired, Optional, ValidationError

from app import bankflow, claimflow, clock, restflow
from app.db import db
from app.errors import NotYours, Refused
from app.household import actions, claiming, queries
from app.household.claim_file import MOST_HOURS
from app.household.models import PartState, ReliefDeduction, ReliefPart
from app.invoicing.models import InvoiceRecord
from app.money import Money
from app.pages import downloads, web
from app.pages.bid_fields import MoneyField
from app.pages.plain_fields import DateField, IntegerField
from app.pages.rules import Between
from app.pages.seen import SeenForm
from app.reliefs import WORKS, Relief, Work

bp = Blueprint("rut_rot", __name__, url_prefix="/rut-rot")
bp.before_request(web.finance_only)

HEAPS = {"begara": _l("To ask for"), "obetalda": _l("Waiting for payment"), "filer": _l("Already asked for")}
STATES = {
    PartState.OPEN: (_l("Not asked for"), "neutral"),
    PartState.ASKED: (_l("Asked of the Tax Agency"), "wait"),
    PartState.APPROVED: (_l("Approved"), "good"),
    PartState.PARTLY: (_l("Partly approved"), "bad"),
    PartState.REFUSED: (_l("Refused"), "bad"),
    PartState.WITHDRAWN: (_l("Not to be asked for"), "neutral"),
}


class HoursForm(SeenForm):
    """How long the work took."""

    last_paid: date | None = None

    def holds_now(self) -> list[tuple[str, object]]:
        """What is typed of the payment is no part of the row, but when it was paid is."""
        return [("paid_on", self.last_paid), *((field.short_name, field.object_data) for field in self.hours)]

    @property
    def hours(self) -> list[Any]:
        """One field for each kind of work."""
        form: Any = self
        return [field for field in form if field.short_name.startswith("hours_")]


class PaymentForm(HoursForm):
    """And when the customer paid what is left: it is entered as a payment by bank."""

    paid_on = DateField(_l("Paid on"), [InputRequired(_l("Choose a day."))])
    electronic = BooleanField(_l("Paid by bank or card"))

    def validate_electronic(self, field: Any) -> None:
        """Cash gives no deduction (IL 67 kap. 15 a §)."""
        if not field.data:
            raise ValidationError(_("Only what is paid by bank or card gives a deduction."))


class DecisionForm(SeenForm):
    """What the tax agency has decided."""

    approved = MoneyField(_l("Approved, in whole kronor"), [InputRequired(_l("Write an amount."))])
    decided_on = DateField(_l("Decided on"), [InputRequired(_l("Choose a day."))])


def _payment_form(deduction: ReliefDeduction, left: Money) -> HoursForm:
    """Hours are asked for where the law does not say how much is labour, the day where something is left to pay."""
    asked = [one for one in deduction.done if WORKS[one.work].labour is None]
    many = Between(1, MOST_HOURS, _l("Write a whole number from 1 to 999."))
    fields = {
        f"hours_{one.work.value}": IntegerField(_("Hours of %(work)s", work=_name(one.work)), [Optional(), many])
        for one in asked
    }
    form = type("DeductionForm", (PaymentForm if left else HoursForm,), {"last_paid": deduction.paid_on, **fields})
    now = {f"hours_{one.work.value}": one.hours for one in asked}
    made: HoursForm = form(data={"paid_on": deduction.paid_on, **now})
    for one in made.hours:
        one.flags.optional = False  # They may be written later, but before anything is asked for.
    return made


def _name(work: Work) -> str:
    return (WORKS[work].name_sv if web.language() == "sv" else WORKS[work].name_en).lower()


@bp.route("")
def index() -> ResponseReturnValue:
    """What is to be done, in three heaps."""
    heap = request.args.get("hog", "begara")
    number = web.number_asked_for("sida") or 1
    if heap not in HEAPS:
        raise NotYours
    found: Any = {"begara": queries.to_ask, "obetalda": queries.unpaid, "filer": queries.claims}[heap](number)
    waiting = queries.waiting()
    return render_template(
        "staff/rut_rot.html",
        heap=heap,
        heaps=HEAPS,
        found=found,
        waiting=waiting,
        last_days={one.year: claimflow.last_day(one.year) for one in waiting},
        today=clock.local_date(clock.now()),
        states=STATES,
        works=WORKS,
        work_name=_name,
    )


@bp.route("/fil", methods=["POST"])
def claim() -> ResponseReturnValue:
    """Ask for what has been paid."""
    try:
        relief, year = Relief(request.form.get("relief", "")), int(request.form.get("year", ""))
    except ValueError as wrong:
        raise NotYours from wrong
    if year not in {one.year for one in queries.waiting()}:
        raise Refused("Det finns inget att begära. Det som nyss fanns kan en kollega ha begärt.")
    made = claiming.claim(relief, year, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The file is made. Fetch it, and hand it over at the Tax Agency's."), "success")
    return web.back_to(".show_claim", claim_id=made.id)


@bp.route("/fil/<int:claim_id>")
def show_claim(claim_id: int) -> ResponseReturnValue:
    """What was asked for, and what came of it."""
    return render_template("staff/rut_rot_claim.html", claim=queries.claim_with(claim_id), states=STATES)


@bp.route("/fil/<int:claim_id>/hamta", methods=["POST"])
def fetch(claim_id: int) -> ResponseReturnValue:
    """The file itself. It holds personal numbers, so who fetches it is written down."""
    found = queries.claim_with(claim_id)
    data = claiming.file_of(found, by=web.user(), now=clock.now())
    db.session.commit()
    return downloads.kept(data, f"{found.relief.value}-{found.year}-{found.id}.xml", "application/xml")


@bp.route("/avdrag/<int:deduction_id>", methods=["GET", "POST"])
def show(deduction_id: int) -> ResponseReturnValue:
    """One invoice's deduction: when it was paid, how long the work took. The payment is entered as any other."""
    record, deduction = bankflow.hold_deduction(deduction_id)
    form = _payment_form(deduction, bankflow.balance_of(record).outstanding)
    if form.validate_on_submit():
        with web.refusals(form):
            _pay(record, deduction, form)
            db.session.commit()
            flash(_("Saved."), "success")
            return web.back_to(".show", deduction_id=deduction_id)
    record, shown = bankflow.hold_deduction(deduction_id)
    page = render_template(
        "staff/rut_rot_deduction.html",
        deduction=shown,
        left=bankflow.balance_of(record).outstanding,
        form=form,
        states=STATES,
        works=WORKS,
    )
    return page, web.status(form)


def _pay(record: InvoiceRecord, deduction: ReliefDeduction, form: HoursForm) -> None:
    """The tick and the day are there only where something is left to pay."""
    hours = {Work(one.short_name.removeprefix("hours_")): one.data for one in form.hours if one.data}
    day, ticket = form.paid_on.data if "paid_on" in form else None, secrets.token_urlsafe(24)
    bankflow.pay_rest(record, deduction, day, hours, ticket=ticket, by=web.user(), now=clock.now())


@bp.route("/avdrag/<int:deduction_id>/avsta", methods=["POST"])
def withdraw(deduction_id: int) -> ResponseReturnValue:
    """Never ask for it."""
    claiming.withdraw(queries.deduction_with(deduction_id), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("Saved."), "success")
    return web.back_to(".show", deduction_id=deduction_id)


@bp.route("/del/<int:part_id>", methods=["GET", "POST"])
def decide(part_id: int) -> ResponseReturnValue:
    """Write down what the tax agency has decided on one person's part."""
    part = queries.part_with(part_id)
    asked = part.state == PartState.ASKED
    form = DecisionForm(data={"approved": part.due if asked else part.approved, "decided_on": part.decided_on})
    if form.validate_on_submit():
        with web.refusals(form):
            approved, day = form.approved.data, web.given(form.decided_on.data)
            restflow.decide(part, approved, day, by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The decision is saved."), "success")
            return web.back_to(".decide", part_id=part_id)
    return _part_page(queries.part_with(part_id), form)


@bp.route("/del/<int:part_id>/omprovning", methods=["GET", "POST"])
def decide_anew(part_id: int) -> ResponseReturnValue:
    """The tax agency has changed its decision: what the customer was asked for in vain is credited."""
    part = queries.part_with(part_id)
    if part.decided_on is None or part.state == PartState.WITHDRAWN:
        raise NotYours
    form = DecisionForm(data={"approved": part.approved, "decided_on": None})
    if form.validate_on_submit():
        with web.refusals(form):
            approved, day = form.approved.data, web.given(form.decided_on.data)
            notes = restflow.decide_anew(part, approved, day, by=web.user(), now=clock.now())
            db.session.commit()
            flash(_said_of(notes), "success")
            return web.back_to(".decide", part_id=part_id)
    page = render_template("staff/rut_rot_anew.html", part=queries.part_with(part_id), form=form, states=STATES)
    return page, web.status(form)


def _said_of(notes: list[InvoiceRecord]) -> str:
    if not notes:
        return str(_("The decision is saved."))
    numbers = ", ".join(note.name for note in notes)
    return str(_("The decision is saved. The customer gets credit note %(numbers)s.", numbers=numbers))


@bp.route("/del/<int:part_id>/faktura", methods=["POST"])
def supplement(part_id: int) -> ResponseReturnValue:
    """Let the customer pay what the tax agency did not."""
    restflow.supplement(queries.part_with(part_id), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The invoice is made and goes to the customer."), "success")
    return web.back_to(".decide", part_id=part_id)


@bp.route("/person/<int:person_id>/glom", methods=["POST"])
def forget(person_id: int) -> ResponseReturnValue:
    """Take a number away because the person asks for it."""
    person = queries.person_with(person_id)
    if person.sealed is None:
        raise Refused("Personnumret är redan borttaget.")
    actions.forget(person, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The personal identity number is taken away for good."), "success")
    return web.back_to(".index")


def _part_page(part: ReliefPart, form: DecisionForm) -> ResponseReturnValue:
    return render_template("staff/rut_rot_part.html", part=part, form=form, states=STATES), web.status(form)
