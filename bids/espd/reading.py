"""A buyer's ESPD request (UBL QualificationApplicationRequest, ESPD-EDM 4.1) -> values. Nothing in it is left out.

A criterion that the EU's list does not have, and a kind of answer that nobody knows, are kept as they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from bids.espd.taxonomy import part_of
from bids.espd.values import ALWAYS, NOTHING, Criterion, Form, Group, Kind, Property, Request
from bids.notice_xml import Reader
from bids.safe_xml import Says, XmlRefused, parse

READS = "4.1"
MOST_CRITERIA = 400
MOST_QUESTIONS = 6000
DEEPEST = 25
LONGEST = 4000
EXPECTED = "cbc:ExpectedDescription|cbc:ExpectedCode|cbc:ExpectedID|cbc:ExpectedURI|cbc:ExpectedIndicator"
FIGURES = "cbc:MinimumAmount|cbc:ExpectedAmount|cbc:MaximumAmount|cbc:ExpectedValueNumeric|cbc:MinimumValueNumeric"
_VERSION = re.compile(r"([0-9]+(?:\.[0-9]+)*)\s*$")


class RequestRefused(XmlRefused):
    """The file cannot be taken in as an ESPD request."""


SAYS = Says(
    refused=RequestRefused,
    empty="Filen är tom. Hämta ESPD-begäran på nytt i köparens system.",
    large="Filen är större än 10 MB. Så stor är ingen ESPD-begäran. Kontrollera att du valde rätt fil.",
    no_xml="Filen är inte XML. Välj filen som slutar på .xml; den som slutar på .pdf är till för att läsas.",
    encoding="Filens teckenkodning stöds inte. Hämta ESPD-begäran på nytt, eller be köparen om den som UTF-8.",
    doctype="Filen har en DOCTYPE, som kan användas för att lura ut uppgifter, och tas inte emot. En riktig "
    "ESPD-begäran har ingen. Hämta den på nytt i köparens system.",
    broken="Filen är inte välformad XML. Den är kanske avbruten eller ändrad. Hämta ESPD-begäran på nytt.",
)


def read_request(data: bytes) -> Request:
    """What the buyer asks. Raises RequestRefused, with a Swedish sentence, for all but an ESPD request of ours."""
    root = parse(data, SAYS)
    reader = Reader(root, "SWE")
    _check_kind(root)
    version = _check_version(reader)
    criteria = tuple(_criteria(reader))
    _check_criteria(criteria)
    return Request(
        form=Form.ESPD,
        version=version,
        reference=reader.code("cbc:ID"),
        uuid=reader.code("cbc:UUID"),
        folder=reader.code("cbc:ContractFolderID"),
        buyer=reader.text("cac:ContractingParty/cac:Party/cac:PartyName/cbc:Name", 300),
        title=reader.text("cac:ProcurementProject/cbc:Name", 300)
        or reader.text("cac:ProcurementProject/cbc:Description", 300),
        procedure=reader.code("cbc:ProcedureCode"),
        issued_on=reader.code("cbc:IssueDate"),
        lots=tuple(reader.codes("cac:ProcurementProjectLot/cbc:ID")),
        criteria=criteria,
    )


def _check_kind(root: etree._Element) -> None:
    name = etree.QName(root).localname
    if name == "QualificationApplicationResponse":
        raise RequestRefused(
            "Filen är ett svar (ESPD response), inte köparens begäran. Välj filen som köparen har lagt ut."
        )
    if name == "ESPDRequest":
        raise RequestRefused(_other_version("1"))
    if name != "QualificationApplicationRequest":
        raise RequestRefused(
            f"Filen är XML men ingen ESPD-begäran: den börjar med ”{name[:40]}”. Välj filen som köparen har lagt ut."
        )


def _check_version(reader: Reader) -> str:
    """The version by ProfileExecutionID, else by VersionID; both stand in every request that we have seen."""
    told = reader.code("cbc:ProfileExecutionID") or reader.code("cbc:VersionID")
    found = _VERSION.search(told)
    version = found[1] if found else ""
    if version != READS and not version.startswith(f"{READS}."):
        raise RequestRefused(_other_version(version))
    return version


def _other_version(version: str) -> str:
    which = f"är skriven i ESPD version {version}" if version else "säger inte vilken version av ESPD den är skriven i"
    return (
        f"Filen {which}. Här läses version {READS}. Be köparen om den i version {READS}, eller svara i köparens system "
        "och ladda upp svaret som handling. Inget är ändrat."
    )


def _check_criteria(criteria: tuple[Criterion, ...]) -> None:
    if not criteria:
        raise RequestRefused("ESPD-begäran har inga frågor. Kontrollera att hela filen kom med, och hämta den på nytt.")
    ids = Counter(one.id for criterion in criteria for one in criterion.properties())
    if len(ids) > MOST_QUESTIONS:
        raise RequestRefused(f"ESPD-begäran har fler än {MOST_QUESTIONS} frågor och tas inte emot.")
    twice = next((key for key, times in ids.items() if times > 1 or not key), None)
    if twice is not None:
        called = f"beteckningen ”{twice[:60]}” står på två frågor" if twice else "en fråga saknar beteckning"
        raise RequestRefused(
            f"ESPD-begäran går inte att svara på: {called}, så ett svar kan inte säga vilken det gäller. Fråga köparen."
        )


def _criteria(reader: Reader) -> Iterator[Criterion]:
    for one in _each(reader, "cac:TenderingCriterion", MOST_CRITERIA):
        yield _criterion(one, one.code("cbc:CriterionTypeCode"))
        for national in _each(one, "cac:SubTenderingCriterion", MOST_CRITERIA):
            yield _criterion(national, national.code("cbc:CriterionTypeCode"))


def _criterion(one: Reader, code: str) -> Criterion:
    """A national part of a criterion has no code of its own, and so counts as the buyer's question."""
    return Criterion(
        id=one.code("cbc:ID"),
        code=code,
        name=one.text("cbc:Name", 300),
        text=one.text("cbc:Description", LONGEST),
        groups=tuple(_group(group, 1) for group in _each(one, "cac:TenderingCriterionPropertyGroup", MOST_CRITERIA)),
        lots=tuple(one.codes("cac:ProcurementProjectLotReference/cbc:ID")),
        part=part_of(code),
    )


def _group(one: Reader, depth: int) -> Group:
    if depth > DEEPEST:
        raise RequestRefused("ESPD-begäran har frågor i fler nivåer än någon kan svara på, och tas inte emot.")
    inner = _each(one, "cac:SubsidiaryTenderingCriterionPropertyGroup", MOST_CRITERIA)
    return Group(
        id=one.code("cbc:ID"),
        when=one.code("cbc:PropertyGroupTypeCode") or ALWAYS,
        properties=tuple(_property(each) for each in _each(one, "cac:TenderingCriterionProperty", MOST_QUESTIONS)),
        groups=tuple(_group(each, depth + 1) for each in inner),
    )


def _property(one: Reader) -> Property:
    kind, data_type = one.code("cbc:TypeCode"), one.code("cbc:ValueDataTypeCode")
    otherwise = Kind.CAPTION if data_type in {"", NOTHING} else Kind.QUESTION
    return Property(
        id=one.code("cbc:ID"),
        kind=next((known for known in Kind if known == kind), otherwise),
        data_type=data_type,
        text=one.text("cbc:Description", LONGEST) or one.text("cbc:Name", LONGEST),
        expected=one.text(EXPECTED, LONGEST) or _figure(one),
    )


def _figure(one: Reader) -> str:
    """A number that is asked for, with its currency or unit behind it; a period as its two days."""
    for element in one.find(FIGURES):
        unit = element.get("currencyID") or element.get("unitCode") or ""
        return " ".join(f"{(element.text or '').strip()} {unit}".split())[:200]
    days = one.codes("cac:ApplicablePeriod/cbc:StartDate") + one.codes("cac:ApplicablePeriod/cbc:EndDate")
    return "/".join(days)


def _each(reader: Reader, path: str, most: int) -> list[Reader]:
    found = reader.find(path)
    if len(found) > most:
        raise RequestRefused(f"ESPD-begäran har fler än {most} delar av samma slag och tas inte emot.")
    return [Reader(element, reader.language) for element in found]
