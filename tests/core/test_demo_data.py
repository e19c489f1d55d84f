"""The demonstration's files, its members and its customers: nobody is real, and whatever is named is there."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest
from stdnum import ean
from stdnum.se import orgnr, vat

from app import places
from bids.kinds import DocumentKind
from tests.core.demo_files import APP, AREAS, COMPANY, CUSTOMERS, MEMBERS, PARTIES, TENDERS, share

DEMO_FILES = sorted((APP / "demo").glob("*.toml"))
FICTIONAL_PHONES = re.compile(r"031-390 06 \d\d|040-628 04 \d\d|08-465 004 \d\d|0980-319 2\d\d|070-174 06 \d\d")


def leaves(value):
    """Every text in a tree of tables, with the key it stands under."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if isinstance(child, str):
            yield key, child
        yield from leaves(child)


def texts(key):
    return [text for file in DEMO_FILES for name, text in leaves(tomllib.loads(file.read_text("utf-8"))) if name == key]


# Nobody is real


@pytest.mark.parametrize("file", DEMO_FILES, ids=lambda file: file.name)
def test_every_file_begins_by_saying_that_it_is_fictional(file):
    assert file.read_text("utf-8").startswith("# Fictional: ")


def test_the_files_are_there():
    names = {file.stem for file in DEMO_FILES}
    assert names == {
        "agreements",
        "articles",
        "calls",
        "changes",
        "company",
        "customers",
        "library",
        "members",
        "prices",
        "profiles",
        "routing",
        "tenders",
    }


def test_every_address_and_number_is_one_that_nobody_has():
    emails, phones = texts("email"), texts("phone")
    assert len(emails) > 20
    assert len(phones) > 20
    assert all(re.fullmatch(r"[a-z]+@[a-z]+\.example", email) for email in emails)
    assert all(FICTIONAL_PHONES.fullmatch(phone) for phone in phones)
    assert all(re.fullmatch(r"\d{3} 00", postcode) for postcode in texts("postcode"))


def test_organisation_and_vat_numbers_are_well_formed_and_all_different():
    numbers = [number for number in texts("org_number") if number]
    assert len(numbers) == len(set(numbers)) == 16
    assert all(orgnr.is_valid(number) for number in numbers)
    for party in PARTIES.values():
        assert vat.is_valid(party["vat_number"])
        assert party["vat_number"] == f"SE{party['org_number'].replace('-', '')}01"


def test_electronic_addresses_carry_the_customers_own_number():
    for customer in CUSTOMERS.values():
        scheme, _, identifier = customer["electronic_address"].partition(":")
        assert scheme in {"", "0007", "0088"}
        assert scheme != "0007" or identifier == customer["org_number"].replace("-", "")
        assert scheme != "0088" or ean.is_valid(identifier)


# Members and customers


def test_shares_of_occupied_persons_are_exact():
    shares = {slug: share(party) for slug, party in PARTIES.items()}
    assert shares == {
        "samklang": 25, "ljungbacken": 62, "kokljus": 48, "renarum": 55, "gronahander": 70, "snickarboden": 66,
        "tradotryck": 58, "rullande": 44, "hjulet": 61, "lovskogen": 39, "stegvis": 34,
    }  # fmt: skip
    assert all(party["head_count"][-1]["counted_on"] == date(2026, 9, 30) for party in PARTIES.values())


def test_every_place_is_a_municipality():
    codes = [*texts("municipality"), *(code for area in AREAS.values() for code in area)]
    codes += [code for tender in TENDERS.values() for lot in tender["lot"] for code in lot["municipalities"]]
    assert len(codes) > 60
    assert all(places.municipality(code) for code in codes)


def test_members_live_where_they_should():
    homes = {slug: places.municipality(member["municipality"]).name for slug, member in MEMBERS.items()}
    assert homes == {
        "ljungbacken": "Göteborg", "kokljus": "Göteborg", "renarum": "Mölndal", "gronahander": "Skövde",
        "snickarboden": "Borås", "tradotryck": "Göteborg", "rullande": "Trollhättan", "hjulet": "Norrköping",
        "lovskogen": "Vadstena", "stegvis": "Motala",
    }  # fmt: skip


def test_members_have_papers_of_known_kinds_that_end_after_they_begin():
    for member in MEMBERS.values():
        for paper in member["document"]:
            assert DocumentKind(paper["kind"])
            assert paper["valid_from"] < paper.get("valid_to", date.max)
        assert {"espd", "insurance", "tax_certificate"} <= {paper["kind"] for paper in member["document"]}


def test_presentations_are_two_to_four_sentences():
    assert all(2 <= len(re.findall(r"[.!?](?: |$)", member["about"])) <= 4 for member in MEMBERS.values())


def test_accounts_are_those_that_the_readme_promises():
    assert [person["email"] for person in COMPANY["staff"]] == [
        "admin@samklang.example", "salj@samklang.example", "ekonomi@samklang.example",
    ]  # fmt: skip
    assert [person["role"] for person in COMPANY["staff"]] == ["admin", "sales", "finance"]
    assert all(member["email"] == f"{slug}@medlem.example" for slug, member in MEMBERS.items())
    assert [person["email"] for customer in CUSTOMERS.values() for person in customer["contact"]] == [
        "inkop@vasterhamn.example", "inkop@vattervik.example", "inkop@kvarnen.example",
        "styrelsen@solstralen.example", "kontor@nordbyn.example", "otto@nordbyn.example", "ingrid@exempel.example",
    ]  # fmt: skip


def test_customers_have_a_kind_lawful_payment_days_and_a_site():
    for customer in CUSTOMERS.values():
        assert customer["kind"] in {"private", "company", "public"}
        assert 0 < customer["payment_days"] <= 30  # RänteL 2 a §
        assert customer["site"]
        assert (customer["kind"] == "private") == (customer["org_number"] == "")
