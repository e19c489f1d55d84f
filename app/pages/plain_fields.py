"""The library's own fields, saying in plain words what to write instead of that something is not valid."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

_CHOOSE = _l("Choose in the list.")
_ONE_OF_THEM = _l("Choose one of the alternatives.")


class IntegerField(wtforms.IntegerField):
    """A whole number."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("invalid_value_message", _l("Write a whole number."))
        super().__init__(label, validators, **options)


class DateField(wtforms.DateField):
    """A day."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("invalid_value_message", _l("Write the date as 2026-11-30."))
        super().__init__(label, validators, **options)


class DateTimeLocalField(wtforms.DateTimeLocalField):
    """A day and a time of day."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("invalid_value_message", _l("Write day and time as 2026-11-30 14:00."))
        super().__init__(label, validators, **options)


class TimeField(wtforms.TimeField):
    """A time of day."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("invalid_value_message", _l("Write the time as 14:00."))
        super().__init__(label, validators, **options)


class SelectField(wtforms.SelectField):
    """One of a list."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **_told(options, _CHOOSE))

    def pre_validate(self, form: Any) -> None:
        """The library makes an object of every choice to find the one; the list of municipalities is long."""
        listed = self.choices if isinstance(self.choices, list) and not self.process_errors else []
        if not any(type(one) is tuple and one[0] == self.data for one in listed):
            super().pre_validate(form)


class SelectMultipleField(wtforms.SelectMultipleField):
    """Some of a list."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **_told(options, _CHOOSE))


class RadioField(wtforms.RadioField):
    """One of a few."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **_told(options, _ONE_OF_THEM))


def _told(options: dict[str, Any], words: Any) -> dict[str, Any]:
    return {"invalid_value_message": words, "invalid_choice_message": words, **options}
