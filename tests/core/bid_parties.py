"""The parties of tender A, as values. All of them are fictional."""

from __future__ import annotations

from datetime import date

from app.money import Money
from bids.kinds import DocumentKind, PartyRole
from bids.legal_values import LotReason, ReasonKind
from bids.parties import HeadCount, Party, PartyDocument, Turnover


def document(kind: DocumentKind, title: str, appendix: int | None = None) -> PartyDocument:
    return PartyDocument(kind, title, date(2026, 4, 20), date(2027, 4, 20), appendix)


def in_time(*lots: str) -> tuple[LotReason, ...]:
    return tuple(LotReason(lot, (ReasonKind.TIME,)) for lot in lots)


def group_documents(power_of_attorney: int | None = None) -> tuple[PartyDocument, ...]:
    return (
        document(DocumentKind.ESPD, "ESPD"),
        document(DocumentKind.POWER_OF_ATTORNEY, "Fullmakt för ombudet", power_of_attorney),
        document(DocumentKind.SANCTIONS_DECLARATION, "Försäkran om sanktioner"),
    )


SAMKLANG = Party(
    key="samklang",
    name="Samklang Sälj ek. för.",
    org_number="769999-0003",
    role=PartyRole.REPRESENTATIVE,
    legal_form="Ekonomisk förening",
    municipality="Göteborg",
    address="Exempelgatan 1, 411 00 Göteborg",
    contact="Sara Exempel",
    email="salj@samklang.example",
    phone="031-000 00 00",
    signatories="Två ledamöter i förening",
    is_sales_company=True,
    f_tax=True,
    vat_number="SE769999000301",
    employees=4,
    head_count=HeadCount(date(2026, 4, 15), 8, 2, "Anställda och praktikanter på räkningsdagen"),
    does="Lämnar anbudet för gruppen, är köparens kontakt, tar emot beställningar och fakturerar.",
)
LJUNGBACKEN = Party(
    key="ljungbacken",
    name="Ljungbacken Frukt ek. för.",
    org_number="769999-0011",
    role=PartyRole.TENDERER,
    legal_form="Ekonomisk förening",
    municipality="Göteborg",
    address="Ljungvägen 5, 412 00 Göteborg",
    contact="Lena Exempel",
    email="ljungbacken@medlem.example",
    phone="031-000 00 11",
    signatories="Styrelsens ordförande och kassör, var för sig",
    f_tax=True,
    vat_number="SE769999001101",
    employees=36,
    purpose="Föreningen ska ge människor som står långt från arbetsmarknaden arbete och gemenskap.",
    head_count=HeadCount(date(2026, 4, 15), 50, 31, "Alla sysselsatta på räkningsdagen, även praktikanter"),
    documents=(*group_documents(1), document(DocumentKind.FOOD_REGISTRATION, "Livsmedelsregistrering", 3)),
    turnover=(
        Turnover(2023, Money.kronor(9_840_000)),
        Turnover(2024, Money.kronor(10_420_000)),
        Turnover(2025, Money.kronor(11_160_000)),
    ),
    does="Köper in, packar och levererar fruktkorgar i båda anbudsområdena.",
    reason_not_alone="Egna bilar räcker inte till morgonleveranserna i Norr.",
    reasons=in_time("1", "2"),
)
RULLANDE = Party(
    key="rullande",
    name="Rullande Hjälpen Flytt & Bud ek. för.",
    org_number="769999-0060",
    role=PartyRole.TENDERER,
    legal_form="Ekonomisk förening",
    municipality="Trollhättan",
    address="Hjulgatan 7, 461 00 Trollhättan",
    contact="Rolf Exempel",
    email="rullande@medlem.example",
    phone="0520-000 07",
    signatories="Styrelsen i sin helhet",
    f_tax=True,
    vat_number="SE769999006001",
    employees=19,
    purpose="Föreningen ska med transporter skapa arbete åt personer med funktionsnedsättning.",
    head_count=HeadCount(date(2026, 4, 20), 25, 11, "Alla sysselsatta på räkningsdagen, även praktikanter"),
    documents=group_documents(2),
    turnover=(Turnover(2024, Money.kronor(6_050_000)), Turnover(2025, Money.kronor(6_310_000))),
    does="Kör ut korgar i anbudsområde Norr, också före klockan 08.00.",
    reason_not_alone="Packar inte frukt och saknar livsmedelsregistrering.",
    reasons=in_time("1", "2"),
)
