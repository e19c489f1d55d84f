"""One invoice or credit note of each kind that the house can send, as frozen values. Everybody in them is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.invoicing.document import (
    Attachment,
    Bundle,
    Credited,
    Deduction,
    DocumentKind,
    Invoice,
    Line,
    LineRole,
    Party,
    Period,
    Place,
)
from app.money import Money
from app.ocr import STANDARD
from app.vat import VatPart

SELLER = Party("Samklang Sälj ek. för.", "769999-0003", "SE769999000301", "Påhittskajen 7", "411 00", "Göteborg")
LJUNGBACKEN = Party("Ljungbacken Frukt ek. för.", "769999-0011", "", "Ljungvägen 3", "424 00", "Angered")
NORDBYN = Party("Nordbyn Teknik AB", "559999-2020", "SE559999202001", "Nordbyvägen 1", "415 00", "Göteborg")
VASTERHAMN = Party("Västerhamns kommun", "212099-9012", "SE212099901201", "Torget 1", "430 00", "Västerhamn")
KIM = Party("Kim Exempel", "", "", "Påhittsgatan 4 B", "413 00", "Göteborg")


def line(name: str, quantity: str, price: str, rate: int = 25, **more: object) -> Line:
    """A line at one rate; `category` and the rest as given."""
    category = str(more.pop("category", "S"))
    fixed: dict[str, object] = {
        "number": "T1", "unit": "H87", "unit_text": "", "delivered_on": date(2026, 11, 30),
        "parts": (VatPart(100, rate, category),),
    }  # fmt: skip
    values = {"name": name, "quantity": Decimal(quantity), "unit_price": Money.kronor(price), **fixed, **more}
    return Line(**values)  # type: ignore[arg-type]


PLAIN = Invoice(
    number=10001,
    issued_on=date(2026, 12, 1),
    due_on=date(2026, 12, 31),
    payment_days=30,
    seller=SELLER,
    seller_email="salj@samklang.example",
    seller_phone="031-390 06 01",
    seller_f_tax=True,
    bankgiro="999-0003",
    buyer=NORDBYN,
    order_number=1001,
    ordered_on=date(2026, 11, 23),
    delivered_to="Kontoret, Nordbyvägen 1, 415 00 Göteborg",
    buyer_reference="Alva Exempel",
    order_reference="PO-77",
    cost_centre="4410",
    lines=(line("Fruktkorg 5 kg", "4", "212", 6), line("Kontorsstäd", "6.5", "325", unit="HUR", number="STÄD-1")),
    ocr=STANDARD.reference("", 10001),
)


def _beside(name: str, ore: int, role: LineRole, rate: int = 6) -> Line:
    times, price = ("1", ore) if ore > 0 else ("-1", -ore)
    return line(name, times, str(Decimal(price) / 100), rate, role=role, number="", unit="C62")


COLLECTIVE = replace(
    PLAIN,
    number=10002,
    ocr=STANDARD.reference("", 10002),
    buyer=VASTERHAMN,
    order_number=None,
    ordered_on=None,
    delivered_to="",
    buyer_reference="7412-ALVA",
    order_reference="",
    contract_reference="Dnr INK 2026/114",
    place=Place("Rådhuset, receptionen", "Torget 1", "430 00", "Västerhamn"),
    period=Period(date(2026, 11, 1), date(2026, 11, 30)),
    lines=tuple(
        one
        for order in range(1001, 1009)
        for one in (
            line("Fruktkorg 5 kg", "4", "212", 6, order_number=order, reference=f"RAD-{order}"),
            line("Smörgåsar till möte", "12", "68", 12, order_number=order, number="KÖK-4"),
            line("Kontorsstäd", "6.5", "325", unit="HUR", number="STÄD-1", order_number=order, cost_centre="7733"),
            replace(_beside("Leverans", 4900, LineRole.CHARGE), order_number=order),
            *([replace(_beside("Prisavdrag: Fruktkorg 5 kg", -5000, LineRole.ALLOWANCE), order_number=order)]
              if order % 3 == 0 else []),
        )
    ),
)  # fmt: skip

MEMBERS = replace(
    PLAIN,
    series="M7-",
    ocr=STANDARD.reference("M7-", 10001),
    seller=LJUNGBACKEN,
    seller_email="ljungbacken@medlem.example",
    seller_phone="",
    in_the_name_of="Samklang Sälj ek. för.",
    payee=SELLER,
    lines=(
        line("Fruktkorg 5 kg", "4", "212", 0, category="O",
             note="Ideell förening utanför mervärdesskatten (4 kap. 6 § mervärdesskattelagen)."),
    ),
)  # fmt: skip

CREDIT = replace(
    PLAIN,
    kind=DocumentKind.CREDIT_NOTE,
    number=10003,
    ocr="",
    credits=Credited("10001", date(2026, 12, 1)),
    why="En av korgarna var skadad, och städningen blev en halvtimme kortare.",
    lines=(
        line("Fruktkorg 5 kg", "1", "212", 6),
        line("Kontorsstäd", "6.5", "325", unit="HUR", fixed_net=Money.kronor("162.50"), number="STÄD-1"),
    ),
)

REVERSED = replace(
    PLAIN,
    number=10004,
    ocr=STANDARD.reference("", 10004),
    lines=(
        line("Byggstädning efter ombyggnad", "32", "410", 0, category="AE", unit="HUR", number="BYGG-2",
             note="Omvänd betalningsskyldighet (16 kap. 13 § mervärdesskattelagen)."),
        line("Fruktkorg 5 kg", "4", "212", 6),
    ),
)  # fmt: skip

EXEMPT = replace(
    PLAIN,
    number=10005,
    ocr=STANDARD.reference("", 10005),
    buyer=VASTERHAMN,
    lines=(
        line("Daglig verksamhet, plats", "20", "812.50", 0, category="E", unit="DAY", number="SOC-1",
             note="Undantaget från mervärdesskatt: social omsorg (10 kap. 14 § mervärdesskattelagen)."),
        line("Begagnat skrivbord", "1", "1400", 0, category="E", number="ÅTER-9",
             note="Vinstmarginalbeskattning för begagnade varor."),
        line("Konferensdag", "3", "495", parts=(VatPart(60, 25, "S"), VatPart(40, 12, "S")), number="KONF-1"),
    ),
)  # fmt: skip

PAID = replace(PLAIN, number=10006, ocr=STANDARD.reference("", 10006), buyer=KIM, buyer_reference="",
               order_reference="", cost_centre="", paid=PLAIN.gross)  # fmt: skip
PARTLY = replace(PAID, number=10007, ocr=STANDARD.reference("", 10007), paid=Money.kronor(1000))

RUT = replace(
    PAID,
    number=10008,
    ocr=STANDARD.reference("", 10008),
    paid=Money(0),
    lines=(
        line("Hemstäd", "4", "390", unit="HUR", number="HEM-1"),
        line("Rengöringsmedel", "1", "120", number="HEM-2"),
    ),
    deduction=Deduction("rut", Money.kronor(1950), Money.kronor(975), ("1234", "9876")),
)

BUNDLED = replace(
    PLAIN,
    number=10009,
    ocr=STANDARD.reference("", 10009),
    lines=(
        line("Kasse, sydd", "100", "60.04", bundle=0, number="SY-1"),
        line("Packning", "5", "14.74", unit="HUR", per=Decimal("0.05"), bundle=0, number="PACK-1"),
        line("Fruktkorg 5 kg", "4", "212", 6),
    ),
    bundles=(Bundle("TEX-8", "Kasse, packad och klar", Decimal(100), "H87", "", Money.kronor("74.78")),),
    attachments=(Attachment("tidrapport-november.pdf", "application/pdf", 1, "Timmar dag för dag"),
                 Attachment("leveranser.csv", "text/csv", 2)),
)  # fmt: skip

LONG = replace(
    PLAIN,
    number=10010,
    ocr=STANDARD.reference("", 10010),
    lines=tuple(line(f"Artikel nummer {n} med ett ganska långt namn", "999999.999", "1234.5678") for n in range(60)),
)

KINDS = {
    "plain": PLAIN,
    "collective": COLLECTIVE,
    "members": MEMBERS,
    "credit": CREDIT,
    "reversed": REVERSED,
    "exempt": EXEMPT,
    "paid": PAID,
    "partly": PARTLY,
    "rut": RUT,
    "bundled": BUNDLED,
    "long": LONG,
}
