"""The form by which an order is changed: the same for its customer and for staff."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import clock
from app.catalog.facets import with_vat
from app.changeflow import Wish, marks_of
from app.errors import Refused
from app.formats import quantity
from app.money import Money
from app.orders import changes, repricing
from app.orders.cart import read_quantity
from app.orders.changes import Marks
from app.orders.handing import Group, groups
from app.orders.models import Order, OrderLine
from app.pages import web
from app.pages.asking_once import Once
from app.pages.plain_fields import DateField
from app.vat import key_of

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


def say_prices(order: Order, wish: Wish, once: Once) -> None:
    """Another quantity may have another price: it is said before anything is saved. Raises Refused the first time."""
    found = []
    for group in groups(order):
        quantity, sold = wish.quantities.get(group.lines[0].id), group.bundle or group.lines[0]
        new = None
        if quantity is not None and quantity != changes.wanted(group):
            new = repricing.price_after(group, changes.wanted(group), quantity, clock.now())
        if new is not None:
            before, after = (_shown(price, group.lines[0]) for price in (sold.unit_price, new.unit_price))
            found.append(
                _("%(article)s: so many cost %(after)s each instead of %(before)s.",
                  article=sold.name, after=after, before=before)
            )  # fmt: skip
    once.ask(*found, *([_("Nothing is saved yet. Save again if it is right.")] if found else []))


def say_room(order: Order, before: Mapping[int, Decimal], once: Once) -> None:
    """What nobody could take of what was wanted more is said before it is saved. Raises Refused the first time."""
    alone = [
        changes.said(line, line.unassigned - before.get(line.id, Decimal(0)))
        for line in order.lines
        if line.unassigned > before.get(line.id, Decimal(0)) and not line.waits_for_window
    ]
    if alone:
        once.ask(
            _("Nobody can make %(what)s that week.", what=", ".join(alone)),
            _("Nothing is saved yet. Save again, and we look for somebody and come back to you."),
        )


def _shown(price: Money, line: OrderLine) -> str:
    """As the viewer sees prices."""
    seen = web.viewer().sees_vat
    amount = with_vat(price, key_of(line.vat_class, line.article_id), line.order.delivery_day) if seen else price
    return f"{amount} {_('incl. VAT') if seen else _('excl. VAT')}"
