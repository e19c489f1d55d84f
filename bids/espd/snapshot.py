"""A declaration as it was signed: frozen, with a hash; and what differs from the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bids.canonical import LATER, dumps
from bids.espd.answering import spoken
from bids.espd.facts import Entity
from bids.espd.filling import Line
from bids.espd.values import Form, Request
from bids.espd.words import name_of, phrase_nth, text_of
from bids.kinds import PartyRole


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it was given. ``value`` is as it is written, ``words`` as it is read."""

    id: str
    key: str
    criterion: str
    criterion_id: str
    asks: str
    question: str
    data_type: str
    value: str
    words: str
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Everything that a signed declaration says."""

    form: Form
    party: str
    org_number: str
    legal_form: str
    address: str
    vat_number: str
    role: str
    buyer: str
    tender: str
    diary_number: str
    lots: tuple[str, ...]
    answers: tuple[Said, ...]
    over_a_tenth: tuple[str, ...]
    signed_by: str
    signed_on: str
    """The moment in Swedish time, as ``2026-11-23 14:05``."""
    nobody_over_a_tenth: bool = field(default=False, metadata={LATER: True})
    """It answers for those under the party, and by the price rows none of them delivers over a tenth."""

    @property
    def sha256(self) -> str:
        """Of the text, so that nobody can say that another was signed."""
        return hashlib.sha256(dumps(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is kept of a signature: what was signed, and who the party was then, for the papers that follow."""

    signed: Signed
    entity: Entity


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier sheet says, without the facts behind it."""

    tender: str
    signed_on: str
    answers: tuple[Said, ...]
    over_a_tenth: tuple[str, ...] = ()

    @classmethod
    def read(cls, sheet: str) -> Before:
        """From the sheet's JSON: a page compares dozens, and needs no more of them than this."""
        told = json.loads(sheet)["signed"]
        answers = tuple(Said(**one) for one in told["answers"])
        return cls(told["tender"], told["signed_on"], answers, tuple(told["over_a_tenth"]))


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not as it was; ``before`` is empty where it was not asked."""

    criterion: str
    question: str
    before: str
    now: str


def answers_of(found: Sequence[Line]) -> tuple[Said, ...]:
    """The answers there are, in order."""
    return tuple(_said(line) for line in found if line.value is not None)


def _said(line: Line) -> Said:
    value = line.value or ""
    asked = phrase_nth(line.criterion, line.question, line.number)
    return Said(
        id=line.question.id,
        key=line.key,
        criterion=name_of(line.criterion),
        criterion_id=line.criterion.id,
        asks=text_of(line.criterion),
        question=asked,
        data_type=line.question.data_type,
        value=value,
        words=spoken(line.question, value) if value else "",
        part=line.criterion.part.value,
    )


def differences(before: Sequence[Said], now: Sequence[Said]) -> tuple[Difference, ...]:
    """What another answer was given to last time. Questions that were not asked then are not listed: they are asked."""
    known: Mapping[str, Said] = {one.key: one for one in before if one.key}
    return tuple(
        Difference(one.criterion, one.question, known[one.key].words, one.words)
        for one in now
        if one.key in known and known[one.key].value != one.value
    )


def signed(
    request: Request,
    entity: Entity,
    found: Sequence[Line],
    *,
    buyer: str,
    tender: str,
    diary_number: str,
    lots: Sequence[str],
    signed_by: str,
    signed_on: str,
) -> Signed:
    """The declaration as it stands, under a name. It answers the tender that the request names, as its XML does."""
    party = entity.party
    return Signed(
        form=request.form,
        party=party.name,
        org_number=party.org_number,
        legal_form=party.legal_form,
        address=party.address,
        vat_number=party.vat_number or "",
        role=party.role.label,
        buyer=request.buyer or buyer,
        tender=request.title or tender,
        diary_number=request.folder or diary_number,
        lots=tuple(lots),
        answers=answers_of(found),
        over_a_tenth=tuple(str(one) for one in entity.over_a_tenth),
        signed_by=signed_by,
        signed_on=signed_on,
        nobody_over_a_tenth=_nobody(request, entity),
    )


def _nobody(request: Request, entity: Entity) -> bool:
    answers_for_others = request.form is Form.SANCTIONS and entity.party.role is PartyRole.TENDERER
    return answers_for_others and entity.knows_parts and not entity.over_a_tenth
