"""What an eForms notice tells, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.money import Money
from bids.notice_results import LotOutcome, NoticeChange, NoticeOrganisation
from bids.swedish import number, percent

BID_DUE = "Sista dag att lämna anbud"


class NoticeKind(StrEnum):
    """The root element: a plan, a contract to bid on, or a result."""

    PLAN = "PriorInformationNotice"
    CONTRACT = "ContractNotice"
    AWARD = "ContractAwardNotice"

    @property
    def label(self) -> str:
        """The Swedish word."""
        return {"PriorInformationNotice": "Förhandsannons", "ContractNotice": "Annons om upphandling"}.get(
            self.value, "Annons om resultat"
        )

    @property
    def is_award(self) -> bool:
        """Whether it comes after the award: a result, or a change of the contract."""
        return self is NoticeKind.AWARD


@dataclass(frozen=True, slots=True)
class NoticeAmount:
    """An amount in the notice's own currency, which need not be kronor."""

    value: Decimal
    currency: str

    @property
    def kronor(self) -> Money | None:
        """The amount when it is in SEK."""
        return Money.kronor(self.value) if self.currency == "SEK" else None

    def __str__(self) -> str:
        return str(self.kronor) if self.kronor is not None else f"{number(self.value)}\u00a0{self.currency}"


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """A length of time; ``unit`` is DAY, WEEK, MONTH or YEAR."""

    length: int
    unit: str

    def __str__(self) -> str:
        one, many = {"DAY": ("dag", "dagar"), "WEEK": ("vecka", "veckor"), "MONTH": ("månad", "månader")}.get(
            self.unit, ("år", "år")
        )
        return f"{self.length} {one if self.length == 1 else many}"


@dataclass(frozen=True, slots=True)
class NoticeDeadline:
    """When something must be in: ``at`` is aware, ``zone`` the offset as written, ``what`` is due in Swedish."""

    at: datetime
    zone: str
    what: str
    has_clock: bool = True
    """Whether the notice says at what hour; else the end of the day is assumed."""


@dataclass(frozen=True, slots=True)
class AwardCriterion:
    """A criterion: ``kind`` is price, cost or quality; ``weight_code`` is of eForms' number-weight list."""

    kind: str
    name: str = ""
    description: str = ""
    weight: Decimal | None = None
    weight_code: str = ""

    @property
    def weight_words(self) -> str:
        """``70 %``, ``15 poäng`` or a bare number; empty without a weight."""
        if self.weight is None:
            return ""
        if self.weight_code.startswith("per"):
            return percent(self.weight)
        return f"{number(self.weight)} poäng" if self.weight_code.startswith("poi") else number(self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLot:
    """A lot. The reserved codes are eForms' own: res-ws, res-pub-ser or none; yes, no or not-known."""

    id: str
    title: str = ""
    description: str = ""
    cpv: tuple[str, ...] = ()
    place: str = ""
    reserved_participation: str = ""
    reserved_execution: str = ""
    criteria: tuple[AwardCriterion, ...] = ()
    deadline: NoticeDeadline | None = None
    questions: NoticeDeadline | None = None
    value: NoticeAmount | None = None
    framework_maximum: NoticeAmount | None = None
    term: NoticePeriod | None = None
    validity: NoticePeriod | None = None

    @property
    def is_reserved(self) -> bool:
        """Whether participation or execution is reserved (LOU 4:18)."""
        return self.reserved_participation.startswith("res-") or self.reserved_execution == "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice. ``languages`` are three-letter codes, ``language`` the one that was read; ``cpv_main`` has 8 digits.

    ``folder`` names the procedure, and is the same in all its notices (BT-04); ``issued`` is when the notice was sent
    (BT-05). ``deadline`` and ``questions``, until when the buyer can be asked (BT-13), are the lots' first. ``areas``
    are the NUTS codes of all places. ``unknown_codes`` are such as we have no word for. ``missing`` holds a Swedish
    sentence for each thing the notice does not tell.
    """

    id: str
    version: str
    kind: NoticeKind
    type_code: str
    subtype: str
    languages: tuple[str, ...]
    language: str
    buyers: tuple[NoticeOrganisation, ...]
    title: str
    description: str
    reference: str
    procedure_code: str
    procedure: str
    is_framework: bool
    deadline: NoticeDeadline | None
    questions: NoticeDeadline | None
    lots: tuple[NoticeLot, ...]
    cpv_main: str
    cpv_additional: tuple[str, ...]
    places: tuple[str, ...]
    areas: tuple[str, ...]
    value: NoticeAmount | None
    framework_maximum: NoticeAmount | None
    documents_url: str
    submission_url: str
    folder: str = ""
    issued: datetime | None = None
    change: NoticeChange | None = None
    outcomes: tuple[LotOutcome, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def asks_too_late(self) -> bool:
        """Whether the day for questions lies after the last day for bids, and can be no such day."""
        return bool(self.questions and self.deadline and self.questions.at > self.deadline.at)

    @property
    def questions_until(self) -> datetime | None:
        """The last moment for questions, where it can be believed."""
        return self.questions.at if self.questions and not self.asks_too_late else None

    @property
    def is_reserved(self) -> bool:
        """Whether any lot is reserved."""
        return any(lot.is_reserved for lot in self.lots)

    @property
    def is_result(self) -> bool:
        """Whether it tells how the buyer decided. A change of a contract in force has the same root, and does not."""
        return self.kind is NoticeKind.AWARD and self.type_code != "can-modif"
