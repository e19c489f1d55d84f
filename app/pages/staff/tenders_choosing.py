"""To bid or not: what speaks for it and against it, who decided and when, and how it was decided before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Optional

from app import bidflow
from app.db import db
from app.pages import bid_words, choice_words, web
from app.pages.bid_fields import Needed, at_most, line
from app.pages.plain_fields import RadioField, SelectField
from app.pages.staff.tenders_room import Room, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.choosing import actions, queries
from app.tenders.choosing.actions import Choice, Reason
from app.tenders.choosing.models import Ground, TenderChoice, Verdict, Weighed
from app.tenders.models import TenderState
from app.tenders.noticing import queries as notice_queries
from app.tenders.working.duties import Act

bp = Blueprint("choosing", __name__, url_prefix="/<int:tender_id>/val")
UNWEIGHED = "unweighed"
ANSWERS: dict[str, Any] = {
    UNWEIGHED: _l("Not weighed"),
    **{answer: words for answer, (words, _tone) in choice_words.WEIGHED.items()},
}


class ChoiceForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """The decision. Each ground has two fields of its own, made below."""

    verdict = RadioField(
        _l("What we decide"),
        [Needed(_l("Choose whether we bid."))],
        choices=bid_words.choices({one: words for one, (words, _tone) in choice_words.VERDICTS.items()}),
    )
    main_ground = SelectField(_l("What decided it"), choices=bid_words.choices({"": _l("–"), **choice_words.SHORT}))
    because = TextAreaField(_l("Why, in a few words"), [Optional(), at_most(2000)])

    @property
    def weighed(self) -> list[tuple[Ground, Any, Any]]:
        """Each ground with its two fields."""
        return [(ground, self[f"says_{ground}"], self[f"note_{ground}"]) for ground in Ground]

    def choice(self) -> Choice:
        """What was typed."""
        main = self.main_ground.data
        return Choice(
            verdict=Verdict(self.verdict.data),
            main=Ground(main) if main else None,
            because=" ".join((self.because.data or "").split()),
            reasons=tuple(self._reasons()),
        )

    def _reasons(self) -> Iterator[Reason]:
        for ground, says, note in self.weighed:
            if says.data != UNWEIGHED:
                yield Reason(ground, Weighed(says.data), note.data)
            elif note.data:
                yield Reason(ground, Weighed.UNSURE, note.data)


for _ground, _question in choice_words.QUESTIONS.items():
    setattr(ChoiceForm, f"says_{_ground}", RadioField(_question, choices=bid_words.choices(ANSWERS), default=UNWEIGHED))
    setattr(ChoiceForm, f"note_{_ground}", line(_l("Note"), 400, Optional()))


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """How we have chosen, and the form to choose with."""
    room = open_room(tender_id)
    chosen = queries.choices_of(room.tender)
    return _page(room, _begun(chosen[0] if chosen else None), _shown(room, chosen))


@bp.post("")
def choose(tender_id: int) -> ResponseReturnValue:
    """We bid, or we do not."""
    room, form = open_for_change(tender_id, Act.CHOOSE), ChoiceForm()
    shown = _shown(room, queries.choices_of(room.tender))
    if form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            chosen = bidflow.choose(room.tender, room.bid, form.choice(), by=web.user(), now=room.now)
            verdict = chosen.verdict
            db.session.commit()
            return _chosen(tender_id, verdict, has_bid=room.bid is not None)
        room = open_room(tender_id)
    return _page(room, form, shown)


def _chosen(tender_id: int, verdict: Verdict, *, has_bid: bool) -> ResponseReturnValue:
    if verdict == Verdict.NO_GO:
        flash(_("The tender is left, and why is written down."), "success")
        return web.back_to(".show", tender_id=tender_id)
    if has_bid:
        flash(_("It is written down that we bid."), "success")
        return web.back_to(".show", tender_id=tender_id)
    flash(_("It is written down that we bid. Now begin the bid."), "success")
    return web.back_to("staff.tenders.facts.show", tender_id=tender_id, _anchor="borja")


def _shown(room: Room, chosen: Any) -> web.Shown:
    """Somebody else may have decided, or handed the bid in, while the form was open."""
    return web.Shown.of(chosen[0].id if chosen else 0, room.tender.state)


def _begun(latest: TenderChoice | None) -> ChoiceForm:
    """A form that begins with what was weighed last; the verdict is to be chosen anew."""
    before = {f"says_{one.ground}": str(one.says) for one in latest.grounds} if latest else {}
    notes = {f"note_{one.ground}": one.note for one in latest.grounds} if latest else {}
    return ChoiceForm(formdata=None, data={**before, **notes})


def _was_decided(room: Room) -> bool:
    """The buyer's result has left the tender, and none of us."""
    return room.tender.state == TenderState.DECLINED and notice_queries.has_result(room.tender)


def _page(room: Room, form: ChoiceForm, shown: web.Shown) -> ResponseReturnValue:
    choices = queries.choices_of(room.tender)
    page = show_tab(
        "choosing",
        room,
        "choosing",
        form=form,
        shown=shown,
        choices=choices,
        was_decided=not choices and _was_decided(room),
        verdicts=choice_words.VERDICTS,
        short=choice_words.SHORT,
        weighed=choice_words.WEIGHED,
        may_choose=room.may(Act.CHOOSE) and room.tender.state in actions.OPEN,
    )
    return page, web.status(form)
