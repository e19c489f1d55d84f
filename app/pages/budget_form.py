"""The form in which a party answers for its rows of a budget: filled in by the member itself, or by staff for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, TextAreaField
from wtforms.validators import Length, Optional

from app import formats
from app.errors import NotYours
from app.pages.bid_fields import MoneyField, Needed, NotNegative, Percent, QuantityField, at_most, line
from app.pages.call_words import KINDS
from app.pages.seen import SeenForm
from app.tenders.calls.actions import EntryAnswer
from app.tenders.models import BidParty, BudgetEntry


class EntryForm(Form):
    """One row: an amount, or for indirect costs a share of the staff's costs, or no."""

    named = ""
    """How the summary of what is wrong names the row."""
    asked_before = ""
    """What the page asked before somebody changed the row meanwhile; empty where nobody has."""
    entry = HiddenField()
    asked = HiddenField(validators=[Length(max=3000)])
    """What the page asked, in words, so that it can be told beside what is asked now."""
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


class BudgetForm(SeenForm):
    """All rows that a party is asked for, what it does, and who answers for it."""

    rows = FieldList(FormField(EntryForm))
    does = TextAreaField(_l("What you do in the project"), [Optional(), at_most(2000)])
    signed_by = line(_l("Name of the person who answers for this"), 200, Needed(_l("Write the name.")))
    authorised = BooleanField(_l("This person may sign for us"), [Needed(_l("Tick to confirm."))])

    def __init__(self, entries: Sequence[BudgetEntry], **options: Any) -> None:
        self.entries = entries
        super().__init__(**options)
        names = {str(entry.id): entry.in_words for entry in entries}
        for row in self.rows:
            row.form.named = names.get(row.form.entry.data or "", "")

    def holds_now(self) -> list[tuple[str, object]]:
        """What is asked: an answer to a row that we have changed meanwhile is no answer to it."""
        return [
            (f"{one.id}", "|".join(map(str, (one.kind, one.text, one.year, one.amount, one.percent))))
            for one in self.entries
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """The person must be one who may sign, and the rows those that were read."""
        seen = self.seen.data
        good = super().validate(extra_validators)
        self._tell_what_changed(is_first=seen == self.seen.data)
        if not self.authorised.data:
            self.authorised.errors = [_("Tick to confirm that the person may sign.")]
            return False
        return good

    def _tell_what_changed(self, *, is_first: bool) -> None:
        asked = {str(entry.id): asked_words(entry) for entry in self.entries}
        for row in self.rows:
            before, now = row.form.asked.data, asked.get(row.form.entry.data or "", "")
            if not is_first and before and before != now:
                row.form.asked_before = before
                row.form.asked.data = now

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


def asked_words(entry: BudgetEntry) -> str:
    """A row as it is asked: what, which year, and how much."""
    share = None if entry.percent is None else f"{formats.quantity(entry.percent)} %"
    much = formats.money(entry.amount) if entry.amount is not None else share
    return ", ".join(filter(None, (str(KINDS[entry.kind]), str(entry.year), entry.text, much)))


def budget_form(party: BidParty, entries: Sequence[BudgetEntry]) -> BudgetForm:
    """The form with what is asked, and what was answered before."""
    given = [
        {
            "entry": str(one.id),
            "asked": asked_words(one),
            "amount": one.amount,
            "percent": one.percent,
            "declined": one.declined,
        }
        for one in entries
    ]
    signed_by = next((one.signed_by for one in entries if one.signed_by), party.member.contact_name)
    return BudgetForm(entries, data={"rows": given, "does": party.does, "signed_by": signed_by})
