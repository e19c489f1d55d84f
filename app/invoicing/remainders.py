"""What a credit note gives back, so that many of them are together exactly the invoice, to the öre. Pure.

VAT is rounded once per rate on every document (EN 16931 BR-CO-17), and a price that has several rates is divided
between them. A credit note that rounded by itself would sooner or later give back more or less than was charged: two
öre at 25 % have half an öre of VAT, a hundred times over. So each one gives what was charged, less what is given
before, less what is left when it is issued. It differs by an öre at most from what it would come to alone - the rules
allow for that - and when nothing is left, nothing is left of the VAT either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from app.invoicing.document import Invoice, Line, LineRole, VatRest
from app.invoicing.lines import at_once
from app.money import NOUGHT, Money
from app.vat import VatSum, sums

Places = Mapping[int, Money]
"""Amounts without VAT, by the place of a line on the invoice."""
ByRate = dict[tuple[int, str], Money]
"""VAT by rate and category."""


def taken_back(invoice: Invoice, left: Places, taken: Places) -> tuple[Line, ...]:
    """The lines of a credit note that takes so much of what is left of each line of an invoice."""
    return tuple(_line(invoice.lines[place], left[place], amount) for place, amount in taken.items())


def vat_rests(
    invoice: Invoice, before: Iterable[Invoice], left: Places, taken: Places, lines: Iterable[Line]
) -> tuple[VatRest, ...]:
    """What is put on the VAT of each rate of a credit note with these lines, so that all notes end as the invoice.

    `before` are the credit notes that the invoice has already; `left` is what is left of each line without this one.
    """
    after = sums((rest - taken.get(place, NOUGHT), invoice.lines[place].parts) for place, rest in left.items())
    charged, remains = _by_rate(invoice.vat_sums), _by_rate(after)
    given = _by_rate(one for note in before for one in note.vat_sums)
    alone = _by_rate(replace(invoice, lines=tuple(lines), vat_rests=()).vat_sums)
    return tuple(_rests(charged, given, remains, alone))


def _rests(charged: ByRate, given: ByRate, remains: ByRate, alone: ByRate) -> Iterator[VatRest]:
    for key, vat in alone.items():
        due = charged.get(key, NOUGHT) - given.get(key, NOUGHT) - remains.get(key, NOUGHT)
        if due != vat:
            yield VatRest(*key, due - vat)


def _by_rate(found: Iterable[VatSum]) -> ByRate:
    vat: ByRate = {}
    for one in found:
        vat[one.rate, one.category] = vat.get((one.rate, one.category), NOUGHT) + one.vat
    return vat


def _line(line: Line, left: Money, amount: Money) -> Line:
    """The invoice's line as it stood when all of it is given back, else so much of it, with the VAT that it had."""
    if amount == line.net:
        return replace(line, bundle=None)
    name = line.name if line.role == LineRole.ALLOWANCE else f"Avdrag: {line.name}"
    made = at_once(line, name, amount)
    shares = [part.share for part in line.parts]
    nets = tuple(was - is_left for was, is_left in zip(left.share(shares), (left - amount).share(shares), strict=True))
    return made if nets == made.nets else replace(made, part_nets=nets)
