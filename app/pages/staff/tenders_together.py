"""Working together on a bid: who has which role, and all tasks by day."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Email

from app import clock, teamflow
from app.db import db
from app.errors import NotYours
from app.pages import web
from app.pages.bid_fields import Needed, line
from app.pages.bid_words import listed
from app.pages.plain_fields import RadioField, SelectField
from app.pages.staff.tenders_beside import TaskForm, task_form
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.pages.working_words import DUTIES
from app.tenders import queries as tenders
from app.tenders.working import queries, task_actions, team_actions
from app.tenders.working.duties import AT_THE_HOUSE, Act, Duty

bp = Blueprint("together", __name__, url_prefix="/<int:tender_id>/arbete")


class PersonForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """One of us, and the role."""

    user = SelectField(_l("Who"))
    duty = RadioField(_l("Role"), choices=listed((str(duty), DUTIES[duty]) for duty in AT_THE_HOUSE))


class ContactForm(FlaskForm):  # type: ignore[misc]
    """Whom we write to at a party's."""

    name = line(_l("Name"), 200, Needed(_l("Write a name.")))
    email = line(_l("E-mail"), 200, Needed(_l("Write an e-mail address.")), Email(_l("Write an e-mail address.")))


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Who is in it, and what is to be done."""
    return _page(open_room(tender_id))


def _page(room: Room, task: TaskForm | None = None) -> ResponseReturnValue:
    if room.bid is None:
        return show_tab("no_bid", room, "together"), 200
    whole = "alla" in request.args
    page = show_tab(
        "together",
        room,
        "together",
        tasks=queries.tasks_of(room.bid, request.args.get("sida", 1, type=int), whole=whole),
        whole=whole,
        duties=DUTIES,
        today=clock.local_date(room.now),
        task_form=task or task_form(room, with_parties=False, formdata=None),
        may={act.value: room.may(act) for act in Act},
        me=web.user(),
        page_url=lambda number: url_for(".show", tender_id=room.tender.id, sida=number, alla=1 if whole else None),
    )
    return page, 422 if task else 200


@bp.route("/person", methods=["GET", "POST"])
def name_person(tender_id: int) -> ResponseReturnValue:
    """Give one of us a role, or another role."""
    room = open_for_change(tender_id, Act.NAME if web.changing() else Act.LOOK)
    bid, people = bid_in(room), queries.colleagues()
    form = PersonForm(data={"user": str(request.args.get("vem", web.user().id)), "duty": str(Duty.OWNER)})
    form.user.choices = listed((str(user.id), user.name) for user in people)
    if form.validate_on_submit():
        with web.refusals(form):
            user = next(user for user in people if str(user.id) == form.user.data)
            duty = next(duty for duty in AT_THE_HOUSE if duty == form.duty.data)
            team_actions.name_person(bid, user, duty, by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return show_tab("person", room, "together", form=form), web.status(form)


@bp.post("/person/<int:person_id>/ta-bort")
def leave(tender_id: int, person_id: int) -> ResponseReturnValue:
    """Take a role away."""
    room = open_for_change(tender_id, Act.NAME)
    person = next((one for one in room.team.people if one.id == person_id), None) if room.team else None
    if person is None:
        raise NotYours
    team_actions.leave(bid_in(room), person, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id)


@bp.route("/kontakt/<int:party_id>", methods=["GET", "POST"])
def name_contact(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Whom we write to at a party's."""
    room = open_for_change(tender_id, Act.NAME if web.changing() else Act.LOOK)
    party = tenders.party_of(bid_in(room), party_id)
    known = room.team.contacts.get(party_id) if room.team else None
    form = ContactForm(
        obj=known or None, data=None if known else _own_contact(party.member.contact_name, party.member.email)
    )
    if form.validate_on_submit():
        with web.refusals(form):
            team_actions.name_contact(party, form.name.data, form.email.data, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("From now on we write to %(name)s.", name=form.name.data), "success")
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
        party = tenders.party_of(bid_in(room), party_id)
    return show_tab("contact", room, "together", form=form, party=party), web.status(form)


def _own_contact(name: str, email: str) -> dict[str, str]:
    return {"name": name, "email": email}


@bp.post("/uppgift")
def give(tender_id: int) -> ResponseReturnValue:
    """A task that concerns no single requirement."""
    room = open_for_change(tender_id, Act.ASSIGN)
    form = task_form(room, with_parties=False)
    if form.validate_on_submit():
        with web.refusals(form):
            teamflow.give_task(bid_in(room), None, form.given(room), by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, task=form)


@bp.route("/uppgift/<int:task_id>", methods=["GET", "POST"])
def change(tender_id: int, task_id: int) -> ResponseReturnValue:
    """To somebody else, or to another day."""
    room = open_for_change(tender_id, Act.ASSIGN if web.changing() else Act.LOOK)
    task = queries.task_in(bid_in(room), task_id)
    form = task_form(room, with_parties=task.requirement_id is not None, task=task)
    if form.validate_on_submit():
        with web.refusals(form):
            teamflow.move_task(task, form.given(room), by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
        task = queries.task_in(bid_in(room), task_id)
    may = {act.value: room.may(act) for act in Act}
    return show_tab("task", room, "together", form=form, task=task, may=may), web.status(form)


@bp.post("/uppgift/<int:task_id>/klar")
def finish(tender_id: int, task_id: int) -> ResponseReturnValue:
    """Done: whoever has the task says so, or somebody who may give tasks."""
    room = open_for_change(tender_id, Act.LOOK)
    task = queries.task_in(bid_in(room), task_id)
    if task.user_id != web.user().id:
        room = open_for_change(tender_id, Act.ASSIGN)
    task_actions.finish(task, by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The task is done."), "success")
    if task.requirement_id is not None and request.form.get("till") == "svaret":
        where = "staff.tenders.answers.edit"
        return web.back_to(where, tender_id=tender_id, requirement_id=task.requirement_id, _anchor="uppgifter")
    if request.form.get("till") == "mina":
        return web.back_to("staff.my_tasks.show")
    return web.back_to(".show", tender_id=tender_id)


@bp.post("/uppgift/<int:task_id>/oppna")
def reopen(tender_id: int, task_id: int) -> ResponseReturnValue:
    """Not done after all."""
    room = open_for_change(tender_id, Act.ASSIGN)
    task_actions.reopen(queries.task_in(bid_in(room), task_id), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id)


@bp.post("/uppgift/<int:task_id>/ta-bort")
def remove(tender_id: int, task_id: int) -> ResponseReturnValue:
    """It was a mistake."""
    room = open_for_change(tender_id, Act.ASSIGN)
    task_actions.remove(queries.task_in(bid_in(room), task_id), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id)
