"""The form in which a party answers for its rows of a budget: filled in by the member itself, or by staff for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, TextAreaField
from wtforms.validators import Optional

from app import formats
from app.errors import NotYours
from app.pages.asked_form import AskedForm, AskedRow, AskedRowForm
from app.pages.bid_fields import MoneyField, Needed, NotNegative, Percent, QuantityField, at_most, line
from app.pages.call_words import KINDS
from app.tenders.calls.actions import EntryAnswer
from app.tenders.models import BidParty, BudgetEntry


class EntryForm(AskedRowForm):
    """One row: an amount, or for indirect costs a share of the staff's costs, or no."""

    entry = HiddenField()
    amount = MoneyField(_l("Kronor"), [NotNegative()])
    percent = QuantityField(_l("or per cent of your staff costs that year"), [Percent()])
    declined = BooleanField(_l("We do not take this row"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each row is answered: an amount, a share, or no."""
        if not super().validate(extra_validators):
            return False
        if not self.declined.data and self.amount.data is None and self.percent.data is None:
            self.amount.errors = [_("Write an amount, or tick that you do not take the row.")]
        if self.amount.data is not None and self.percent.data is not None:
            self.percent.errors = [_("Write an amount or a share, not both.")]
        return not (self.amount.errors or self.percent.errors)


class BudgetForm(AskedForm):
    """All rows that a party is asked for, what it does, and who answers for it."""

    ID = "entry"
    rows = FieldList(FormField(EntryForm))
    does = TextAreaField(_l("What you do in the project"), [Optional(), at_most(2000)])
    signed_by = line(_l("Name of the person who answers for this"), 200, Needed(_l("Write the name.")))
    authorised = BooleanField(_l("This person may sign for us"), [Needed(_l("Tick to confirm."))])

    def __init__(self, party: BidParty, entries: Sequence[BudgetEntry], **options: Any) -> None:
        self.entries = entries
        signed_by = next((one.signed_by for one in entries if one.signed_by), party.member.contact_name)
        super().__init__([_asked(one) for one in entries], {"does": party.does, "signed_by": signed_by}, **options)

    def holds_now(self) -> list[tuple[str, object]]:
        """The rows, and what the party does."""
        return [*super().holds_now(), ("does", self.does.object_data)]

    def validate(self, extra_validators: Any = None) -> bool:
        """The person must be one who may sign."""
        good = super().validate(extra_validators)
        if not self.authorised.data:
            self.authorised.errors = [_("Tick to confirm that the person may sign.")]
            return False
        return good

    def answers(self) -> list[EntryAnswer]:
        """What was said to each row. Raises NotYours for a row that is not among them."""
        own: dict[str | None, BudgetEntry] = {str(entry.id): entry for entry in self.entries}
        if any(row.form.entry.data not in own for row in self.rows):
            raise NotYours
        return [
            EntryAnswer(own[row.form.entry.data])
            if row.form.declined.data
            else EntryAnswer(own[row.form.entry.data], row.form.amount.data, row.form.percent.data)
            for row in self.rows
        ]


def _asked(entry: BudgetEntry) -> AskedRow:
    given = {"amount": entry.amount, "percent": entry.percent, "declined": entry.declined}
    return AskedRow(entry.id, entry.in_words, _words(entry), given)


def _words(entry: BudgetEntry) -> str:
    """What, which year, and how much, or that the party does without it."""
    share = None if entry.percent is None else f"{formats.quantity(entry.percent)} %"
    much = formats.money(entry.amount) if entry.amount is not None else share
    no = _("not taken") if entry.declined else ""
    return ", ".join(filter(None, (str(KINDS[entry.kind]), str(entry.year), entry.text, much, no)))
