"""The forms of what is learnt when a buyer has decided: the others' results, the grounds, a letter and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from app import formats, particulars
from app.errors import Refused
from app.pages import bid_fields, bid_words, debrief_words
from app.pages.bid_fields import MoneyField, Needed, NotNegative, QuantityField, at_most, line
from app.pages.change_words import NOTHING
from app.pages.plain_fields import IntegerField, RadioField
from app.pages.rules import Between
from app.pages.seen import SeenForm
from app.tenders.debrief import queries
from app.tenders.debrief.actions import Ground, Rival
from app.tenders.debrief.models import AwardGround, RivalResult

UNSAID, FOR_US, AGAINST = "", "for", "against"
SAYS = {UNSAID: _l("Not mentioned"), FOR_US: _l("Spoke for us"), AGAINST: _l("Spoke against us")}


class RivalForm(Form):
    """Another supplier's line."""

    name = line(_l("Supplier"), 200)
    price = MoneyField(_l("Price excl. VAT"), [Optional(), NotNegative()])
    points = QuantityField(_l("Points"), [Optional(), NotNegative()])
    place = IntegerField(_l("Ranked"), [Optional(), Between(1, 999, _l("Write 1 to 999."))])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it."""
        return not any(
            (self.name.data, self.price.raw, self.points.raw, self.place.raw_data and self.place.raw_data[0])
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Figures without a name are nobody's."""
        good: bool = super().validate(extra_validators)
        if good and not self.is_empty and not self.name.data:
            self.name.errors = [str(_("Write who it was, or empty the whole line."))]
            return False
        return good


class RivalsForm(SeenForm):
    """All others in a lot; `seen` is of those that were written down already."""

    rivals = FieldList(FormField(RivalForm), max_entries=queries.MOST_RIVALS)

    def __init__(self, there: Sequence[RivalResult], **options: Any) -> None:
        self.there = there
        super().__init__(prefix="rivals", **options)

    def holds_now(self) -> list[tuple[str, object]]:
        """The lines that stand there, which may be others than those that were sent."""
        return [(str(at), (one.name, one.price, one.points, one.place)) for at, one in enumerate(self.there)]

    def validate(self, extra_validators: Any = None) -> bool:
        """As others, and all lines that stand there are told where somebody else has written them."""
        good: bool = super().validate(extra_validators)
        if self.form_errors:
            told = (
                ", ".join(filter(None, (one.name, formats.money(one.price) if one.price is not None else "")))
                for one in self.there
            )
            shown: Any = self.rivals
            shown.stands_now = "; ".join(told) or NOTHING
        return good

    def given(self) -> list[Rival]:
        """The lines that were written."""
        lines = [entry.form for entry in self.rivals if not entry.form.is_empty]
        return [Rival(one.name.data, one.price.data, one.points.data, one.place.data) for one in lines]


class GroundsForm(SeenForm):
    """Each of some grounds, and whether it spoke for us; what is not sent is not mentioned any longer."""

    def __init__(self, there: Mapping[str, str], grounds: Sequence[AwardGround], **options: Any) -> None:
        self.there, self.grounds = there, grounds
        super().__init__(prefix="grounds", **options)
        for ground in set(AwardGround) - set(grounds):
            del self[f"says_{ground}"], self[f"note_{ground}"]
        for name, value in there.items():
            self[name].object_data = value

    def holds_now(self) -> list[tuple[str, object]]:
        """What is written down, whatever was sent."""
        return sorted(self.there.items())

    @property
    def listed(self) -> list[tuple[AwardGround, Any, Any]]:
        """Each ground with its two fields."""
        return [(ground, self[f"says_{ground}"], self[f"note_{ground}"]) for ground in self.grounds]

    def given(self) -> dict[AwardGround, Ground]:
        """What was said of the grounds that the buyer mentioned."""
        return {
            ground: Ground(says.data == FOR_US, note.data or "")
            for ground, says, note in self.listed
            if says.data != UNSAID
        }


for _ground, _name in debrief_words.GROUNDS.items():
    setattr(GroundsForm, f"says_{_ground}", RadioField(_name, choices=bid_words.choices(SAYS), default=UNSAID))
    setattr(GroundsForm, f"note_{_ground}", line(_l("What the buyer says"), 400, Optional()))


def mailable(_form: object, field: Any) -> None:
    """Raises ValidationError for an address that our post cannot carry, as one with å before the @."""
    try:
        field.data = particulars.email(field.data or "")
    except Refused as no:
        raise ValidationError(str(_("Write an address such as upphandling@kommun.se, without å, ä and ö."))) from no


class LetterForm(FlaskForm):  # type: ignore[misc]
    """The letter to the buyer."""

    address = StringField(
        _l("The buyer's e-mail address"),
        [Needed(_l("Write an address.")), at_most(254), mailable],
    )
    subject = line(_l("Subject"), 300, Needed(_l("Write a subject.")))
    text = TextAreaField(_l("The letter"), [Needed(_l("Write something first.")), at_most(10_000)])


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What came of a letter."""

    on = bid_fields.day(_l("When the answer came"), Needed(_l("Choose a day.")))
    answer = TextAreaField(_l("What came, or why it was refused"), [Optional(), at_most(4000)])
