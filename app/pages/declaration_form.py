"""The form in which a party answers what a declaration asks: its fields are the questions that are left."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from app.pages.bid_fields import Needed, at_most, line
from app.pages.bid_words import listed
from app.pages.plain_fields import RadioField
from app.tenders.espd.queries import Standing
from bids.espd.answering import LONGEST, in_field, spoken
from bids.espd.filling import Line
from bids.espd.values import INDICATOR, NO, TEXT, YES, Criterion, Part
from bids.espd.words import demands_of, name_of, phrase_nth, text_of

PER_PAGE = 12
"""So many criteria a page asks."""
HINTS = {
    "DATE": _l("As 2026-11-30."),
    "AMOUNT": _l("In kronor, as 1 250 000."),
    "PERCENTAGE": _l("Per cent, as 62."),
    "CODE_COUNTRY": _l("Three letters, as SWE."),
    "PERIOD": _l("Two dates with a slash between, as 2025-01-01/2025-12-31."),
}
CHOICES = ((YES, _l("Yes")), (NO, _l("No")))


@dataclass(frozen=True, slots=True)
class AskedCriterion:
    """A criterion as a page shows it: in Swedish where there are words for it, with the fields of its questions."""

    name: str
    text: str
    demands: tuple[tuple[str, str], ...]
    """What the buyer demands, as pairs of what and how much."""
    fields: tuple[str, ...]
    more: bool
    """Whether the last fields are room for one more of what is told several times."""
    own: bool
    """Whether the EU's list does not have it, so that it stands in the buyer's own words."""


class SignForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A name under what was said, and the same ticks as under a power of attorney."""

    signed_by = line(_l("Name of the person who signs"), 200, Needed(_l("Write the name.")))
    read = BooleanField(_l("This person has read all that is answered"), [Needed(_l("Tick to confirm."))])
    authorised = BooleanField(_l("This person may sign for the company"), [Needed(_l("Tick to confirm."))])


def name_for(question_id: str) -> str:
    """The field of a question; what buyers call their questions may hold any sign."""
    return f"q{hashlib.sha256(question_id.encode()).hexdigest()[:16]}"


def asked_criteria(lines: Sequence[Line]) -> list[AskedCriterion]:
    """The questions by criterion, in order."""
    by_id: dict[str, list[Line]] = {}
    for one in lines:
        by_id.setdefault(one.criterion.id, []).append(one)
    return [_asked(several[0].criterion, several) for several in by_id.values()]


def _asked(criterion: Criterion, lines: Sequence[Line]) -> AskedCriterion:
    return AskedCriterion(
        name=name_of(criterion),
        text=text_of(criterion),
        demands=tuple(demands_of(criterion)[:12]),
        fields=tuple(name_for(one.question.id) for one in lines),
        more=any(one.is_spare for one in lines),
        own=criterion.part is Part.UNKNOWN,
    )


def declaration_form(lines: Sequence[Line], revision: int) -> Any:
    """A form with a field for each of the questions. Whatever is left blank may wait."""
    asked = " ".join(name_for(one.question.id) for one in lines)
    fields: dict[str, Any] = {"asked": HiddenField(default=asked), "revision": HiddenField(default=str(revision))}
    for one in lines:
        fields[name_for(one.question.id)] = _field(one)
    form = type("DeclarationForm", (FlaskForm,), fields)()
    for one in lines:
        field = form[name_for(one.question.id)]
        field.named = f"{name_of(one.criterion)}, {field.label.text.rstrip(':?')}"
    return form


def shown(lines: Sequence[Line]) -> list[Line]:
    """The questions that the page showed from which this was sent, whoever has answered some of them since."""
    asked = set(request.form.get("asked", "").split())
    return [one for one in lines if name_for(one.question.id) in asked]


def shown_revision() -> int:
    """Which state of the declaration the page showed."""
    sent = request.form.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0


def _field(one: Line) -> Any:
    label = phrase_nth(one.criterion, one.question, one.number)
    if one.question.data_type == INDICATOR:
        return RadioField(label, choices=listed(CHOICES), default=one.value, validate_choice=False)
    if one.question.data_type == TEXT:
        return TextAreaField(label, [at_most(LONGEST)], default=one.value)
    hint = HINTS.get(one.question.data_type, "")
    value = in_field(one.question, one.value) if one.value else one.value
    return StringField(label, [at_most(LONGEST)], description=hint, default=value)


def typed(form: Any, lines: Sequence[Line]) -> dict[str, str]:
    """What was typed, by the questions' own identifiers; a radio that nobody has pressed says nothing."""
    said = {}
    for one in lines:
        name = name_for(one.question.id)
        if name in request.form:
            said[one.question.id] = str(form[name].data or "")
        elif "all_no" in request.form and _is_ground(one):
            said[one.question.id] = NO
    return said


def _is_ground(one: Line) -> bool:
    """Whether it is a ground for exclusion as such, so that one no can be said to several."""
    return one.criterion.part is Part.EXCLUSION and one.question.data_type == INDICATOR and one.is_asked


def may_say_no_to_all(lines: Sequence[Line]) -> bool:
    """Whether several grounds for exclusion are asked on the page."""
    return sum(_is_ground(one) for one in lines) > 1


def mark(form: Any, wrong: dict[str, str]) -> None:
    """Put each sentence beside its field."""
    for question_id, sentence in wrong.items():
        name = name_for(question_id)
        if name in form:
            form[name].errors = [sentence]


def known(standing: Standing) -> list[tuple[str, str, str, str]]:
    """What is answered already: criterion, question, answer, and where the answer comes from."""
    return [
        (
            name_of(one.criterion),
            phrase_nth(one.criterion, one.question, one.number),
            spoken(one.question, one.value),
            str(SOURCES[one.source]),
        )
        for one in standing.lines
        if one.value is not None and one.source is not None and one.source != "house"
    ]


SOURCES = {
    "said": _l("answered here"),
    "bid": _l("from the bid and the member's facts"),
    "before": _l("as said before"),
    "house": _l("the buyer fetches it"),
}
