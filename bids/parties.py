"""The parties of an offer, with what they are, have and hand in: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.money import Money
from bids.canonical import LATER
from bids.kinds import DocumentKind, PartyRole
from bids.legal_values import LotReason


@dataclass(frozen=True, slots=True)
class HeadCount:
    """Persons occupied, trainees too, and how many are of the target group (LOU 4:18); ``verified`` by another."""

    counted_on: date
    occupied: int
    target_group: int
    method: str = ""
    verified: bool | None = field(default=None, metadata={LATER: True})

    @property
    def percent(self) -> Decimal:
        """The share of the target group in per cent, two decimals cut off so that 29,999 never becomes 30."""
        if self.occupied <= 0:
            return Decimal(0)
        return Decimal(self.target_group * 10_000 // self.occupied) / 100


@dataclass(frozen=True, slots=True)
class PartyDocument:
    """A document that a party has handed in. Without ``appendix_number`` it is handed in beside the bid.

    ``fault`` is what we have found wrong with it, ``is_replaced`` tells that the party has handed in a newer one, and
    ``amount`` is the sum insured. ``signed_text`` is the SHA-256 of the text that was signed on screen; a paper that
    was handed in has none.
    """

    kind: DocumentKind
    title: str
    valid_from: date | None = None
    valid_to: date | None = None
    appendix_number: int | None = None
    fault: str = field(default="", metadata={LATER: True})
    is_replaced: bool = field(default=False, metadata={LATER: True})
    amount: Money | None = field(default=None, metadata={LATER: True})
    signed_text: str = field(default="", metadata={LATER: True})

    def valid_on(self, day: date) -> bool:
        """Whether the document covers the day; an open end covers everything."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True, slots=True)
class Turnover:
    """A financial year's turnover, and how many were employed where that is known."""

    year: int
    amount: Money
    employees: int | None = field(default=None, metadata={LATER: True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A legal person in the bid, and why it could not bid alone; ``bids_too``: it says that it has another bid."""

    key: str
    name: str
    org_number: str
    role: PartyRole
    legal_form: str = ""
    municipality: str = ""
    address: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    signatories: str = ""
    is_sales_company: bool = False
    f_tax: bool = False
    vat_number: str | None = None
    employees: int | None = None
    purpose: str = ""
    head_count: HeadCount | None = None
    documents: tuple[PartyDocument, ...] = ()
    turnover: tuple[Turnover, ...] = ()
    does: str = ""
    reason_not_alone: str = ""
    reasons: tuple[LotReason, ...] = field(default=(), metadata={LATER: True})
    bids_too: bool | None = field(default=None, metadata={LATER: True})
    bids_too_words: str = field(default="", metadata={LATER: True})
    bids_too_lots: tuple[str, ...] = field(default=(), metadata={LATER: True})
    """In which of this bid's lots."""
    about: str = field(default="", metadata={LATER: True})
    picture: str = field(default="", metadata={LATER: True})
    """The hash of a picture file that shows it, and what is seen there."""
    picture_words: str = field(default="", metadata={LATER: True})
