"""What stands beside an answer: tasks, drafts of a party, remarks, and addenda that touch it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.members.models import MemberKind
from app.pages import bid_fields, web
from app.pages.bid_fields import Needed, at_most, line
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectField, SelectMultipleField
from app.pages.staff.tenders_room import Room, bid_in
from app.pages.staff.tenders_typed import given_back
from app.tenders.models import BidPerson, BidTask, TenderRequirement
from app.tenders.working import queries, touched
from app.tenders.working.duties import Act
from app.tenders.working.task_actions import Given

LONGEST_REMARK = 4000
US = "us"
SOON = timedelta(days=7)


class TaskForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Who does what by when."""

    who = SelectField(_l("Who"))
    due_on = bid_fields.day(_l("Done by"), InputRequired(_l("Choose a day.")))
    what = line(_l("What to do"), 300, Optional())

    def given(self, room: Room) -> Given:
        """What was typed. Raises Refused for nobody."""
        user, party = _who(room, str(self.who.data or ""))
        return Given(user=user, party=party, due_on=web.given(self.due_on.data), what=self.what.data or "")


class RemarkForm(FlaskForm):  # type: ignore[misc]
    """A remark, who reads it, and who gets a letter about it."""

    text = TextAreaField(_l("Write a comment"), [Needed(_l("Write something first.")), at_most(LONGEST_REMARK)])
    reads = SelectField(_l("Who reads it"))
    to = SelectMultipleField(
        _l("Send a letter to"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


def task_form(room: Room, *, with_parties: bool, task: BidTask | None = None, **options: Any) -> TaskForm:
    """The form for a new task or one that is changed. Only those with a role in the bid can have one, and parties."""
    if task is not None:
        holder = f"u{task.user_id}" if task.user_id else f"p{task.party_id}" if task.party_id else ""
        options |= {"data": {"who": holder, "due_on": task.due_on, "what": task.what}}
    form = TaskForm(prefix="task", **options)
    form.who.choices = listed([("", _("Choose in the list")), *_staff(room), *(_parties(room) if with_parties else ())])
    return form


def _staff(room: Room) -> list[tuple[str, str]]:
    people = [(f"u{person.user_id}", person.name) for person in room.team.staff] if room.team else []
    me = web.user()
    return people if any(key == f"u{me.id}" for key, _name in people) else [(f"u{me.id}", me.name), *people]


def _parties(room: Room) -> list[tuple[str, str]]:
    parties = [
        party
        for party in bid_in(room).parties
        if not party.has_declined and party.member.kind != MemberKind.SALES_COMPANY
    ]
    return [(f"p{party.id}", party.member.name) for party in parties]


def _who(room: Room, chosen: str) -> tuple[User | None, Any]:
    """One of us or a party; the form has made sure that it is in the list."""
    if chosen.startswith("u"):
        return db.session.get(User, int(chosen[1:])), None
    party = next((party for party in bid_in(room).parties if f"p{party.id}" == chosen), None)
    if party is None:
        raise Refused(_("Choose who is to have the task."))
    return None, party


def remark_form(room: Room, tasks: Sequence[BidTask], **options: Any) -> RemarkForm:
    """The form for a remark. A party reads it only where it has a task of its own, and only when it is chosen."""
    form = RemarkForm(prefix="remark", **options)
    parties = {task.party_id: task.party.member.name for task in tasks if task.party is not None}
    both = [(f"p{party_id}", _("We and %(name)s", name=name)) for party_id, name in parties.items()]
    form.reads.choices = listed([(US, _("Only we")), *both])
    form.to.choices = [(str(person.id), person.name) for person in _others(room)]
    return form


def addressed(room: Room, form: RemarkForm) -> list[BidPerson]:
    """Those of us who get a letter."""
    return [person for person in _others(room) if str(person.id) in (form.to.data or ())]


def _others(room: Room) -> list[BidPerson]:
    return [person for person in room.team.staff if person.user_id != web.user().id] if room.team else []


def beside(
    room: Room,
    requirement: TenderRequirement,
    found: queries.Beside,
    *,
    task: TaskForm | None = None,
    remark: RemarkForm | None = None,
) -> dict[str, Any]:
    """What the page of an answer shows beside the form."""
    typed = given_back(found.unsaved, beside=True)
    return {
        "tasks": found.tasks,
        "remarks": found.remarks,
        "more_remarks": found.more,
        "touching": touched.open_touches(room.tender, requirement),
        "task_form": task or task_form(room, with_parties=True, formdata=typed),
        "remark_form": remark or remark_form(room, found.tasks, formdata=typed),
        "today": clock.local_date(room.now),
        "may": {act.value: room.may(act) for act in Act},
        "me": web.user(),
    }
