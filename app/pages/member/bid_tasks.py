"""What a member has been asked to write in a bid: one requirement a page, and nothing of anybody else's."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app import clock, teamflow
from app.db import db
from app.pages import bid_fields, web
from app.pages.bid_fields import Needed, at_most
from app.pages.bid_words import listed
from app.pages.paper_form import PaperForm, said_of
from app.pages.plain_fields import IntegerField, RadioField
from app.tenders import handing_in
from app.tenders.models import BidTask
from app.tenders.working import at_party, comment_actions, draft_actions, queries
from app.tenders.working.draft_actions import Draft, DraftedMeanwhile

bp = Blueprint("bid_tasks", __name__, url_prefix="/anbud/uppgift")
SAYS = {"yes": True, "no": False, "": None}


class DraftForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What the member proposes that the bid says."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    says = RadioField(
        _l("Do you meet it?"), choices=listed([("yes", _l("Yes")), ("no", _l("No")), ("", _l("We do not know yet"))])
    )
    text = TextAreaField(_l("Your answer, in your own words"), [Optional(), at_most(bid_fields.LONG_TEXT)])


class WordForm(FlaskForm):  # type: ignore[misc]
    """A word to the sales company."""

    text = TextAreaField(_l("Write to us"), [Needed(_l("Write something first.")), at_most(4000)])


@bp.get("")
def index() -> ResponseReturnValue:
    """All that the member has been asked to write, by day."""
    tasks = at_party.tasks_at(web.member())
    return render_template("member/bids/tasks.html", tasks=tasks, today=clock.local_date(clock.now()))


@bp.get("/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """The requirement, and what the member writes to it."""
    return _page(at_party.task_at(web.member(), task_id))


def _page(
    task: BidTask,
    draft: DraftForm | None = None,
    word: WordForm | None = None,
    status: int = 200,
    *,
    theirs: bool = False,
) -> ResponseReturnValue:
    now = clock.now()
    deadline = task.bid.tender.deadline
    page = render_template(
        "member/bids/task.html",
        task=task,
        tender=task.bid.tender,
        draft=draft or _blank(task),
        word=word or WordForm(prefix="word", formdata=None),
        theirs=theirs,
        talk=at_party.talk_on(task),
        is_open=task.bid.is_draft and (deadline is None or now <= deadline),
        today=clock.local_date(now),
        me=web.user(),
    )
    return page, status


def _blank(task: BidTask) -> DraftForm:
    said = {True: "yes", False: "no", None: ""}[task.draft_says]
    return DraftForm(formdata=None, data={"revision": task.draft_revision, "says": said, "text": task.draft_text})


@bp.post("/<int:task_id>")
def write(task_id: int) -> ResponseReturnValue:
    """Save the draft; two at the same member never overwrite each other unseen."""
    task, form = at_party.task_at(web.member(), task_id, lock=True), DraftForm()
    if not form.validate_on_submit():
        return _page(task, draft=form, status=422)
    with web.refusals(form):
        draft = Draft(SAYS[form.says.data], form.text.data or "")
        try:
            draft_actions.write(task, draft, revision=form.revision.data or 0, by=web.user(), now=clock.now())
        except DraftedMeanwhile as meanwhile:
            return _conflict(task_id, form, meanwhile)
        db.session.commit()
        flash(_("Your draft is saved. You can change it until the bid is handed in."), "success")
        return web.back_to(".show", task_id=task_id)
    return _page(at_party.task_at(web.member(), task_id), draft=form, status=422)


def _conflict(task_id: int, form: DraftForm, meanwhile: DraftedMeanwhile) -> ResponseReturnValue:
    """Both texts on one page. Saving again is then done knowingly, against the revision that is shown."""
    db.session.rollback()
    task = at_party.task_at(web.member(), task_id)
    form.revision.data, form.revision.raw_data = task.draft_revision, None
    form.form_errors.append(str(meanwhile))
    return _page(task, draft=form, status=409, theirs=True)


@bp.post("/<int:task_id>/klar")
def hand_in(task_id: int) -> ResponseReturnValue:
    """The member is done."""
    task = at_party.task_at(web.member(), task_id, lock=True)
    draft_actions.hand_in(task, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("Thank you! We take it from here."), "success")
    return web.back_to(".index")


@bp.post("/<int:task_id>/ord")
def say(task_id: int) -> ResponseReturnValue:
    """A word to the sales company about the requirement."""
    task, form = at_party.task_at(web.member(), task_id, lock=True), WordForm(prefix="word")
    if form.validate_on_submit():
        with web.refusals(form):
            teamflow.party_writes(task, web.given(form.text.data), by=web.user(), now=clock.now())
            db.session.commit()
            return web.back_to(".show", task_id=task_id, _anchor="samtal")
        task = at_party.task_at(web.member(), task_id)
    return _page(task, word=form, status=422)


@bp.post("/<int:task_id>/ord/<int:comment_id>/ta-bort")
def erase(task_id: int, comment_id: int) -> ResponseReturnValue:
    """Take one's own word back."""
    task = at_party.task_at(web.member(), task_id, lock=True)
    comment_actions.erase(queries.comment_in(task.bid, comment_id), by=web.user(), now=clock.now())
    db.session.commit()
    return web.back_to(".show", task_id=task_id, _anchor="samtal")


@bp.route("/<int:task_id>/handling", methods=["GET", "POST"])
def add_paper(task_id: int) -> ResponseReturnValue:
    """Lay a paper beside the draft; it is kept in the member's vault too."""
    task, form = at_party.task_at(web.member(), task_id, lock=web.changing()), PaperForm()
    if form.validate_on_submit():
        with web.refusals(form):
            upload, user, now = bid_fields.upload(form.file), web.user(), clock.now()
            if upload is not None:
                document = handing_in.hand_in(web.member(), form.paper(), upload, for_bid=task.bid_id, by=user, now=now)
                db.session.flush()
                draft_actions.add_paper(task, document, by=user, now=now)
                db.session.commit()
                flash(said_of(upload), "success")
                return web.back_to(".show", task_id=task_id)
        task = at_party.task_at(web.member(), task_id)
    page = render_template("member/bids/task_paper.html", task=task, tender=task.bid.tender, form=form)
    return page, web.status(form)
