"""Tender B with the bid of the demonstration company, as values. All of it is fictional."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.money import Money
from bids.kinds import AwardBasis, BidForm, PartyRole, RequirementKind, RequirementStage
from bids.offer import Answer, Buyer, Contact, Deduction, Evidence, Lot, Offer, Requirement
from bids.parties import Party
from tests.core.bid_parties import group_documents, in_time
from tests.core.bid_samples import HOUR, row

RENA_RUM = Party(
    key="renarum",
    name="Rena Rum Städkooperativ ek. för.",
    org_number="769999-0037",
    role=PartyRole.TENDERER,
    legal_form="Ekonomisk förening",
    municipality="Mölndal",
    contact="Rakel Exempel",
    f_tax=True,
    documents=group_documents(),
    does="Trappstäd och fönsterputs.",
    reason_not_alone="Utför inte arbete i grönytor.",
    reasons=in_time("A", "B", "C"),
)
GRONA_HANDER = Party(
    key="gronahander",
    name="Gröna Händer Skaraborg ek. för.",
    org_number="769999-0045",
    role=PartyRole.TENDERER,
    legal_form="Ekonomisk förening",
    municipality="Skövde",
    contact="Gun Exempel",
    f_tax=True,
    documents=group_documents(),
    does="Grönytor och snö.",
    reason_not_alone="Utför inte städning.",
    reasons=in_time("A", "B", "C"),
)
STAIRWELL = ("MON", "trapphus och månad")
B_ROWS = (
    row("A.1", "A", "Trappstäd", STAIRWELL, "845", (RENA_RUM, 64 * 12)),
    row("A.2", "A", "Extra städning", HOUR, "310", (RENA_RUM, 120)),
    row("A.3", "A", "Storstädning en gång om året", ("C62", "trapphus"), "1450", (RENA_RUM, 64)),
    row("B.1", "B", "Fönsterputs", ("MTK", "m²"), "13.50", (RENA_RUM, 9_200)),
    row("B.2", "B", "Lift", HOUR, "690", (RENA_RUM, 40)),
    row("C.1", "C", "Gräsklippning under säsongen", ("MTK", "m²"), "5.40", (GRONA_HANDER, 48_000)),
    row("C.2", "C", "Häckklippning", ("MTR", "m"), "42", (GRONA_HANDER, 2_600)),
    row("C.3", "C", "Ogräsrensning", HOUR, "345", (GRONA_HANDER, 700)),
    row("C.4", "C", "Snöskottning", HOUR, "480", (GRONA_HANDER, 350)),
)
DEDUCTIONS = (
    Deduction("B11", "Social plan", Money.kronor(120_000), 75),
    Deduction("B12", "Kvalitetsplan", Money.kronor(80_000), 50),
)
SCORED, AWARD = RequirementKind.SCORED, RequirementStage.AWARD


def tender_b() -> Offer:
    """The group's bid on stairs, windows and green areas."""
    return Offer(
        title="Trappstäd, fönsterputs och grönyta",
        diary_number="26-031",
        buyer=Buyer("Bostadsbolaget Kvarnen AB", "559999-1014"),
        procedure="Öppet förfarande",
        deadline=datetime(2026, 6, 1, 10, 0, tzinfo=UTC),
        made_on=datetime(2026, 5, 20, 7, 0, tzinfo=UTC),
        required_validity=date(2026, 9, 1),
        offered_validity=date(2026, 9, 1),
        term_years=2,
        above_threshold=True,
        award_basis=AwardBasis.QUALITY_PRICE,
        form=BidForm.GROUP,
        lots=(Lot("A", "Trappstäd"), Lot("B", "Fönsterputs"), Lot("C", "Grönyta")),
        parties=(RENA_RUM, GRONA_HANDER),
        requirements=(
            Requirement("B1", RequirementKind.MUST, RequirementStage.QUALIFICATION, "ESPD för varje part.", None, True),
            Requirement("B11", SCORED, AWARD, "Beskriv hur uppdraget ger arbete åt personer långt från arbete."),
            Requirement("B12", SCORED, AWARD, "Beskriv hur kvaliteten följs upp."),
        ),
        answers=(
            Answer(requirement_ref="B1", answered=True, text="Lämnas.", evidence=(Evidence("ESPD"),)),
            Answer(requirement_ref="B11", answered=True, text="Sex personer får anställning.", responsible="renarum"),
            Answer(requirement_ref="B12", answered=True, text="Besiktning varje månad.", responsible="gronahander"),
        ),
        rows=B_ROWS,
        deductions=DEDUCTIONS,
        contact=Contact("Sara Exempel", "salj@samklang.example"),
    )
