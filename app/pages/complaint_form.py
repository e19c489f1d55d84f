"""The form by which something that came is complained about: the same for its customer and for staff."""

from __future__ import annotations

from contextlib import closing

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import clock, complaintflow, formats, pictures
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.orders.cart import read_quantity
from app.orders.complaint_models import Complaint
from app.orders.complaint_queries import Delivered, delivered_in
from app.orders.complaints import MOST_PICTURES, Told
from app.orders.models import Order
from app.pages import web
from app.pages.plain_fields import RadioField
from app.pictures import Developed


class ComplaintForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What is wrong, with how much of what, and what it looks like."""

    part = RadioField(_l("What is it about?"))
    quantity = StringField(
        _l("With how much of it is something wrong?"), [InputRequired(_l("Write how much.")), Length(max=20)]
    )
    words = TextAreaField(_l("What is wrong?"), [InputRequired(_l("Write what is wrong.")), Length(max=2000)])
    photographs = MultipleFileField(_l("Photographs"))

    def __init__(self, parts: list[Delivered]) -> None:
        super().__init__()
        self.part.choices = [(str(one.share.id), _called(one)) for one in parts]
        if self.part.data is None and parts:
            self.part.data = self.part.choices[0][0]

    def developed(self) -> list[Developed]:
        """What can be seen of the photographs. It takes a while, so no row is held meanwhile. Raises Refused."""
        handed_in = [file for file in self.photographs.data or () if file and file.filename]
        if len(handed_in) > MOST_PICTURES:
            raise Refused(f"Skicka högst {MOST_PICTURES} bilder.")
        sent = []
        for file in handed_in:
            with closing(file):
                sent.append(file.read())
        db.session.rollback()
        return [pictures.develop(data) for data in sent]

    def complain(self, order: Order, photographs: list[Developed], *, by: User | None, late: bool) -> Complaint:
        """Make the complaint on the order, which the caller holds. Raises Refused."""
        part = next((one for one in delivered_in(order) if str(one.share.id) == self.part.data), None)
        if part is None:
            raise Refused(web.must_choose())
        try:
            quantity = read_quantity(self.quantity.data or "", part.share.order_line.unit)
        except ValueError as wrong:
            raise Refused(str(wrong)) from wrong
        told = Told(quantity, self.words.data or "", photographs)
        return complaintflow.complain(part, told, by=by, now=clock.now(), late=late)


def _called(one: Delivered) -> str:
    line, day = one.share.order_line, one.share.assignment.delivered_at
    unit = formats.unit(line.unit, line.unit_text)
    return f"{line.name}, {formats.quantity(one.left)} {unit}, {formats.day(day) if day else ''}"
