"""The law of the three ways to bid together, as one table: who brings what, whose figures count, who answers and signs.

An application for project funding has its line too: there the call's own terms take the law's place.

LOU 4 kap. 5 § (groups), 14 kap. 6-8 §§ (capacity of others), 15 kap. 1 § (ESPD), 17 kap. 6 § (subcontractors); below
the thresholds 19 kap. 4-5 §§ say the same of groups and of capacity. Checks, pages and documents read it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bids.kinds import BidForm, DocumentKind, PartyRole
from bids.offer import Offer
from bids.parties import Party


@dataclass(frozen=True, slots=True)
class Duty:
    """A paper that a party brings, and the section that says so."""

    document: DocumentKind
    law: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRule:
    """What a role means in a form.

    ``in_group`` and ``relies`` are the ESPD's answers in part II A (takes part together with others) and II C (relies
    on the capacity of others); None where the role hands in no ESPD.
    """

    duties: tuple[Duty, ...] = ()
    in_group: bool | None = None
    relies: bool | None = None
    counts: bool = False
    """Whether its turnover, insurance and references count towards the buyer's figures."""
    only_if_performs: bool = False
    """Whether its experience counts only where it does the work itself (LOU 14:6)."""
    is_excluded_alike: bool = False
    """Whether the grounds of chapter 13 are tried against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRule:
    """What a form means. The sentences are shown to whoever chooses."""

    law: str
    least_tenderers: int
    most_tenderers: int | None
    partner: PartyRole | None
    """The role without which the form is not what it says."""
    roles: Mapping[PartyRole, RoleRule]
    counted: str
    practise: str
    liability: str
    signing: str
    risk: str


ESPD = Duty(DocumentKind.ESPD, "LOU 15 kap. 1 §")
POWER_OF_ATTORNEY = Duty(DocumentKind.POWER_OF_ATTORNEY, "LOU 4 kap. 5 §")
LIABILITY = Duty(DocumentKind.LIABILITY_DECLARATION, "LOU 14 kap. 8 §")
COMMITMENT = Duty(DocumentKind.COMMITMENT_LETTER, "LOU 14 kap. 6 §")
INTENT = Duty(DocumentKind.LETTER_OF_INTENT, "")
NOTHING = RoleRule()
RELIED_ON = RoleRule(
    duties=(ESPD, COMMITMENT),
    in_group=False,
    relies=False,
    counts=True,
    only_if_performs=True,
    is_excluded_alike=True,
)

RULES: Mapping[BidForm, FormRule] = {
    BidForm.GROUP: FormRule(
        law="LOU 4 kap. 5 §",
        least_tenderers=2,
        most_tenderers=None,
        partner=None,
        roles={
            PartyRole.TENDERER: RoleRule(
                duties=(ESPD, POWER_OF_ATTORNEY), in_group=True, relies=False, counts=True, is_excluded_alike=True
            ),
            PartyRole.RELIED_ON: RELIED_ON,
            PartyRole.SUBCONTRACTOR: NOTHING,
            PartyRole.REPRESENTATIVE: NOTHING,
        },
        counted="Gruppen som helhet: anbudsgivarnas omsättning, erfarenhet och resurser läggs ihop, om köparen inte "
        "har skrivit något annat på sakliga grunder.",
        practise="Varje anbudsgivare som utför arbetet ska själv ha rätt att utöva yrket.",
        liability="Anbudsgivarna svarar tillsammans för hela avtalet, om inget annat avtalas.",
        signing="Ombudet skriver under med fullmakt från varje anbudsgivare. Utan ombud skriver alla under.",
        risk="Lämnar en medlem gruppen under avtalet kan det bli en ändring som inte är tillåten (LOU 17 kap. 13 §).",
    ),
    BidForm.RELIED_ON: FormRule(
        law="LOU 14 kap. 6–8 §§",
        least_tenderers=1,
        most_tenderers=1,
        partner=PartyRole.RELIED_ON,
        roles={
            PartyRole.TENDERER: RoleRule(
                duties=(ESPD,), in_group=False, relies=True, counts=True, is_excluded_alike=True
            ),
            PartyRole.RELIED_ON: RELIED_ON,
            PartyRole.SUBCONTRACTOR: NOTHING,
        },
        counted="Anbudsgivaren och de företag den åberopar. Erfarenhet räknas bara om företaget utför den delen själv.",
        practise="Rätten att utöva yrket kan inte lånas: anbudsgivaren ska ha den själv.",
        liability="Köparen får kräva att anbudsgivaren och den som åberopas för ekonomin svarar tillsammans "
        "(LOU 14 kap. 8 §).",
        signing="Anbudsgivaren skriver under anbudet. Varje åberopat företag skriver under sitt åtagande.",
        risk="Ett åberopat företag som inte klarar kraven måste bytas ut om köparen begär det (LOU 14 kap. 7 §).",
    ),
    BidForm.SUBCONTRACTORS: FormRule(
        law="LOU 17 kap. 6 §",
        least_tenderers=1,
        most_tenderers=1,
        partner=PartyRole.SUBCONTRACTOR,
        roles={
            PartyRole.TENDERER: RoleRule(
                duties=(ESPD,), in_group=False, relies=False, counts=True, is_excluded_alike=True
            ),
            PartyRole.SUBCONTRACTOR: NOTHING,
            PartyRole.RELIED_ON: RELIED_ON,
        },
        counted="Anbudsgivaren ensam. Underleverantörernas omsättning, försäkringar och referenser räknas inte.",
        practise="Anbudsgivaren ska själv ha rätt att utöva yrket.",
        liability="Anbudsgivaren svarar ensam för hela avtalet.",
        signing="Anbudsgivaren skriver under anbudet.",
        risk="Köparen får fråga vilka delar som lämnas till underleverantörer, och till vilka (LOU 17 kap. 6 §).",
    ),
    BidForm.APPLICATION: FormRule(
        law="Utlysningens villkor",
        least_tenderers=0,
        most_tenderers=0,
        partner=PartyRole.PARTNER,
        roles={
            PartyRole.APPLICANT: NOTHING,
            PartyRole.PARTNER: RoleRule(duties=(INTENT,)),
        },
        counted="Sökanden och samverkansparterna, så som utlysningen har det.",
        practise="Det som utlysningen kräver.",
        liability="Sökanden svarar mot finansiären för hela projektet.",
        signing="Sökanden skriver under ansökan. Varje samverkanspart skriver under sin avsiktsförklaring.",
        risk="Hoppar en part av måste budgeten och avsiktsförklaringarna göras om.",
    ),
}
BID_FORMS = tuple(form for form in RULES if form is not BidForm.APPLICATION)
"""The forms of a bid: what a procurement can have."""
CALL_ROLES = (PartyRole.APPLICANT, PartyRole.PARTNER)
"""What a party can be in an application; the other roles belong to bids."""
BID_ROLES = tuple(role for role in PartyRole if role not in CALL_ROLES)


def rule_of(form: BidForm, role: PartyRole) -> RoleRule:
    """What the role means in the form; a role that the form does not have brings nothing and counts for nothing."""
    return RULES[form].roles.get(role, NOTHING)


def with_role(offer: Offer, *roles: PartyRole) -> list[Party]:
    """The parties that have one of the roles, in the bid's order."""
    return [party for party in offer.parties if party.role in roles]


def leads(offer: Offer, party: Party) -> bool:
    """Whether a tenderer signs for the group: the sales company does when it bids and nobody is representative."""
    return party.is_sales_company and not with_role(offer, PartyRole.REPRESENTATIVE)


def duties_of(offer: Offer, party: Party) -> tuple[Duty, ...]:
    """The papers that a party brings by form and role. Who signs the bid itself needs no power of attorney.

    So nobody in a group does that has no representative and that no sales company leads: there all sign. Where the
    buyer wants joint liability, whoever is relied on declares it, and in a group each tenderer.
    """
    duties = rule_of(offer.form, party.role).duties
    if POWER_OF_ATTORNEY in duties and party in signing(offer):
        duties = tuple(duty for duty in duties if duty is not POWER_OF_ATTORNEY)
    return (*duties, LIABILITY) if offer.joint_liability and _answers_for_all(offer, party) else duties


def _answers_for_all(offer: Offer, party: Party) -> bool:
    in_group = offer.form is BidForm.GROUP and party.role is PartyRole.TENDERER
    return in_group or party.role is PartyRole.RELIED_ON


def signing(offer: Offer) -> tuple[Party, ...]:
    """Who puts a name to the bid itself: in a group the representative or the one that leads, else the tenderers."""
    if offer.form is BidForm.APPLICATION:
        return tuple(with_role(offer, PartyRole.APPLICANT))
    tenderers = with_role(offer, PartyRole.TENDERER)
    if RULES[offer.form].most_tenderers is not None:
        return tuple(tenderers)
    leading = [party for party in tenderers if leads(offer, party)]
    return tuple(with_role(offer, PartyRole.REPRESENTATIVE) or leading or tenderers)


def counting(offer: Offer) -> tuple[Party, ...]:
    """The parties whose economy counts towards the buyer's figures."""
    return tuple(party for party in offer.parties if rule_of(offer.form, party.role).counts)


def performs(offer: Offer, party: Party, lot_ref: str | None) -> bool:
    """Whether the party delivers something of the lot, or with None of anything."""
    return any(
        share.party_key == party.key and share.quantity > 0
        for row in offer.rows
        if lot_ref is None or row.lot_ref in {None, lot_ref}
        for share in row.shares
    )


def counts_with_experience(offer: Offer, party: Party, lot_ref: str | None) -> bool:
    """Whether what the party has done before counts in a lot: borrowed experience only where it does the work."""
    rule = rule_of(offer.form, party.role)
    return rule.counts and (not rule.only_if_performs or performs(offer, party, lot_ref))


def must_practise(offer: Offer, lot_ref: str | None) -> tuple[Party, ...]:
    """Who must have the right to practise itself: in a group each tenderer that does the work, else the tenderer.

    It cannot be borrowed: LOU 14:6 lets one rely on others for points 2 and 3 of 14:1 only.
    """
    tenderers = with_role(offer, PartyRole.TENDERER)
    if RULES[offer.form].most_tenderers is not None:
        return tuple(tenderers)
    return tuple(party for party in tenderers if performs(offer, party, lot_ref))
