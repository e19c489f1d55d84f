"""Rules for form fields that the library lacks, or that break on hostile input."""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError


class Between:
    """A whole number from one to another. The library's own rule breaks on a number of four hundred figures."""

    def __init__(self, least: int, most: int, message: Any) -> None:
        self.least, self.most, self.message = least, most, message

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError for anything outside."""
        if field.data is None or not self.least <= field.data <= self.most:
            raise ValidationError(str(self.message))
