"""A form that overwrites nothing its sender has not seen: it carries a fingerprint of what it was filled from."""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, HiddenField
from wtforms.validators import Length

from app import formats
from app.pages import web
from app.pages.change_words import NOTHING


class SeenForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Fill it from what holds now, also when it is sent: what was seen is compared with that, under the caller's lock.

    Where somebody else was first nothing is valid: what was typed stays, each field that differs tells what it says
    now, and the next answer is to that. Who sends no fingerprint has seen no page of ours.
    """

    seen = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._now = _fingerprint(self.holds_now())
        if not self.seen.data:
            self.seen.data = self._now

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all is well, and nobody else was first."""
        good: bool = super().validate(extra_validators)
        if not good or self.seen.data == self._now:
            return good
        self.seen.data = self._now
        for field in self._own():
            if not isinstance(field, FieldList) and _chosen(field.data) != _chosen(field.object_data):
                field.stands_now = said(field, field.object_data)
        self.form_errors.append(web.somebody_was_first())
        return False

    def holds_now(self) -> list[tuple[str, object]]:
        """What it is filled from, by name. A form with a list of lines says of what rows they are."""
        return [(field.short_name, field.object_data) for field in self._own()]

    def _own(self) -> list[Any]:
        return [field for field in self if field.short_name not in {"seen", "csrf_token"}]


def bare(value: object) -> str:
    """A value without the spaces that the house puts in order itself; a row is its id, nothing and no text are one."""
    return "" if value is None else "".join(str(getattr(value, "id", value)).split())


def _chosen(value: object) -> str:
    """What is typed or kept; a list's first line, for nothing, and an unticked box are nothing."""
    text = bare(value)
    return "" if text in {"0", "False", "[]"} else text


def said(field: Any, value: Any) -> str:
    """A value as the form's own words have it."""
    if isinstance(field, BooleanField):
        return str(_("Yes") if value else _("No"))
    if value in (None, "", []):
        return NOTHING
    value = getattr(value, "id", value)
    words = {str(choice.value): str(choice.label) for choice in getattr(field, "choices", None) or ()}
    if isinstance(value, list):
        return ", ".join(words.get(str(one), str(one)) for one in value)
    return words.get(str(value), formats.quantity(value) if hasattr(value, "as_tuple") else str(value))


def _fingerprint(values_now: list[tuple[str, object]]) -> str:
    values = "\x1f".join(f"{name}={bare(value)}" for name, value in values_now)
    return hashlib.sha256(values.encode()).hexdigest()[:24]
