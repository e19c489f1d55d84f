"""Which chapters a bid has, in the buyer's reading order, and the values its templates show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.money import Money
from bids import schedule
from bids.appendices import Attached
from bids.form_checks import GateResult, reserved_gate
from bids.kinds import BidForm, OfferState, PartyRole, RequirementKind
from bids.legal_forms import signing, with_role
from bids.masking import secrets_of
from bids.offer import Answer, Offer, Requirement
from bids.parties import Party, PartyDocument
from bids.schedule import ScheduleLot
from bids.scoring import comparison_figure
from bids.secrecy import Secret


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its number in this bid, and the template and anchor it goes by."""

    number: int
    name: str
    title: str


TITLES = {
    "letter": "Anbudsbrev",
    "parties": "Parter i anbudet",
    "attorneys": "Fullmakter",
    "reserved": "Reserverad upphandling",
    "exclusion": "Uteslutning och sanktioner",
    "economy": "Ekonomi",
    "capacity": "Kapacitet och referenser",
    "subcontractors": "Underleverantörer",
    "quality": "Kvalitet och miljö",
    "delivery": "Leverans",
    "requirements": "Så uppfyller vi kraven",
    "scored": "Utvärderingskrav",
    "prices": "Prisbilaga",
    "social": "Sociala åtaganden",
    "secrecy": "Begäran om sekretess",
    "signatures": "Underskrifter",
    "appendices": "Bilagor",
}
"""Every chapter by name, in the order that a buyer reads a bid."""


@dataclass(frozen=True)
class BidView:
    """An offer as its templates read it."""

    offer: Offer
    attached: tuple[Attached, ...]

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters this bid has, numbered."""
        present = [name for name in TITLES if self._needs.get(name, True)]
        return tuple(Chapter(number, name, TITLES[name]) for number, name in enumerate(present, 1))

    @property
    def _needs(self) -> dict[str, object]:
        """The chapters that not every bid has, each with what makes it one to write."""
        offer = self.offer
        return {
            "attorneys": offer.form is BidForm.GROUP,
            "reserved": offer.reserved,
            "economy": any(party.turnover for party in offer.parties),
            "capacity": offer.references or self.relied_on,
            "subcontractors": self.subcontractors,
            "quality": offer.quality_plan.strip(),
            "requirements": offer.requirements,
            "scored": self.scored or offer.deductions,
            "social": offer.social_commitments.strip(),
            "secrecy": self.secret,
            "appendices": self.attached,
        }

    @property
    def lead(self) -> str:
        """Who answers for what nobody else was named for: the representative, else the first tenderer."""
        order = {PartyRole.REPRESENTATIVE: 0, PartyRole.TENDERER: 1}
        first = min(self.offer.parties, key=lambda party: order.get(party.role, 2), default=None)
        return first.name if first else ""

    @cached_property
    def names(self) -> dict[str, str]:
        """Each party's name by key."""
        return {party.key: party.name for party in self.offer.parties}

    @cached_property
    def answers(self) -> dict[tuple[str, str | None], Answer]:
        """The answers by requirement and lot."""
        return {(answer.requirement_ref, answer.lot_ref): answer for answer in self.offer.answers}

    @cached_property
    def titles(self) -> dict[int, str]:
        """The appendices' titles by number."""
        return {appendix.number: appendix.title for appendix in self.offer.appendices}

    def answer(self, requirement: Requirement) -> Answer:
        """The answer to it, or an empty one."""
        empty = Answer(requirement_ref=requirement.ref, lot_ref=requirement.lot_ref)
        return self.answers.get((requirement.ref, requirement.lot_ref), empty)

    @cached_property
    def tenderers(self) -> list[Party]:
        """Those that bid."""
        return with_role(self.offer, PartyRole.TENDERER)

    @cached_property
    def relied_on(self) -> list[Party]:
        """Those whose capacity the bid relies on."""
        return with_role(self.offer, PartyRole.RELIED_ON)

    @cached_property
    def subcontractors(self) -> list[Party]:
        """Those that only perform."""
        return with_role(self.offer, PartyRole.SUBCONTRACTOR)

    @cached_property
    def signing(self) -> list[Party]:
        """Who signs."""
        return list(signing(self.offer))

    @property
    def sender(self) -> str:
        """Whose name stands at the foot of each page."""
        return self.signing[0].name if self.signing else ""

    @cached_property
    def gate(self) -> tuple[GateResult, ...]:
        """The reserved gate, tenderer by tenderer."""
        return reserved_gate(self.offer)

    @cached_property
    def scored(self) -> list[Requirement]:
        """The requirements that give points or deductions."""
        return [one for one in self.offer.requirements if one.kind is RequirementKind.SCORED]

    @cached_property
    def secret(self) -> tuple[Secret, ...]:
        """For what secrecy is asked."""
        return secrets_of(self.offer)

    @cached_property
    def lots(self) -> tuple[ScheduleLot, ...]:
        """The price schedule."""
        return schedule.lots(self.offer)

    @cached_property
    def total(self) -> Money:
        """The whole bid for a year."""
        return Money.total(lot.total for lot in self.lots)

    @property
    def comparison(self) -> Money:
        """The comparison figure at the deductions the offer counts on."""
        return comparison_figure(self.total, self.offer.deductions)

    @property
    def years(self) -> int:
        """The agreement's longest term in years; nought when it is not known."""
        return self.offer.term_years + sum(self.offer.option_years)

    @cached_property
    def parts(self) -> dict[str, object]:
        """Each party's part of the value in per cent."""
        return dict(schedule.parts_of_value(self.offer))

    @cached_property
    def turnover_years(self) -> list[int]:
        """The last three financial years that any party tells of (LOU 15:10)."""
        return sorted({year.year for party in self.offer.parties for year in party.turnover})[-3:]

    def turnover(self, year: int, party: Party | None = None) -> Money | None:
        """A party's turnover that year, or all parties' together; None when it is not told."""
        whose = [party] if party else self.offer.parties
        told = [one.amount for each in whose for one in each.turnover if one.year == year]
        return Money.total(told) if told else None

    @property
    def delivering(self) -> list[Party]:
        """The parties that may deliver, once the value can be counted."""
        return [party for party in self.offer.parties if party.role is not PartyRole.REPRESENTATIVE and self.parts]

    @property
    def is_draft(self) -> bool:
        """Drafts say so on every page."""
        return self.offer.state is OfferState.DRAFT

    @property
    def without_reservation(self) -> bool:
        """Whether no term of the contract was answered with no."""
        terms = (one for one in self.offer.requirements if one.kind is RequirementKind.CONTRACT)
        return all(self.answer(term).answered is not False for term in terms)

    @property
    def addenda(self) -> list[str]:
        """The numbers of the addenda that the bid answers to."""
        return [str(one.number) for one in self.offer.addenda if one.acknowledged]

    def papers(self, *kinds: str) -> list[tuple[Party, PartyDocument]]:
        """The parties' documents of those kinds, by party."""
        return [(party, paper) for party in self.offer.parties for paper in party.documents if paper.kind in kinds]
