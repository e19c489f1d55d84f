"""A tender's requirements and deductions: one at a time, or pasted many at once."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Optional

from app.db import db
from app.errors import NotYours
from app.pages import bid_fields, bid_words, web
from app.pages.bid_fields import MoneyField, Needed, Positive, line
from app.pages.plain_fields import IntegerField, SelectField
from app.pages.rules import Between
from app.pages.seen import SeenForm
from app.pages.staff.tenders_room import Room, leafed, open_for_change, open_room, page_with
from app.pages.staff.tenders_room import show as show_tab
from app.pages.staff.tenders_rows import WHOLE, chosen_lot, with_lots
from app.tenders import actions, pasted, queries
from app.tenders.actions import NewRequirement
from app.tenders.models import Tender
from bids.kinds import RequirementKind, RequirementStage

bp = Blueprint("requirements", __name__, url_prefix="/<int:tender_id>/krav")


class RequirementForm(SeenForm):
    """One requirement."""

    lot = SelectField(_l("Lot"))
    ref = line(_l("Number"), 20, Needed(_l("Write the buyer's number.")))
    kind = SelectField(_l("Kind"), choices=bid_words.choices(bid_words.REQUIREMENTS))
    stage = SelectField(_l("Looked at in"), choices=bid_words.choices(bid_words.STAGES))
    text = TextAreaField(_l("What is required"), [Needed(_l("Write the requirement.")), bid_fields.at_most(5000)])
    most_characters = IntegerField(
        _l("The answer's longest length, characters"), [Optional(), Between(0, 100_000, _l("Write 0 to 100,000."))]
    )
    proof_required = BooleanField(_l("The buyer wants proof"))
    followed_up = BooleanField(_l("Marked for special follow-up"))

    def requirement(self) -> NewRequirement:
        """What was typed."""
        return NewRequirement(
            ref=self.ref.data,
            kind=next(kind for kind in RequirementKind if kind == self.kind.data),
            stage=next(stage for stage in RequirementStage if stage == self.stage.data),
            text=(self.text.data or "").strip(),
            proof_required=self.proof_required.data,
            followed_up=self.followed_up.data,
            most_characters=self.most_characters.data or 0,
        )


class PasteForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Many requirements at once."""

    lot = SelectField(_l("Lot"))
    lines = TextAreaField(
        _l("One requirement a line"), [Needed(_l("Paste at least one line.")), bid_fields.at_most(400_000)]
    )


class DeductionForm(FlaskForm):  # type: ignore[misc]
    """An added value that the buyer deducts for."""

    ref = line(_l("Number"), 20, Optional())
    name = line(_l("What is deducted for"), 200, Needed(_l("Write what is deducted for.")))
    most = MoneyField(_l("At most, kronor"), [Needed(_l("Write an amount.")), Positive()])
    share = IntegerField(
        _l("The share we reckon with, per cent"),
        [Needed(_l("Write 0 to 100.")), Between(0, 100, _l("Write 0 to 100."))],
    )


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """All requirements."""
    return _page(open_room(tender_id))


def _page(
    room: Room,
    form: RequirementForm | None = None,
    paste: PasteForm | None = None,
    deduction: DeductionForm | None = None,
) -> ResponseReturnValue:
    page = show_tab(
        "requirements",
        room,
        "requirements",
        requirements=leafed(room.tender.requirements),
        form=form or _fitted(RequirementForm(formdata=None), room.tender),
        paste=paste or with_lots(PasteForm(formdata=None, prefix="paste-"), room.tender),
        deduction=deduction or DeductionForm(formdata=None, prefix="deduction-"),
    )
    return page, 422 if form or paste or deduction else 200


def _fitted(form: RequirementForm, tender: Tender) -> RequirementForm:
    """The tender's lots and the kinds that it can ask; a call's questions are looked at when it is decided."""
    with_lots(form, tender)
    kinds = bid_words.CALL_REQUIREMENTS if tender.is_call else bid_words.BID_REQUIREMENTS
    form.kind.choices = bid_words.choices(kinds)
    if tender.is_call and not form.stage.data:
        form.stage.data = str(RequirementStage.AWARD)
    return form


@bp.post("")
def add(tender_id: int) -> ResponseReturnValue:
    """One more requirement."""
    room = open_for_change(tender_id)
    form = _fitted(RequirementForm(), room.tender)
    if form.validate_on_submit():
        with web.refusals(form):
            lot = chosen_lot(form, room.tender)
            actions.add_requirements(room.tender, [form.requirement()], lot, by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to("staff.tenders.requirements.show", tender_id=tender_id, _anchor="nytt-krav")
        room = open_room(tender_id)
    return _page(room, form=form)


@bp.post("/klistra")
def paste(tender_id: int) -> ResponseReturnValue:
    """Many requirements at once."""
    room = open_for_change(tender_id)
    form = with_lots(PasteForm(prefix="paste-"), room.tender)
    if form.validate_on_submit():
        with web.refusals(form):
            read = pasted.questions if room.tender.is_call else pasted.requirements
            given = read(form.lines.data)
            actions.add_requirements(room.tender, given, chosen_lot(form, room.tender), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("%(count)s requirements are added.", count=len(given)), "success")
            return web.back_to("staff.tenders.requirements.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, paste=form)


@bp.route("/<int:requirement_id>", methods=["GET", "POST"])
def edit(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """Put a requirement right."""
    room = open_for_change(tender_id)
    requirement = queries.requirement_of(room.tender, requirement_id)
    form = _fitted(RequirementForm(obj=requirement), room.tender)
    if not form.is_submitted():
        form.lot.data = str(requirement.lot_id or WHOLE)
    if form.validate_on_submit():
        with web.refusals(form):
            lot = chosen_lot(form, room.tender)
            actions.change_requirement(room.tender, requirement, form.requirement(), lot, by=web.user(), now=room.now)
            db.session.commit()
            return _to(room, requirement_id)
        room = open_room(tender_id)
    requirement = queries.requirement_of(room.tender, requirement_id)
    return show_tab("requirement", room, "requirements", form=form, requirement=requirement), web.status(form)


def _to(room: Room, requirement_id: int) -> ResponseReturnValue:
    """Back to the requirement in the list."""
    page = page_with(room.tender.requirements, requirement_id)
    anchor = f"krav-{requirement_id}"
    return web.back_to("staff.tenders.requirements.show", tender_id=room.tender.id, sida=page, _anchor=anchor)


@bp.post("/<int:requirement_id>/galler")
def restore(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """The buyer has not withdrawn it after all."""
    room = open_for_change(tender_id)
    requirement = queries.requirement_of(room.tender, requirement_id)
    actions.restore_requirement(room.tender, requirement, by=web.user(), now=room.now)
    db.session.commit()
    return _to(room, requirement_id)


@bp.post("/<int:requirement_id>/ta-bort")
def remove(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """The requirement was a mistake."""
    room = open_for_change(tender_id)
    requirement = queries.requirement_of(room.tender, requirement_id)
    actions.remove_requirement(room.tender, requirement, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.requirements.show", tender_id=tender_id)


@bp.post("/avdrag")
def add_deduction(tender_id: int) -> ResponseReturnValue:
    """One more added value."""
    room, form = open_for_change(tender_id), DeductionForm(prefix="deduction-")
    if not form.validate_on_submit():
        return _page(room, deduction=form)
    actions.add_deduction(
        room.tender,
        name=form.name.data,
        ref=form.ref.data or "",
        max_amount=form.most.data,
        share_percent=form.share.data or 0,
        by=web.user(),
        now=room.now,
    )
    db.session.commit()
    return web.back_to("staff.tenders.requirements.show", tender_id=tender_id, _anchor="avdrag")


@bp.post("/avdrag/<int:deduction_id>/ta-bort")
def remove_deduction(tender_id: int, deduction_id: int) -> ResponseReturnValue:
    """The buyer does not deduct for it."""
    room = open_for_change(tender_id)
    found = next((each for each in room.tender.deductions if each.id == deduction_id), None)
    if found is None:
        raise NotYours
    actions.remove_deduction(room.tender, found, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.requirements.show", tender_id=tender_id, _anchor="avdrag")
