"""However an invoice is credited, bit by bit until nothing is left: the credit notes are together the invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.invoicing.document import Credited, DocumentKind, Invoice, Line, LineRole
from app.invoicing.remainders import taken_back, vat_rests
from app.money import NOUGHT, Money
from app.vat import VatPart
from tests.invoice_kinds import PLAIN

THIRDS = tuple(VatPart(share, rate, "S") for share, rate in ((33, 6), (33, 12), (34, 25)))
PARTS = st.sampled_from(
    [*((VatPart(100, rate, "S"),) for rate in (25, 12, 6)), (VatPart(60, 25, "S"), VatPart(40, 12, "S")), THIRDS,
     (VatPart(100, 0, "E"),), (VatPart(100, 0, "AE"),)]
)  # fmt: skip


@st.composite
def lines(draw) -> Line:
    """Sold at any price, or taken off."""
    ore = draw(st.integers(1, 40) | st.integers(1, 10**7)) * draw(st.sampled_from([1, 1, 1, -1]))
    role, times = (LineRole.SOLD, Decimal(1)) if ore > 0 else (LineRole.ALLOWANCE, Decimal(-1))
    return Line("T1", "Något", times, "C62", "", Money(abs(ore)), date(2026, 11, 30), draw(PARTS), role=role)


INVOICES = st.lists(lines(), min_size=1, max_size=4).map(lambda some: replace(PLAIN, lines=tuple(some)))
STEPS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1000)), max_size=25)
"""Of which line, and how many thousandths of what is left of it."""


def note_of(invoice: Invoice, before: Sequence[Invoice], left: dict[int, Money], taken: dict[int, Money]) -> Invoice:
    made = taken_back(invoice, left, taken)
    rests = vat_rests(invoice, before, left, taken, made)
    named = Credited(invoice.name, invoice.issued_on)
    return replace(invoice, kind=DocumentKind.CREDIT_NOTE, lines=made, vat_rests=rests, credits=named)


def bit_by_bit(invoice: Invoice, steps: Sequence[tuple[int, int]]) -> list[Invoice]:
    left = {place: line.net for place, line in enumerate(invoice.lines)}
    notes: list[Invoice] = []

    def take(taken: dict[int, Money]) -> None:
        if taken:
            notes.append(note_of(invoice, notes, left, taken))
            for place, amount in taken.items():
                left[place] -= amount

    for place, thousandths in steps:
        whole = left.get(place, NOUGHT)
        part = Money(int(whole.ore * thousandths / 1000) or (1 if whole.ore > 0 else -1 if whole.ore < 0 else 0))
        take({place: part} if part else {})
    take({place: amount for place, amount in left.items() if amount})
    assert not any(left.values())
    return notes


@settings(max_examples=300)
@given(INVOICES, STEPS)
def test_together_they_are_the_invoice_to_the_ore(invoice, steps):
    notes = bit_by_bit(invoice, steps)
    assert Money.total(note.net for note in notes) == invoice.net
    assert Money.total(note.vat for note in notes) == invoice.vat
    assert Money.total(note.gross for note in notes) == invoice.gross
    for one in invoice.vat_sums:
        same = [got for note in notes for got in note.vat_sums if (got.rate, got.category) == (one.rate, one.category)]
        assert (Money.total(got.base for got in same), Money.total(got.vat for got in same)) == (one.base, one.vat)


@settings(max_examples=200)
@given(INVOICES, STEPS)
def test_each_has_its_own_vat_but_for_an_ore_and_none_where_there_is_none(invoice, steps):
    for note in bit_by_bit(invoice, steps):
        assert Money.total(line.net for line in note.lines) == note.net
        for one in note.vat_sums:
            assert abs(one.vat.ore - one.base.percent(one.rate).ore) <= 1
            assert one.category == "S" or not one.vat


def test_two_ore_a_hundred_times_give_back_no_more_vat_than_was_charged():
    """By itself each would have half an öre of VAT, rounded up: twice what was paid."""
    invoice = replace(PLAIN, lines=(replace(PLAIN.lines[1], quantity=Decimal(1), unit_price=Money(200)),))
    left, notes = {0: Money(200)}, []
    for _ in range(100):
        notes.append(note_of(invoice, notes, left, {0: Money(2)}))
        left[0] -= Money(2)
    assert (invoice.vat, Money.total(note.vat for note in notes)) == (Money(50), Money(50))
    assert {note.vat for note in notes} == {Money(0), Money(1)}


def test_the_whole_at_once_is_as_it_was():
    (note,) = bit_by_bit(PLAIN, [])
    assert (note.lines, note.vat_rests) == (PLAIN.lines, ())
