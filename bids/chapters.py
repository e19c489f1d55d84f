"""Which chapters a bid has, in the buyer's reading order, and the values its templates show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from app.money import Money
from bids import schedule
from bids.appendices import Attached
from bids.budget_view import BudgetView
from bids.chapter_titles import CALL_TITLES, LAST, MAY_BE_LEFT_OUT, TITLES, arranged, titles_of
from bids.form_checks import GateResult, reserved_gate
from bids.kinds import BidForm, OfferState, PartyRole, RequirementKind
from bids.legal_forms import signing, with_role
from bids.look import OWN, Picture, Section, Shades, Style, shades
from bids.masking import secrets_of
from bids.offer import Answer, Offer, Requirement
from bids.parties import Party, PartyDocument
from bids.schedule import ScheduleLot
from bids.scoring import comparison_figure
from bids.secrecy import Secret

__all__ = ["CALL_TITLES", "LAST", "MAY_BE_LEFT_OUT", "TITLES", "BidView", "Chapter", "arranged", "titles_of"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its number in this bid, the anchor it goes by, and its text where it is the bid's own."""

    number: int
    name: str
    title: str
    text: str = ""

    @property
    def template(self) -> str:
        """The file that prints it."""
        return "own.html" if self.name.startswith(OWN) else f"{self.name}.html"


@dataclass(frozen=True)
class BidView:
    """An offer as its templates read it."""

    offer: Offer
    attached: tuple[Attached, ...]

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters this bid has, numbered."""
        look, titles = self.offer.look, titles_of(is_application=self.offer.is_application)
        present = [section for section in arranged(look.sections if look else (), titles) if self._is_there(section)]
        return tuple(
            Chapter(number, section.name, section.title or titles[section.name], section.text)
            for number, section in enumerate(present, 1)
        )

    def _is_there(self, section: Section) -> bool:
        if section.is_own:
            return section.shown and bool(section.text.strip())
        is_wanted = section.shown or section.name not in MAY_BE_LEFT_OUT
        return is_wanted and bool(self._needs.get(section.name, True))

    @property
    def _needs(self) -> dict[str, object]:
        """The chapters that not every bid has, each with what makes it one to write."""
        offer = self.offer
        return {
            "members": self.presented,
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
            "questions": offer.requirements,
            "plan": offer.delivery_plan.strip(),
            "follow_up": offer.quality_plan.strip(),
            "inclusion": offer.social_commitments.strip(),
            "letters": with_role(offer, PartyRole.PARTNER),
        }

    @property
    def lead(self) -> str:
        """Who answers for what nobody else was named for: the representative, else the first tenderer."""
        order = {PartyRole.REPRESENTATIVE: 0, PartyRole.APPLICANT: 0, PartyRole.TENDERER: 1}
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
    def applicants(self) -> list[Party]:
        """Who applies for the project, and answers for it."""
        return with_role(self.offer, PartyRole.APPLICANT)

    @cached_property
    def partners(self) -> list[Party]:
        """Who take part in the project beside the applicant."""
        return with_role(self.offer, PartyRole.PARTNER)

    @cached_property
    def money(self) -> BudgetView:
        """The budget of a project, for its tables."""
        return BudgetView(self.offer)

    @cached_property
    def relied_on(self) -> list[Party]:
        """Those whose capacity the bid relies on."""
        return with_role(self.offer, PartyRole.RELIED_ON)

    @cached_property
    def subcontractors(self) -> list[Party]:
        """Those that only perform."""
        return with_role(self.offer, PartyRole.SUBCONTRACTOR)

    @cached_property
    def presented(self) -> list[Party]:
        """Those that have told of themselves; the parties of a large bid are met here, one page each."""
        return [party for party in self.offer.parties if party.about.strip()]

    @cached_property
    def anchors(self) -> dict[tuple[str, str | None], str]:
        """Where each requirement stands in the list of requirements."""
        asked = enumerate(self.offer.requirements, 1)
        return {(one.ref, one.lot_ref): f"krav-{number}" for number, one in asked}

    @cached_property
    def proves(self) -> dict[int, list[Requirement]]:
        """Which requirements each appendix proves."""
        found: dict[int, list[Requirement]] = {}
        for requirement in self.offer.requirements:
            for number in {piece.appendix_number for piece in self.answer(requirement).evidence} - {None}:
                found.setdefault(number or 0, []).append(requirement)
        return found

    @cached_property
    def shades(self) -> Shades:
        """The colours."""
        return shades(self.style.colour)

    @property
    def style(self) -> Style:
        """The sales company's."""
        return self.offer.look.style if self.offer.look else Style()

    @cached_property
    def pictures(self) -> dict[int, Picture]:
        """The pictures that own texts can show."""
        return {picture.number: picture for picture in self.offer.look.pictures} if self.offer.look else {}

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
    def parts(self) -> dict[str, Decimal]:
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
