"""The form by which finance credits an invoice: of each line so much, and what of it the member bears."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.errors import Refused
from app.invoicing.crediting import LONGEST_REASON, Left
from app.invoicing.models import InvoiceLine, InvoiceRecord
from app.money import NOUGHT, Money
from app.pages import web
from app.pages.bid_fields import MoneyField


class CreditForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Why. The amounts stand in the page, one a line, under `amount-ID`, and what the member bears under `borne-ID`."""

    why = TextAreaField(
        _l("Why is it credited?"),
        [InputRequired(_l("Write why. The customer reads it.")), Length(max=LONGEST_REASON)],
    )


class RestForm(CreditForm):
    """What is credited of an invoice for what the tax agency did not pay: an amount, for it has no lines."""

    amount = MoneyField(_l("Amount"))


def shown(left: Left) -> web.Shown:
    """What the form was filled from: what is left of each line, so that nothing is credited twice."""
    return web.Shown.of([(line.id, amount.ore) for line, amount in left.lines.items()])


def typed(record: InvoiceRecord) -> dict[str, str]:
    """What stands in each field of the page: what was typed, else nothing."""
    names = [f"{kind}-{line.id}" for line in record.lines for kind in ("amount", "borne")]
    return {name: request.form.get(name, "")[:20] for name in names}


def amounts(record: InvoiceRecord, kind: str) -> dict[InvoiceLine, Money]:
    """What was typed for each line, without VAT; what takes back a reduction has its sign. Raises Refused."""
    found = {line: _amount(request.form.get(f"{kind}-{line.id}", "")) for line in record.lines}
    return {line: -amount if line.net < NOUGHT else amount for line, amount in found.items() if amount}


def _amount(text: str) -> Money:
    try:
        amount = Money.parse(text) if text.strip() else NOUGHT
    except ValueError as wrong:
        raise Refused("Skriv beloppen i kronor, till exempel 120,50.") from wrong
    if amount < NOUGHT:
        raise Refused("Skriv beloppen utan minustecken. Det som skrivs är vad kunden får tillbaka.")
    return amount
