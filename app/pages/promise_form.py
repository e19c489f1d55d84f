"""The form in which a party answers its rows: filled in by the member itself, or by staff on its behalf."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField

from app.errors import NotYours
from app.pages.bid_fields import MoneyField, Needed, Positive, QuantityField, line
from app.tenders.models import Promise, PromiseState
from app.tenders.promise_actions import RowAnswer


class RowForm(Form):
    """One row: a price and a capacity, or no."""

    named = ""
    """How the summary of what is wrong names the row."""
    promise = HiddenField()
    price = MoneyField(_l("Your price per unit, kronor excl. VAT"), [Positive()])
    capacity = QuantityField(_l("How much you can do in a year"), [Positive()])
    declined = BooleanField(_l("We do not take this row"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A price needs a capacity and the other way round, unless the row is declined."""
        if not super().validate(extra_validators):
            return False
        if not self.declined.data and self.price.data and self.capacity.data is None:
            self.capacity.errors = [_("Write how much you can do in a year.")]
        if not self.declined.data and self.capacity.data is not None and not self.price.data:
            self.price.errors = [_("Write a price.")]
        return not (self.price.errors or self.capacity.errors)


class PromiseForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """All rows that a party is asked for, and who answers for it."""

    rows = FieldList(FormField(RowForm))
    signed_by = line(_l("Name of the person who answers for this"), 200, Needed(_l("Write the name.")))
    authorised = BooleanField(_l("This person may sign for us"), [Needed(_l("Tick to confirm."))])

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one row must say something."""
        good = bool(super().validate(extra_validators))
        if good and not any(row.form.declined.data or row.form.price.data for row in self.rows):
            self.form_errors.append(_("Answer at least one row: write a price, or tick that you do not take it."))
            return False
        if not self.authorised.data:
            self.authorised.errors = [_("Tick to confirm that the person may sign.")]
            return False
        return good

    def answers(self, promises: Sequence[Promise]) -> list[RowAnswer]:
        """What was said to each row. Raises NotYours for a row that is not among the promises."""
        own: dict[str | None, Promise] = {str(promise.id): promise for promise in promises}
        if any(row.form.promise.data not in own for row in self.rows):
            raise NotYours
        return [
            RowAnswer(own[row.form.promise.data], None, None)
            if row.form.declined.data
            else RowAnswer(own[row.form.promise.data], row.form.price.data, row.form.capacity.data)
            for row in self.rows
            if row.form.declined.data or row.form.price.data
        ]


def promise_form(promises: Sequence[Promise], signed_by: str) -> PromiseForm:
    """The form with what has been answered before."""
    given = [
        {
            "promise": str(promise.id),
            "price": promise.member_price,
            "capacity": promise.yearly_capacity,
            "declined": promise.state == PromiseState.DECLINED,
        }
        for promise in promises
    ]
    form = PromiseForm(data={"rows": given, "signed_by": signed_by})
    names = {str(promise.id): f"{promise.row.ref} {promise.row.text}" for promise in promises}
    for row in form.rows:
        row.form.named = names.get(row.form.promise.data or "", "")
    return form
