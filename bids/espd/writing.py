"""The answers to an ESPD request -> ESPD response XML 4.1 (UBL 2.3 QualificationApplicationResponse).

Buyer, procedure, lots and criteria are copied from the request as they stand, so that nothing of it is lost, also what
nobody knows. Elements come in the order of the UBL schema; the rules behind are ESPD-EDM's own (BR-TCR, BR-RESP).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from bids.espd.facts import Entity
from bids.espd.reading import SAYS, read_request
from bids.espd.repeating import groups_in, nth_id, number_of, own_id
from bids.espd.snapshot import Said
from bids.espd.values import (
    AMOUNT,
    CODE,
    COUNTRY,
    DATE,
    EVIDENCE,
    INDICATOR,
    INTEGER,
    OPERATOR,
    PERCENTAGE,
    PERIOD,
    QUANTITY,
    URL,
    YEAR,
    YES,
    Request,
    properties_of,
)
from bids.safe_xml import parse

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
RESPONSE, CAC, CBC = (
    f"{UBL}QualificationApplicationResponse-2",
    f"{UBL}CommonAggregateComponents-2",
    f"{UBL}CommonBasicComponents-2",
)
VERSION, EXECUTION = "4.1.0", "ESPD-EDMv4.1.0"
AGENCY = "SAMSALJ"
"""Who has made the identifiers of a response: this service."""
LISTS = "http://publications.europa.eu/resource/authority/"
BEFORE_PARTY = ("UBLVersionID", "CustomizationID", "ProfileID", "ProfileExecutionID")
COPIED = ("ProcedureCode", "QualificationApplicationTypeCode", "ContractingParty")
AFTER_PARTY = ("ProcurementProject", "ProcurementProjectLot", "TenderingCriterion")
COUNTRY_CODE = "SWE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What makes one response differ from another: its UUID, when it was made, and who signs for the company."""

    uuid: str
    at: datetime
    """In Swedish time."""
    signed_by: str


def response_xml(request: bytes, entity: Entity, answers: tuple[Said, ...], issue: Issue) -> bytes:
    """The response to the request in the file's bytes; the same input always gives the same bytes."""
    asked = parse(request, SAYS)
    names: Any = {None: RESPONSE, "cac": CAC, "cbc": CBC}
    root = etree.Element(f"{{{RESPONSE}}}QualificationApplicationResponse", nsmap=names)
    _head(root, asked, issue, entity)
    _copy(asked, root, COPIED)
    _operator(root, entity, issue, _size(entity, answers))
    _copy(asked, root, AFTER_PARTY)
    _repeat(root, read_request(request), answers)
    for answer in answers:
        if answer.data_type != EVIDENCE:
            _response(root, answer)
    _publication(asked, root)
    etree.indent(root)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["cac", "cbc"])
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _repeat(root: etree._Element, request: Request, answers: tuple[Said, ...]) -> None:
    """A group that is answered several times stands again for each further answer, its questions under new names."""
    places = {one.findtext(f"{{{CBC}}}ID"): one for one in root.iter(f"{{{CAC}}}TenderingCriterionProperty")}
    numbers = {(own_id(one.id), number_of(one.id)) for one in answers if number_of(one.id) > 1}
    for group in groups_in(request):
        own = {one.id for one in properties_of(group)}
        before = places[group.properties[0].id].getparent() if group.properties else None
        for number in sorted({number for key, number in numbers if key in own}):
            if before is not None:
                again = deepcopy(before)
                _name_again(again, number)
                before.addnext(again)
                before = again


def _name_again(group: etree._Element, number: int) -> None:
    """Identifiers of a group that stands again end in its number, whatever number the group had that it is made of."""
    for one in group.iter(f"{{{CAC}}}TenderingCriterionProperty"):
        name = one.find(f"{{{CBC}}}ID")
        if name is not None:
            name.text = nth_id(own_id(name.text or ""), number)


def _head(root: etree._Element, asked: etree._Element, issue: Issue, entity: Entity) -> None:
    _copy(asked, root, BEFORE_PARTY[:3])
    _basic(root, "ProfileExecutionID", EXECUTION, schemeAgencyID="OP", schemeVersionID=VERSION)
    _basic(root, "ID", f"ESPDRES-{issue.uuid}", schemeAgencyID=AGENCY)
    _basic(root, "CopyIndicator", "false")
    scheme = "ISO/IEC 9834-8:2008 - 4UUID"
    _basic(root, "UUID", issue.uuid, schemeID=scheme, schemeAgencyID=AGENCY, schemeVersionID=VERSION)
    _copy(asked, root, ("ContractFolderID", "ContractName"))
    _basic(root, "IssueDate", issue.at.date().isoformat())
    _basic(root, "IssueTime", issue.at.replace(microsecond=0).timetz().isoformat())
    if entity.group_name:
        _basic(root, "EconomicOperatorGroupName", entity.group_name)
    _basic(root, "VersionID", VERSION, schemeAgencyID="OP", schemeVersionID=VERSION)


def _size(entity: Entity, answers: tuple[Said, ...]) -> str:
    """The size by the figures; where they are not known, by what the party says of itself."""
    said = next((one.value for one in answers if one.key == "sme:main"), YES)
    return entity.size or ("sme" if said == YES else "large")


def _operator(root: etree._Element, entity: Entity, issue: Issue, size: str) -> None:
    party = entity.party
    whole = _aggregate(root, "EconomicOperatorParty")
    role = _aggregate(whole, "EconomicOperatorRole")
    _listed(role, "RoleCode", entity.role_code, "eo-role-type", "20211208-0")
    body = _aggregate(whole, "Party")
    _listed(body, "IndustryClassificationCode", size, "economic-operator-size", "20220316-0")
    _basic(_aggregate(body, "PartyIdentification"), "ID", party.vat_number or party.org_number, schemeAgencyID="OP")
    _basic(_aggregate(body, "PartyName"), "Name", party.name)
    _address(body, "PostalAddress", party.address)
    contact = _aggregate(body, "Contact")
    for name, words in (("Name", party.contact), ("Telephone", party.phone), ("ElectronicMail", party.email)):
        if words:
            _basic(contact, name, words)
    _signatory(body, issue.signed_by)


def _signatory(body: etree._Element, name: str) -> None:
    """Who signs, as a representative: given name and family name are both wanted."""
    given, _, family = name.strip().rpartition(" ")
    if not given:
        return
    power = _aggregate(body, "PowerOfAttorney")
    person = _aggregate(_aggregate(power, "AgentParty"), "Person")
    _basic(person, "FirstName", given)
    _basic(person, "FamilyName", family)
    _country(_aggregate(person, "ResidenceAddress"))


def _address(body: etree._Element, name: str, address: str) -> None:
    """``Gatan 1, 411 01 Göteborg`` in its parts."""
    street, _, place = address.rpartition(", ")
    words = place.split(" ")
    postcode = " ".join(words[:2]) if len(words) > 2 and words[0].isdigit() else ""
    where = _aggregate(body, name)
    for element, text in (
        ("StreetName", street),
        ("CityName", place.removeprefix(postcode).strip()),
        ("PostalZone", postcode),
    ):
        if text:
            _basic(where, element, text)
    _country(where)


def _country(where: etree._Element) -> None:
    _listed(_aggregate(where, "Country"), "IdentificationCode", COUNTRY_CODE, "country", "20250924-0")


def _response(root: etree._Element, answer: Said) -> None:
    one = _aggregate(root, "TenderingCriterionResponse")
    _identifier(one, "ID", f"{answer.id}/R1")
    _identifier(one, "ValidatedCriterionPropertyID", answer.id)
    if answer.data_type == PERIOD:
        start, _, end = answer.value.partition("/")
        period = _aggregate(one, "ApplicablePeriod")
        _basic(period, "StartDate", start)
        _basic(period, "EndDate", end)
        return
    value = _aggregate(one, "ResponseValue")
    _identifier(value, "ID", f"{answer.id}/R1/RV")
    _WRITTEN.get(answer.data_type, _description)(value, answer.value)


def _identifier(parent: etree._Element, name: str, value: str) -> None:
    _basic(parent, name, value, schemeID="Criterion", schemeAgencyID=AGENCY, schemeVersionID=VERSION)


def _description(parent: etree._Element, value: str) -> None:
    _basic(parent, "Description", value)


def _amount(parent: etree._Element, value: str) -> None:
    _basic(parent, "ResponseAmount", value, currencyID="SEK")


def _quantity(unit: str) -> Callable[[etree._Element, str], None]:
    def write(parent: etree._Element, value: str) -> None:
        _basic(parent, "ResponseQuantity", value, **({"unitCode": unit} if unit else {}))

    return write


def _code(parent: etree._Element, value: str) -> None:
    _listed(parent, "ResponseCode", value, "eo-role-type", "20211208-0")


def _country_code(parent: etree._Element, value: str) -> None:
    _listed(parent, "ResponseCode", value, "country", "20250924-0")


def _plain(name: str) -> Callable[[etree._Element, str], None]:
    def write(parent: etree._Element, value: str) -> None:
        _basic(parent, name, value)

    return write


def _company(parent: etree._Element, value: str) -> None:
    _basic(parent, "ResponseID", value, schemeAgencyID="OP")


_WRITTEN: Mapping[str, Callable[[etree._Element, str], None]] = {
    INDICATOR: _plain("ResponseIndicator"),
    AMOUNT: _amount,
    DATE: _plain("ResponseDate"),
    URL: _plain("ResponseURI"),
    CODE: _code,
    "CODE_BOOLEAN": _code,
    COUNTRY: _country_code,
    OPERATOR: _company,
    "IDENTIFIER": _company,
    "QUAL_IDENTIFIER": _company,
    PERCENTAGE: _quantity("PERCENTAGE"),
    YEAR: _quantity("YEAR"),
    INTEGER: _quantity(""),
    QUANTITY: _quantity(""),
}
"""Which element holds which kind of answer (BR-TCR-08); words for a kind that nobody knows."""


def _publication(asked: etree._Element, root: etree._Element) -> None:
    """The notices that the request names are named in the response too."""
    _copy(asked, root, ("AdditionalDocumentReference",))


def _copy(asked: etree._Element, root: etree._Element, names: tuple[str, ...]) -> None:
    for name in names:
        for found in asked:
            if etree.QName(found).localname == name:
                root.append(deepcopy(found))


def _aggregate(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _basic(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    element = etree.SubElement(parent, f"{{{CBC}}}{name}", attributes)
    element.text = text


def _listed(parent: etree._Element, name: str, code: str, listed: str, version: str) -> None:
    _basic(parent, name, code, listID=f"{LISTS}{listed}", listAgencyID="OP", listVersionID=version)
