"""The form by which something is registered to come back: the same for its customer and for staff."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import clock, deliveryflow, formats
from app.accounts.models import User
from app.errors import Refused
from app.orders.cart import read_quantity
from app.orders.delivery.event_models import GoodsReturn
from app.orders.delivery.returns import Returnable, returnable_in
from app.orders.delivery.states import ReturnKind
from app.orders.models import Order
from app.pages import web
from app.pages.plain_fields import RadioField


class ReturnForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What comes back, how much, and why."""

    what = RadioField(_l("What comes back?"))
    quantity = StringField(_l("How much of it?"), [InputRequired(_l("Write how much.")), Length(max=20)])
    words = TextAreaField(_l("Something to say about it"), [Length(max=500)])

    def __init__(self, some: list[Returnable]) -> None:
        super().__init__()
        self.what.choices = [(one.key, _called(one)) for one in some]
        if self.what.data is None and some:
            self.what.data = some[0].key

    def send_back(self, order: Order, *, by: User | None) -> GoodsReturn:
        """Register it on the order, which the caller holds. Raises Refused."""
        one = next((each for each in returnable_in(order) if each.key == self.what.data), None)
        if one is None:
            raise Refused(web.must_choose())
        try:
            quantity = read_quantity(self.quantity.data or "", one.share.order_line.unit)
        except ValueError as wrong:
            raise Refused(str(wrong)) from wrong
        return deliveryflow.send_back(one, quantity, self.words.data or "", by=by, now=clock.now())


def _called(one: Returnable) -> str:
    line = one.share.order_line
    said = f"{line.name}, {formats.quantity(one.left)} {formats.unit(line.unit, line.unit_text)}"
    return _("%(what)s: the packaging, with a deposit", what=said) if one.kind == ReturnKind.DEPOSIT else said
