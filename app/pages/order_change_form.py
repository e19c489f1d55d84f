"""The form by which an order is changed: the same for its customer and for staff."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.changeflow import Wish, marks_of
from app.errors import Refused
from app.formats import quantity
from app.orders import changes
from app.orders.cart import read_quantity
from app.orders.changes import Marks
from app.orders.handing import Group, groups
from app.orders.models import Order
from app.pages import web
from app.pages.plain_fields import DateField

LONGEST_REFERENCE = 60


def _tidy(typed: str | None) -> str:
    return " ".join((typed or "").split())


class ChangeForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """How the order should be. The quantities stand in the page, one a purchase, under `quantity-ID`."""

    day = DateField(_l("Day of delivery"), [InputRequired(_l("Choose a day."))])
    order_reference = StringField(_l("Your order number"), [Length(max=LONGEST_REFERENCE)], filters=[_tidy])
    buyer_reference = StringField(_l("Buyer reference"), [Length(max=LONGEST_REFERENCE)], filters=[_tidy])
    cost_centre = StringField(_l("Cost centre"), [Length(max=LONGEST_REFERENCE)], filters=[_tidy])
    note = TextAreaField(_l("Message to whoever delivers"), [Length(max=1000)])

    def __init__(self, order: Order) -> None:
        marks = marks_of(order)
        now: dict[str, Any] = {name: getattr(marks, name) for name in Marks.__slots__}
        super().__init__(data={"day": order.delivery_day, **now})
        if not order.customer.has_references:
            for name in ("order_reference", "buyer_reference", "cost_centre"):
                del self[name]

    def wish(self, order: Order) -> Wish:
        """What was typed, as values; what was left alone stays. Raises Refused for what is no quantity."""
        marks = marks_of(order)
        typed = {name: self[name].data if name in self else getattr(marks, name) for name in Marks.__slots__}
        asked = {group.lines[0].id: _asked(group) for group in groups(order)}
        quantities = {line: found for line, found in asked.items() if found is not None}
        return Wish(quantities, web.given(self.day.data), Marks(**typed))


class StaffChangeForm(ChangeForm):
    """Staff say why."""

    why = StringField(
        _l("Why is the order changed?"),
        [InputRequired(_l("Write why; the customer and the members read it.")), Length(max=500)],
    )


def shown(order: Order) -> web.Shown:
    """What the form was filled from, so that another tab overwrites nothing unseen."""
    marks = marks_of(order)
    wanted = [(group.lines[0].id, changes.wanted(group)) for group in groups(order)]
    return web.Shown.of(order.delivery_day, marks, wanted)


def typed(order: Order) -> dict[int, str]:
    """What stands in each quantity field: what was typed, else what the order says, by the first line's id."""
    return {
        line.id: request.form.get(f"quantity-{line.id}", quantity(changes.wanted(group)))
        for group in groups(order)
        for line in group.lines[:1]
    }


def _asked(group: Group) -> Decimal | None:
    """The quantity typed; nought is an answer too. None where the field was left out."""
    sold, text = group.bundle or group.lines[0], request.form.get(f"quantity-{group.lines[0].id}")
    if text is None:
        return None
    if text.strip() in {"", "0"}:
        return Decimal(0)
    try:
        return read_quantity(text, sold.unit)
    except ValueError as wrong:
        raise Refused(f"{sold.name}: {wrong}") from wrong
