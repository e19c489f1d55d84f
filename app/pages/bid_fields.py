"""Fields that forms about tenders and bids have in common: amounts, quantities, moments, uploads."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, Form, StringField
from wtforms.validators import Length, StopValidation, ValidationError

from app import office
from app.clock import SWEDEN
from app.money import LARGEST_ORE, Money
from app.pages.plain_fields import DateField, DateTimeLocalField
from app.tenders.paper_actions import Upload

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
LONG_TEXT = 20_000
_FIGURES = re.compile(r"-?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")


class MoneyField(StringField):
    """An amount in kronor, typed as Swedes type it; the data is Money."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it, and keep what was typed when it cannot be read."""
        self.data = None
        self.raw = str(valuelist[0]).strip() if valuelist else ""
        if self.raw:
            try:
                self.data = Money.parse(self.raw)
            except ValueError as wrong:
                raise ValueError(_("Write the amount in kronor, such as 1 250,50.")) from wrong

    def _value(self) -> str:
        if getattr(self, "raw", ""):
            return str(self.raw)
        return self.data.amount().replace("\u00a0", " ").removesuffix(",00") if self.data is not None else ""


class QuantityField(StringField):
    """A number with at most three decimals, comma or point; the data is Decimal."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it, and keep what was typed when it cannot be read."""
        self.data = None
        self.raw = str(valuelist[0]).strip() if valuelist else ""
        if self.raw:
            self.data = _number(self.raw)

    def _value(self) -> str:
        if getattr(self, "raw", ""):
            return str(self.raw)
        return f"{self.data:f}".replace(".", ",") if self.data is not None else ""


def _number(typed: str) -> Decimal:
    """In figures only: 1e5 is a number to a programmer, and a slip when anybody else types it."""
    text = "".join(typed.split()).replace(",", ".").replace("−", "-")
    if not _FIGURES.fullmatch(text) or abs(Decimal(text)) >= 10**9 or Decimal(text) != round(Decimal(text), 3):
        raise ValueError(_("Write a number, such as 2 600 or 12,5."))
    return Decimal(text)


class SwedishMomentField(DateTimeLocalField):
    """A moment in Swedish time; the data is aware and in UTC."""

    def process_data(self, value: Any) -> None:
        """Show it in Swedish time."""
        self.data = value.astimezone(SWEDEN).replace(tzinfo=None) if value is not None else None

    def moment(self, zone: ZoneInfo = SWEDEN) -> datetime | None:
        """What was typed, as a moment."""
        typed: datetime | None = self.data
        return typed.replace(tzinfo=zone).astimezone(UTC) if typed is not None else None

    def moment_or(self, there: datetime | None) -> datetime | None:
        """What was typed, or to the second what was there already: the field shows no seconds."""
        typed = self.moment()
        return there if there is not None and typed == there.replace(second=0, microsecond=0) else typed


class Positive:
    """More than nought, for amounts and quantities."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError for nought and less."""
        amount = field.data.ore if isinstance(field.data, Money) else field.data
        if amount is not None and not 0 < amount <= LARGEST_ORE:
            raise ValidationError(_("%(field)s: write more than nought.", field=field.label.text))


class NotNegative:
    """Nought or more, for amounts and quantities."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError for less than nought."""
        amount = field.data.ore if isinstance(field.data, Money) else field.data
        if amount is not None and amount < 0:
            raise ValidationError(_("%(field)s: write nought or more.", field=field.label.text))


class Percent(NotNegative):
    """From nought to a hundred."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError for anything else."""
        if field.data is not None and not 0 <= field.data <= 100:
            raise ValidationError(_("%(field)s: write 0 to 100.", field=field.label.text))


class Needed:
    """Like InputRequired, and nothing more is said of a field that could not be read. A box must be ticked."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises StopValidation where nothing was typed: that a blank day is no day need not be said too."""
        if field.errors and any(str(typed).strip() for typed in field.raw_data or ()):
            raise StopValidation
        field.errors = []
        if field.data is None or field.data is False or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(str(self.message))


class BelievableDay:
    """A day of this century."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError for a day in the year 205 or 20260."""
        day = field.data.date() if isinstance(field.data, datetime) else field.data
        if day is not None and not EARLIEST <= day <= LATEST:
            raise ValidationError(_("Check the year."))


class WebAddress:
    """http and https only; anything else would be a trap for whoever follows the link."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError for other addresses."""
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_("Write a web address that begins with https://."))


def line(label: Any, most: int, *more: object, **options: Any) -> Any:
    """A line of text with single spaces."""
    too_long = _l("Write at most %(most)s characters.", most=most)
    squeeze = [lambda typed: " ".join((typed or "").split())]
    return StringField(label, [*more, Length(max=most, message=too_long)], filters=squeeze, **options)


def at_most(most: int) -> Length:
    """The length rule with our own sentence."""
    return Length(max=most, message=_l("Write at most %(most)s characters.", most=most))


def day(label: Any, *more: object) -> Any:
    """A day of this century."""
    return DateField(label, [*more, BelievableDay()])


_A_PAPER = (_l("The file: PDF, Word, PNG or JPEG, at most 15 MB"), _l("The file: PDF, PNG or JPEG, at most 15 MB"))


class PaperFileField(FileField):  # type: ignore[misc]  # the base is untyped
    """A paper's file; the second of its labels is for where no program can make a PDF of a Word file."""

    def __init__(self, validators: Any = None, labels: tuple[Any, Any] | None = None, **options: Any) -> None:
        self.takes_word = office.program() is not None
        with_word, without = labels or _A_PAPER
        super().__init__(with_word if self.takes_word else without, validators, **options)

    @property
    def takes(self) -> str:
        """What the browser lets one choose; a telephone then offers its camera too."""
        return f".pdf,{'.docx,' if self.takes_word else ''}image/png,image/jpeg"


def upload(field: Any) -> Upload | None:
    """What was handed in, or None."""
    storage = field.data
    if storage is None or not getattr(storage, "filename", ""):
        return None
    return Upload(storage.filename, storage.read())
