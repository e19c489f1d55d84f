"""What forms about organisations and people have in common, and the invitation to an account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from app import particulars, places
from app.db import db
from app.errors import Refused
from app.pages import web
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectField
from app.pages.seen import bare, said


class Checked:
    """What the house itself says of a text, said beside its field."""

    def __init__(self, check: Callable[[str], object]) -> None:
        self.check = check

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError with the sentence of the house's no."""
        try:
            self.check(field.data or "")
        except Refused as no:
            raise ValidationError(str(no)) from no


class OfRow:
    """A form whose fields are columns of one row, which others may change too."""

    def seen(self, row: object) -> web.Shown:
        """What a page with this form shows of the row."""
        return web.Shown.of(*(getattr(row, field.name) for field in self._columns()))

    def stand_beside(self, row: object) -> None:
        """Tell beside each field what the row says now, where that is not what was typed."""
        for field in self._columns():
            now = getattr(row, field.name)
            if bare(field.data) != bare(now):
                field.stands_now = said(field, now)

    def _columns(self) -> list[Any]:
        form: Any = self
        return [field for field in form if field.name != "csrf_token"]


def line_field(label: Any, missing: Any, what: str, *, longest: int = particulars.LONGEST_LINE) -> StringField:
    """A line that must be written; `what` names it in the house's no."""
    check = partial(particulars.line, what=what, longest=longest)
    return StringField(label, [InputRequired(missing), Checked(check)])


def optional_line(label: Any, check: Callable[[str], object], hint: Any = "") -> StringField:
    """A line that may be left empty."""
    return StringField(label, [Optional(), Checked(check)], description=hint)


def text_field(label: Any, what: str, hint: Any = "", longest: int = particulars.LONGEST_TEXT) -> TextAreaField:
    """Several lines, or nothing."""
    check = partial(particulars.paragraphs, what=what, longest=longest)
    return TextAreaField(label, [Optional(), Checked(check)], description=hint)


def email_field() -> StringField:
    """An address for letters."""
    return StringField(
        _l("E-mail address"), [InputRequired(_l("Write the e-mail address.")), Checked(particulars.email)]
    )


def phone_field() -> StringField:
    """A telephone number, or nothing."""
    return optional_line(_l("Telephone"), particulars.phone)


def street_field() -> StringField:
    """Street or box."""
    return line_field(_l("Street"), _l("Write the street or the box."), "Gatuadressen")


def postcode_field() -> StringField:
    """Five figures."""
    return StringField(_l("Postcode"), [InputRequired(_l("Write the postcode.")), Checked(particulars.postcode)])


def city_field() -> StringField:
    """The town of the address."""
    return line_field(_l("Town"), _l("Write the town."), "Orten")


def municipality_field() -> SelectField:
    """One of the country's municipalities."""
    return SelectField(_l("Municipality"), [InputRequired(_l("Choose the municipality."))])


def municipality_choices() -> list[Any]:
    """All of them, and none chosen for anybody."""
    known = [(place.code, place.name) for place in places.all_municipalities()]
    return listed([("", _l("Choose municipality")), *known])


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """Somebody who is to have an account."""

    person = line_field(_l("The person's name"), _l("Write the name."), "Namnet")
    address = StringField(
        _l("E-mail address"), [InputRequired(_l("Write the e-mail address.")), Checked(particulars.email)]
    )


@contextmanager
def refusals(form: Any) -> Iterator[None]:
    """As `web.refusals`, and a number that is taken is said beside its field."""
    with web.refusals(form):
        try:
            yield
        except particulars.Taken as no:
            db.session.rollback()
            g.pop("viewer", None)
            form.org_number.errors = [str(no)]


def typed_in(form: Any) -> dict[str, Any]:
    """All fields but the token; what was left empty is empty text, for the house to judge."""
    return {name: "" if value is None else value for name, value in form.data.items() if name != "csrf_token"}
