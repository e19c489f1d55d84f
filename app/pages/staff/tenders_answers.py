"""Answering the requirements one by one, with proof; two people never overwrite each other unseen."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app.db import db
from app.pages import bid_fields, library_words, web
from app.pages.bid_fields import at_most, line
from app.pages.bid_words import listed
from app.pages.plain_fields import IntegerField, RadioField, SelectField
from app.pages.staff import tenders_taking as taking
from app.pages.staff import tenders_typed as typed
from app.pages.staff.tenders_beside import RemarkForm, TaskForm, beside
from app.pages.staff.tenders_room import Room, bid_in, leafed, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import answer_actions, handing_in, queries
from app.tenders.answer_actions import AnsweredMeanwhile, GivenAnswer, answer_to
from app.tenders.forms import queries as form_queries
from app.tenders.library import actions as library
from app.tenders.library.models import LibraryVersion
from app.tenders.models import Bid, BidAnswer, TenderRequirement, WordFile
from app.tenders.working import queries as working
from app.tenders.working import unsaved
from app.tenders.working.duties import Act
from bids.call_checks import characters

bp = Blueprint("answers", __name__, url_prefix="/<int:tender_id>/svar")
NONE = "0"
SAYS = {"yes": True, "no": False, "": None}


class AnswerForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """An answer, and one more proof of it."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    taken = StringField(widget=HiddenInput(), validators=[Optional()])
    says = RadioField(
        _l("Do we meet it?"),
        choices=listed([("yes", _l("Yes")), ("no", _l("No")), ("", _l("Not decided"))]),
        default="",
    )
    text = TextAreaField(_l("Our answer"), [Optional(), at_most(bid_fields.LONG_TEXT)])
    responsible = SelectField(_l("Responsible party"))
    confidential = BooleanField(_l("We ask for secrecy"))
    confidential_reason = line(_l("Which harm it does if it is spread"), 400, Optional())
    confidential_until = bid_fields.day(_l("Secret until"), Optional())
    proof_appendix = SelectField(_l("Proof: an appendix"))
    proof_file = bid_fields.PaperFileField(
        labels=(_l("Proof: a new file (PDF, Word, PNG or JPEG)"), _l("Proof: a new file (PDF, PNG or JPEG)"))
    )
    proof_title = line(_l("Proof: what it is, or where in the bid"), 200, Optional())
    proof_valid_to = bid_fields.day(_l("The proof is valid until"), Optional())

    def given(self, bid: Bid) -> GivenAnswer:
        """What was typed."""
        return GivenAnswer(
            says=SAYS[self.says.data],
            text=self.text.data or "",
            responsible=next((party for party in bid.parties if str(party.id) == self.responsible.data), None),
            confidential=self.confidential.data,
            confidential_reason=self.confidential_reason.data or "",
            confidential_until=self.confidential_until.data if self.confidential.data else None,
        )


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """All requirements with what we say to them."""
    room = open_room(tender_id)
    if room.bid is None:
        return show_tab("no_bid", room, "answers")
    answers = {answer.requirement_id: answer for answer in room.bid.answers}
    names = {party.id: party.member.name for party in room.bid.parties}
    filled = [form for form in form_queries.forms_of(tender_id) if any(not table.replaced for table in form.tables)]
    listed = leafed(room.tender.requirements)
    return show_tab(
        "answers",
        room,
        "answers",
        answers=answers,
        names=names,
        filled=filled,
        requirements=listed,
        characters=characters,
        fresh=_fresh(room, room.bid),
    )


def _fresh(room: Room, bid: Bid) -> set[int]:
    """The requirements whose answers others have changed since the viewer looked at what is new."""
    looked_at = room.team.looked_at if room.team else None
    if looked_at is None:
        return set()
    me = web.user().name
    return {one.requirement_id for one in bid.answers if one.saved_at > looked_at and one.saved_by != me}


@bp.route("/<int:requirement_id>", methods=["GET", "POST"])
def edit(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """Answer one requirement."""
    room = open_for_change(tender_id, Act.WRITE if web.changing() else Act.LOOK)
    bid, requirement = bid_in(room), queries.requirement_of(room.tender, requirement_id)
    form = _form(bid, answer_to(bid, requirement))
    if taking.is_asked_for():
        return _page(room, requirement, form, 200, put_in=taking.fill(form))
    if not form.validate_on_submit():
        return _page(room, requirement, form, web.status(form))
    with web.refusals(form):
        try:
            answer = answer_actions.answer(
                bid, requirement, form.given(bid), revision=form.revision.data or 0, by=web.user(), now=room.now
            )
        except AnsweredMeanwhile as meanwhile:
            return _conflict(tender_id, requirement_id, form, meanwhile)
        db.session.flush()
        taking.pin(bid, answer, form.taken.data, by=web.user(), now=room.now)
        _add_proof(room, bid, answer, form)
        db.session.commit()
        return _next(room, requirement)
    room = open_room(tender_id)
    return _page(room, queries.requirement_of(room.tender, requirement_id), form, 422)


def _form(bid: Bid, answer: BidAnswer | None, **options: Any) -> AnswerForm:
    said = {True: "yes", False: "no", None: ""}[answer.says if answer else None]
    form = AnswerForm(
        data={
            "revision": answer.revision if answer else 0,
            "says": said,
            "text": answer.text if answer else "",
            "responsible": str(answer.responsible_id or NONE) if answer else NONE,
            "confidential": bool(answer and answer.confidential),
            "confidential_reason": answer.confidential_reason if answer else "",
            "confidential_until": answer.confidential_until if answer else None,
            "proof_appendix": NONE,
        },
        **options,
    )
    parties = [(str(party.id), party.member.name) for party in bid.parties]
    appendices = [(str(each.id), f"{each.number}. {each.title}") for each in bid.appendices]
    form.responsible.choices = listed([(NONE, _("Nobody yet")), *parties])
    form.proof_appendix.choices = listed([(NONE, _("None")), *appendices])
    return form


def _as_saved(form: AnswerForm) -> dict[str, str]:
    """What a browser sends of the form when nobody has typed in it."""
    said = {name: str(form[name].data or "") for name in ("says", "text", "responsible", "confidential_reason")}
    return {**said, "confidential": "y" if form.confidential.data else "", "proof_appendix": NONE}


def _add_proof(room: Room, bid: Bid, answer: BidAnswer, form: AnswerForm) -> None:
    """A chosen appendix, a new file, or a place in the bid: whichever was given."""
    title, valid_to, user = form.proof_title.data or "", form.proof_valid_to.data, web.user()
    file = bid_fields.upload(form.proof_file)
    if file is not None:
        made = handing_in.prove(answer, file, title=title, valid_to=valid_to, by=user, now=room.now)
        if isinstance(made, WordFile):
            flash(_("The Word file is being made into a PDF. It proves the answer when that is done."), "info")
        return
    appendix = next((a for a in bid.appendices if str(a.id) == form.proof_appendix.data), None)
    if appendix is not None or title:
        shown = title or (appendix.title if appendix else "")
        answer_actions.add_evidence(answer, title=shown, appendix=appendix, valid_to=valid_to, by=user, now=room.now)


def _next(room: Room, requirement: TenderRequirement) -> ResponseReturnValue:
    """On to the next requirement that nobody has answered, or back to the list."""
    flash(_("The answer to %(ref)s is saved.", ref=requirement.ref), "success")
    tender_id = room.tender.id
    answered = {answer.requirement_id for answer in bid_in(room).answers if answer.says is not None}
    order = [each.id for each in room.tender.requirements]
    answered |= {each.id for each in room.tender.requirements if each.withdrawn or not each.kind.wants_answer}
    after = [*order[order.index(requirement.id) + 1 :], *order]
    ahead = next((each for each in after if each not in answered), None)
    if ahead is None or ahead == requirement.id:
        return web.back_to("staff.tenders.answers.show", tender_id=tender_id)
    return web.back_to("staff.tenders.answers.edit", tender_id=tender_id, requirement_id=ahead)


def _conflict(
    tender_id: int, requirement_id: int, form: AnswerForm, meanwhile: AnsweredMeanwhile
) -> ResponseReturnValue:
    """Both answers on one page. Saving again is then done knowingly, against the revision that is shown."""
    db.session.rollback()
    room = open_room(tender_id)
    requirement = queries.requirement_of(room.tender, requirement_id)
    theirs = answer_to(bid_in(room), requirement)
    form.revision.data = theirs.revision if theirs else 0
    form.revision.raw_data = None
    form.form_errors.append(str(meanwhile))
    if bid_fields.upload(form.proof_file) is not None:
        form.form_errors.append(_("Choose the file once more when you save again: it is not kept until the answer is."))
    return _page(room, requirement, form, 409, theirs=theirs)


def _page(
    room: Room,
    requirement: TenderRequirement,
    form: AnswerForm,
    status: int,
    *,
    theirs: BidAnswer | None = None,
    task: TaskForm | None = None,
    remark: RemarkForm | None = None,
    put_in: LibraryVersion | None = None,
) -> ResponseReturnValue:
    bid = bid_in(room)
    answer, aside = answer_to(bid, requirement), working.beside(bid, requirement, web.user())
    kept = aside.unsaved if not web.changing() else None
    if (given := typed.given_back(kept)) is not None:
        form = _form(bid, answer, formdata=given)
    order = [each.id for each in room.tender.requirements]
    place = order.index(requirement.id)
    page = show_tab(
        "answer",
        room,
        "answers",
        form=form,
        requirement=requirement,
        answer=answer,
        own=answer is not None and not answer_actions.can_review(answer, web.user()),
        theirs=theirs,
        put_in=put_in,
        library=library_words,
        **taking.beside(room, requirement, answer),
        numbers={appendix.id: appendix.number for appendix in bid.appendices},
        previous_id=order[place - 1] if place else None,
        next_id=order[place + 1] if place + 1 < len(order) else None,
        within=typed.FORM if room.may(Act.WRITE) and bid.is_draft else "",
        unsaved=kept,
        typed_on=typed.mark_of(_as_saved(_form(bid, answer, formdata=None))),
        **beside(room, requirement, aside, task=task, remark=remark),
    )
    return page, status


def page_of(
    room: Room, requirement: TenderRequirement, *, task: TaskForm | None = None, remark: RemarkForm | None = None
) -> ResponseReturnValue:
    """The page as it comes back when something beside the answer was refused."""
    bid = bid_in(room)
    sent = request.form if request.form.get(typed.FOR) else None
    form = _form(bid, answer_to(bid, requirement), formdata=sent)
    return _page(room, requirement, form, 422, task=task, remark=remark)


@bp.post("/<int:requirement_id>/slang")
def throw_away(tender_id: int, requirement_id: int) -> ResponseReturnValue:
    """What was typed and kept is not wanted."""
    room = open_for_change(tender_id)
    unsaved.forget(bid_in(room), queries.requirement_of(room.tender, requirement_id), by=web.user())
    db.session.commit()
    return web.back_to("staff.tenders.answers.edit", tender_id=tender_id, requirement_id=requirement_id)


@bp.post("/<int:requirement_id>/bibliotek/<int:entry_id>/slapp")
def let_go(tender_id: int, requirement_id: int, entry_id: int) -> ResponseReturnValue:
    """The answer no longer builds on an entry of the library; its text stays."""
    room = open_for_change(tender_id)
    bid, requirement = bid_in(room), queries.requirement_of(room.tender, requirement_id)
    answer = answer_to(bid, requirement)
    if answer is not None:
        library.let_go(answer, entry_id, by=web.user(), now=room.now)
        db.session.commit()
    return web.back_to("staff.tenders.answers.edit", tender_id=tender_id, requirement_id=requirement_id)


@bp.post("/<int:requirement_id>/bevis/<int:evidence_id>/ta-bort")
def remove_evidence(tender_id: int, requirement_id: int, evidence_id: int) -> ResponseReturnValue:
    """The proof was a mistake; an appendix stays in the bid."""
    room = open_for_change(tender_id)
    bid, requirement = bid_in(room), queries.requirement_of(room.tender, requirement_id)
    answer = answer_to(bid, requirement)
    piece = queries.evidence_of(answer, evidence_id) if answer is not None else None
    if answer is not None and piece is not None:
        answer_actions.remove_evidence(answer, piece, by=web.user(), now=room.now)
        db.session.commit()
    return web.back_to("staff.tenders.answers.edit", tender_id=tender_id, requirement_id=requirement_id)
