"""A fault planted in an e-invoice is found, under the id that those who wrote the rule gave it, and at its place."""

from __future__ import annotations

import pytest

from app.invoicing.einvoice.checking import OWN, check
from app.invoicing.einvoice.findings import Severity
from tests.einvoices import (
    EXEMPT,
    INVOICE,
    OUTSIDE,
    REVERSE,
    allowance,
    credit_note,
    has,
    invoice,
    lacks,
    line,
    marked,
    says,
    spoilt,
)

SELLER, BUYER = "//cac:AccountingSupplierParty/cac:Party/", "//cac:AccountingCustomerParty/cac:Party/"
LEGAL, VAT = f"{SELLER}cac:PartyLegalEntity/", f"{SELLER}cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/"
TAX = f"{SELLER}cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='TAX']/"
MEANS, LINE, PRICE = "//cac:PaymentMeans/", "//cac:InvoiceLine[1]/", "//cac:InvoiceLine[1]/cac:Price/"
ACCOUNT = f"{MEANS}cac:PayeeFinancialAccount/cbc:ID"
BRANCH = f"{MEANS}cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"
TOTAL, NAME = "/*/cac:TaxTotal[1]", f"{LINE}cac:Item/cbc:Name"
EXTRA_LINE_AMOUNT = (
    "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>{}"
    '<cbc:Amount currencyID="SEK">10.00</cbc:Amount>{}</cac:AllowanceCharge>'
)
REDUCED = allowance("Prisavdrag", "10")
BASE = '<cbc:BaseAmount currencyID="SEK">50.00</cbc:BaseAmount>'
FACTOR = "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"
CHARGED = "//cac:AllowanceCharge/"
DAYS = invoice(line("A", "1", "10"), line("B", "1", "10", delivered_on=INVOICE.issued_on.replace(month=11)))
FREE, BUILT = invoice(line("Vård", "1", "10", EXEMPT)), invoice(line("Bygge", "1", "10", REVERSE))
OTHER = invoice(line("Kaffe", "1", "10", OUTSIDE))
REASON = "//cac:TaxExemptionReasonCode"
VATEX = "<cbc:TaxExemptionReasonCode>{}</cbc:TaxExemptionReasonCode>"
SUBTOTAL = "//cac:TaxSubtotal/cac:TaxCategory/cbc:Percent"


def reason(code: str):
    """A reason stands with the VAT."""
    return has(SUBTOTAL, VATEX.format(code))


FAULTS = [
    # Swedish rules.
    ("SE-R-001", INVOICE, [says(f"{VAT}cbc:CompanyID", "SE7699990003")]),
    ("SE-R-002", INVOICE, [says(f"{VAT}cbc:CompanyID", "SE76999900030A")]),
    ("SE-R-003", INVOICE, [says(f"{LEGAL}cbc:CompanyID", "769999-000")]),
    ("SE-R-004", INVOICE, [says(f"{LEGAL}cbc:CompanyID", "167699990003")]),
    ("SE-R-005", INVOICE, [says(f"{TAX}cbc:CompanyID", "F-skatt finns")]),
    ("SE-R-005", INVOICE, [says(f"{TAX}cbc:CompanyID", "GODKÄND FÖR F-SKATT")]),
    ("SE-R-006", INVOICE, [says("//cbc:Percent", "24")]),
    ("SE-R-007", INVOICE, [says(BRANCH, "SE:PLUSGIRO"), says(ACCOUNT, "12-3")]),
    ("SE-R-008", INVOICE, [says(ACCOUNT, "999-0003")]),
    ("SE-R-009", INVOICE, [says(ACCOUNT, "999000")]),
    ("SE-R-010", INVOICE, [says(BRANCH, "SE:PLUSGIRO"), says(ACCOUNT, "123456789")]),
    ("SE-R-011", INVOICE, [says(f"{MEANS}cbc:PaymentMeansCode", "56")]),
    ("SE-R-012", INVOICE, [says(f"{MEANS}cbc:PaymentMeansCode", "31")]),
    ("SE-R-013", INVOICE, [says(f"{LEGAL}cbc:CompanyID", "7699990004")]),
    # Peppol's, of the whole.
    ("PEPPOL-EN16931-R001", INVOICE, [lacks("/*/cbc:ProfileID")]),
    ("PEPPOL-EN16931-R007", INVOICE, [says("/*/cbc:ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:1:1.0")]),
    ("PEPPOL-EN16931-R002", INVOICE, [has("/*/cbc:Note", "<cbc:Note>En till</cbc:Note>")]),
    ("PEPPOL-EN16931-R003", INVOICE, [lacks("/*/cbc:BuyerReference"), lacks("/*/cac:OrderReference")]),
    ("PEPPOL-EN16931-R004", INVOICE, [says("/*/cbc:CustomizationID", "urn:cen.eu:en16931:2017")]),
    (
        "PEPPOL-EN16931-R005",
        INVOICE,
        [has("/*/cbc:DocumentCurrencyCode", "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>")],
    ),
    ("PEPPOL-EN16931-R008", INVOICE, [says(f"{BUYER}cac:PartyName/cbc:Name", " ")]),
    ("PEPPOL-EN16931-R010", INVOICE, [lacks(f"{BUYER}cbc:EndpointID")]),
    ("PEPPOL-EN16931-R020", INVOICE, [lacks(f"{SELLER}cbc:EndpointID")]),
    ("PEPPOL-EN16931-R051", INVOICE, [marked("//cbc:PriceAmount", "currencyID", "EUR")]),
    ("PEPPOL-EN16931-R053", INVOICE, [lacks("//cac:TaxSubtotal")]),
    (
        "PEPPOL-EN16931-R054",
        INVOICE,
        [has(TOTAL, '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">1.00</cbc:TaxAmount></cac:TaxTotal>')],
    ),
    ("PEPPOL-EN16931-R061", INVOICE, [says(f"{MEANS}cbc:PaymentMeansCode", "59")]),
    (
        "PEPPOL-EN16931-R080",
        credit_note(),
        [
            has(
                "/*/cac:BillingReference",
                "<cac:AdditionalDocumentReference><cbc:ID>P1</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode>"
                "</cac:AdditionalDocumentReference>" * 2,
            )
        ],
    ),
    ("PEPPOL-EN16931-P0100", INVOICE, [says("/*/cbc:InvoiceTypeCode", "389")]),
    ("PEPPOL-EN16931-P0101", credit_note(), [says("/*/cbc:CreditNoteTypeCode", "261")]),
    ("PEPPOL-EN16931-P0104", FREE, [reason("VATEX-EU-G")]),
    ("PEPPOL-EN16931-P0105", FREE, [reason("VATEX-EU-O")]),
    ("PEPPOL-EN16931-P0106", FREE, [reason("VATEX-EU-IC")]),
    ("PEPPOL-EN16931-P0107", FREE, [reason("VATEX-EU-AE")]),
    ("PEPPOL-EN16931-P0108", BUILT, [says("//cbc:TaxExemptionReasonCode", "VATEX-EU-D")]),
    ("PEPPOL-EN16931-P0109", BUILT, [says("//cbc:TaxExemptionReasonCode", "VATEX-EU-F")]),
    ("PEPPOL-EN16931-P0110", BUILT, [says("//cbc:TaxExemptionReasonCode", "VATEX-EU-I")]),
    ("PEPPOL-EN16931-P0111", BUILT, [says("//cbc:TaxExemptionReasonCode", "VATEX-EU-J")]),
    (
        "PEPPOL-COMMON-R040",
        INVOICE,
        [marked(f"{BUYER}cbc:EndpointID", "schemeID", "0088"), says(f"{BUYER}cbc:EndpointID", "7300009000013")],
    ),
    ("PEPPOL-COMMON-R049", INVOICE, [says(f"{BUYER}cbc:EndpointID", "2120999013")]),
    ("PEPPOL-COMMON-R049", INVOICE, [says(f"{BUYER}cac:PartyLegalEntity/cbc:CompanyID", "212099-9012")]),
    # Peppol's, of lines and prices.
    (
        "PEPPOL-EN16931-R040",
        invoice(*INVOICE.lines, REDUCED),
        [has(f"{CHARGED}cbc:AllowanceChargeReason", FACTOR), has(f"{CHARGED}cbc:Amount", BASE)],
    ),
    ("PEPPOL-EN16931-R041", invoice(*INVOICE.lines, REDUCED), [has(f"{CHARGED}cbc:AllowanceChargeReason", FACTOR)]),
    ("PEPPOL-EN16931-R042", invoice(*INVOICE.lines, REDUCED), [has(f"{CHARGED}cbc:Amount", BASE)]),
    ("PEPPOL-EN16931-R043", invoice(*INVOICE.lines, REDUCED), [says(f"{CHARGED}cbc:ChargeIndicator", "0")]),
    (
        "PEPPOL-EN16931-R044",
        INVOICE,
        [has(f"{PRICE}cbc:PriceAmount", EXTRA_LINE_AMOUNT.format("", "").replace("false", "true"))],
    ),
    ("PEPPOL-EN16931-R046", INVOICE, [has(f"{PRICE}cbc:PriceAmount", EXTRA_LINE_AMOUNT.format("", BASE))]),
    (
        "PEPPOL-EN16931-R100",
        DAYS,
        [
            has(
                f"{LINE}cac:InvoicePeriod",
                "<cac:DocumentReference><cbc:ID>1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>"
                * 2,
            )
        ],
    ),
    (
        "PEPPOL-EN16931-R101",
        DAYS,
        [has(f"{LINE}cac:InvoicePeriod", "<cac:DocumentReference><cbc:ID>1</cbc:ID></cac:DocumentReference>")],
    ),
    ("PEPPOL-EN16931-R110", DAYS, [says("/*/cac:InvoicePeriod/cbc:StartDate", "2026-11-15")]),
    ("PEPPOL-EN16931-R111", DAYS, [says("/*/cac:InvoicePeriod/cbc:EndDate", "2026-11-15")]),
    ("PEPPOL-EN16931-R120", INVOICE, [says(f"{LINE}cbc:InvoicedQuantity", "6.6")]),
    (
        "PEPPOL-EN16931-R121",
        INVOICE,
        [has(f"{PRICE}cbc:PriceAmount", '<cbc:BaseQuantity unitCode="HUR">-1</cbc:BaseQuantity>')],
    ),
    (
        "PEPPOL-EN16931-R130",
        INVOICE,
        [has(f"{PRICE}cbc:PriceAmount", '<cbc:BaseQuantity unitCode="KGM">1</cbc:BaseQuantity>')],
    ),
    # The European rules and the schema.
    ("BR-06", INVOICE, [lacks(f"{LEGAL}cbc:RegistrationName")]),
    ("BR-CO-15", INVOICE, [says("//cbc:TaxInclusiveAmount", "1.00")]),
    (
        "BR-CO-17",
        INVOICE,
        [says("//cac:TaxSubtotal/cbc:TaxAmount", "1.00"), says("/*/cac:TaxTotal/cbc:TaxAmount", "1.00")],
    ),
    ("BR-S-08", INVOICE, [says("//cbc:TaxableAmount", "1.00")]),
    ("BR-S-02", INVOICE, [lacks(f"{SELLER}cac:PartyTaxScheme")]),
    ("BR-AE-10", BUILT, [lacks("//cbc:TaxExemptionReasonCode"), lacks("//cbc:TaxExemptionReason")]),
    ("BR-O-12", OTHER, [says("//cac:InvoiceLine//cac:ClassifiedTaxCategory/cbc:ID", "Z")]),
    ("BR-CL-23", INVOICE, [marked(f"{LINE}cbc:InvoicedQuantity", "unitCode", "STYCK")]),
    ("BR-CL-01", INVOICE, [says("/*/cbc:InvoiceTypeCode", "999")]),
    ("BR-DEC-23", INVOICE, [says(f"{LINE}cbc:LineExtensionAmount", "2112.500")]),
    ("UBL-XSD", INVOICE, [says("/*/cbc:IssueDate", "1 december")]),
    ("UBL-XSD", INVOICE, [has("/*/cbc:ID", "<cbc:Unheard>1</cbc:Unheard>")]),
]


@pytest.mark.parametrize(("rule", "document", "ways"), FAULTS, ids=[f"{n}-{one[0]}" for n, one in enumerate(FAULTS)])
def test_a_planted_fault_is_found(rule, document, ways):
    found = check(spoilt(document, *ways))
    assert rule in {one.rule for one in found}
    assert all(one.words for one in found)


def test_every_rule_of_our_own_has_a_fault():
    assert {rule.name for rules in OWN for rule in rules} <= {rule for rule, *_ in FAULTS}


def test_what_is_not_spoilt_has_none():
    documents = (INVOICE, DAYS, FREE, BUILT, OTHER, credit_note(), invoice(*INVOICE.lines, REDUCED))
    assert [check(spoilt(document)) for document in documents] == [[]] * len(documents)


def test_warnings_are_no_faults():
    found = check(spoilt(INVOICE, says(ACCOUNT, "999-0003")))
    assert {one.severity for one in found} == {Severity.WARNING}


def test_it_says_where():
    (found,) = check(spoilt(DAYS, says("//cac:InvoiceLine[2]/cac:Price/cbc:PriceAmount", "11")))
    assert (found.rule, found.where) == ("PEPPOL-EN16931-R120", "/Invoice/cac:InvoiceLine[2]")
    (european,) = check(spoilt(DAYS, marked("//cac:InvoiceLine[2]/cbc:InvoicedQuantity", "unitCode", "STYCK")))
    assert (european.rule, european.where) == ("BR-CL-23", "/Invoice/InvoiceLine[2]/InvoicedQuantity")
