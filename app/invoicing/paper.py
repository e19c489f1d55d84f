"""What an invoice or a credit note says on paper, read off its frozen values. Pure; the words are Swedish.

ML 17:22-24 decides what must stand there. Amounts are as in the document: a credit note's are above nought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.formats import quantity
from app.invoicing.document import Bundle, Invoice, Line, LineRole
from app.money import NO_BREAK_SPACE, NOUGHT, Money
from app.vat import VatSum

REVERSED = "Omvänd betalningsskyldighet"
UNTAXED = {"AE": "Omvänd", "E": "Undantag", "O": "Utanför"}
"""What stands instead of a rate, by category (UNCL5305)."""
UNTAXED_LONG = {"AE": REVERSED, "E": "Undantaget från moms", "O": "Omfattas inte av moms"}
MARGIN_REASONS = {"VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J"}
"""Margin schemes, by their codes of the VATEX list: taxed, and so not exempt, but no VAT may be shown (ML 17:24)."""
MARGIN, MARGIN_LONG = "Marginal", "Vinstmarginal, momsen visas inte"
_POSTCODE = re.compile(r"\b([0-9]{3}) ([0-9]{2}) ")
DEDUCTIONS = {"rut": "Rutavdrag", "rot": "Rotavdrag"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of what was delivered."""

    name: str
    details: tuple[str, ...] = ()
    day: date | None = None
    amount: str = ""
    price: str = ""
    per: str = ""
    rate: str = ""
    net: Money | None = None
    """None on the row of a bundle, whose parts carry the sums."""
    look: str = ""
    """Class of the row: ``bundle`` or ``part``."""


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one order, or all of them where there is only one."""

    order_number: int | None
    rows: tuple[Row, ...]
    net: Money


@dataclass(frozen=True, slots=True)
class Fact:
    """Something said of the whole, under its name."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One document on paper."""

    invoice: Invoice

    @property
    def title(self) -> str:
        """What it is called, with its number."""
        return f"{'Kreditfaktura' if self.invoice.is_credit_note else 'Faktura'} {self.invoice.name}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be paid: it was paid before, or comes to nothing."""
        return not self.invoice.is_credit_note and self.invoice.payable <= NOUGHT

    @property
    def sum_label(self) -> str:
        """What the last sum is."""
        back = self.invoice.is_credit_note and not self.invoice.is_set_off
        return "Krediteras" if back else "Att betala"

    @property
    def set_off(self) -> tuple[str, Money]:
        """What is done with it instead of paying it, and what of the sum."""
        if self.invoice.is_credit_note:
            return "Läggs till er ersättning", -self.invoice.gross
        return "Kvittas mot er ersättning", -self.invoice.gross

    @property
    def blocks(self) -> list[Block]:
        """The rows, order by order. What is charged or taken off beside the goods stands last in its order."""
        return [Block(number, tuple(self._rows(lines)), _net(lines)) for number, lines in self._orders()]

    @property
    def collects(self) -> bool:
        """Whether several orders stand on it, or one that is only named by its lines."""
        return self.invoice.order_number is None and any(line.order_number for line in self.invoice.lines)

    @property
    def facts(self) -> list[Fact]:
        """Dates and references; those that are missing are left out."""
        invoice = self.invoice
        ordered = f", {invoice.ordered_on.isoformat()}" if invoice.ordered_on else ""
        said = [
            Fact("Fakturadatum", invoice.issued_on.isoformat()),
            Fact("Beställning", f"{invoice.order_number}{ordered}" if invoice.order_number else ""),
            Fact("Er referens", invoice.buyer_reference),
            Fact("Ert ordernummer", invoice.order_reference),
            Fact("Kostnadsställe", invoice.cost_centre),
            Fact("Avtal", invoice.contract_reference),
            self._supplied,
        ]
        return [fact for fact in said if fact.value]

    @property
    def delivered_to(self) -> str:
        """The place in one line; its postcode is not broken."""
        place = self.invoice.place
        if place is None:
            return _unbroken(self.invoice.delivered_to)
        town = f"{place.postcode} {place.city}".strip()
        return _unbroken(", ".join(part for part in (place.name, place.street, town) if part))

    @property
    def is_reversed(self) -> bool:
        """Whether the buyer reckons VAT on some of it (ML 16:13): its VAT number must stand there too."""
        return any(one.category == "AE" for one in self.invoice.vat_sums)

    @property
    def notes(self) -> list[str]:
        """The words that the act asks for where no VAT is shown, each once."""
        notes = self.invoice.notes
        said = any(REVERSED.casefold() in note.casefold() for note in notes)
        return notes if said or not self.is_reversed else [*notes, f"{REVERSED}."]

    @property
    def rates(self) -> list[tuple[str, VatSum]]:
        """Each rate, or why there is none, with what it comes to."""
        return [
            (_with_sign(f"{one.rate} %") if one.category == "S" else self._without_vat(one.category), one)
            for one in self.invoice.vat_sums
        ]

    def _without_vat(self, category: str) -> str:
        """Exempt and margin goods share one sum (EN 16931 BR-E-08): where both are there it names neither."""
        margins = {_is_margin(line) for line in self.lines if line.parts[0].category == category}
        if margins == {True, False}:
            return "Utan moms"
        return MARGIN_LONG if margins == {True} else UNTAXED_LONG.get(category, "Utan moms")

    @property
    def deduction_name(self) -> str:
        """What the deduction is called."""
        deduction = self.invoice.deduction
        return DEDUCTIONS.get(deduction.kind, "Skattereduktion") if deduction else ""

    @property
    def reduction_words(self) -> str:
        """What a credit note says of the money."""
        if self.invoice.is_set_off:
            return "Läggs till er ersättning. Ni behöver inte göra något."
        return (
            "Är fakturan inte betald drar du av beloppet när du betalar den."
            " Är den betald betalar vi tillbaka beloppet."
        )

    @property
    def _supplied(self) -> Fact:
        """From the first to the last day of supply; one day is no period."""
        period = self.invoice.period
        if period is None:
            return Fact("Leveransperiod", "")
        first, last = period.first_day.isoformat(), period.last_day.isoformat()
        return Fact("Leveransdag", first) if first == last else Fact("Leveransperiod", f"{first} – {last}")

    def _orders(self) -> Iterator[tuple[int | None, list[Line]]]:
        """The lines of each order, in the order in which each is first named."""
        if not self.collects:
            yield None, list(self.invoice.lines)
            return
        firsts = {number: place for place, number in reversed([*enumerate(one.order_number for one in self.lines)])}
        together = sorted(self.lines, key=lambda line: firsts[line.order_number])
        for number, lines in groupby(together, key=lambda line: line.order_number):
            yield number, list(lines)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines."""
        return self.invoice.lines

    def _rows(self, lines: list[Line]) -> Iterator[Row]:
        bundle = None
        for line in sorted(lines, key=lambda one: one.role != LineRole.SOLD):
            if line.bundle is not None and line.bundle != bundle:
                yield _bundle_row(self.invoice.bundles[line.bundle])
            bundle = line.bundle
            yield _row(line)


def _unbroken(text: str) -> str:
    return _POSTCODE.sub(rf"\1{NO_BREAK_SPACE}\2{NO_BREAK_SPACE}", text)


def _net(lines: list[Line]) -> Money:
    return Money.total(line.net for line in lines)


def _bundle_row(bundle: Bundle) -> Row:
    return Row(
        name=bundle.name,
        details=(bundle.number,),
        amount=f"{quantity(bundle.quantity)} {bundle.unit_name}",
        price=bundle.unit_price.amount(),
        look="bundle",
    )


def _row(line: Line) -> Row:
    """Price and amount are left out where they do not make the sum, and where they would say nothing."""
    counted = line.role == LineRole.SOLD and line.net == line.unit_price.times(line.quantity / line.per)
    return Row(
        name=line.name,
        details=tuple(_details(line)),
        day=line.delivered_on,
        amount=f"{quantity(line.quantity)} {line.unit_name}" if counted else "",
        price=line.unit_price.amount() if counted else "",
        per=f"per {quantity(line.per)} {line.unit_name}" if counted and line.per != 1 else "",
        rate=_rate(line),
        net=line.net,
        look="part" if line.bundle is not None else "",
    )


def _rate(line: Line) -> str:
    category = line.parts[0].category
    if category == "S":
        return _with_sign(line.rates)
    return MARGIN if _is_margin(line) else UNTAXED.get(category, "–")


def _with_sign(rates: str) -> str:
    """A number is never parted from its per cent sign."""
    return rates.replace(" %", "\N{NO-BREAK SPACE}%")


def _is_margin(line: Line) -> bool:
    return line.parts[0].reason in MARGIN_REASONS


def _details(line: Line) -> Iterator[str]:
    if line.number:
        yield line.number
    if line.cost_centre:
        yield f"Kostnadsställe {line.cost_centre}"
    if line.reference:
        yield f"Referens {line.reference}"
