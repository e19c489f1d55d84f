"""What buyers call the kinds of requirements and the units, in their forms and documents. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app import units
from bids.kinds import RequirementKind as Kind
from bids.kinds import RequirementStage as Stage

STAGE_OF = {
    Kind.MUST: Stage.QUALIFICATION,
    Kind.SCORED: Stage.AWARD,
    Kind.CONTRACT: Stage.CONTRACT,
    Kind.INFORMATION: Stage.AWARD,
    Kind.BUYER: Stage.CONTRACT,
    Kind.QUESTION: Stage.AWARD,
}
"""Where a requirement is looked at when nothing says so."""
KIND_OF = {Stage.CONTRACT: Kind.CONTRACT, Stage.CATALOGUE: Kind.CONTRACT, Stage.QUALIFICATION: Kind.MUST}
"""What it is when only the stage is said."""
_KINDS = {
    Kind.MUST: (
        "ska", "skall", "krav", "måste", "måste uppfyllas", "ska uppfyllas", "ska-krav", "skakrav", "skallkrav",
        "skall-krav", "obligatoriskt", "obligatoriskt krav", "o", "minimikrav", "must", "s",
    ),
    Kind.SCORED: (
        "bör", "bör-krav", "börkrav", "b", "utvärdering", "utvärderas", "utvärderingskrav", "viktas", "viktad",
        "ingår i utvärdering", "ingår i utvärderingen", "mervärde", "mervärdeskrav", "poängsätts",
    ),
    Kind.CONTRACT: ("villkor", "kontraktsvillkor", "avtalsvillkor", "särskilt kontraktsvillkor"),
    Kind.INFORMATION: ("upplysning", "info", "information", "endast information", "endast för information", "i"),
    Kind.BUYER: ("besvaras av köparen", "köparen", "ifylls av köparen", "besvaras av beställaren"),
}  # fmt: skip
_STAGES = {
    Stage.NOTICE: ("annons", "del av annons", "del av annonsen", "ingår i annons", "ingår i annonsen"),
    Stage.QUALIFICATION: (
        "kvalificering", "kvalificeringskrav", "kvalificeringsfas", "kvalificeringsfasen", "krav på leverantören",
        "krav på anbudsgivaren", "leverantörskrav", "ingår i kvalificering", "ingår i kvalificeringen",
    ),
    Stage.AWARD: ("tilldelning", "kravspecifikation", "krav på varan", "krav på tjänsten", "produktkrav"),
    Stage.CONTRACT: ("kontrakt", "avtal", "ingår i kontrakt", "ingår i kontraktet", "ingår i avtal", "ingår i avtalet"),
    Stage.CATALOGUE: ("kontraktskatalog", "ingår i kontraktskatalog", "ingår i kontraktskatalogen", "avtalskatalog"),
}  # fmt: skip
_FOLLOWED_UP = {
    "uppföljning",
    "särskild uppföljning",
    "markerad för särskild uppföljning",
    "följs upp",
    "följs upp särskilt",
}
_PROOF = {"bevis", "bevis krävs", "styrks", "ska styrkas", "intyg", "bilaga"}
_BY_WORD: dict[str, Kind | Stage] = {word: kind for kind, words in _KINDS.items() for word in words} | {
    word: stage for stage, words in _STAGES.items() for word in words
}
_BETWEEN = re.compile(r"[,;+/\n]| och ")


@dataclass(frozen=True, slots=True)
class SaidOfKind:
    """What a few words of the buyer's say of a requirement; None where they say nothing."""

    kind: Kind | None = None
    stage: Stage | None = None
    proof: bool = False
    followed_up: bool = False

    def kind_or(self, otherwise: Kind) -> Kind:
        """The kind, or what follows from the stage, or else another."""
        return self.kind or (KIND_OF.get(self.stage, otherwise) if self.stage else otherwise)


def read_kind(written: str) -> SaidOfKind:
    """``Ska``, ``ska+bevis``, ``Kvalificering, måste uppfyllas, särskild uppföljning``.

    Raises ValueError for a word that means nothing to us, and for two that cannot both be meant.
    """
    kinds: set[Kind] = set()
    stages: set[Stage] = set()
    proof = followed_up = False
    for part in _BETWEEN.split(written.casefold()):
        word = " ".join(part.strip(" .:()–-*").split())
        if not word:
            continue
        known = _BY_WORD.get(word)
        proof, followed_up = proof or word in _PROOF, followed_up or word in _FOLLOWED_UP
        if isinstance(known, Kind):
            kinds.add(known)
        elif known is not None:
            stages.add(known)
        elif word not in _PROOF | _FOLLOWED_UP:
            raise ValueError(f"no kind of requirement: {word[:40]!r}")
    if len(kinds) > 1 or len(stages) > 1:
        raise ValueError(f"two kinds at once: {written[:40]!r}")
    return SaidOfKind(next(iter(kinds), None), next(iter(stages), None), proof, followed_up)


_UNITS = {
    **{unit.name_sv: unit.code for unit in units.UNITS.values()},
    **{unit.symbol_sv: unit.code for unit in units.UNITS.values() if unit.code != "C62"},
    **{unit.code.lower(): unit.code for unit in units.UNITS.values()},
    "m2": "MTK",
    "m3": "MTQ",
    "timmar": "HUR",
    "h": "HUR",
}


def unit_of(written: str) -> tuple[str, str]:
    """A Rec 20 code, and the buyer's own words where no unit of ours says the same."""
    known = _UNITS.get(written.strip().lower())
    return (known, "") if known else ("C62", written.strip()[:60])
