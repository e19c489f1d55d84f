"""Tender A with the bid of the demonstration company, as values. All of it is fictional."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

from app.money import Money
from bids.kinds import BidForm, OfferState, RequirementKind, RequirementStage
from bids.offer import Answer, Appendix, Buyer, Contact, Evidence, Lot, Offer, PriceRow, Reference, Requirement, Share
from bids.parties import Party
from tests.core.bid_parties import LJUNGBACKEN, RULLANDE, SAMKLANG

MUST, SCORED, CONTRACT = RequirementKind.MUST, RequirementKind.SCORED, RequirementKind.CONTRACT
QUALIFICATION, AWARD, TERM = RequirementStage.QUALIFICATION, RequirementStage.AWARD, RequirementStage.CONTRACT
SIGNED_AT = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
FEE, MARGIN = Decimal(2), Decimal(8)


def share(party: Party, quantity: int | str, bid_price: str, *, price_percent: int = 90) -> Share:
    """A signed promise at so many per cent of the bid price."""
    return Share(
        party_key=party.key,
        quantity=Decimal(quantity),
        member_price=Money.kronor(bid_price).percent(price_percent),
        yearly_capacity=Decimal(quantity) * 2,
        signed_by=party.contact,
        signed_at=SIGNED_AT,
    )


def row(ref: str, lot: str, text: str, unit: tuple[str, str], price: str, *promises: tuple[Party, int]) -> PriceRow:
    return PriceRow(
        ref=ref,
        lot_ref=lot,
        text=text,
        unit=unit[0],
        unit_label=unit[1],
        quantity=Decimal(sum(quantity for _, quantity in promises)),
        shares=tuple(share(party, quantity, price) for party, quantity in promises),
        fee_percent=FEE,
        margin_percent=MARGIN,
    )


PIECE, DELIVERY, HOUR = ("H87", "st"), ("H87", "leverans"), ("HUR", "tim")

A_ROWS = (
    row("1.1", "1", "Fruktkorg 5 kg", PIECE, "212", (LJUNGBACKEN, 2_600)),
    row("1.2", "1", "Fruktkorg 5 kg, ekologisk", PIECE, "259", (LJUNGBACKEN, 1_100)),
    row("1.3", "1", "Fruktkorg 3 kg", PIECE, "149", (LJUNGBACKEN, 700)),
    row("2.1", "2", "Fruktkorg 5 kg", PIECE, "219", (LJUNGBACKEN, 1_050), (RULLANDE, 450)),
    row("2.2", "2", "Fruktkorg 5 kg, ekologisk", PIECE, "266", (LJUNGBACKEN, 600)),
    row("2.3", "2", "Tillägg för leverans före klockan 08.00", DELIVERY, "45", (RULLANDE, 400)),
)

A_REQUIREMENTS = (
    Requirement(
        "A1",
        MUST,
        QUALIFICATION,
        "Anbudsgivaren ska ha social och yrkesmässig integration som främsta syfte, "
        "och minst 30 % av de sysselsatta ska tillhöra målgruppen (LOU 4 kap. 18 §).",
        None,
        True,
    ),
    Requirement("A2", MUST, QUALIFICATION, "Varje anbudsgivare ska lämna en egenförsäkran (ESPD).", None, True),
    Requirement(
        "A3",
        MUST,
        QUALIFICATION,
        "Grupp av leverantörer ska lämna fullmakt för den som företräder gruppen.",
        None,
        True,
    ),
    Requirement(
        "A4", MUST, QUALIFICATION, "Leverantören ska ha en ansvarsförsäkring på minst 5 miljoner kronor.", None, True
    ),
    Requirement(
        "A5", MUST, QUALIFICATION, "Två uppdrag av liknande slag under de senaste tre åren ska redovisas.", None, True
    ),
    Requirement("A6", MUST, QUALIFICATION, "Den som packar livsmedel ska vara registrerad hos kommunen.", None, True),
    Requirement(
        "A7",
        MUST,
        AWARD,
        "Leverans ska ske måndag till torsdag klockan 06.30–10.00. Infaller leveransdagen på "
        "en röd dag levereras nästa arbetsdag.",
    ),
    Requirement("A8", MUST, AWARD, "Frukten ska vara av klass 1, minst fyra sorter, och minst en korgtyp ekologisk."),
    Requirement("A9", MUST, AWARD, "Korgarna ska vara returkorgar som hämtas vid nästa leverans."),
    Requirement("A10", MUST, AWARD, "Reklamerad frukt ska ersättas samma dag eller dagen efter."),
    Requirement("A11", CONTRACT, TERM, "Statistik lämnas varje kvartal i köparens mall inom 15 arbetsdagar."),
    Requirement("A12", CONTRACT, TERM, "En social rapport lämnas varje kvartal: arbetstillfällen och timmar."),
    Requirement("A13", CONTRACT, TERM, "Fakturor skickas elektroniskt enligt Peppol BIS Billing 3."),
    Requirement("A14", CONTRACT, TERM, "Priserna är fasta ett år och räknas därefter om en gång per år enligt KPI."),
)
YES = {
    "A1": ("Båda anbudsgivarna klarar kravet. Se avsnittet Reserverad upphandling.", "Se Reserverad upphandling"),
    "A2": ("En ESPD för varje anbudsgivare är lämnad i köparens system.", "ESPD i köparens system"),
    "A3": ("Fullmakter från båda anbudsgivarna bifogas.", 1),
    "A4": ("Försäkringsbevis bifogas.", 4),
    "A5": ("Två uppdrag redovisas i avsnittet Kapacitet och referenser.", "Se Kapacitet och referenser"),
    "A6": ("Ljungbacken är registrerad hos Göteborgs Stad.", 3),
    "A7": ("Leverans måndag till torsdag 06.30–10.00. Röd dag levereras nästa arbetsdag.", None),
    "A8": ("Klass 1, minst fem sorter efter säsong. Två ekologiska korgtyper.", 5),
    "A9": ("Returkorgar i flätad plast hämtas vid nästa leverans.", None),
    "A10": ("Ny frukt levereras samma dag om felet anmäls före klockan 11, annars dagen efter.", None),
    "A11": ("Godtas.", None),
    "A12": ("Godtas. Exempel på rapport visas på begäran.", None),
    "A13": ("Godtas.", None),
    "A14": ("Godtas.", None),
}
A_APPENDICES = {
    1: ("Fullmakt från Ljungbacken Frukt", "application/pdf", "ljungbacken"),
    2: ("Fullmakt från Rullande Hjälpen", "application/pdf", "rullande"),
    3: ("Livsmedelsregistrering", "application/pdf", "ljungbacken"),
    4: ("Försäkringsbevis, ansvar 10 miljoner kronor", "application/pdf", "samklang"),
    5: ("Bild: ekologisk fruktkorg", "image/png", "ljungbacken"),
}
A_REFERENCES = (
    Reference(
        customer="Nordbyn Teknik AB",
        what="Fruktkorgar varje vecka till fyra kontor",
        period="2024–2026",
        value=Money.kronor(412_000),
        contact="Nils Exempel, kontor@nordbyn.example",
        party_key="ljungbacken",
    ),
    Reference(
        customer="Bostadsbolaget Kvarnen AB",
        what="Fruktkorgar och hämtning av returkorgar",
        period="2023–2025",
        value=Money.kronor(288_000),
        contact="Karin Exempel, inkop@kvarnen.example",
        party_key="ljungbacken",
    ),
)
A_LETTER = (
    "Vi lämnar anbud på båda anbudsområdena. Två arbetsintegrerande sociala företag delar på arbetet: det ena "
    "packar frukten, det andra kör ut den i norr. Kommunen får en kontaktväg, en beställning och en faktura.\n"
    "\n"
    "Varje korg som beställs blir arbete för människor som annars har svårt att få ett."
)
A_DELIVERY = (
    "Beställningar tas emot till klockan 12 dagen före leverans. Korgarna packas på kvällen i kylt utrymme och "
    "lastas före klockan 06.\n\nFaller en bil bort kör Ljungbacken själv de tidiga turerna. Samklang Sälj har "
    "jour på telefon varje leveransdag från klockan 06."
)
A_COMMITMENTS = (
    "Vid full volym ger avtalet omkring 5 200 arbetstimmar om året åt personer i målgruppen. Vi redovisar "
    "platser och timmar varje kvartal."
)


def evidence(proof: str | int | None) -> tuple[Evidence, ...]:
    if proof is None:
        return ()
    return (Evidence(A_APPENDICES[proof][0], proof),) if isinstance(proof, int) else (Evidence(proof),)


def a_answers() -> tuple[Answer, ...]:
    said = {
        ref: Answer(
            requirement_ref=ref,
            answered=True,
            text=text,
            evidence=evidence(proof),
            responsible="ljungbacken" if ref in {"A6", "A7", "A8", "A9", "A10"} else "samklang",
        )
        for ref, (text, proof) in YES.items()
    }
    said["A5"] = replace(
        said["A5"],
        confidential=True,
        confidential_reason="Kundernas namn och priser är värda pengar för konkurrenter.",
        confidential_until=date(2030, 12, 31),
    )
    return tuple(said.values())


def a_appendices(files: Mapping[int, bytes]) -> tuple[Appendix, ...]:
    return tuple(
        Appendix(
            number=number,
            title=title,
            media_type=media_type,
            sha256=hashlib.sha256(files.get(number, b"")).hexdigest(),
            party_key=party,
        )
        for number, (title, media_type, party) in A_APPENDICES.items()
    )


def tender_a(files: Mapping[int, bytes] = MappingProxyType({})) -> Offer:
    """The group's bid on fruit baskets: nothing missing but what a test takes away."""
    return Offer(
        title="Fruktkorgar till arbetsplatser",
        diary_number="INK 2026/114",
        buyer=Buyer("Västerhamns kommun", "212099-9012"),
        procedure="Öppet förfarande, reserverat enligt LOU 4 kap. 18 § första stycket 1",
        deadline=datetime(2026, 5, 12, 21, 59, tzinfo=UTC),
        made_on=datetime(2026, 5, 4, 9, 15, tzinfo=UTC),
        required_validity=date(2026, 9, 12),
        offered_validity=date(2026, 9, 30),
        ceiling=Money.kronor(7_500_000),
        term_years=2,
        option_years=(1, 1),
        reserved=True,
        above_threshold=True,
        form=BidForm.GROUP,
        lots=(
            Lot("1", "Centrum", "Arbetsplatser i tätorten", "Västerhamns centrum"),
            Lot("2", "Norr", "Arbetsplatser norr om älven", "Västerhamns norra kommundel"),
        ),
        parties=(SAMKLANG, LJUNGBACKEN, RULLANDE),
        requirements=A_REQUIREMENTS,
        answers=a_answers(),
        rows=A_ROWS,
        appendices=a_appendices(files),
        references=A_REFERENCES,
        letter=A_LETTER,
        delivery_plan=A_DELIVERY,
        price_terms="Priserna är fasta det första avtalsåret och räknas därefter om enligt KPI.",
        social_commitments=A_COMMITMENTS,
        contact=Contact("Sara Exempel", "salj@samklang.example", "031-000 00 00"),
        version=3,
        state=OfferState.FROZEN,
    )
