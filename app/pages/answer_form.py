"""The answer to an assignment as it is filled in: by the member, by staff for it, or by a link in a letter."""

from __future__ import annotations

from decimal import Decimal

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.errors import Refused
from app.orders.cart import read_quantity
from app.orders.models import Assignment


class AnswerForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Yes. The quantities stand in the page, one a line, under `quantity-ID`."""


class DeclineForm(FlaskForm):  # type: ignore[misc]
    """No, and why."""

    reason = TextAreaField(
        _l("Why do you decline?"), [InputRequired(_l("Write a few words about why.")), Length(max=500)]
    )


def typed_for(assignment: Assignment) -> dict[int, str | None]:
    """What was typed for each line; None where nothing was asked."""
    return {line.id: request.form.get(f"quantity-{line.id}") for line in assignment.lines}


def read_quantities(assignment: Assignment, typed: dict[int, str | None]) -> dict[int, Decimal]:
    """What was typed for each line; all that was offered where nothing was. Raises Refused for what is no quantity."""
    found = {}
    for line in assignment.lines:
        text = typed[line.id]
        try:
            found[line.id] = line.offered if text is None else _quantity(text, line.order_line.unit)
        except ValueError as wrong:
            raise Refused(f"{line.order_line.name}: {wrong}") from wrong
    return found


def _quantity(typed: str, unit: str) -> Decimal:
    """Nought is an answer too: none of this line."""
    return Decimal(0) if typed.strip() in {"0", ""} else read_quantity(typed, unit)
