"""The square that a bank's app reads to pay an invoice. Pure.

The format is UsingQR, revision 2 (Visma, 2014), which Swedish internet banks read: one line of JSON. Keys: ``uqr``
version, ``tp`` type (1 is an invoice), ``nme`` and ``cc`` who is paid and where, ``cid`` its organisation number,
``iref`` the reference, ``idt`` and ``ddt`` day of the invoice and due day, ``due`` what to pay, ``vh``, ``vm`` and
``vl`` its VAT at the high, middle and low rate, ``cur`` currency, ``pt`` and ``acc`` kind of account and account,
``adr`` postcode and city.
"""

from __future__ import annotations

import json
from io import BytesIO

import segno

from app.invoicing.document import Invoice
from app.money import NOUGHT, Money

HIGH, MIDDLE, LOW = 25, 12, 6


def payment_text(invoice: Invoice) -> str:
    """What the square says, or nothing where nothing is to be paid to a bankgiro."""
    if invoice.is_credit_note or not invoice.bankgiro or invoice.payable <= NOUGHT:
        return ""
    vat, paid = {one.rate: one.vat for one in invoice.vat_sums}, invoice.payee or invoice.seller
    said = {
        "uqr": 1,
        "tp": 1,
        "nme": paid.name,
        "cc": "SE",
        "cid": paid.org_number,
        "iref": invoice.payment_reference,
        "idt": f"{invoice.issued_on:%Y%m%d}",
        "ddt": f"{invoice.due_on:%Y%m%d}",
        "due": _kronor(invoice.payable),
        "vh": _kronor(vat.get(HIGH, NOUGHT)),
        "vm": _kronor(vat.get(MIDDLE, NOUGHT)),
        "vl": _kronor(vat.get(LOW, NOUGHT)),
        "cur": "SEK",
        "pt": "BG",
        "acc": invoice.bankgiro,
        "adr": f"{paid.postcode} {paid.city}",
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def square(text: str, title: str) -> str:
    """The text as an SVG square with its quiet zone; readers who do not see it hear the title."""
    out = BytesIO()
    # Level M bears the loss of 15 %, as from a fold. Readers take bytes for UTF-8 unless told otherwise.
    code = segno.make(text, error="m", micro=False, encoding="utf-8")
    code.save(out, kind="svg", xmldecl=False, omitsize=True, svgclass=None, lineclass=None, nl=False, title=title)
    return out.getvalue().decode("utf-8")


def _kronor(amount: Money) -> float:
    """JSON has no decimals of its own; a double is exact to the öre far above any invoice."""
    return float(amount.in_kronor())
