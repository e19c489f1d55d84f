"""A form that answers row by row what we ask of a party, and overwrites nothing that its sender has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import Form, HiddenField
from wtforms.validators import Length

from app.pages.seen import SeenForm

WHO = {"signed_by", "authorised"}


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A row as it stands when the form is made."""

    id: int
    name: str
    """How a summary names it."""
    words: str
    """What is asked, and where it has been answered what was said: another sentence is another row."""
    fields: Mapping[str, object]
    """What the row's fields begin with."""


class AskedRowForm(Form):
    """What every row has beside its answer. The row's own id stands in the field that its form names."""

    named = ""
    """How the summary of what is wrong names the row."""
    asked_before = ""
    """What the page said before somebody changed the row meanwhile; empty where nobody has."""
    is_new = False
    """Whether the row has come since the page was opened."""
    asked = HiddenField(validators=[Length(max=3000)])
    """What the page said, in words, so that it can be told beside what stands there now."""


class AskedForm(SeenForm):
    """Give it the rows that stand there now, also when it is sent. It has a list of them, `rows`.

    Where one has changed, come or gone since the page was shown, nothing is valid: the form comes back with the rows
    as they are now, and says of each what is other.
    """

    ID = ""
    """In which field a row carries its id."""

    def __init__(self, asked: Sequence[AskedRow], given: Mapping[str, object], **options: Any) -> None:
        self.asked = asked
        rows = [{self.ID: str(one.id), "asked": one.words, **one.fields} for one in asked]
        super().__init__(data={"rows": rows, **given}, **options)
        names = {str(one.id): one.name for one in asked}
        for row in self.rows:
            row.form.named = names.get(self._id_in(row), "")

    def holds_now(self) -> list[tuple[str, object]]:
        """The rows: an answer to one that has changed meanwhile is no answer to it."""
        return [(str(one.id), one.words) for one in self.asked]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all is well, and the rows are those that were read."""
        seen = self.seen.data
        good = super().validate(extra_validators)
        if seen != self.seen.data:
            self._tell_what_changed()
        return good

    def _tell_what_changed(self) -> None:
        now, sent = {str(one.id): one for one in self.asked}, {self._id_in(row) for row in self.rows}
        for row in self.rows:
            form, one = row.form, now.get(self._id_in(row))
            if one is None and form.asked.data:
                self.form_errors.append(_("This row is no longer asked for: %(row)s.", row=form.asked.data))
            elif one is not None and form.asked.data and form.asked.data != one.words:
                form.asked_before, form.asked.data = form.asked.data, one.words
        for key, one in now.items():
            if key not in sent:
                row = self.rows.append_entry({self.ID: key, "asked": one.words, **one.fields})
                row.form.named, row.form.is_new = one.name, True

    def _own(self) -> list[Any]:
        """Who answers is asked anew of whoever sends it, and is nothing that another has changed."""
        return [field for field in super()._own() if field.short_name not in WHO]

    def _id_in(self, row: Any) -> str:
        return row.form[self.ID].data or ""
