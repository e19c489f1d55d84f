"""Each kind of invoice that we issue breaks no rule of the schema, EN 16931, Peppol or Sweden, and says what it is."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from app.invoicing.document import Attachment, Bundle, Deduction, Party
from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.findings import Rulebook
from app.invoicing.ubl import to_archive, to_ubl
from app.money import Money
from app.vat import VatPart
from tests.einvoices import (
    BUYER,
    CONFERENCE,
    EXEMPT,
    INVOICE,
    NOUGHT_RATED,
    NOVEMBER,
    OUTSIDE,
    PLACE,
    REVERSE,
    S6,
    S12,
    SELLER,
    allowance,
    charge,
    credit_note,
    invoice,
    line,
    told,
)

MEMBER = replace(
    SELLER, name="Rena Rum ek. för.", org_number="769999-0037", vat_number="SE769999003701", electronic_address=""
)
FRUIT, LUNCH, CLEANING = (
    line("Fruktkorg", "4", "212", S6),
    line("Lunch", "12", "98.50", S12),
    line("Städ", "6.5", "325"),
)
USED = line("Begagnat skrivbord", "1", "1400", EXEMPT, note="Vinstmarginalbeskattning för begagnade varor")
CARE = line("Daglig verksamhet", "1", "4000", EXEMPT, note="Undantag från skatteplikt enligt 10 kap. ML")
BUILT = line("Byggstädning", "8", "410", REVERSE, note="Omvänd betalningsskyldighet")
FREE = line("Föreningens kaffe", "3", "20", OUTSIDE, note="Omfattas inte av mervärdesskatt (4 kap. 6 § ML)")
MEETING = line("Konferensdag", "7", "333.33", CONFERENCE)
OWN_PRICE = line("Tråd", "333.3333", "0.07", unit="MTR", per=Decimal("2.5"))
EARLIER = replace(CLEANING, delivered_on=date(2026, 11, 4), order_number=1000, cost_centre="77", reference="Rad 3")
BOTH = (FRUIT, CLEANING)
TIME_SHEET = Attachment("tidrapport.pdf", "application/pdf", 7, "Tidrapport för november")

EXAMPLES = {
    "one rate": invoice(),
    "several rates": invoice(FRUIT, LUNCH, CLEANING),
    "reverse charge": invoice(BUILT),
    "reverse charge beside VAT": invoice(BUILT, CLEANING),
    "exempt": invoice(CARE),
    "margin scheme beside VAT": invoice(USED, CLEANING),
    "outside the VAT": invoice(FREE, seller=replace(SELLER, vat_number="")),
    "outside beside VAT": invoice(FREE, CLEANING),
    "nought-rated": invoice(line("Medicin", "1", "10", NOUGHT_RATED)),
    "a seller without VAT": invoice(CARE, seller=replace(SELLER, vat_number="")),
    "a price split between rates": invoice(MEETING, MEETING, CLEANING),
    "charges and allowances": invoice(*BOTH, charge("Leverans", "95"), allowance("Prisavdrag: Städ", "200")),
    "a split allowance": invoice(MEETING, allowance("Prisavdrag", "33.33", CONFERENCE)),
    "only a charge": invoice(charge("Andra leveransförsöket", "95")),
    "four decimals": invoice(OWN_PRICE, line("Packning", "5", "14.74", unit="HUR", per=Decimal("0.05"))),
    "a returned deposit": invoice(CLEANING, line("Pant", "-3", "40", unit="C62")),
    "credit of all": credit_note(*BOTH),
    "credit of a split line": credit_note(MEETING),
    "credit with an allowance": credit_note(*BOTH, charge("Leverans", "95"), allowance("Prisavdrag", "200")),
    "credit of a deposit taken back": credit_note(CLEANING, line("Pant", "-3", "40", unit="C62")),
    "credit of an amount": credit_note(replace(FRUIT, fixed_net=Money.kronor("99.99"))),
    "credit of an amount of a split line": credit_note(replace(MEETING, fixed_net=Money.kronor("99.99"))),
    "credit of a charge": credit_note(charge("Leverans", "95")),
    "a delivery place": invoice(place=PLACE),
    "a period": invoice(EARLIER, FRUIT, period=NOVEMBER),
    "several days": invoice(EARLIER, FRUIT),
    "a contract": invoice(contract_reference="RA 2026:14"),
    "no references": invoice(buyer_reference="", order_reference="", cost_centre=""),
    "several orders, no references": invoice(buyer_reference="", order_reference="", order_number=None),
    "only a buyer reference": invoice(order_reference=""),
    "attachments": invoice(attachments=(TIME_SHEET, replace(TIME_SHEET, name="dagar.csv", media_type="text/csv"))),
    "paid before": invoice(paid=INVOICE.gross),
    "a part paid before": invoice(paid=Money.kronor(100)),
    "a tax deduction": invoice(deduction=Deduction("rut", Money.kronor(2000), Money.kronor(1000), ("1234",))),
    "in a member's name": invoice(
        series="M7-", in_the_name_of="Samklang Sälj ek. för.", seller=MEMBER, payee=SELLER
    ),
    "credit in a member's name": credit_note(
        series="M7-", in_the_name_of="Samklang Sälj ek. för.", seller=MEMBER, payee=SELLER
    ),
    "no bankgiro": invoice(bankgiro=""),
    "nothing to pay": invoice(line("Omleverans", "2", "0")),
    "a bundle": invoice(
        replace(line("Kasse", "100", "60.04"), bundle=0),
        replace(line("Packning", "5", "14.74", unit="HUR", per=Decimal("0.05"), unit_text="packtid"), bundle=0),
        bundles=(Bundle("TEX-8", "Kasse, packad", Decimal(100), "H87", "", Money.kronor("74.78")),),
    ),
}  # fmt: skip
FILES = {7: b"%PDF-1.7 en tidrapport"}
PRIVATE = Party("Ingrid Exempel", "", "", "Hemgatan 3", "411 03", "Göteborg")
FOR_PEOPLE = {"a tax deduction", "one rate", "credit of all", "paid before"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_breaks_no_rule(name):
    assert check(to_ubl(EXAMPLES[name], FILES)) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_for_an_archive_it_keeps_to_the_european_standard_without_the_buyers_address(name):
    document = replace(EXAMPLES[name], buyer=PRIVATE if name in FOR_PEOPLE else replace(BUYER, electronic_address=""))
    xml = to_archive(document)
    assert check(xml, Rulebook.EUROPEAN) == []
    assert [one.text for one in etree.fromstring(xml).iterfind("{*}CustomizationID")] == ["urn:cen.eu:en16931:2017"]
    assert b"EmbeddedDocumentBinaryObject" not in xml
    assert all(one.name.encode() in xml or one.about.encode() in xml for one in document.attachments)


@pytest.mark.parametrize("name", EXAMPLES)
def test_its_sums_are_the_documents(name):
    document, total = EXAMPLES[name], "//cac:LegalMonetaryTotal/cbc:"
    sums = ["TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount"]
    kronor = [Money.kronor(amount) for one in sums for amount in told(document, total + one, attachments=FILES)]
    assert kronor == [document.net, document.gross, document.payable]
    assert told(document, "/*/cac:TaxTotal/cbc:TaxAmount", attachments=FILES) == [f"{document.vat.in_kronor():.2f}"]


def test_the_same_document_gives_the_same_bytes():
    assert to_ubl(EXAMPLES["several rates"]) == to_ubl(EXAMPLES["several rates"])


def test_vat_is_told_per_rate_highest_first():
    part = "//cac:TaxSubtotal/"
    assert told(EXAMPLES["several rates"], f"{part}cac:TaxCategory/cbc:Percent") == ["25", "12", "6"]
    assert told(EXAMPLES["several rates"], f"{part}cbc:TaxableAmount") == ["2112.50", "1182.00", "848.00"]
    assert told(EXAMPLES["several rates"], f"{part}cbc:TaxAmount") == ["528.13", "141.84", "50.88"]


def test_why_no_vat_is_shown_stands_there_with_its_code():
    code, words = "//cbc:TaxExemptionReasonCode", "//cbc:TaxExemptionReason"
    assert told(EXAMPLES["reverse charge"], code) == ["VATEX-EU-AE"]
    assert told(EXAMPLES["reverse charge"], words) == ["Omvänd betalningsskyldighet"]
    assert told(EXAMPLES["margin scheme beside VAT"], code) == ["VATEX-EU-F"]
    assert told(EXAMPLES["outside the VAT"], code) == ["VATEX-EU-O"]
    assert told(EXAMPLES["exempt"], code) == []
    assert told(EXAMPLES["exempt"], words) == ["Undantag från skatteplikt enligt 10 kap. ML"]
    assert told(EXAMPLES["nought-rated"], words) == []


def test_a_parts_own_code_goes_first_and_two_different_ones_leave_the_words():
    care = replace(CARE, parts=(VatPart(100, 0, "E", "VATEX-EU-132-1G"),))
    assert told(invoice(care), "//cbc:TaxExemptionReasonCode") == ["VATEX-EU-132-1G"]
    assert told(invoice(care, USED), "//cbc:TaxExemptionReasonCode") == []
    assert told(invoice(care, USED), "//cbc:TaxExemptionReason") == [f"{CARE.note}. {USED.note}"]


def test_nobody_has_a_vat_number_on_what_is_outside_the_vat():
    document = invoice(FREE)
    assert told(document, "//cac:PartyTaxScheme/cbc:CompanyID") == ["Godkänd för F-skatt"]
    assert told(document, "//cbc:Percent") == []


def test_a_split_price_is_a_line_for_each_rate_and_they_are_its_sum():
    document = invoice(MEETING)
    amounts = [Decimal(one) for one in told(document, "//cac:InvoiceLine/cbc:LineExtensionAmount")]
    assert amounts == [Decimal("1399.99"), Decimal("933.32")]
    assert sum(amounts) == MEETING.net.in_kronor()
    assert told(document, "//cac:InvoiceLine//cbc:Percent") == ["12", "25"]
    assert told(document, "//cac:InvoiceLine/cac:Item/cbc:Description") == [
        "Den del av priset som har 12 % moms", "Den del av priset som har 25 % moms",
    ]  # fmt: skip


def test_a_price_for_so_many_keeps_its_quantity():
    assert told(invoice(OWN_PRICE), "//cbc:InvoicedQuantity") == ["333.3333"]
    assert told(invoice(OWN_PRICE), "//cbc:PriceAmount") == ["0.07"]
    assert told(invoice(OWN_PRICE), "//cbc:BaseQuantity") == ["2.5"]
    assert told(invoice(OWN_PRICE), "//cbc:BaseQuantity/@unitCode") == ["MTR"]


def test_charges_and_allowances_stand_beside_the_lines():
    document, beside = EXAMPLES["charges and allowances"], "/*/cac:AllowanceCharge/cbc:"
    assert told(document, f"{beside}ChargeIndicator") == ["true", "false"]
    assert told(document, f"{beside}AllowanceChargeReasonCode") == ["DL", "95"]
    assert told(document, f"{beside}AllowanceChargeReason") == ["Leverans", "Prisavdrag: Städ"]
    assert told(document, f"{beside}Amount") == ["95.00", "200.00"]
    assert len(told(document, "//cac:InvoiceLine/cbc:ID")) == 2


def test_a_credit_note_names_its_invoice_and_gives_back():
    document = EXAMPLES["credit of all"]
    assert told(document, "/*/cbc:CreditNoteTypeCode") == ["381"]
    assert told(document, "//cac:BillingReference//cbc:ID") == ["10001"]
    assert told(document, "//cac:BillingReference//cbc:IssueDate") == ["2026-12-01"]
    assert told(document, "//cbc:CreditedQuantity") == ["4", "6.5"]
    assert told(document, "//cbc:DueDate | //cac:PaymentMeans") == []
    assert told(document, "/*/cbc:Note")[0].startswith("Skadat gods. ")


def test_an_amount_of_a_line_is_one_of_it():
    document = EXAMPLES["credit of an amount"]
    assert told(document, "//cbc:CreditedQuantity") == ["1"]
    assert told(document, "//cbc:PriceAmount") == ["99.99"]


def test_references_stand_where_the_buyers_system_looks():
    document = replace(EXAMPLES["several days"], contract_reference="RA 2026:14")
    assert told(document, "/*/cbc:BuyerReference") == ["90123 Kim"]
    assert told(document, "/*/cbc:AccountingCost") == ["4410"]
    assert told(document, "/*/cac:OrderReference/*") == ["PO-77", "1001"]
    assert told(document, "/*/cac:ContractDocumentReference/cbc:ID") == ["RA 2026:14"]
    first = "//cac:InvoiceLine[1]/"
    assert told(document, f"{first}cbc:AccountingCost") == ["77"]
    assert told(document, f"{first}cac:OrderLineReference/cbc:LineID") == ["Rad 3"]
    assert told(document, f"{first}cac:DocumentReference/*") == ["1000", "130"]


def test_our_order_number_never_stands_where_the_buyer_looks_for_its_own():
    """Peppol BIS Billing 3: NA in BT-13 where there is only a sales order (BT-14)."""
    assert told(EXAMPLES["no references"], "/*/cac:OrderReference/*") == ["NA", "1001"]
    assert told(EXAMPLES["no references"], "/*/cbc:BuyerReference") == []
    assert told(invoice(), "/*/cac:OrderReference/*") == ["PO-77", "1001"]
    assert told(EXAMPLES["several orders, no references"], "/*/cac:OrderReference/*") == ["NA"]
    assert told(EXAMPLES["only a buyer reference"], "/*/cac:OrderReference/*") == ["NA", "1001"]


def test_the_period_holds_all_days_of_supply():
    assert told(EXAMPLES["a period"], "/*/cac:InvoicePeriod/*") == ["2026-11-01", "2026-12-01"]
    assert told(EXAMPLES["a period"], "//cac:InvoiceLine/cac:InvoicePeriod/cbc:StartDate") == [
        "2026-11-04",
        "2026-12-01",
    ]
    assert told(INVOICE, "//cac:InvoicePeriod") == []
    assert told(INVOICE, "//cac:Delivery/cbc:ActualDeliveryDate") == ["2026-12-01"]


def test_where_it_was_delivered():
    assert told(EXAMPLES["a delivery place"], "//cac:Delivery//cbc:*") == [
        "2026-12-01", "Torget 1", "Göteborg", "415 01", "SE", "Stadshuset",
    ]  # fmt: skip


def test_it_is_paid_to_the_bankgiro_with_the_ocr():
    means = "//cac:PaymentMeans/"
    assert told(INVOICE, f"{means}cbc:PaymentMeansCode") == ["30"]
    assert told(INVOICE, f"{means}cbc:PaymentID") == ["1000173"]
    assert told(INVOICE, f"{means}cac:PayeeFinancialAccount/cbc:ID") == ["9990003"]
    assert told(INVOICE, f"{means}cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID") == ["SE:BANKGIRO"]
    assert told(INVOICE, "//cac:PaymentTerms/cbc:Note") == ["30 dagar netto"]
    assert told(EXAMPLES["paid before"], "//cac:PaymentMeans") == []
    assert told(EXAMPLES["a part paid before"], "//cbc:PrepaidAmount") == ["100.00"]
    assert told(EXAMPLES["a tax deduction"], "//cbc:PrepaidAmount") == ["1000.00"]


def test_who_invoices_in_a_members_name_is_paid_in_its_place():
    document = EXAMPLES["in a member's name"]
    assert told(document, "//cac:PayeeParty/cac:PartyName/cbc:Name") == ["Samklang Sälj ek. för."]
    assert told(document, "//cac:PayeeParty/cac:PartyLegalEntity/cbc:CompanyID") == ["7699990003"]
    assert "Betalas till Samklang Sälj ek. för. för säljarens räkning" in told(document, "/*/cbc:Note")[0]
    before = replace(document, payee=None)
    assert told(before, "//cac:PayeeParty//cbc:*") == ["Samklang Sälj ek. för."]
    assert "Betalas till" not in told(EXAMPLES["credit in a member's name"], "/*/cbc:Note")[0]
    assert told(document, "//cac:PayeeFinancialAccount/cbc:Name") == ["Samklang Sälj ek. för."]
    assert told(INVOICE, "//cac:PayeeParty") == []


def test_a_file_goes_with_it():
    held = told(EXAMPLES["attachments"], "//cbc:EmbeddedDocumentBinaryObject", attachments=FILES)
    assert [base64.b64decode(one) for one in held] == [FILES[7], FILES[7]]
    names = told(EXAMPLES["attachments"], "//cbc:EmbeddedDocumentBinaryObject/@filename", attachments=FILES)
    assert names == ["tidrapport.pdf", "dagar.csv"]


def test_all_that_has_no_field_stands_in_one_note():
    document = invoice(in_the_name_of="Samklang Sälj ek. för.", why="Rättad.")
    (note,) = told(document, "/*/cbc:Note")
    assert note == f"Rättad. Utställd av Samklang Sälj ek. för. i säljarens namn. Levererat till {INVOICE.delivered_to}"


def test_signs_that_xml_cannot_hold_are_left_out_and_nothing_is_empty():
    document = invoice(line("Frukt\x00\x0bkorg &<é😀", "1", "10"), buyer_reference="  \x07 ", cost_centre="\n")
    assert told(document, "//cac:Item/cbc:Name") == ["Fruktkorg &<é😀"]
    assert check(to_ubl(document)) == []
