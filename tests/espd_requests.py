"""ESPD requests as a buyer's system writes them, made small: each test says which criteria it needs."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMES = {"cac": f"{UBL}CommonAggregateComponents-2", "cbc": f"{UBL}CommonBasicComponents-2"}
LISTED = 'listAgencyID="OP" listVersionID="4.1.0" listID='
SCHEME = 'schemeID="Criterion" schemeAgencyID="OP" schemeVersionID="4.1.0"'


def place(key: str, text: str, data_type: str, kind: str = "QUESTION", expected: str = "") -> str:
    """One question, caption or requirement."""
    return (
        f"<cac:TenderingCriterionProperty><cbc:ID {SCHEME}>{key}</cbc:ID><cbc:Description>{escape(text)}"
        f'</cbc:Description><cbc:TypeCode {LISTED}"criterion-element-type">{kind}</cbc:TypeCode>'
        f'<cbc:ValueDataTypeCode {LISTED}"response-data-type">{data_type}</cbc:ValueDataTypeCode>{expected}'
        "</cac:TenderingCriterionProperty>"
    )


def group(key: str, when: str, *inside: str, top: bool = False) -> str:
    """Questions that belong together, and the groups within."""
    name = "TenderingCriterionPropertyGroup" if top else "SubsidiaryTenderingCriterionPropertyGroup"
    return (
        f"<cac:{name}><cbc:ID {SCHEME}>{key}</cbc:ID>"
        f'<cbc:PropertyGroupTypeCode {LISTED}"property-group-type">{when}</cbc:PropertyGroupTypeCode>'
        f"{''.join(inside)}</cac:{name}>"
    )


def criterion(code: str, *groups: str, name: str = "", text: str = "", key: str = "") -> str:
    """A criterion with its groups."""
    return (
        f"<cac:TenderingCriterion><cbc:ID {SCHEME}>{key or f'id-{code}'}</cbc:ID>"
        f'<cbc:CriterionTypeCode {LISTED}"criterion">{code}</cbc:CriterionTypeCode>'
        f"<cbc:Name>{escape(name or code)}</cbc:Name><cbc:Description>{escape(text or code)}</cbc:Description>"
        f"{''.join(groups)}</cac:TenderingCriterion>"
    )


def ground(code: str, **words: str) -> str:
    """A ground for exclusion: yes or no, what happened, and whether proof is to be had electronically."""
    told = group(f"{code}/QG1/QSG1", "ONTRUE", place(f"{code}/QG1/QSG1/Q1", "Please describe them", "DESCRIPTION"))
    first = group(f"{code}/QG1", "ON*", place(f"{code}/QG1/Q1", "Your answer", "INDICATOR"), told, top=True)
    return criterion(code, first, _evidence(code, f"{code}/QG2", top=True), **words)


def _evidence(code: str, key: str, *, top: bool = False) -> str:
    inner = group(f"{key}/QSG1", "ONTRUE", place(f"{key}/QSG1/Q1", "Evidence Supplied", "EVIDENCE_IDENTIFIER"))
    asked = place(f"{key}/Q1", "Is this information available electronically?", "INDICATOR")
    return group(key, "ON*", asked, inner, top=top)


def _over_years(key: str, years: int) -> str:
    return place(
        key,
        "Number of fiscal years",
        "QUANTITY_YEAR",
        "REQUIREMENT",
        f"<cbc:ExpectedValueNumeric>{years}</cbc:ExpectedValueNumeric>",
    )


def turnover(least: str, currency: str = "SEK", years: int = 3) -> str:
    """The average turnover of some years, at least so much; met alone or with whom one relies on."""
    code = "aver-year-to"
    who = group(
        "t/alone/no/yes",
        "ONTRUE",
        place("t/name", "Name of the entity", "DESCRIPTION"),
        place("t/id", "ID of the entity", "ECONOMIC_OPERATOR_IDENTIFIER"),
    )
    relied = group(
        "t/alone/no", "ONFALSE", place("t/relied", "In the case of no – Relied upon or not", "INDICATOR"), who
    )
    alone = group("t/alone", "ON*", place("t/q", "Does the EO fulfil the criteria by itself?", "INDICATOR"), relied)
    figures = group(
        "t/figures",
        "ON*",
        place("t/average", "Average for the required period", "AMOUNT"),
        place("t/more", "Additional information", "DESCRIPTION"),
    )
    wants = group(
        "t/wants",
        "ON*",
        _over_years("t/years", years),
        place(
            "t/least",
            "Minimum amount requirement",
            "MINIMUM_AMOUNT",
            "REQUIREMENT",
            f'<cbc:MinimumAmount currencyID="{currency}">{least}</cbc:MinimumAmount>',
        ),
        alone,
        figures,
    )
    return criterion(code, group("t", "ON*", wants, top=True))


def yearly(years: int = 3) -> str:
    """The turnover of each of some years, which is told once for each of them."""
    wants = _over_years("y/years", years)
    alone = group("y/alone", "ON*", place("y/q", "Does the EO fulfil the criteria by itself?", "INDICATOR"))
    year = group(
        "y/year",
        "ON*",
        place("y/period", "Start date; End date", "PERIOD"),
        place("y/amount", "Amount", "AMOUNT"),
        _evidence("", "y/proof"),
    )
    since = group("y/since", "ON*", place("y/day", "Please state the date on which it was set up", "DATE"))
    return criterion("gen-year-to", group("y", "ON*", group("y/in", "ON*", wants, alone, year, since), top=True))


def references() -> str:
    """Earlier deliveries, each told by itself."""
    whom = group(
        "r/whom",
        "ON*",
        place("r/name", "Recipient name", "DESCRIPTION"),
        place("r/contact", "Contact person name", "DESCRIPTION"),
    )
    one = group(
        "r/one",
        "ON*",
        place("r/what", "Reference description", "DESCRIPTION"),
        place("r/amount", "Total amount", "AMOUNT"),
        whom,
    )
    text = group("r/text", "ON*", place("r/caption", "What the buyer says", "NONE", "CAPTION"))
    alone = group("r/alone", "ON*", place("r/q", "Does the EO fulfil the criteria by itself?", "INDICATOR"))
    inside = group("r/in", "ON*", text, alone, group("r/all", "ON*", one))
    return criterion("supply-perform", group("r", "ON*", inside, top=True))


def together() -> str:
    """Whether it takes part with others, in which role, with whom and under which name."""
    inner = group(
        "eo/yes",
        "ONTRUE",
        place("eo/role", "Please indicate the role of the economic operator in the group", "CODE"),
        place("eo/others", "Please identify the other economic operators participating", "DESCRIPTION"),
        place("eo/name", "Where applicable, name of the participating group:", "DESCRIPTION"),
    )
    return criterion("eo-group", group("eo", "ON*", place("eo/q", "Your answer?", "INDICATOR"), inner, top=True))


def own_question() -> str:
    """What only this buyer asks, in a kind of answer that nobody knows."""
    asked = (place("own/q", "Har ni ett kök?", "INDICATOR"), place("own/sort", "Vilken sorts spis?", "STOVE"))
    return criterion(
        "x-kitchen", group("own", "ON*", *asked, top=True), name="Köket", text="Beskriv ert kök.", key="own-kitchen"
    )


GROUNDS = ("crime-org", "corruption", "partic-confl")


def espd_request(
    criteria: Sequence[str] | None = None,
    *,
    version: str = "ESPD-EDMv4.1.0",
    root: str = "QualificationApplicationRequest",
    before: str = "",
) -> bytes:
    """A whole request; without criteria given: three grounds, turnover, the group, and the buyer's own question."""
    if criteria is None:
        criteria = [*map(ground, GROUNDS), turnover("1000000"), together(), own_question()]
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())
    whole = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<{root} xmlns="{UBL}{root}-2" {spaces}>'
        '<cbc:UBLVersionID schemeAgencyID="OASIS-UBL-TC">2.3</cbc:UBLVersionID>'
        f'<cbc:ProfileExecutionID schemeAgencyID="OP" schemeVersionID="4.1.0">{version}</cbc:ProfileExecutionID>'
        '<cbc:ID schemeAgencyID="X">ESPDREQ-1</cbc:ID>'
        '<cbc:UUID schemeAgencyID="X">bab8714d-d58e-42ab-95fd-2984c03d4498</cbc:UUID>'
        '<cbc:ContractFolderID schemeAgencyID="X">INK 2026/114</cbc:ContractFolderID>'
        "<cbc:IssueDate>2026-11-02</cbc:IssueDate>"
        '<cbc:ProcedureCode listID="procedure" listAgencyID="OP" listVersionID="1">open</cbc:ProcedureCode>'
        "<cac:ContractingParty><cac:Party><cac:PartyName><cbc:Name>Västerhamns kommun</cbc:Name></cac:PartyName>"
        "</cac:Party></cac:ContractingParty>"
        "<cac:ProcurementProject><cbc:Name>Fruktkorgar</cbc:Name></cac:ProcurementProject>"
        f"<cac:ProcurementProjectLot><cbc:ID {SCHEME}>LOT-0001</cbc:ID></cac:ProcurementProjectLot>"
        f"{''.join(criteria)}</{root}>"
    )
    return whole.encode()
