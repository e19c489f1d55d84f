"""What somebody should look at in a declaration before it goes: a ground that applies, a figure below the buyer's.

Neither stops a bid. A party may show that it is trusted all the same (LOU 13 kap. 5 §), and a figure may be reached
together with others or be meant otherwise by the buyer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import groupby

from bids.espd.answering import spoken
from bids.espd.filling import Line
from bids.espd.repeating import REFERENCE_CODES
from bids.espd.values import (
    AMOUNT,
    IF_NO,
    INDICATOR,
    INTEGER,
    NO,
    PERCENTAGE,
    QUANTITY,
    YES,
    Criterion,
    Group,
    Kind,
    Part,
    Property,
)
from bids.espd.words import demand_in_words, name_of, phrase_of
from bids.gap import Gap
from bids.kinds import GapArea
from bids.parties import Party

OURS = "SEK"
LEAST = ("lägsta", "minst", "minimum", "least")
"""How a demand is called that is a least figure."""
MANY = {"MINIMUM_QUANTITY": QUANTITY, "MINIMUM_QUANTITY_INTEGER": INTEGER, "MINIMUM_PERCENTAGE": PERCENTAGE}
NO_FIGURE = {"QUANTITY_YEAR", "MINIMUM_QUANTITY_YEAR"}


def doubts_of(party: Party, lines: Sequence[Line]) -> Iterator[Gap]:
    """The reminders that a party's answers, as they stand, give cause to."""
    for criterion_id, several in groupby(lines, key=lambda one: one.criterion.id):
        own = [one for one in several if one.is_told]
        for place, words in enumerate(_of_criterion(party.name, own), 1):
            yield Gap(
                key=f"party:espd:{party.key}:{criterion_id}:{place}",
                area=GapArea.PARTY,
                blocking=False,
                sentence=words,
                party_key=party.key,
            )


def _of_criterion(name: str, told: list[Line]) -> Iterator[str]:
    if not told:
        return
    criterion = told[0].criterion
    if criterion.part is Part.EXCLUSION:
        yield from _ground(name, criterion, told)
    elif criterion.part is Part.SELECTION and not _leans_on_others(criterion, told):
        yield from _figures(name, criterion, told)


def _ground(name: str, criterion: Criterion, told: list[Line]) -> Iterator[str]:
    first = next((one for one in criterion.properties() if _asks(one)), None)
    if any(one.question == first and one.value == YES for one in told):
        yield (
            f"{name} har svarat ja på uteslutningsgrunden {name_of(criterion)} i sin egenförsäkran. Köparen kan "
            "utesluta parten, om den inte visar vad som är gjort för att det inte ska hända igen (LOU 13 kap. 5 §). "
            "Läs svaret, och tala med parten innan anbudet lämnas."
        )


def _asks(one: Property) -> bool:
    return one.kind is Kind.QUESTION and one.data_type == INDICATOR


def _leans_on_others(criterion: Criterion, told: list[Line]) -> bool:
    """Whether the party says that it does not meet the criterion by itself."""
    alone = {group.gate for group in _groups(criterion.groups) if any(one.when == IF_NO for one in group.groups)}
    return any(one.question in alone and one.value == NO for one in told)


def _groups(groups: Iterable[Group]) -> Iterator[Group]:
    for group in groups:
        yield group
        yield from _groups(group.groups)


def _figures(name: str, criterion: Criterion, told: list[Line]) -> Iterator[str]:
    for demand in criterion.properties():
        if demand.kind is not Kind.REQUIREMENT or not demand.expected or demand.data_type in NO_FIGURE:
            continue
        figure, currency = _least(demand)
        asked = f"{name_of(criterion)}: köparen begär {phrase_of(demand).lower()} {demand_in_words(demand)}"
        if figure is None:
            continue
        if demand.data_type == "MINIMUM_AMOUNT":
            yield from _amounts(name, asked, figure, currency, [one for one in told if _is(one, AMOUNT)])
        elif criterion.code in REFERENCE_CODES and "refer" in phrase_of(demand).lower():
            many = len({one.number for one in told if one.question.data_type != INDICATOR and one.value})
            if many < figure:
                yield f"{asked}, och {name} har angett {many}. Lägg till fler, eller åberopa någon som har dem."
        else:
            kind = MANY.get(demand.data_type, demand.data_type)
            low = [one for one in told if _is(one, kind) and _decimal(one) < figure]
            if low and kind in MANY.values():
                yield f"{asked}, och {name} har svarat {_said(min(low, key=_decimal))}. {CHECK}"


CHECK = "Kontrollera svaret, eller åberopa någon som når kravet."


def _amounts(name: str, asked: str, least: Decimal, currency: str, told: list[Line]) -> Iterator[str]:
    if told and currency != OURS:
        said = _said(min(told, key=_decimal))
        yield (
            f"{asked}, och {name} har svarat {said}. Beloppen är i olika valutor och går inte att jämföra här. Räkna "
            "om och kontrollera att kravet nås."
        )
        return
    low = [one for one in told if _decimal(one) < least]
    if low:
        yield f"{asked}, och {name} har svarat {_said(min(low, key=_decimal))}. {CHECK}"


def _least(demand: Property) -> tuple[Decimal | None, str]:
    """The figure that is asked for at least, with its currency; kronor where none is told."""
    is_least = demand.data_type.startswith("MINIMUM_") or any(word in demand.text.lower() for word in LEAST)
    figure, _space, unit = demand.expected.strip().partition(" ")
    try:
        return (Decimal(figure) if is_least else None), unit or OURS
    except InvalidOperation:
        return None, ""


def _is(one: Line, data_type: str) -> bool:
    return one.question.data_type == data_type and bool(one.value)


def _decimal(one: Line) -> Decimal:
    return Decimal(one.value or 0)


def _said(one: Line) -> str:
    return spoken(one.question, one.value or "")
