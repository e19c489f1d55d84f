"""A request and what is known of a party -> every question that is to be answered, with its answer if there is one.

What the party says in this declaration goes first, then what follows from the bid and from the party's own facts, then
what it has said in an earlier declaration. Whatever is left is asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bids.espd.facts import Entity
from bids.espd.repeating import REFERENCE_CODES, most_of, nth, nth_path, place_in
from bids.espd.rules import NTH_RULES, RULES, fulfils, wanted
from bids.espd.taxonomy import ABOUT_THIS_ONE
from bids.espd.values import (
    ALWAYS,
    DATE,
    EVIDENCE,
    IF_NO,
    IF_YES,
    INDICATOR,
    NO,
    OPERATOR,
    TEXT,
    YES,
    Criterion,
    Group,
    Kind,
    Part,
    Property,
    Request,
)
from bids.kinds import Labelled

OPTIONAL = ("if possible", "other information", "additional information", "where applicable")

NOBODY_ELSE = {"prof-regist", "trade-regist", "autorisation", "authorisation", "membership"}
"""What each must have itself: to stand in a register, or to be authorised. Capacity alone can be another's."""


class Source(Labelled):
    """Where an answer comes from."""

    SAID = "said", "Ni har svarat"
    BID = "bid", "Anbudet och medlemmens uppgifter"
    BEFORE = "before", "Samma svar som förra gången"
    HOUSE = "house", "Köparen hämtar själv uppgifter som finns elektroniskt utan kostnad (LOU 15 kap. 5 §)"


@dataclass(frozen=True, slots=True)
class Line:
    """A question that is to be answered now. ``value`` is None while nobody knows.

    ``key`` is what the answer is remembered by; empty where it concerns this procedure only.
    """

    criterion: Criterion
    question: Property
    key: str
    value: str | None
    source: Source | None
    required: bool = True
    number: int = 1
    """Which answer it is, where the group is answered several times."""
    is_spare: bool = False
    """Room for one answer more than there are."""

    @property
    def is_told(self) -> bool:
        """Whether somebody has answered it, or the bid does."""
        return self.value is not None and self.source is not Source.HOUSE

    @property
    def is_asked(self) -> bool:
        """Whether somebody must answer it before the declaration can be signed."""
        return self.required and self.value is None


def lines(request: Request, entity: Entity, said: Mapping[str, str]) -> tuple[Line, ...]:
    """Every question that the answers so far lead to, in the order of the request."""
    told, entity = dict(entity.told), _of_its_kind(request, entity)
    return tuple(line for criterion in request.criteria for line in _Filled(criterion, entity, said, told).lines())


def _of_its_kind(request: Request, entity: Entity) -> Entity:
    """Where the buyer asks of one kind of delivery alone, references are of that kind, whatever code the tender has."""
    kinds = {one.code for one in request.criteria if one.code in REFERENCE_CODES}
    return replace(entity, delivers=kinds.pop()) if len(kinds) == 1 else entity


def asked(found: tuple[Line, ...]) -> tuple[Line, ...]:
    """What is left to ask."""
    return tuple(line for line in found if line.is_asked)


class _Filled:
    """One criterion while its groups are walked through."""

    def __init__(self, criterion: Criterion, entity: Entity, said: Mapping[str, str], told: Mapping[str, str]) -> None:
        self.criterion, self.entity, self.said, self.told = criterion, entity, said, told
        self.demand = _demand(criterion)
        self.lacks_years = False
        questions = [one for one in criterion.properties() if one.kind is Kind.QUESTION]
        self.main = next((one.id for one in questions if one.data_type == INDICATOR), "")

    def lines(self) -> Iterator[Line]:
        for place, group in enumerate(self.criterion.groups, 1):
            yield from self._group(group, str(place), required=group.when in {ALWAYS, IF_YES, IF_NO})

    def _group(self, group: Group, path: str, *, required: bool) -> Iterator[Line]:
        answers: dict[str, str | None] = {}
        for place, question in enumerate(group.questions, 1):
            line = self._line(group, question, f"{path}/{place}", required=required)
            answers[question.id] = line.value
            yield line
        gate = answers.get(group.gate.id) if group.gate else None
        for place, inner in enumerate(group.groups, 1):
            if inner.when == ALWAYS or gate == {IF_YES: YES, IF_NO: NO}.get(inner.when, ""):
                yield from self._each(inner, f"{path}.{place}", required=required)
            elif inner.when not in {IF_YES, IF_NO}:
                yield from self._group(inner, f"{path}.{place}", required=False)

    def _each(self, group: Group, path: str, *, required: bool) -> Iterator[Line]:
        """The group, once for each answer there is or must be, and once more for one that may be added."""
        most = most_of(self.criterion.code, path)
        if most == 1:
            yield from self._group(group, path, required=required)
            return
        several = [list(self._nth(group, path, number, required=required)) for number in range(1, most + 1)]
        told = [number for number, lines in enumerate(several, 1) if any(line.is_told for line in lines)]
        last = max(told, default=0)
        at_least = min(wanted(self.criterion, self.entity), most)
        if self.criterion.code not in REFERENCE_CODES and last < at_least:
            self.lacks_years = not self._says_since_when()
            at_least = at_least if self.lacks_years else 1
        for number, lines in enumerate(several[: max(last, at_least) + 1], 1):
            must = number in told or number <= at_least
            yield from lines if must else _spare(lines)

    def _nth(self, group: Group, path: str, number: int, *, required: bool) -> Iterator[Line]:
        """One of several. Of a reference more than the bid has, nothing but what it is must be told."""
        known = wanted(self.criterion, self.entity)
        for line in self._group(nth(group, number), nth_path(path, number), required=required):
            is_more = number > known and self.criterion.code in REFERENCE_CODES
            must = line.required and not (is_more and line.question != nth(group, number).questions[0])
            yield replace(line, required=must, number=number)

    def _says_since_when(self) -> bool:
        """Whether the party has told since when it exists, which excuses it from older years."""
        before = any(
            key.startswith(f"{self.criterion.code}:") and key.endswith(f":{DATE}{self.demand}") for key in self.told
        )
        days = (one for one in self.criterion.properties() if one.kind is Kind.QUESTION and one.data_type == DATE)
        return before or any(self.said.get(one.id) for one in days)

    def _line(self, group: Group, question: Property, path: str, *, required: bool) -> Line:
        key = self._key(question, path)
        value, source = self._answer(group, question, path, key)
        may_wait = group.when == ALWAYS and self.criterion.part is Part.SELECTION and _is_optional(question)
        may_wait = may_wait and not (self.lacks_years and question.data_type == DATE)
        return Line(self.criterion, question, key, value, source, required and not may_wait)

    def _key(self, question: Property, path: str) -> str:
        """Under which what is said is remembered. What a buyer demands in its own words makes it another question."""
        if self.criterion.code in ABOUT_THIS_ONE:
            return ""
        place = "main" if question.id == self.main else f"{path}:{question.data_type}"
        code = self.criterion.code or hashlib.sha256(self.criterion.text.encode()).hexdigest()[:16]
        return f"{code}:{place}{self.demand}"

    def _answer(self, group: Group, question: Property, path: str, key: str) -> tuple[str | None, Source | None]:
        if question.id in self.said:
            return self.said[question.id], Source.SAID
        if _offers_evidence(group, question):
            return NO, Source.HOUSE
        found = self._from_bid(group, question, path)
        if found is not None:
            return found, Source.BID
        if key in self.told:
            return self.told[key], Source.BEFORE
        return None, None

    def _from_bid(self, group: Group, question: Property, path: str) -> str | None:
        if _asks_alone(group, question):
            return fulfils(self.criterion, self.entity)
        relied = _relied_answer(self.criterion, group, question, self.entity)
        if relied is not None:
            return relied
        place, number = place_in(path)
        nth_rule = NTH_RULES.get((self.criterion.code, place))
        if nth_rule is not None and nth_rule.data_type == question.data_type:
            return nth_rule.answer(self.entity, number)
        rule = RULES.get((self.criterion.code, place))
        if rule is None or rule.data_type != question.data_type:
            return None
        return rule.answer(self.criterion, self.entity)


def _spare(lines: list[Line]) -> Iterator[Line]:
    """Room for one more: nobody need fill it, and what the buyer fetches itself is told of no answer."""
    for line in lines:
        if line.source is not Source.HOUSE:
            yield replace(line, required=False, is_spare=True)


def _demand(criterion: Criterion) -> str:
    """A mark of what the buyer demands in a criterion of qualification, or in words of its own; else nothing."""
    if criterion.part in {Part.EXCLUSION, Part.PARTY}:
        return ""
    words = [one.expected or one.text for one in criterion.properties() if one.kind is not Kind.QUESTION]
    own = [one.text for one in criterion.properties()] if criterion.part is Part.UNKNOWN else []
    told = "\n".join(word for word in (*words, *own) if word and not word.startswith("LOT-"))
    return f":{hashlib.sha256(told.encode()).hexdigest()[:12]}" if told else ""


def _is_optional(question: Property) -> bool:
    """What the standard forms ask of those that have something to tell."""
    return question.data_type == DATE or question.text.lower().startswith(OPTIONAL)


def _offers_evidence(group: Group, question: Property) -> bool:
    """Whether a yes would lead to nothing but the naming of evidence."""
    led_to = [inner for inner in group.groups if inner.when == IF_YES]
    return (
        question == group.gate
        and bool(led_to)
        and all(one.data_type == EVIDENCE for inner in led_to for one in inner.questions)
        and all(inner.questions and not inner.groups for inner in led_to)
    )


def _asks_alone(group: Group, question: Property) -> bool:
    """Whether it asks if the party meets the criterion by itself, so that a no leads to whom it relies on."""
    return question == group.gate and any(inner.when == IF_NO and _names_a_company(inner) for inner in group.groups)


def _names_a_company(group: Group) -> bool:
    return group.gate is not None and any(
        inner.when == IF_YES and any(one.data_type == OPERATOR for one in inner.questions) for inner in group.groups
    )


def _relied_answer(criterion: Criterion, group: Group, question: Property, entity: Entity) -> str | None:
    """Within a criterion that the party does not meet by itself: that it relies on nobody, or on whom.

    Whether it relies on others in this very criterion only the party can say, where the bid has such and the law allows
    it (LOU 14 kap. 6 §).
    """
    if group.when == IF_NO and _names_a_company(group) and question == group.gate:
        return None if entity.relies and criterion.code not in NOBODY_ELSE else NO
    alone = len(entity.relied_on) == 1
    if group.when == IF_YES and alone and any(one.data_type == OPERATOR for one in group.questions):
        if question.data_type == OPERATOR:
            return "; ".join(one.org_number for one in entity.relied_on)
        if question.data_type == TEXT:
            return "; ".join(one.name for one in entity.relied_on)
    return None
