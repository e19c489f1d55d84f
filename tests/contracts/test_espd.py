"""ESPD responses keep to UBL 2.3's order of elements and to the rules of ESPD-EDM, and lose nothing of the request.

The rules are those that the Publications Office ships as Schematron (BR-TCR, BR-RESP, BR-OTH, BR-LOT); they do not
notice a question that nobody has answered, so completeness is looked at here as well.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from bids.espd.document import to_pdf
from bids.espd.facts import entity_of
from bids.espd.filling import Line, asked, lines
from bids.espd.own_forms import own_form, sanctions_form
from bids.espd.reading import read_request
from bids.espd.snapshot import answers_of, signed
from bids.espd.writing import Issue, response_xml
from bids.kinds import PartyRole
from bids.offer import Reference
from tests.contracts.espd_schema import HOLDS, ORDER
from tests.contracts.verapdf import broken_rules
from tests.core.bid_samples import tender_a
from tests.espd_requests import NAMES, criterion, espd_request, ground, group, place, references, yearly

REAL = Path(__file__).parents[3] / "shared" / "data" / "espd" / "ESPD-Request.xml"
"""The example that the Publications Office publishes with version 4.1.0."""
SAMPLE = {
    "INDICATOR": "true",
    "AMOUNT": "1000.00",
    "DATE": "2026-01-31",
    "PERIOD": "2025-01-01/2025-12-31",
    "PERCENTAGE": "62.5",
    "QUANTITY": "1.5",
    "QUANTITY_INTEGER": "12",
    "QUANTITY_YEAR": "2025",
    "CODE": "group-lead",
    "CODE_COUNTRY": "SWE",
    "URL": "https://exempel.se",
}
AT = datetime(2026, 11, 23, 14, 5, tzinfo=ZoneInfo("Europe/Stockholm"))
ISSUE = Issue(uuid="0b0f2b44-4a2d-4a0e-9d0a-6a1c3a5d1f11", at=AT, signed_by="Anna Maria Berg")
OFFER = tender_a()
FRUIT = next(party for party in OFFER.parties if party.role is PartyRole.TENDERER)


@pytest.fixture(params=["small", "real"])
def request_file(request) -> bytes:
    if request.param == "small":
        return espd_request()
    if not REAL.exists():
        pytest.skip("the published example is not here")
    return REAL.read_bytes()


def filled(data: bytes, says: str = "false") -> tuple[Line, ...]:
    """Everything answered, each question by a sample of its kind; yes-or-no questions by one word for all."""
    read, entity, said = read_request(data), entity_of(OFFER, FRUIT), {}
    for _round in range(8):
        found = lines(read, entity, said)
        left = asked(found)
        if not left:
            return found
        said |= {one.question.id: {**SAMPLE, "INDICATOR": says}.get(one.question.data_type, "x") for one in left}
    raise AssertionError([line.question.id for line in left])


def response(data: bytes, says: str = "false") -> etree._Element:
    return etree.fromstring(response_xml(data, entity_of(OFFER, FRUIT), answers_of(filled(data, says)), ISSUE))


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def at(element: etree._Element, path: str) -> list:
    return element.xpath(path, namespaces=NAMES)


def answers(root: etree._Element) -> dict[str, etree._Element]:
    found = at(root, "cac:TenderingCriterionResponse")
    return {at(one, "string(cbc:ValidatedCriterionPropertyID)"): one for one in found}


def ours(root: etree._Element) -> list[etree._Element]:
    """The elements that we have written ourselves, and not copied."""
    mine = [root, *at(root, "cac:EconomicOperatorParty"), *at(root, "cac:TenderingCriterionResponse")]
    return mine + [inner for one in mine[1:] for inner in one.iterdescendants() if len(inner)]


@pytest.mark.parametrize("says", ["false", "true"])
def test_elements_come_in_the_order_of_the_schema(request_file, says):
    for element in ours(response(request_file, says)):
        order = ORDER.get(local(element))
        if order is not None:
            places = [order.index(local(child)) for child in element]
            assert places == sorted(places), local(element)


@pytest.mark.parametrize("says", ["false", "true"])
def test_each_response_answers_one_question_once_with_an_element_of_its_kind(request_file, says):
    root = response(request_file, says)
    kinds = {
        at(one, "string(cbc:ID)"): at(one, "string(cbc:ValueDataTypeCode)")
        for one in root.iter(f"{{{NAMES['cac']}}}TenderingCriterionProperty")
    }
    responses = at(root, "cac:TenderingCriterionResponse")
    assert len(answers(root)) == len(responses)  # BR-TCR-01-03
    for question, one in answers(root).items():
        assert question in kinds  # BR-TCR-01-02
        held = [local(child) for child in one if local(child) in {"ResponseValue", "ApplicablePeriod"}]
        assert held == ["ApplicablePeriod" if kinds[question] == "PERIOD" else "ResponseValue"]  # BR-TCR-03, -04
        if held == ["ResponseValue"]:
            value = [local(child) for child in one.find("cac:ResponseValue", NAMES) if local(child) != "ID"]
            assert value == [HOLDS.get(kinds[question], "Description")]  # BR-TCR-08
    units = {at(one, "string(@unitCode)") for one in at(root, "//cbc:ResponseQuantity")}
    assert units <= {"", "YEAR", "PERCENTAGE"}


@pytest.mark.parametrize("says", ["false", "true"])
def test_what_hangs_on_an_answer_is_answered_exactly_when_it_applies(request_file, says):
    root = response(request_file, says)
    said = {key: at(one, "string(cac:ResponseValue/cbc:ResponseIndicator)") for key, one in answers(root).items()}
    wanted = {"ONTRUE": "true", "ONFALSE": "false"}
    for inner in root.iter(f"{{{NAMES['cac']}}}SubsidiaryTenderingCriterionPropertyGroup"):
        when = at(inner, "string(cbc:PropertyGroupTypeCode)")
        if when not in wanted:
            continue
        gate = {said.get(key, "") for key in at(inner, "../cac:TenderingCriterionProperty/cbc:ID/text()")} - {""}
        for key in at(inner, "cac:TenderingCriterionProperty[cbc:TypeCode='QUESTION']/cbc:ID/text()"):
            if gate:
                assert (key in said) == (wanted[when] in gate), key  # BR-TCR-06, BR-TCR-07


def is_again(group: etree._Element) -> bool:
    """Whether a group of the request stands once more in the response."""
    return bool(at(group, "cac:TenderingCriterionProperty[contains(cbc:ID, '/N')]"))


@pytest.mark.parametrize("says", ["false", "true"])
def test_every_criterion_has_an_answer_and_is_copied_as_it_came(request_file, says):
    root, asks = response(request_file, says), etree.fromstring(request_file)
    copied, given = at(root, "cac:TenderingCriterion"), at(asks, "cac:TenderingCriterion")
    assert len(copied) == len(given) > 0

    def plain(element: etree._Element) -> str:
        parser = etree.XMLParser(remove_comments=True, remove_blank_text=True)
        return etree.tostring(etree.fromstring(etree.tostring(element), parser), method="c14n", exclusive=True).decode()

    answered = answers(root)
    for again in [one for one in root.iter() if local(one).endswith("PropertyGroup") and is_again(one)]:
        again.getparent().remove(again)
    assert [plain(one) for one in copied] == [plain(one) for one in given]
    for one in copied:  # BR-RESP-30, BR-RESP-40
        questions = at(one, ".//cac:TenderingCriterionProperty[cbc:TypeCode='QUESTION']/cbc:ID/text()")
        assert any(key in answered for key in questions), at(one, "string(cbc:Name)")


def test_a_year_and_a_reference_more_is_the_same_group_again_with_identifiers_of_its_own():
    data = espd_request([yearly(), references()])
    told = tuple(Reference(customer=f"Kund {number}", what="Frukt", party_key=FRUIT.key) for number in (1, 2))
    entity = entity_of(replace(OFFER, references=told), FRUIT)
    root = etree.fromstring(response_xml(data, entity, answers_of(lines(read_request(data), entity, {})), ISSUE))
    years = at(root, "//cac:SubsidiaryTenderingCriterionPropertyGroup[cbc:ID='y/year']")
    assert [at(one, "cac:TenderingCriterionProperty/cbc:ID/text()") for one in years] == [
        ["y/period", "y/amount"],
        ["y/period/N2", "y/amount/N2"],
        ["y/period/N3", "y/amount/N3"],
    ]
    assert [local(one) for one in years[0].itersiblings()] == ["SubsidiaryTenderingCriterionPropertyGroup"] * 3
    said = answers(root)
    starts = [at(said[key], "string(cac:ApplicablePeriod/cbc:StartDate)") for key in ("y/period", "y/period/N3")]
    assert starts == ["2025-01-01", "2023-01-01"]
    assert at(said["r/name/N2"], "string(cac:ResponseValue/cbc:Description)") == "Kund 2"
    inner = at(root, "//cac:SubsidiaryTenderingCriterionPropertyGroup[cbc:ID='r/whom']")
    assert [at(one, "string(cac:TenderingCriterionProperty[1]/cbc:ID)") for one in inner] == ["r/name", "r/name/N2"]


def test_the_head_says_version_and_party_as_the_rules_want(request_file):
    root = response(request_file)
    assert at(root, "string(cbc:ProfileExecutionID)") == "ESPD-EDMv4.1.0"
    assert at(root, "string(cbc:UBLVersionID)") == "2.3"
    assert len(at(root, "cac:ProcurementProjectLot/cbc:ID")) == 1  # BR-LOT-10
    party = at(root, "cac:EconomicOperatorParty")[0]
    assert at(party, "string(cac:EconomicOperatorRole/cbc:RoleCode)") == "group-lead"
    body = at(party, "cac:Party")[0]
    assert at(body, "string(cac:PartyIdentification/cbc:ID)") == FRUIT.vat_number
    assert at(body, "string(cac:PartyName/cbc:Name)") == FRUIT.name
    assert at(body, "string(cbc:IndustryClassificationCode)") == "small"
    assert at(body, "string(cac:PostalAddress/cac:Country/cbc:IdentificationCode)") == "SWE"
    assert at(body, "string(cac:PostalAddress/cbc:PostalZone)") == "412 00"
    person = at(body, "cac:PowerOfAttorney/cac:AgentParty/cac:Person")[0]
    assert [at(person, f"string(cbc:{name})") for name in ("FirstName", "FamilyName")] == ["Anna Maria", "Berg"]
    assert at(root, "string(cbc:EconomicOperatorGroupName)")  # BR-LEAD-10-S10


def test_every_identifier_and_code_has_the_attributes_that_are_mandatory():
    root = response(espd_request())
    for element in [inner for one in ours(root)[1:] for inner in one if not len(inner)] + list(root)[:12]:
        name = local(element)
        if name.endswith("ID"):
            assert element.get("schemeAgencyID"), name  # BR-OTH-02
        if name.endswith("Code"):
            assert all(element.get(key) for key in ("listID", "listAgencyID", "listVersionID")), name  # BR-OTH-01


def test_the_same_answers_give_the_same_bytes_and_no_identifier_twice(request_file):
    entity, said = entity_of(OFFER, FRUIT), answers_of(filled(request_file))
    one = response_xml(request_file, entity, said, ISSUE)
    assert one == response_xml(request_file, entity, said, ISSUE)
    ids = Counter(at(etree.fromstring(one), "cac:TenderingCriterionResponse//cbc:ID/text()"))
    assert max(ids.values()) == 1


def test_words_with_signs_of_xml_come_through_as_they_were_typed():
    data = espd_request([ground("fraud")])
    words = "A & B <c> ”d” å"
    said = lines(read_request(data), entity_of(OFFER, FRUIT), {"fraud/QG1/Q1": "true", "fraud/QG1/QSG1/Q1": words})
    root = etree.fromstring(response_xml(data, entity_of(OFFER, FRUIT), answers_of(said), ISSUE))
    assert at(root, "string(//cac:ResponseValue/cbc:Description)") == words


@pytest.mark.parametrize(("says", "size"), [("true", "sme"), ("false", "large")])
def test_a_party_of_unknown_size_is_what_it_says_of_itself(says, size):
    bare = replace(FRUIT, employees=None, turnover=())
    entity = entity_of(replace(OFFER, parties=(bare,)), bare)
    asked_size = criterion("sme", group("sme", "ON*", place("sme/q", "Your answer?", "INDICATOR"), top=True))
    data = espd_request([asked_size])
    said = answers_of(lines(read_request(data), entity, {"sme/q": says}))
    root = etree.fromstring(response_xml(data, entity, said, ISSUE))
    assert at(root, "string(//cac:Party/cbc:IndustryClassificationCode)") == size


def test_a_party_without_size_or_family_name_still_gives_a_response():
    bare = replace(FRUIT, employees=None, turnover=(), vat_number=None, address="Gatan", contact="", phone="")
    entity = entity_of(replace(OFFER, parties=(bare,)), bare)
    data = espd_request([ground("fraud")])
    said = answers_of(lines(read_request(data), entity, {"fraud/QG1/Q1": "false"}))
    root = etree.fromstring(response_xml(data, entity, said, replace(ISSUE, signed_by="Cher")))
    assert at(root, "string(//cac:Party/cac:PartyIdentification/cbc:ID)") == FRUIT.org_number
    assert not at(root, "//cac:PowerOfAttorney")


def paper(form, said=None) -> bytes:
    entity = entity_of(OFFER, FRUIT)
    found = lines(form, entity, said or {})
    found = lines(form, entity, {one.question.id: "false" for one in asked(found)})
    head = {"buyer": "Kommunen", "tender": "Frukt", "diary_number": "1", "lots": ("1", "2")}
    return to_pdf(signed(form, entity, found, signed_by="Anna Berg", signed_on="2026-11-23 14:05", **head))


def test_declarations_are_tagged_as_pdf_ua_wants_and_come_out_the_same_twice(tmp_path):
    forms = (own_form(reserved=True), sanctions_form(tenders=True), read_request(espd_request()))
    files = [tmp_path / f"{place}.pdf" for place in range(len(forms))]
    for file, form in zip(files, forms, strict=True):
        file.write_bytes(paper(form))
    assert files[1].read_bytes() == paper(forms[1])
    assert broken_rules(*files) == []
