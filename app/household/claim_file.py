"""The tax agency's file by which a company asks to be paid for RUT or ROT ("Begäran om utbetalning", version 6). Pure.

Its facts are those that the agency publishes beside its schema: one deduction a file, at most a hundred buyers, all
paid in the same year, whole kronor with VAT, and never more asked for than the buyer has paid of the labour. Who did
the work is not in the file: it is whoever is signed in when it is handed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from app.reliefs import WORKS, Relief, Work

REQUEST = "http://xmls.skatteverket.se/se/skatteverket/ht/begaran/6.0"
COMPONENT = "http://xmls.skatteverket.se/se/skatteverket/ht/komponent/begaran/6.0"
MOST_CASES = 100
LONGEST_NAME = 16
LONGEST_INVOICE = 20
LONGEST_PROPERTY = 40
LONGEST_APARTMENT = 25
MOST_HOURS = 999
MOST_COST = 9_999_999
LEAST_LABOUR = 2
FIRST_DAY = date(2009, 7, 1)


@dataclass(frozen=True, slots=True)
class Home:
    """Where ROT work was done: a property, or an apartment of a housing cooperative."""

    designation: str = ""
    cooperative: str = ""
    """Its organisation number."""
    apartment: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done of one kind of work."""

    work: Work
    hours: int
    material: int
    """Kronor with VAT."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked for one person's part of one invoice. Whole kronor with VAT."""

    person: str
    """Twelve figures."""
    paid_on: date
    labour: int
    paid: int
    """Of the labour, by the buyer."""
    asked: int
    invoice: str
    done: tuple[Done, ...]
    other: int = 0
    """Travel, machines and the like."""
    home: Home | None = None


def problems(relief: Relief, name: str, cases: Sequence[Case], today: date) -> list[str]:
    """What the tax agency would not take, in sentences that name the invoice and never the person."""
    found = []
    if not 1 <= len(name) <= LONGEST_NAME:
        found.append(f"Namnet på filen ska ha 1 till {LONGEST_NAME} tecken.")
    if not 1 <= len(cases) <= MOST_CASES:
        found.append(f"En fil har minst en och högst {MOST_CASES} köpare.")
    if len({case.paid_on.year for case in cases}) > 1:
        found.append("Allt i en fil ska vara betalt samma år.")
    for case in cases:
        found += [f"Faktura {case.invoice}: {words}" for words in _wrong_with(relief, case, today)]
    return found


def _wrong_with(relief: Relief, case: Case, today: date) -> Iterator[str]:
    if not FIRST_DAY <= case.paid_on <= today:
        yield "betalningsdagen kan inte stämma."
    if case.labour < LEAST_LABOUR:
        yield "arbetet kostar mindre än två kronor."
    if not 0 <= case.asked <= case.paid:
        yield "det begärda är mer än vad kunden har betalat för arbetet."
    if case.asked + case.paid > case.labour:
        yield "det begärda och det betalda är tillsammans mer än vad arbetet kostade."
    if len(case.invoice) > LONGEST_INVOICE:
        yield "fakturanumret är för långt."
    if not 0 <= case.other <= MOST_COST:
        yield "den övriga kostnaden kan inte stämma."
    yield from _wrong_work(relief, case)
    yield from _wrong_home(relief, case.home)


def _wrong_work(relief: Relief, case: Case) -> Iterator[str]:
    kinds = [one.work for one in case.done]
    if not kinds or len(set(kinds)) != len(kinds) or any(WORKS[kind].relief != relief for kind in kinds):
        yield "arbetet hör inte hemma i filen."
    for one in case.done:
        if not 0 <= one.hours <= MOST_HOURS or (WORKS[one.work].labour is None and not one.hours):
            yield f"timmarna för {WORKS[one.work].name_sv.lower()} saknas. Skriv hur många det blev."
        if not 0 <= one.material <= MOST_COST:
            yield "materialkostnaden kan inte stämma."


def _wrong_home(relief: Relief, home: Home | None) -> Iterator[str]:
    if relief == Relief.RUT:
        if home is not None:
            yield "bostaden anges bara för rot."
        return
    if home is None:
        yield "bostaden saknas."
    elif home.designation:
        if len(home.designation) > LONGEST_PROPERTY or home.cooperative or home.apartment:
            yield "ange antingen fastighet eller bostadsrätt."
    elif not (home.cooperative and 1 <= len(home.apartment) <= LONGEST_APARTMENT):
        yield "bostadsrättsföreningens organisationsnummer och lägenhetens nummer behövs."


def to_xml(relief: Relief, name: str, cases: Sequence[Case]) -> bytes:
    """The file. It is not asked here whether the agency takes it: see `problems`."""
    root = etree.Element(f"{{{REQUEST}}}Begaran", nsmap={"ns1": REQUEST, "ns2": COMPONENT})
    _add(root, "NamnPaBegaran", name)
    request = _add(root, "RotBegaran" if relief == Relief.ROT else "HushallBegaran")
    for case in cases:
        _add_case(request, case)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_case(request: etree._Element, case: Case) -> None:
    found = _add(request, "Arenden")
    _add(found, "Kopare", case.person)
    _add(found, "BetalningsDatum", case.paid_on.isoformat())
    _add(found, "PrisForArbete", case.labour)
    _add(found, "BetaltBelopp", case.paid)
    _add(found, "BegartBelopp", case.asked)
    _add(found, "FakturaNr", case.invoice)
    _add(found, "Ovrigkostnad", case.other)
    if case.home and case.home.designation:
        _add(found, "Fastighetsbeteckning", case.home.designation)
    elif case.home:
        _add(found, "LagenhetsNr", case.home.apartment)
        _add(found, "BrfOrgNr", case.home.cooperative)
    done = _add(found, "UtfortArbete")
    order = list(WORKS)
    for one in sorted(case.done, key=lambda done: order.index(done.work)):
        _add_done(done, one)


def _add_done(parent: etree._Element, one: Done) -> None:
    """Where the law says what part is labour, the file only says that it was done."""
    found = _add(parent, WORKS[one.work].element)
    if WORKS[one.work].labour is not None:
        _add(found, "Utfort", "true")
        return
    _add(found, "AntalTimmar", one.hours)
    _add(found, "Materialkostnad", one.material)


def _add(parent: etree._Element, name: str, value: str | int | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{COMPONENT}}}{name}")
    if value is not None:
        element.text = str(value)
    return element
