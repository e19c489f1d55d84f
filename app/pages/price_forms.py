"""Forms about price lists and groups of customers, for staff."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.catalog.pricing.actions import LARGEST_CHANGE, MOST_STEPS, ListDraft, RowDraft
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import ListKind, ListState
from app.customers.groups import CustomerGroup
from app.money import Money
from app.pages import web
from app.pages.bid_fields import MoneyField, Needed, Positive, QuantityField, at_most, day, line
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectField

KINDS = {
    ListKind.STANDARD: _l("For everybody"),
    ListKind.CAMPAIGN: _l("Campaign, for everybody for a time"),
    ListKind.GROUP: _l("For a group of customers"),
    ListKind.CUSTOMER: _l("For one customer"),
    ListKind.FRAMEWORK: _l("Framework agreement"),
}
SHORT_KINDS = {
    ListKind.STANDARD: _l("Everybody"),
    ListKind.CAMPAIGN: _l("Campaign"),
    ListKind.GROUP: _l("Group"),
    ListKind.CUSTOMER: _l("Customer"),
    ListKind.FRAMEWORK: _l("Framework agreement"),
}
STATES = {
    ListState.DRAFT: (_l("Draft"), "wait"),
    ListState.ACTIVE: (_l("In use"), "good"),
    ListState.ENDED: (_l("Ended"), "neutral"),
}
ROUNDINGS = {"1": _l("whole öre"), "10": _l("10 öre"), "50": _l("50 öre"), "100": _l("whole kronor")}


class ListForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What is written about a price list; its kind is chosen once and for all."""

    FACTS = ("name", "valid_from", "valid_to", "agreement", "only_listed", "note")

    name = line(_l("What the list is called"), 120, Needed(_l("Write what the list is called.")))
    valid_from = day(_l("First day"), InputRequired(_l("Choose the first day.")))
    valid_to = day(_l("Last day"), Optional())
    agreement = line(_l("Number of the agreement"), 60, Optional())
    only_listed = BooleanField(_l("The agreement's buyers may only order what is agreed"))
    note = TextAreaField(_l("Note, for staff only"), [Optional(), at_most(1000)])

    def draft(self) -> ListDraft:
        """What was typed, as a value."""
        return ListDraft(
            name=self.name.data or "",
            valid_from=web.given(self.valid_from.data),
            valid_to=self.valid_to.data,
            agreement=self.agreement.data or "",
            only_listed=bool(self.only_listed.data),
            note=self.note.data or "",
        )

    def show(self, price_list: PriceList) -> None:
        """Fill in what holds now."""
        for name in self.FACTS:
            self[name].data = getattr(price_list, name)


class NewListForm(ListForm):
    """A new list: also for whom it is."""

    kind = SelectField(_l("For whom"))
    group = SelectField(_l("Group of customers"), validate_choice=True)

    def __init__(self, groups: Sequence[tuple[CustomerGroup, int]], **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = listed([(kind.value, label) for kind, label in KINDS.items()])
        self.group.choices = listed([("", _l("Choose a group")), *((str(one.id), one.name) for one, _count in groups)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Each kind needs something that the others do not."""
        good: bool = super().validate(extra_validators)
        needed = {
            ListKind.GROUP: (self.group, _l("Choose which group the list is for.")),
            ListKind.FRAMEWORK: (self.agreement, _l("Write the number of the agreement.")),
            ListKind.CAMPAIGN: (self.valid_to, _l("A campaign must have a last day.")),
        }
        field, sentence = needed.get(self.list_kind, (None, ""))
        if field is not None and not field.data:
            field.errors = [*field.errors, str(sentence)]
            return False
        return good

    @property
    def list_kind(self) -> ListKind:
        """The kind that was chosen."""
        return ListKind(self.kind.data) if self.kind.data in set(ListKind) else ListKind.STANDARD

    @property
    def group_id(self) -> int | None:
        """The group, where the kind has one."""
        return int(self.group.data) if self.list_kind == ListKind.GROUP and self.group.data else None


class CopyForm(ListForm):
    """A copy of a list with other prices."""

    percent = QuantityField(_l("Change the prices by, in per cent"), [Optional()])
    nearest = SelectField(_l("Round the prices to"), choices=listed(ROUNDINGS.items()), default="10")

    def validate_percent(self, field: QuantityField) -> None:
        """At most so much up or down."""
        if field.data is not None and abs(field.data) > LARGEST_CHANGE:
            raise ValidationError(_("Write at most 90 per cent, up or down."))

    @property
    def change(self) -> tuple[Decimal, Money]:
        """Per cent, and to the nearest what."""
        return self.percent.data or Decimal(0), Money(int(self.nearest.data))


class StepForm(Form):
    """One step of an article's price."""

    min_quantity = QuantityField(_l("From how many"))
    price = MoneyField(_l("Price"), [Positive()])
    member_price = MoneyField(_l("Agreed member price"), [Positive()])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it."""
        return not any(getattr(field, "raw", "") for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """A step without a price is a step half written."""
        good: bool = super().validate(extra_validators)
        if good and not self.is_empty and self.price.data is None:
            self.price.errors = [str(_("Write the price, or empty the whole line."))]
            return False
        return good


class StepsForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """All steps of an article's price in a list."""

    steps = FieldList(FormField(StepForm), max_entries=MOST_STEPS)

    @classmethod
    def showing(cls, rows: Sequence[PriceRow]) -> StepsForm:
        """What holds now, and empty lines for more."""
        now: list[dict[str, Any]] = [
            {"min_quantity": row.min_quantity or None, "price": row.price, "member_price": row.member_price}
            for row in rows
        ]
        return cls(steps=[*now, *([{}] * (MOST_STEPS - len(now)))])

    def drafts(self) -> list[RowDraft]:
        """The steps that were written."""
        written = [entry.form for entry in self.steps if not entry.form.is_empty]
        return [
            RowDraft(step.min_quantity.data or Decimal(0), step.price.data, step.member_price.data) for step in written
        ]


class GroupForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What a group of customers is called, and who belongs there."""

    name = line(_l("What the group is called"), 120, Needed(_l("Write what the group is called.")))
    note = line(_l("Who belongs here"), 120, Optional())
