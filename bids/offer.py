"""An offer: everything a bid says, as frozen values that travel as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from app.money import NOUGHT, Money
from bids import canonical
from bids.budget_values import Budget
from bids.canonical import LATER
from bids.kinds import (
    AwardBasis,
    BidForm,
    OfferState,
    RequirementKind,
    RequirementStage,
)
from bids.legal_values import Qualification
from bids.look import Look
from bids.parties import Party
from bids.secrecy import Mask, Secret


@dataclass(frozen=True, slots=True)
class Buyer:
    """The contracting authority."""

    name: str
    org_number: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers the buyer's questions about the bid."""

    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Deduction:
    """One added value of the value-added model: the buyer deducts so many per cent of ``max_amount``."""

    requirement_ref: str
    name: str
    max_amount: Money
    share_percent: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """One of the buyer's numbered requirements; ``lot_ref`` None means the whole tender.

    ``most_characters`` is how long the answer may be, spaces counted; nought where nobody has said.
    """

    ref: str
    kind: RequirementKind
    stage: RequirementStage
    text: str
    lot_ref: str | None = None
    proof_required: bool = False
    most_characters: int = field(default=0, metadata={LATER: True})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an answer: an appendix of the bid, or (without a number) a place in the bid itself."""

    title: str
    appendix_number: int | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryText:
    """The entry of the answer library from which an answer took its text, and in which version.

    ``is_proof``: it shows something (a reference, a CV, a policy) rather than telling it. ``newer`` is the number of
    the entry's latest version when the offer was put together, None where the one taken is the latest.
    """

    title: str
    version: int
    valid_to: date | None = None
    review_on: date | None = None
    newer: int | None = None
    retired: bool = False
    is_proof: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Our answer to a requirement. ``answered`` None means not yet."""

    requirement_ref: str
    lot_ref: str | None = None
    answered: bool | None = None
    text: str = ""
    responsible: str | None = None
    evidence: tuple[Evidence, ...] = ()
    confidential: bool = False
    confidential_reason: str = ""
    look_again: bool = field(default=False, metadata={LATER: True})
    """The buyer has changed the requirement since it was answered."""
    library: tuple[LibraryText, ...] = field(default=(), metadata={LATER: True})
    confidential_until: date | None = field(default=None, metadata={LATER: True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one party promises of a price row: quantity and capacity per year, price per unit; signed or not yet."""

    party_key: str
    quantity: Decimal
    member_price: Money | None = None
    yearly_capacity: Decimal = Decimal(0)
    signed_by: str = ""
    signed_at: datetime | None = None

    @property
    def is_signed(self) -> bool:
        """A promise counts when somebody has put a name to it."""
        return bool(self.signed_by.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """A row of the price schedule. ``unit`` is a Rec 20 code, ``quantity`` is per year.

    ``fee_percent`` and ``margin_percent`` are per cent of the bid price; ``fixed_unit_price`` overrides the sum.
    ``transport`` is what it costs to bring a unit, ``hours`` how much work lies in one.
    """

    ref: str
    text: str
    unit: str
    unit_label: str
    quantity: Decimal
    lot_ref: str | None = None
    shares: tuple[Share, ...] = ()
    fee_percent: Decimal = Decimal(0)
    margin_percent: Decimal = Decimal(0)
    fixed_unit_price: Money | None = None
    transport: Money = field(default=NOUGHT, metadata={LATER: True})
    hours: Decimal = field(default=Decimal(0), metadata={LATER: True})
    loss_from: Money = field(default=NOUGHT, metadata={LATER: True})
    """Somebody has decided that the row may run at a loss, at this unit price or a higher one; nought: nobody has."""


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot that the bid covers."""

    ref: str
    title: str
    description: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appendix:
    """A file that goes with the bid; ``sha256`` is of the uploaded bytes, ``pages`` is None until counted."""

    number: int
    title: str
    media_type: str
    sha256: str
    party_key: str | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An earlier delivery (LOU 15:11): to whom, what, when and for how much."""

    customer: str
    what: str
    period: str = ""
    value: Money | None = None
    contact: str = ""
    party_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """What an addendum touches: a requirement, a price row, or with neither the whole lot.

    ``confirmed``: somebody has looked at it again since.
    """

    requirement_ref: str | None = None
    row_ref: str | None = None
    lot_ref: str | None = None
    confirmed: bool = False

    @property
    def is_lot(self) -> bool:
        """Whether it is a lot as a whole."""
        return self.requirement_ref is None and self.row_ref is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """Something the buyer has added to its documents since it published them, under the buyer's number."""

    number: int
    title: str
    received_at: datetime
    acknowledged: bool = False
    touches: tuple[Touch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A bid, complete. ``lots`` are the lots bid for; requirements and rows of other lots are left out of it.

    ``deadline`` and ``made_on`` are aware; ``zone`` names the zone they are shown in. ``term_years`` is the agreement's
    fixed term, ``option_years`` each possible extension. ``above_threshold``: the sanctions rules apply.
    ``joint_liability``: the buyer wants the parties to answer for the whole together (LOU 14:8). ``award_on``
    is the day on which the buyer decides, where somebody knows it; `bids.dates` reckons with a likely one else.
    ``labour_floor`` is what an hour of work costs at least; we set it, and the buyer does not see it.
    ``declined`` names the parties that have been asked, have said no, and have not been taken out.
    ``budget``: the offer is an application for project funding, and the buyer a funder; ``ceiling`` is then the most
    that one can be granted.
    """

    title: str
    buyer: Buyer
    deadline: datetime
    form: BidForm
    made_on: datetime
    diary_number: str = ""
    procedure: str = ""
    zone: str = "Europe/Stockholm"
    required_validity: date | None = None
    offered_validity: date | None = None
    award_on: date | None = field(default=None, metadata={LATER: True})
    ceiling: Money | None = None
    term_years: int = 0
    option_years: tuple[int, ...] = ()
    reserved: bool = False
    above_threshold: bool = False
    joint_liability: bool = field(default=False, metadata={LATER: True})
    award_basis: AwardBasis = AwardBasis.PRICE
    lots: tuple[Lot, ...] = ()
    parties: tuple[Party, ...] = ()
    declined: tuple[str, ...] = field(default=(), metadata={LATER: True})
    requirements: tuple[Requirement, ...] = ()
    answers: tuple[Answer, ...] = ()
    rows: tuple[PriceRow, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    references: tuple[Reference, ...] = ()
    addenda: tuple[Addendum, ...] = field(default=(), metadata={LATER: True})
    letter: str = ""
    delivery_plan: str = ""
    quality_plan: str = ""
    price_terms: str = ""
    social_commitments: str = ""
    contact: Contact | None = None
    labour_floor: Money | None = field(default=None, metadata={LATER: True})
    qualifications: tuple[Qualification, ...] = field(default=(), metadata={LATER: True})
    secrets: tuple[Secret, ...] = field(default=(), metadata={LATER: True})
    """For what else than answers secrecy is asked."""
    mask: Mask | None = field(default=None, metadata={LATER: True})
    """Of a masked copy only."""
    look: Look | None = field(default=None, metadata={LATER: True})
    budget: Budget | None = field(default=None, metadata={LATER: True})
    version: int = 1
    state: OfferState = OfferState.DRAFT

    @property
    def is_application(self) -> bool:
        """Whether it applies for project funding, and is no bid."""
        return self.budget is not None


def to_json(offer: Offer) -> str:
    """The offer as canonical JSON: equal offers give equal text. Money is öre, Decimal a string, times in UTC.

    Raises ValueError for a naive time or a Decimal that is no number.
    """
    return canonical.dumps(offer)


def from_json(text: str) -> Offer:
    """The offer that ``to_json`` wrote. Raises ValueError when the text is anything else."""
    return canonical.loads(text, Offer)
