"""One bid under each of the three forms: who would be what, what would be missing, and what a change would mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bids.checks import gaps
from bids.gap import Gap
from bids.kinds import BidForm, DocumentKind, PartyRole
from bids.legal_forms import BID_FORMS, RULES, Duty, FormRule, duties_of, performs, rule_of, signing
from bids.offer import Offer
from bids.parties import Party
from bids.party_checks import missing_documents
from bids.qualification import Standing, standings


@dataclass(frozen=True, slots=True)
class Brought:
    """What a party is in a form and brings to it; ``missing`` are the papers that are not there."""

    party: Party
    role: PartyRole
    duties: tuple[Duty, ...]
    missing: frozenset[DocumentKind]
    in_group: bool | None
    relies: bool | None
    counts: bool
    signs: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The bid under one form."""

    form: BidForm
    rule: FormRule
    offer: Offer
    gaps: tuple[Gap, ...]
    parties: tuple[Brought, ...]
    standings: tuple[Standing, ...]

    @property
    def blocking(self) -> int:
        """How many gaps would stand in the way."""
        return sum(gap.blocking for gap in self.gaps)

    @property
    def others(self) -> int:
        """How many would only be worth looking at."""
        return len(self.gaps) - self.blocking


@dataclass(frozen=True, slots=True)
class Change:
    """Before and after: which gaps a change of form closes, which it opens, and which stay."""

    before: Outcome
    after: Outcome

    @property
    def opens(self) -> tuple[Gap, ...]:
        """What would be missing then and is not now."""
        return _only_in(self.after, self.before)

    @property
    def closes(self) -> tuple[Gap, ...]:
        """What is missing now and would not be then."""
        return _only_in(self.before, self.after)

    @property
    def stays(self) -> tuple[Gap, ...]:
        """What is missing either way."""
        there = {gap.key for gap in self.before.gaps}
        return tuple(gap for gap in self.after.gaps if gap.key in there)


def roles_in(offer: Offer, form: BidForm) -> Mapping[str, PartyRole]:
    """Each party's role by its key if the bid had the form. In the form that it has, nobody's role changes.

    In a group everybody bids, and a sales company that delivers nothing signs for the others; else the sales company
    bids, or where there is none the first tenderer, and the others are what the form is named for. A subcontractor
    beside them stays one.
    """
    if form is offer.form:
        return {party.key: party.role for party in offer.parties}
    leader, partner = _leader(offer), RULES[form].partner
    return {party.key: _role_in(offer, party, partner, is_leader=party.key == leader) for party in offer.parties}


def _role_in(offer: Offer, party: Party, partner: PartyRole | None, *, is_leader: bool) -> PartyRole:
    """Who only performs goes on doing so, unless that is what everybody did."""
    if party.role is PartyRole.SUBCONTRACTOR and offer.form is not BidForm.SUBCONTRACTORS:
        return PartyRole.SUBCONTRACTOR
    if partner is not None:
        return PartyRole.TENDERER if is_leader else partner
    if party.is_sales_company and not performs(offer, party, None):
        return PartyRole.REPRESENTATIVE
    return PartyRole.TENDERER


def _leader(offer: Offer) -> str:
    ranked = sorted(offer.parties, key=lambda party: (not party.is_sales_company, party.role is not PartyRole.TENDERER))
    return ranked[0].key if ranked else ""


def as_form(offer: Offer, form: BidForm) -> Offer:
    """The same bid in another form, each party with the role that `roles_in` gives it."""
    roles = roles_in(offer, form)
    return replace(offer, form=form, parties=tuple(replace(party, role=roles[party.key]) for party in offer.parties))


def outcome(offer: Offer, form: BidForm, *, now: datetime) -> Outcome:
    """What the bid would be and lack in a form."""
    there = as_form(offer, form)
    signers = signing(there)
    parties = tuple(
        Brought(
            party=party,
            role=party.role,
            duties=duties_of(there, party),
            missing=missing_documents(there, party),
            in_group=rule_of(form, party.role).in_group,
            relies=rule_of(form, party.role).relies,
            counts=rule_of(form, party.role).counts,
            signs=party in signers,
        )
        for party in there.parties
    )
    return Outcome(form, RULES[form], there, gaps(there, now=now), parties, standings(there))


def compared(offer: Offer, *, now: datetime) -> tuple[Outcome, ...]:
    """The bid under all three forms."""
    return tuple(outcome(offer, form, now=now) for form in BID_FORMS)


def change(offer: Offer, form: BidForm, *, now: datetime) -> Change:
    """What it means to go over to a form."""
    return Change(outcome(offer, offer.form, now=now), outcome(offer, form, now=now))


def _only_in(here: Outcome, there: Outcome) -> tuple[Gap, ...]:
    known = {gap.key for gap in there.gaps}
    return tuple(gap for gap in here.gaps if gap.key not in known)
