"""What the legal part of a bid adds to an offer: the buyer's figures to qualify by, and reasons lot by lot."""

from __future__ import annotations

from dataclasses import dataclass

from app.money import Money
from bids.kinds import DocumentKind, Labelled

MOST_YEARS = 3
"""Turnover may be asked for of at most so many years (LOU 15:10), and deliveries of as many back (LOU 15:11)."""


class QualificationKind(Labelled):
    """What a buyer puts a figure on (LOU 14:1-5)."""

    TURNOVER = "turnover", "Omsättning"
    INSURANCE = "insurance", "Försäkring"
    REFERENCES = "references", "Referenser"
    PRACTISE = "practise", "Rätt att utöva yrket"


class ReasonKind(Labelled):
    """Why an enterprise could not have bid alone: what competition law asks for (guidelines of 1 June 2023).

    In words that follow upon ``att``.
    """

    CAPACITY = "capacity", "kapaciteten inte räcker"
    GEOGRAPHY = "geography", "de inte når alla platser"
    INSURANCE = "insurance", "försäkringen inte räcker"
    TURNOVER = "turnover", "omsättningen inte räcker"
    TIME = "time", "de inte hinner i tid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """One of the buyer's figures, for a lot or (``lot_ref`` None) for the whole tender.

    ``amount`` is the least turnover of a year, the least sum insured, or the least value of a reference. ``number``
    counts references, ``years`` is how many years of turnover, or how many back a reference may lie. ``each``: the
    documents say that every tenderer must meet it by itself (LOU 4:5). ``contract_value`` is what the turnover may be
    held against (LOU 14:4); without it the tender's ceiling is. ``document`` proves the right to practise.
    """

    kind: QualificationKind
    amount: Money | None = None
    number: int = 0
    years: int = 1
    lot_ref: str | None = None
    ref: str = ""
    each: bool = False
    contract_value: Money | None = None
    document: DocumentKind = DocumentKind.REGISTER_EXTRACT


@dataclass(frozen=True, slots=True)
class LotReason:
    """Why a party could not bid alone for a lot, or (``lot_ref`` None) for a tender without lots."""

    lot_ref: str | None
    kinds: tuple[ReasonKind, ...]
    words: str = ""
