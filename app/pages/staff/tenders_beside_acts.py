"""Acts beside an answer: give a task, take a draft in, comment, mark as reviewed, confirm after an addendum."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import teamflow
from app.db import db
from app.errors import NotYours
from app.pages import web
from app.pages.staff import tenders_typed as typed
from app.pages.staff.tenders_answers import page_of
from app.pages.staff.tenders_beside import US, RemarkForm, TaskForm, addressed, remark_form, task_form
from app.pages.staff.tenders_room import bid_in, open_for_change, open_room
from app.tenders import answer_actions, queries
from app.tenders.answer_actions import answer_to
from app.tenders.working import buyer_actions, draft_actions
from app.tenders.working import queries as working
from app.tenders.working.duties import Act

bp = Blueprint("beside", __name__, url_prefix="/<int:tender_id>/svar/<int:requirement_id>")


def _back(tender_id: int, requirement_id: int, anchor: str) -> ResponseReturnValue:
    return web.back_to("staff.tenders.answers.edit", tender_id=tender_id, requirement_id=requirement_id, _anchor=anchor)


def _again(
    tender_id: int, requirement_id: int, task: TaskForm | None = None, remark: RemarkForm | None = None
) -> ResponseReturnValue:
    """The page as before, with what was typed."""
    room = open_room(tender_id)
    return page_of(room, queries.requirement_of(room.tender, requirement_id), task=task, remark=remark)


@bp.post("/uppgift")
def give(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """Somebody is to do something about the requirement by a day."""
    room = open_for_change(tender_id, Act.ASSIGN)
    requirement = queries.requirement_of(room.tender, requirement_id)
    form = task_form(room, with_parties=True)
    if form.validate_on_submit():
        with web.refusals(form):
            teamflow.give_task(bid_in(room), requirement, form.given(room), by=web.user(), now=room.now)
            db.session.commit()
            typed.sent(typed.TASK)
            return _back(tender_id, requirement_id, "uppgifter")
    return _again(tender_id, requirement_id, task=form)


@bp.post("/kommentar")
def comment(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """A remark among us, or to a party that has a task on the requirement."""
    room = open_for_change(tender_id, Act.COMMENT)
    bid, requirement = bid_in(room), queries.requirement_of(room.tender, requirement_id)
    tasks = working.beside(bid, requirement, web.user()).tasks
    form = remark_form(room, tasks)
    if form.validate_on_submit():
        with web.refusals(form):
            text, by, now = web.given(form.text.data), web.user(), room.now
            task = next((one for one in tasks if f"p{one.party_id}" == form.reads.data), None)
            if form.reads.data != US and task is not None and task.party is not None:
                teamflow.write_to_party(task, task.party, text, by=by, now=now)
            else:
                teamflow.comment(bid, requirement, text, to=addressed(room, form), by=by, now=now)
            db.session.commit()
            typed.sent(typed.REMARK)
            return _back(tender_id, requirement_id, "kommentarer")
    return _again(tender_id, requirement_id, remark=form)


@bp.post("/granskad")
def review(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """The answer has been read through, as it was on the page."""
    room = open_for_change(tender_id, Act.REVIEW)
    answer = answer_to(bid_in(room), queries.requirement_of(room.tender, requirement_id))
    if answer is None:
        raise NotYours
    revision = request.form.get("revision", 0, type=int)
    answer_actions.review(answer, revision=revision, by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The answer is marked as reviewed."), "success")
    return _back(tender_id, requirement_id, "svaret")


@bp.post("/bekrafta")
def confirm(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """The answer holds after what the buyer has added."""
    room = open_for_change(tender_id, Act.CONFIRM)
    requirement = queries.requirement_of(room.tender, requirement_id)
    buyer_actions.confirm_answer(room.tender, requirement, by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The answer to %(ref)s is confirmed.", ref=requirement.ref), "success")
    return _back(tender_id, requirement_id, "svaret")


@bp.post("/utkast/<int:task_id>")
def take_draft(tender_id: int, requirement_id: int, task_id: int) -> ResponseReturnValue:
    """Put a party's draft below what our answer says, with its papers as proof."""
    room = open_for_change(tender_id)
    task = working.task_in(bid_in(room), task_id)
    if task.requirement_id != requirement_id:
        raise NotYours
    revision = request.form.get("revision", 0, type=int)
    draft_actions.take(task, revision=revision, by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The draft is in the answer now. Read it through."), "success")
    return _back(tender_id, requirement_id, "svaret")
