"""What a declaration asks, as frozen values: criteria, groups of questions, and the kind of answer to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bids.kinds import Labelled


class Form(Labelled):
    """Where the questions come from."""

    ESPD = "espd", "Europeiskt enhetligt upphandlingsdokument (ESPD)"
    OWN = "own", "Egenförsäkran"
    SANCTIONS = "sanctions", "Försäkran om sanktioner"


class Part(Labelled):
    """Which part of a declaration a criterion belongs to; the order is that of the ESPD."""

    PARTY = "party", "Om parten"
    EXCLUSION = "exclusion", "Uteslutningsgrunder"
    SELECTION = "selection", "Kvalificering"
    UNKNOWN = "unknown", "Köparens egna frågor"


class Kind(Labelled):
    """What stands in a place of a group: words, something the buyer demands, or a question."""

    CAPTION = "CAPTION", "Text"
    REQUIREMENT = "REQUIREMENT", "Krav"
    QUESTION = "QUESTION", "Fråga"


ALWAYS, IF_YES, IF_NO = "ON*", "ONTRUE", "ONFALSE"
"""When a group is to be answered; any other word names a choice of the buyer's."""
YES, NO = "true", "false"

INDICATOR, TEXT, DATE, PERIOD, AMOUNT = "INDICATOR", "DESCRIPTION", "DATE", "PERIOD", "AMOUNT"
INTEGER, QUANTITY, YEAR, PERCENTAGE = "QUANTITY_INTEGER", "QUANTITY", "QUANTITY_YEAR", "PERCENTAGE"
CODE, COUNTRY, URL = "CODE", "CODE_COUNTRY", "URL"
OPERATOR, EVIDENCE, NOTHING = "ECONOMIC_OPERATOR_IDENTIFIER", "EVIDENCE_IDENTIFIER", "NONE"


@dataclass(frozen=True, slots=True)
class Property:
    """One place in a group. ``expected`` is what the buyer demands, with the currency behind an amount."""

    id: str
    kind: Kind
    data_type: str
    text: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together. ``when`` refers to the first yes-or-no question of the group around it."""

    id: str
    when: str
    properties: tuple[Property, ...]
    groups: tuple[Group, ...] = ()

    @property
    def gate(self) -> Property | None:
        """The question on which the groups within depend."""
        return next((one for one in self.questions if one.data_type == INDICATOR), None)

    @property
    def questions(self) -> tuple[Property, ...]:
        """What is to be answered here."""
        return tuple(one for one in self.properties if one.kind is Kind.QUESTION)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. ``code`` is the EU list's, or the buyer's own word when the list does not have it."""

    id: str
    code: str
    name: str
    text: str
    groups: tuple[Group, ...]
    lots: tuple[str, ...] = ()
    part: Part = Part.UNKNOWN

    def properties(self) -> Iterator[Property]:
        """Every place, in the order in which it is written."""
        for group in self.groups:
            yield from properties_of(group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a party is asked to declare. All but the criteria is empty in our own forms."""

    form: Form
    criteria: tuple[Criterion, ...]
    version: str = ""
    reference: str = ""
    uuid: str = ""
    folder: str = ""
    buyer: str = ""
    title: str = ""
    procedure: str = ""
    issued_on: str = ""
    lots: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[Criterion, ...]:
        """What the EU's list does not have: it is shown in the buyer's own words, and asked."""
        return tuple(one for one in self.criteria if one.part is Part.UNKNOWN)


def properties_of(group: Group) -> Iterator[Property]:
    """Every place in the group and the groups within it."""
    yield from group.properties
    for inner in group.groups:
        yield from properties_of(inner)
