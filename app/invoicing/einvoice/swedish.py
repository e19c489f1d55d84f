"""What Peppol asks of a seller in Sweden: SE-R-001 to SE-R-013 of BIS Billing 3. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from stdnum import luhn

from app.invoicing.einvoice.reading import all_of, text
from app.invoicing.einvoice.rules import Rules
from app.invoicing.ubl_xml import Element

RULES = Rules()
SWEDEN = "SE"
F_TAX = "Godkänd för F-skatt"
LAWFUL_RATES = {"25", "12", "6"}
"""Per cent (ML 9 kap.)."""
NOT_IN_SWEDEN = {"50", "56"}
"""UNCL4461: payment to a postal giro and to a bank giro, as other countries have them."""


@RULES.fatal("SE-R-001", "Säljarens momsnummer ska ha 14 tecken: SE och tolv siffror.")
def vat_number_of_fourteen(root: Element) -> Iterator[Element]:
    """SE and twelve more."""
    return (number for number in _vat_numbers(root) if len(_of(number)) != 14)


@RULES.fatal("SE-R-002", "Det som följer på SE i säljarens momsnummer ska vara siffror.")
def vat_number_in_figures(root: Element) -> Iterator[Element]:
    """The twelve are figures."""
    return (number for number in _vat_numbers(root) if not _is_figures(_of(number)[2:]))


@RULES.fatal("SE-R-003", "Säljarens organisationsnummer ska vara bara siffror, utan bindestreck.")
def org_number_in_figures(root: Element) -> Iterator[Element]:
    """Neither hyphen nor letters."""
    return (number for number in _org_numbers(root) if not _is_figures(_of(number)))


@RULES.fatal("SE-R-004", "Säljarens organisationsnummer ska ha tio siffror.")
def org_number_of_ten(root: Element) -> Iterator[Element]:
    """No century before it."""
    return (number for number in _org_numbers(root) if len(_of(number)) != 10)


@RULES.fatal("SE-R-005", f"Står säljarens skatteuppgift med ska den lyda exakt ”{F_TAX}”.")
def f_tax_word_for_word(root: Element) -> Iterator[Element]:
    """What stands beside the VAT number is the words about F-tax and nothing else."""
    for seller in _swedish_sellers(root):
        for scheme in all_of(seller, "cac:PartyTaxScheme"):
            if text(scheme, "cac:TaxScheme/cbc:ID").upper() != "VAT":
                yield from (said for said in all_of(scheme, "cbc:CompanyID") if _of(said) != F_TAX)


@RULES.fatal("SE-R-006", "En svensk säljare kan bara ta ut 25, 12 eller 6 procent moms.")
def lawful_rates(root: Element) -> Iterator[Element]:
    """The rates of category S."""
    if next(_vat_numbers(root), None) is None:
        return
    for name in ("TaxCategory", "ClassifiedTaxCategory"):
        for category in all_of(root, f".//cac:{name}"):
            if text(category, "cbc:ID") == "S" and _plain(text(category, "cbc:Percent")) not in LAWFUL_RATES:
                yield category


@RULES.warning("SE-R-007", "Plusgironumret ska vara bara siffror.")
def plusgiro_in_figures(root: Element) -> Iterator[Element]:
    """Neither hyphen nor spaces."""
    return (account for account in _accounts(root, "SE:PLUSGIRO") if not _is_figures(_of(account)))


@RULES.warning("SE-R-008", "Bankgironumret ska vara bara siffror.")
def bankgiro_in_figures(root: Element) -> Iterator[Element]:
    """Neither hyphen nor spaces."""
    return (account for account in _accounts(root, "SE:BANKGIRO") if not _is_figures(_of(account)))


@RULES.warning("SE-R-009", "Bankgironumret ska ha sju eller åtta siffror.")
def bankgiro_of_seven_or_eight(root: Element) -> Iterator[Element]:
    """As Bankgirot gives them out."""
    return (account for account in _accounts(root, "SE:BANKGIRO") if len(_of(account)) not in {7, 8})


@RULES.warning("SE-R-010", "Plusgironumret ska ha två till åtta siffror.")
def plusgiro_of_two_to_eight(root: Element) -> Iterator[Element]:
    """As Plusgirot gives them out."""
    return (account for account in _accounts(root, "SE:PLUSGIRO") if not 2 <= len(_of(account)) <= 8)


@RULES.warning("SE-R-011", "Betalning till bankgiro eller plusgiro anges med kod 30 och SE:BANKGIRO eller SE:PLUSGIRO.")
def giro_by_its_branch(root: Element) -> Iterator[Element]:
    """Other countries' giro codes are not used here."""
    return (code for code in _means_codes(root) if _of(code) in NOT_IN_SWEDEN)


@RULES.warning("SE-R-012", "Mellan svenska parter anges en överföring med kod 30, inte 31.")
def transfer_at_home(root: Element) -> Iterator[Element]:
    """Both are in Sweden."""
    buyers = all_of(root, "cac:AccountingCustomerParty/cac:Party")
    if not any(_country(buyer) == SWEDEN for buyer in buyers):
        return iter(())
    return (code for code in _means_codes(root) if _of(code) == "31")


@RULES.fatal("SE-R-013", "Kontrollsiffran i säljarens organisationsnummer stämmer inte.")
def org_number_with_its_check_digit(root: Element) -> Iterator[Element]:
    """The last of the ten (Luhn); that there are ten is a rule of its own."""
    for number in _org_numbers(root):
        if _is_figures(_of(number)) and len(_of(number)) == 10 and not luhn.is_valid(_of(number)):
            yield number


def _swedish_sellers(root: Element) -> list[Element]:
    sellers = all_of(root, "cac:AccountingSupplierParty/cac:Party")
    return [seller for seller in sellers if _country(seller) == SWEDEN]


def _country(party: Element) -> str:
    return text(party, "cac:PostalAddress/cac:Country/cbc:IdentificationCode")


def _vat_numbers(root: Element) -> Iterator[Element]:
    """Swedish ones: a seller here may be registered for VAT in another country."""
    for seller in _swedish_sellers(root):
        for scheme in all_of(seller, "cac:PartyTaxScheme"):
            if text(scheme, "cac:TaxScheme/cbc:ID").upper() == "VAT":
                yield from (number for number in all_of(scheme, "cbc:CompanyID") if _of(number).startswith(SWEDEN))


def _org_numbers(root: Element) -> Iterator[Element]:
    for seller in _swedish_sellers(root):
        yield from all_of(seller, "cac:PartyLegalEntity/cbc:CompanyID")


def _accounts(root: Element, branch: str) -> Iterator[Element]:
    if not _swedish_sellers(root):
        return
    for means in all_of(root, "cac:PaymentMeans"):
        account = "cac:PayeeFinancialAccount"
        at = text(means, f"{account}/cac:FinancialInstitutionBranch/cbc:ID")
        if text(means, "cbc:PaymentMeansCode") == "30" and at == branch:
            yield from all_of(means, f"{account}/cbc:ID")


def _means_codes(root: Element) -> list[Element]:
    return all_of(root, "cac:PaymentMeans/cbc:PaymentMeansCode") if _swedish_sellers(root) else []


def _of(element: Element) -> str:
    return " ".join((element.text or "").split())


def _is_figures(said: str) -> bool:
    return said.isascii() and said.isdecimal()


def _plain(number: str) -> str:
    """25.00 is 25."""
    return number.rstrip("0").rstrip(".") if "." in number else number
