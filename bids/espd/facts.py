"""What is known of a party when it declares: facts of its own, and what it is in this bid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.money import Money
from bids.canonical import LATER
from bids.kinds import DocumentKind, PartyRole
from bids.legal_forms import leads, rule_of, with_role
from bids.offer import Offer, Reference
from bids.parties import HeadCount, Party, Turnover
from bids.party_checks import SANCTIONS_PERCENT
from bids.pricing import unit_price, value_per_party
from bids.swedish import local_day, percent

REGISTERED_FORMS = ("aktiebolag", "ekonomisk förening", "handelsbolag", "kommanditbolag")
"""Legal forms that always stand in Bolagsverket's registers."""
MICRO, SMALL, MEDIUM = 10, 50, 250
"""Employees below which a company is micro, small or medium (recommendation 2003/361/EC)."""
MOST_TURNOVER = {MICRO: 2_000_000, SMALL: 10_000_000, MEDIUM: 50_000_000}
"""And the turnover in euro up to which it is."""
KRONOR_A_EURO = 11
"""Rough: no member of ours is near a limit; a company that is must say its size itself."""


@dataclass(frozen=True, slots=True)
class Company:
    """Another company by name and number, and where it is told the part of the bid's value that it delivers."""

    name: str
    org_number: str
    percent: str = field(default="", metadata={LATER: True})

    def __str__(self) -> str:
        return f"{self.name} ({self.org_number})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """The party that declares. ``told`` is what it has said before, by the keys of `filling.key_of`."""

    party: Party
    role_code: str
    in_group: bool = False
    relies: bool = False
    others: tuple[Company, ...] = ()
    """The other tenderers of the group."""
    relied_on: tuple[Company, ...] = ()
    subcontractors: tuple[Company, ...] = ()
    over_a_tenth: tuple[Company, ...] = ()
    """Of the relied-on and the subcontractors, whoever delivers over a tenth of the value (833/2014, article 5k)."""
    delivers_over_a_tenth: bool = False
    knows_parts: bool = field(default=True, metadata={LATER: True})
    """Whether every row has a price, so that it can be reckoned who delivers how much."""
    group_name: str = ""
    insured: Money | None = None
    references: tuple[Reference, ...] = ()
    delivers: str = field(default="", metadata={LATER: True})
    """Under which criterion its references stand: `kind_delivered` tells; empty where nobody knows."""
    reserved: bool = False
    told: tuple[tuple[str, str], ...] = field(default=())

    @property
    def latest(self) -> Turnover | None:
        """The latest year's turnover."""
        return max(self.party.turnover, key=lambda year: year.year, default=None)

    @property
    def count(self) -> HeadCount | None:
        """How many are occupied, and how many of the target group."""
        return self.party.head_count

    @property
    def is_registered(self) -> bool:
        """Whether its legal form always stands in a trade register."""
        form = self.party.legal_form.lower()
        return any(known in form for known in REGISTERED_FORMS)

    @property
    def size(self) -> str:
        """The EU's size code by employees and turnover, or nothing when one of them is not known."""
        latest, employees = self.latest, self.party.employees
        if latest is None or employees is None:
            return ""
        euro = Decimal(latest.amount.ore) / 100 / KRONOR_A_EURO
        for most, code in ((MICRO, "micro"), (SMALL, "small"), (MEDIUM, "medium")):
            if employees < most and euro <= MOST_TURNOVER[most]:
                return code
        return "large"


def kind_delivered(cpv: str) -> str:
    """Works, goods or services, as the criterion on earlier deliveries that a tender's main CPV code leads to.

    Division 45 is works; those below it, and software, are goods; the rest are services (regulation 213/2008).
    """
    division = cpv.strip()[:2]
    if not division.isdecimal():
        return ""
    if division == "45":
        return "work-perform"
    return "supply-perform" if int(division) < 45 or division == "48" else "service-perform"


def entity_of(offer: Offer, party: Party, told: Sequence[tuple[str, str]] = (), *, delivers: str = "") -> Entity:
    """What is known of a party of the bid as it stands."""
    rule = rule_of(offer.form, party.role)
    tenders = party.role is PartyRole.TENDERER
    parts = _parts(offer)
    heavy = {key: percent(part) for key, part in (parts or {}).items() if part > SANCTIONS_PERCENT}
    under = with_role(offer, PartyRole.RELIED_ON, PartyRole.SUBCONTRACTOR)
    return Entity(
        party=party,
        role_code=role_code(offer, party),
        in_group=bool(rule.in_group),
        relies=bool(rule.relies) or (tenders and bool(with_role(offer, PartyRole.RELIED_ON))),
        others=_companies([one for one in with_role(offer, PartyRole.TENDERER) if one.key != party.key]),
        relied_on=_companies(with_role(offer, PartyRole.RELIED_ON)) if tenders else (),
        subcontractors=_companies(with_role(offer, PartyRole.SUBCONTRACTOR)) if tenders else (),
        over_a_tenth=tuple(Company(one.name, one.org_number, heavy[one.key]) for one in under if one.key in heavy)
        if tenders
        else (),
        delivers_over_a_tenth=party.key in heavy,
        knows_parts=parts is not None and all(unit_price(row) is not None for row in offer.rows),
        group_name=f"Leverantörsgrupp: {offer.title}" if rule.in_group else "",
        insured=_insured(offer, party),
        references=tuple(one for one in offer.references if one.party_key == party.key),
        delivers=delivers,
        reserved=offer.reserved,
        told=tuple(told),
    )


def role_code(offer: Offer, party: Party) -> str:
    """The EU's code for what the party is (code list `eo-role-type`)."""
    if party.role is PartyRole.RELIED_ON:
        return "oeron"
    if party.role is PartyRole.SUBCONTRACTOR:
        return "subcont"
    if not rule_of(offer.form, party.role).in_group:
        return "sole-tenderer"
    tenderers = with_role(offer, PartyRole.TENDERER)
    leading = next((one for one in tenderers if leads(offer, one)), tenderers[0] if tenderers else party)
    return "group-lead" if leading.key == party.key else "group-mem"


def _companies(parties: Sequence[Party]) -> tuple[Company, ...]:
    return tuple(Company(party.name, party.org_number) for party in parties)


def _parts(offer: Offer) -> dict[str, Decimal] | None:
    """How many per cent of the bid's value each party delivers; None where fee and margin leave nothing to reckon."""
    try:
        return {key: value.percent for key, value in value_per_party(offer).items()}
    except ValueError:
        return None


def _insured(offer: Offer, party: Party) -> Money | None:
    """The largest sum of a policy that holds on the last day for bids."""
    on = local_day(offer.deadline, offer.zone)
    sums = [
        paper.amount
        for paper in party.documents
        if paper.kind is DocumentKind.INSURANCE and paper.amount is not None and paper.valid_on(on)
    ]
    return max(sums, default=None, key=lambda amount: amount.ore)
