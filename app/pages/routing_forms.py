"""Forms about how work is shared out, for staff."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, Form, FormField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.members import queries as members
from app.orders.routing_actions import LONGEST_REASON, MOST_PLACES, PolicyDraft
from app.orders.routing_models import RoutingPolicy, Wish
from app.orders.routing_values import PolicyKind
from app.pages import web
from app.pages.bid_fields import QuantityField
from app.pages.bid_words import listed
from app.pages.plain_fields import DateField, IntegerField, RadioField, SelectField
from app.pages.rules import Between

KINDS = {
    PolicyKind.FAIR: _l("Fair turn: few members, then the one that has been asked to do least of its share"),
    PolicyKind.RANKED: _l("Ranking: the first in the order that can"),
    PolicyKind.SHARES: _l("Fixed shares: the one that is furthest behind its share"),
}
SHORT_KINDS = {
    PolicyKind.FAIR: _l("Fair turn"),
    PolicyKind.RANKED: _l("Ranking"),
    PolicyKind.SHARES: _l("Fixed shares"),
}
WISHES = {Wish.PREFERRED: (_l("Preferred"), "good"), Wish.BARRED: (_l("Barred"), "bad")}
EMPTY_ROWS = 4
PER_MILLE = 10
"""In one per cent."""
MOST_WEEKS = 26
FIRST_YEAR, LAST_YEAR = 2020, 2099


def _members(nobody: Any) -> list[Any]:
    return listed([("", nobody), *members.choices()])


class PlaceForm(Form):
    """One member's place."""

    member = SelectField(_l("Member"))
    place = QuantityField(_l("Number in the order, or share in per cent"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member.choices = _members(_l("Nobody"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A member without a figure is a line half written, and so is a figure without a member."""
        good: bool = super().validate(extra_validators)
        if good and bool(self.member.data) != (self.place.data is not None):
            self.place.errors = [str(_("Choose a member and write a figure, or empty the whole line."))]
            return False
        return good


class PolicyForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """How members are chosen."""

    kind = RadioField(_l("How is a member chosen?"), [InputRequired(_l("Choose one of the alternatives."))])
    near_first = BooleanField(
        _l("A shorter way goes before the turn"),
        description=_l("Same municipality first, then same county. Only for fair turn."),
    )
    only_listed = BooleanField(_l("Only those who stand below may be asked"))
    places = FieldList(FormField(PlaceForm), max_entries=MOST_PLACES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = listed((kind.value, words) for kind, words in KINDS.items())

    @classmethod
    def showing(cls, policy: RoutingPolicy | None) -> PolicyForm:
        """What holds now, and empty lines for more."""
        rows = policy.places if policy else []
        shares = policy is not None and policy.kind == PolicyKind.SHARES
        written: list[dict[str, Any]] = [
            {"member": str(row.member_id), "place": Decimal(row.place) / PER_MILLE if shares else Decimal(row.place)}
            for row in rows
        ]
        return cls(
            kind=(policy.kind if policy else PolicyKind.FAIR).value,
            near_first=policy.near_first if policy else False,
            only_listed=policy.only_listed if policy else False,
            places=[*written, *([{}] * EMPTY_ROWS)][:MOST_PLACES],
        )

    def validate_places(self, _field: Field) -> None:
        """Each member once, and figures that are whole numbers or tenths of a per cent."""
        rows = self._rows()
        if len({member for member, _place in rows}) < len(rows):
            raise ValidationError(_("The same member stands on two lines."))
        finest = PER_MILLE if self.kind.data == PolicyKind.SHARES else 1
        if any(place * finest != int(place * finest) or place <= 0 for _member, place in rows):
            raise ValidationError(_("Write whole numbers from 1, or shares with at most one decimal."))

    def draft(self) -> PolicyDraft:
        """What was typed, as a value."""
        kind = PolicyKind(self.kind.data)
        finest = PER_MILLE if kind == PolicyKind.SHARES else 1
        places = {member: int(place * finest) for member, place in self._rows()}
        return PolicyDraft(kind, places, bool(self.only_listed.data), bool(self.near_first.data))

    def _rows(self) -> list[tuple[int, Decimal]]:
        written = (entry.form for entry in self.places if entry.form.member.data and entry.form.place.data is not None)
        return [(int(form.member.data), form.place.data) for form in written]


class WishForm(FlaskForm):  # type: ignore[misc]
    """A member that a customer would rather have, or is not to have."""

    member = SelectField(_l("Member"), [InputRequired(_l("Choose a member."))])
    wish = RadioField(_l("What does the customer want?"), [InputRequired(_l("Choose one of the alternatives."))])
    reason = StringField(_l("Why"), [InputRequired(_l("Write why.")), Length(max=LONGEST_REASON)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member.choices = _members(_l("Choose a member"))
        self.wish.choices = listed(
            [
                (Wish.PREFERRED.value, _l("Rather this member than others")),
                (Wish.BARRED.value, _l("Not this member")),
            ]
        )


class HoldForm(FlaskForm):  # type: ignore[misc]
    """So much of a member's week for an agreement, or for nobody's orders."""

    price_list = SelectField(_l("For whose orders"))
    per_week = QuantityField(_l("How much a week"), [InputRequired(_l("Write how much."))])
    first_day = DateField(_l("First day"), [InputRequired(_l("Choose a day."))])
    last_day = DateField(_l("Last day"), [InputRequired(_l("Choose a day."))])
    why = StringField(_l("What for"), [InputRequired(_l("Write what for.")), Length(max=LONGEST_REASON)])

    def __init__(self, agreements: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        nobody = ("", _l("No order may use it, such as for a bid that waits"))
        self.price_list.choices = listed([nobody, *agreements])


def _week(label: Any) -> IntegerField:
    rules = [InputRequired(_l("Write a week, 1 to 53.")), Between(1, 53, _l("Write a week, 1 to 53."))]
    return IntegerField(label, rules)


class WhatIfForm(FlaskForm):  # type: ignore[misc]
    """Who is closed, and when. It is asked for by the address, so that it can be sent to a colleague."""

    class Meta:
        """Nothing is changed by it."""

        csrf = False

    member = SelectField(_l("Who is closed?"), [InputRequired(_l("Choose a member."))])
    second = SelectField(_l("And who more?"), [Optional()])
    third = SelectField(_l("And who more?"), [Optional()])
    year = IntegerField(
        _l("Year"),
        [InputRequired(_l("Write a year.")), Between(FIRST_YEAR, LAST_YEAR, _l("Write a year, such as 2027."))],
    )
    first = _week(_l("From week"))
    last = _week(_l("To week"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member.choices = _members(_l("Choose a member"))
        self.second.choices = self.third.choices = _members(_l("Nobody"))

    def validate_last(self, field: IntegerField) -> None:
        """A real span of weeks, and not too long a one."""
        if self.first.errors or self.year.errors or field.data is None:
            return
        try:
            first, last = self.days
        except ValueError as wrong:
            raise ValidationError(_("That year has no such week.")) from wrong
        if not timedelta(0) <= last - first < timedelta(weeks=MOST_WEEKS):
            raise ValidationError(_("Write the first week and then the last, at most 26 weeks in all."))

    @property
    def closed(self) -> list[int]:
        """The members, by id."""
        return [int(chosen) for chosen in (self.member.data, self.second.data, self.third.data) if chosen]

    @property
    def days(self) -> tuple[date, date]:
        """Monday of the first week and Sunday of the last, which may lie in the next year.

        Raises ValueError for a week that the year has not.
        """
        year, first, last = (web.given(field.data) for field in (self.year, self.first, self.last))
        return date.fromisocalendar(year, first, 1), date.fromisocalendar(year + (last < first), last, 7)
