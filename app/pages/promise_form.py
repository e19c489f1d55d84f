"""The form in which a party answers its rows: filled in by the member itself, or by staff on its behalf."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField

from app import formats
from app.errors import NotYours
from app.pages.asked_form import AskedForm, AskedRow, AskedRowForm
from app.pages.bid_fields import MoneyField, Needed, Positive, QuantityField, line
from app.tenders.models import BidParty, Promise, PromiseState
from app.tenders.promise_actions import RowAnswer


class RowForm(AskedRowForm):
    """One row: a price and a capacity, or no."""

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


class PromiseForm(AskedForm):
    """All rows that a party is asked for, and who answers for it."""

    ID = "promise"
    rows = FieldList(FormField(RowForm))
    signed_by = line(_l("Name of the person who answers for this"), 200, Needed(_l("Write the name.")))
    authorised = BooleanField(_l("This person may sign for us"), [Needed(_l("Tick to confirm."))])

    def __init__(self, party: BidParty, promises: Sequence[Promise], **options: Any) -> None:
        signed_by = next((one.signed_by for one in promises if one.signed_by), party.member.contact_name)
        super().__init__([_asked(one) for one in promises], {"signed_by": signed_by}, **options)

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


def _asked(promise: Promise) -> AskedRow:
    row, given = promise.row, {"price": promise.member_price, "capacity": promise.yearly_capacity}
    declined = promise.state == PromiseState.DECLINED
    return AskedRow(promise.id, f"{row.ref} {row.text}", _words(promise), {**given, "declined": declined})


def _words(promise: Promise) -> str:
    """What we ask for, and what the party has said to it."""
    row = promise.row
    words = f"{row.ref} {row.text}, {_much(promise, promise.quantity)}"
    if promise.state == PromiseState.DECLINED:
        return f"{words}; {_('not taken')}"
    if promise.state != PromiseState.PROMISED or promise.member_price is None or promise.yearly_capacity is None:
        return words
    given = {"price": formats.money(promise.member_price), "capacity": _much(promise, promise.yearly_capacity)}
    return f"{words}; {_('answered: %(price)s, at most %(capacity)s', **given)}"


def _much(promise: Promise, quantity: Decimal) -> str:
    return f"{formats.how_much(quantity, promise.row.unit, promise.row.unit_text)} {_('a year')}"
