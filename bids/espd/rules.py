"""Which question each known fact answers: one table by criterion and place, and the kind of answer that is expected.

A place is written as the groups on the way to it, counted from 1, and the question's number: ``1.1/2``. Where a buyer
has another kind of answer in the place the rule does not hold, and the question is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.money import Money
from bids.espd.facts import Company, Entity
from bids.espd.repeating import REFERENCE_CODES
from bids.espd.values import (
    AMOUNT,
    CODE,
    INDICATOR,
    INTEGER,
    NO,
    OPERATOR,
    PERCENTAGE,
    PERIOD,
    TEXT,
    YEAR,
    YES,
    Criterion,
    Kind,
    Property,
)
from bids.form_checks import GATE_PERCENT
from bids.offer import Reference
from bids.parties import Turnover
from bids.swedish import day, number

Answers = Callable[[Criterion, Entity], str | None]
NthAnswers = Callable[[Entity, int], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """What answers a place, and the kind of answer that must be expected there."""

    data_type: str
    answer: Answers


@dataclass(frozen=True, slots=True)
class NthRule:
    """What answers a place in a group that is answered several times; the number is from 1."""

    data_type: str
    answer: NthAnswers


def said(yes: bool) -> str:
    """Yes or no as it is written."""
    return YES if yes else NO


def decimal_kronor(amount: Money) -> str:
    """``1234500.00``."""
    return f"{Decimal(amount.ore) / 100:.2f}"


def _is_sheltered(_criterion: Criterion, entity: Entity) -> str | None:
    count = entity.count
    if count is None or count.occupied <= 0:
        return None
    return said(count.target_group * 100 >= GATE_PERCENT * count.occupied)


def _sheltered_share(_criterion: Criterion, entity: Entity) -> str | None:
    return format(entity.count.percent.normalize(), "f") if entity.count else None


def _sheltered_words(_criterion: Criterion, entity: Entity) -> str | None:
    count = entity.count
    if count is None:
        return None
    counted = f"{count.target_group} av {count.occupied} sysselsatta, räknat {day(count.counted_on)}."
    return f"{counted} {count.method}".strip()


def _group_role(_criterion: Criterion, entity: Entity) -> str | None:
    return entity.role_code if entity.role_code in {"group-lead", "group-mem"} else None


def _others(_criterion: Criterion, entity: Entity) -> str | None:
    return "; ".join(str(one) for one in entity.others) or None


def _names(companies: tuple[Company, ...]) -> str | None:
    return "; ".join(one.name for one in companies) or None


def _numbers(companies: tuple[Company, ...]) -> str | None:
    return "; ".join(one.org_number for one in companies) or None


def _is_small(_criterion: Criterion, entity: Entity) -> str | None:
    return said(entity.size != "large") if entity.size else None


def _employees(_criterion: Criterion, entity: Entity) -> str | None:
    return str(entity.party.employees) if entity.party.employees is not None else None


def _turnover(_criterion: Criterion, entity: Entity) -> str | None:
    return decimal_kronor(entity.latest.amount) if entity.latest else None


def _nth_turnover(entity: Entity, number: int) -> str | None:
    year = _nth_year(entity, number)
    return decimal_kronor(year.amount) if year else None


def _nth_period(entity: Entity, number: int) -> str | None:
    year = _nth_year(entity, number)
    return f"{year.year}-01-01/{year.year}-12-31" if year else None


def _nth_year(entity: Entity, number: int) -> Turnover | None:
    """The latest year is the first."""
    years = sorted(entity.party.turnover, key=lambda one: one.year, reverse=True)
    return years[number - 1] if number <= len(years) else None


def _nth_manpower_year(entity: Entity, number: int) -> str | None:
    year = _nth_year(entity, number)
    return str(year.year) if year and _nth_employees(entity, number) is not None else None


def _nth_employees(entity: Entity, number: int) -> str | None:
    """Of the latest year the party's own figure goes first."""
    year = _nth_year(entity, number)
    latest = entity.party.employees if number == 1 else None
    known = latest if latest is not None else year.employees if year else None
    return str(known) if known is not None and year is not None else None


def _average(criterion: Criterion, entity: Entity) -> str | None:
    """Over the years that are asked for; None when one of them is not known."""
    years = sorted(entity.party.turnover, key=lambda one: one.year)[-_years(criterion) :]
    if len(years) < _years(criterion):
        return None
    total = Money.total(one.amount for one in years)
    return f"{Decimal(total.ore) / 100 / len(years):.2f}"


def _year_by_year(criterion: Criterion, entity: Entity) -> str | None:
    years = sorted(entity.party.turnover, key=lambda one: one.year)[-_years(criterion) :]
    return "; ".join(f"{one.year}: {number(one.amount.in_kronor())} kr" for one in years) or None


def _in_register(_criterion: Criterion, entity: Entity) -> str | None:
    return YES if entity.is_registered else None


def _register_number(_criterion: Criterion, entity: Entity) -> str | None:
    return f"{entity.party.org_number} (Bolagsverket)" if entity.is_registered else None


def _insured(_criterion: Criterion, entity: Entity) -> str | None:
    return decimal_kronor(entity.insured) if entity.insured is not None else None


def _need_not_insure_more(criterion: Criterion, entity: Entity) -> str | None:
    return NO if _meets(criterion, entity.insured) else None


def _not_exempt(_criterion: Criterion, entity: Entity) -> str | None:
    return NO if entity.insured is not None else None


def _nth_delivery(one: Reference) -> str | None:
    return ", ".join(part for part in (one.customer, one.what, one.period) if part)


def _nth_value(one: Reference) -> str | None:
    return decimal_kronor(one.value) if one.value is not None else None


def _nth_customer(one: Reference) -> str | None:
    return one.customer or None


def _nth_contact(one: Reference) -> str | None:
    return one.contact or None


def _nth_reference(code: str, tell: Callable[[Reference], str | None]) -> Callable[[Entity, int], str | None]:
    """What is told of the reference of that number under the criterion of its own kind."""

    def answer(entity: Entity, number: int) -> str | None:
        found = references_under(code, entity)
        return tell(found[number - 1]) if number <= len(found) else None

    return answer


def references_under(code: str, entity: Entity) -> tuple[Reference, ...]:
    """A cleaning contract shows nothing of goods or works: references stand under the kind that the bid is of."""
    return entity.references if entity.delivers == code else ()


RULES: Mapping[tuple[str, str], Rule] = {
    ("shelt-worksh", "1/1"): Rule(INDICATOR, _is_sheltered),
    ("shelt-worksh", "1.1/1"): Rule(PERCENTAGE, _sheltered_share),
    ("shelt-worksh", "1.1/2"): Rule(TEXT, _sheltered_words),
    ("registered", "1/1"): Rule(INDICATOR, lambda _criterion, _entity: NO),
    ("eo-group", "1/1"): Rule(INDICATOR, lambda _criterion, entity: said(entity.in_group)),
    ("eo-group", "1.1/1"): Rule(CODE, _group_role),
    ("eo-group", "1.1/2"): Rule(TEXT, _others),
    ("eo-group", "1.1/3"): Rule(TEXT, lambda _criterion, entity: entity.group_name or None),
    ("relied", "1/1"): Rule(INDICATOR, lambda _criterion, entity: said(entity.relies)),
    ("relied", "1.1/1"): Rule(TEXT, lambda _criterion, entity: _names(entity.relied_on)),
    ("relied", "1.1/2"): Rule(OPERATOR, lambda _criterion, entity: _numbers(entity.relied_on)),
    ("subco-ent", "1/1"): Rule(INDICATOR, lambda _criterion, entity: said(bool(entity.subcontractors))),
    ("subco-ent", "1.1/1"): Rule(TEXT, lambda _criterion, entity: _names(entity.subcontractors)),
    ("subco-ent", "1.1/2"): Rule(OPERATOR, lambda _criterion, entity: _numbers(entity.subcontractors)),
    ("sme", "1/1"): Rule(INDICATOR, _is_small),
    ("sme", "1.1/1"): Rule(INTEGER, _employees),
    ("sme", "1.1/2"): Rule(AMOUNT, _turnover),
    ("trade-regist", "1.1.2/1"): Rule(INDICATOR, _in_register),
    ("trade-regist", "1.1.2.1/1"): Rule(TEXT, _register_number),
    ("aver-year-to", "1.1.2/1"): Rule(AMOUNT, _average),
    ("aver-year-to", "1.1.2/2"): Rule(TEXT, _year_by_year),
    ("indem-insu", "1.1.2/1"): Rule(AMOUNT, _insured),
    ("indem-insu", "1.1.2/2"): Rule(INDICATOR, _need_not_insure_more),
    ("indem-insu", "1.1.2/3"): Rule(INDICATOR, _not_exempt),
}
_REFERENCE: Mapping[str, tuple[str, Callable[[Reference], str | None]]] = {
    "1.1.3.1/1": (TEXT, _nth_delivery),
    "1.1.3.1/2": (AMOUNT, _nth_value),
    "1.1.3.1.1/1": (TEXT, _nth_customer),
    "1.1.3.1.1/2": (TEXT, _nth_contact),
}
NTH_RULES: Mapping[tuple[str, str], NthRule] = {
    ("gen-year-to", "1.1.2/1"): NthRule(PERIOD, _nth_period),
    ("gen-year-to", "1.1.2/2"): NthRule(AMOUNT, _nth_turnover),
    ("year-manpower", "1.1.2/1"): NthRule(YEAR, _nth_manpower_year),
    ("year-manpower", "1.1.2/2"): NthRule(INTEGER, _nth_employees),
    **{
        (code, place): NthRule(data_type, _nth_reference(code, tell))
        for code in REFERENCE_CODES
        for place, (data_type, tell) in _REFERENCE.items()
    },
}
"""The same where a group is answered several times."""


def wanted(criterion: Criterion, entity: Entity) -> int:
    """How many times a group of the criterion is answered at least: the years that the buyer asks for, or what we know.

    Of references all that the bid has are told.
    """
    if criterion.code in REFERENCE_CODES:
        return max(1, len(references_under(criterion.code, entity)))
    return _years(criterion)


def fulfils(criterion: Criterion, entity: Entity) -> str | None:
    """Yes where the party's own figures show that it meets the criterion by itself; else it must say so."""
    if criterion.code == "trade-regist" and entity.is_registered:
        return YES
    if criterion.code == "year-manpower" and entity.party.employees is not None:
        return YES
    if criterion.code == "indem-insu" and _meets(criterion, entity.insured):
        return YES
    if criterion.code == "aver-year-to":
        average = _average(criterion, entity)
        return YES if average and _meets(criterion, Money(int(Decimal(average) * 100))) else None
    if criterion.code == "gen-year-to":
        years = sorted(entity.party.turnover, key=lambda one: one.year)[-_years(criterion) :]
        enough = len(years) == _years(criterion) and all(_meets(criterion, one.amount) for one in years)
        return YES if enough else None
    return None


def _meets(criterion: Criterion, amount: Money | None) -> bool:
    """Whether the amount reaches every least amount in kronor; one in another currency is for people to judge."""
    least = _demands(criterion, "MINIMUM_AMOUNT")
    if amount is None:
        return False
    for demand in least:
        figure, _, currency = demand.partition(" ")
        if currency != "SEK":
            return False
        try:
            if Decimal(amount.ore) / 100 < Decimal(figure):
                return False
        except InvalidOperation:
            return False
    return True


def _years(criterion: Criterion) -> int:
    """How many years the buyer asks for; one where it does not say, and never more than ten."""
    told = [one.partition(" ")[0] for one in _demands(criterion, "QUANTITY_YEAR", "MINIMUM_QUANTITY_YEAR")]
    figures = [int(one.partition(".")[0]) for one in told if re.fullmatch(r"[0-9]{1,4}(\.[0-9]*)?", one)]
    return min(max(figures, default=1), 10) or 1


def _demands(criterion: Criterion, *data_types: str) -> list[str]:
    def is_one(place: Property) -> bool:
        return place.kind is Kind.REQUIREMENT and place.data_type in data_types and bool(place.expected)

    return [one.expected for one in criterion.properties() if is_one(one)]
