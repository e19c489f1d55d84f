"""What VAT means in an e-invoice: categories of UNCL5305, what each comes to, and why none is shown (VATEX). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.invoicing.document import Invoice, Line, VatRest
from app.invoicing.ubl_xml import Element, amount, group, leaf
from app.money import NOUGHT, Money
from app.vat import VatPart

OUTSIDE, EXEMPT, REVERSE, STANDARD = "O", "E", "AE", "S"
REASON_CODES = {REVERSE: "VATEX-EU-AE", OUTSIDE: "VATEX-EU-O"}
MARGIN_CODES = {"begagnade varor": "VATEX-EU-F", "konstverk": "VATEX-EU-I", "samlarföremål": "VATEX-EU-J"}
"""The margin scheme by the words that ML 17 kap. 24 § asks for."""
REASON_WORDS = {
    REVERSE: "Omvänd betalningsskyldighet",
    OUTSIDE: "Omfattas inte av mervärdesskatt",
    EXEMPT: "Undantag från skatteplikt för mervärdesskatt",
}
"""Where the lines say nothing themselves. Z and S have no reason (BR-Z-10, BR-S-10)."""


@dataclass(frozen=True, slots=True)
class Tax:
    """A category and its rate in per cent."""

    category: str
    rate: int

    def element(self, name: str, *reasons: Element | None) -> Element | None:
        """As TaxCategory or ClassifiedTaxCategory; what is outside the VAT has no rate (BR-O-05)."""
        rate = leaf("Percent", str(self.rate)) if self.category != OUTSIDE else None
        scheme = group("TaxScheme", leaf("ID", "VAT"))
        return group(name, leaf("ID", self.category), rate, *reasons, scheme)


@dataclass(frozen=True, slots=True)
class Piece:
    """What of a line has one rate: with a split price a line is several of these, and together they are its sum."""

    line: Line
    part: VatPart
    tax: Tax
    net: Money
    whole: bool
    """Whether it is all of its line."""


def is_outside(invoice: Invoice) -> bool:
    """Whether nothing on it is within the VAT: then nobody's VAT number may stand on it (BR-O-02)."""
    return all(part.category == OUTSIDE for line in invoice.lines for part in line.parts)


def pieces(invoice: Invoice) -> list[Piece]:
    """All lines, each divided between its rates; the öre that are left over stay in the line.

    EN 16931 lets nothing else stand beside what is outside the VAT (BR-O-11). Where something does, it is told as
    exempt: no VAT either way, and the words say which it is.
    """
    alone = is_outside(invoice)
    found = []
    for line in invoice.lines:
        for part, net in zip(line.parts, line.nets, strict=True):
            category = part.category if alone or part.category != OUTSIDE else EXEMPT
            if part.share or len(line.parts) == 1:
                found.append(Piece(line, part, Tax(category, part.rate), net, whole=len(line.parts) == 1))
    return found or [_nothing_sold(invoice)]


def _nothing_sold(invoice: Invoice) -> Piece:
    """The line of an invoice that sells nothing anew, for each must have one (BR-16): it says what is asked for.

    It comes to nothing and is outside the VAT; what is to be paid is said by what was paid before, below nought.
    """
    kind = invoice.deduction.kind.upper() if invoice.deduction else ""
    name, part = f"{kind}-avdrag som inte godkändes".strip("-"), VatPart(1, 0, OUTSIDE)
    if invoice.is_credit_note:
        name = f"Kredit: {name}"
    line = Line(kind or "1", name, Decimal(1), "C62", "", NOUGHT, invoice.issued_on, (part,))
    return Piece(line, part, Tax(OUTSIDE, 0), NOUGHT, whole=True)


def tax_total(found: Iterable[Piece], rests: Iterable[VatRest] = ()) -> Element | None:
    """VAT per category and rate, on the sum of what has it and rounded once (BR-CO-17, BR-S-08).

    The rests of a credit note come to its VAT; the rules let an öre of rounding pass.
    """
    put_on = {Tax(one.category, one.rate): one.amount for one in rests}
    by_tax: dict[Tax, list[Piece]] = {}
    for piece in found:
        by_tax.setdefault(piece.tax, []).append(piece)
    ordered = sorted(by_tax.items(), key=lambda item: (-item[0].rate, item[0].category))
    bases = [(tax, Money.total(piece.net for piece in same), same) for tax, same in ordered]
    vat = {tax: base.percent(tax.rate) + put_on.get(tax, NOUGHT) for tax, base, _same in bases}
    parts = (_subtotal(tax, base, vat[tax], same) for tax, base, same in bases)
    return group("TaxTotal", amount("TaxAmount", Money.total(vat.values())), *parts)


def _subtotal(tax: Tax, base: Money, vat: Money, same: list[Piece]) -> Element | None:
    code, words = reason(tax.category, same)
    category = tax.element("TaxCategory", leaf("TaxExemptionReasonCode", code), leaf("TaxExemptionReason", words))
    return group("TaxSubtotal", amount("TaxableAmount", base), amount("TaxAmount", vat), category)


def reason(category: str, same: Iterable[Piece]) -> tuple[str, str]:
    """Why no VAT is shown, as a VATEX code and in words; the only place where one is found. Empty where VAT is shown.

    A line's own code goes before what its category and words say. Where lines have different codes only words are left.
    """
    if category not in REASON_WORDS:
        return "", ""
    told = {(piece.part.reason, piece.line.note, piece.part.category): None for piece in same}
    codes = {code or _code(category, note) for code, note, _own in told}
    words = dict.fromkeys(note or REASON_WORDS[own] for _code, note, own in told if note or own in REASON_WORDS)
    only = codes.pop() if len(codes) == 1 else ""
    return ("" if category == EXEMPT and only in REASON_CODES.values() else only), ". ".join(words)


def _code(category: str, note: str) -> str:
    if category != EXEMPT:
        return REASON_CODES[category]
    return next((code for words, code in MARGIN_CODES.items() if words in note.lower()), "")
