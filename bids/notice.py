"""eForms notice XML -> values. Elements are named as in the eForms rules; BT numbers are the rules' own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxml import etree

from bids import notice_after as after
from bids import notice_lots as lots
from bids.notice_missing import missing
from bids.notice_results import NoticeOrganisation
from bids.notice_values import Notice, NoticeDeadline, NoticeKind, NoticeLot
from bids.notice_xml import Reader
from bids.safe_xml import NoticeRefused, parse

__all__ = ["Notice", "NoticeKind", "NoticeRefused", "read_notice"]

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
PROCEDURES = {
    "open": "Öppet förfarande",
    "restricted": "Selektivt förfarande",
    "neg-w-call": "Förhandlat förfarande med föregående annonsering",
    "neg-wo-call": "Förhandlat förfarande utan föregående annonsering",
    "comp-dial": "Konkurrenspräglad dialog",
    "innovation": "Innovationspartnerskap",
    "comp-tend": "Konkurrensutsatt anbudsförfarande",
    "oth-single": "Annat förfarande i ett steg",
    "oth-mult": "Annat förfarande i flera steg",
}
PROJECT = "cac:ProcurementProject"
CPV = ".//cbc:ItemClassificationCode"
RESERVED = {"", "none", "res-pub-ser", "res-ws"}
RESERVED_EXECUTION = {"", "no", "not-known", "yes"}
CRITERIA = {"", "cost", "price", "quality"}


def read_notice(data: bytes) -> Notice:
    """The notice in the file's bytes, in Swedish if it can, else English, else its first language.

    Raises NoticeRefused, with a Swedish sentence, for a file that is no eForms notice or cannot be read safely.
    """
    root = parse(data)
    kind = _kind(root)
    languages = _languages(root)
    language = next((wanted for wanted in ("SWE", "ENG") if wanted in languages), (*languages, "")[0])
    notice = _notice(Reader(root, language), kind, languages)
    return replace(notice, missing=missing(notice))


def _kind(root: etree._Element) -> NoticeKind:
    name = etree.QName(root)
    try:
        kind = NoticeKind(name.localname)
    except ValueError as wrong:
        raise NoticeRefused(
            f"Filen är XML men ingen eForms-annons: den börjar med ”{name.localname[:40]}”. Välj annonsens egen fil."
        ) from wrong
    reader = Reader(root, "")
    if name.namespace != f"{UBL}{kind}-2" or not reader.code("cbc:CustomizationID").startswith("eforms-sdk"):
        raise NoticeRefused("Filen liknar en annons men följer inte eForms. Hämta annonsen i formatet eForms XML.")
    return kind


def _languages(root: etree._Element) -> tuple[str, ...]:
    """The notice's main language first, then the additional ones (BT-702)."""
    reader = Reader(root, "")
    codes = [*reader.codes("cbc:NoticeLanguageCode"), *reader.codes("cac:AdditionalNoticeLanguage/cbc:ID")]
    return tuple(dict.fromkeys(code for code in codes if len(code) == 3))


def _notice(root: Reader, kind: NoticeKind, languages: tuple[str, ...]) -> Notice:
    read_lots = tuple(lots.read_lot(lot) for lot in root.each(lots.LOTS, lots.MOST))
    return Notice(
        id=root.code("cbc:ID[@schemeName='notice-id']") or root.code("cbc:ID"),
        version=root.code("cbc:VersionID"),
        kind=kind,
        type_code=root.code("cbc:NoticeTypeCode"),
        subtype=root.code(".//efac:NoticeSubType/cbc:SubTypeCode"),
        languages=languages,
        language=root.language,
        buyers=_buyers(root),
        lots=read_lots,
        deadline=_first(lot.deadline for lot in read_lots),
        questions=_first(lot.questions for lot in read_lots),
        areas=tuple(dict.fromkeys(root.codes(f".//{lots.AREA}"))),
        folder=root.code("cbc:ContractFolderID"),
        issued=_issued(root),
        change=after.change(root),
        outcomes=after.outcomes(root),
        unknown_codes=_unknown(root, read_lots),
        **_project(root),
        **_links(root),
    )


def _first(dues: Iterable[NoticeDeadline | None]) -> NoticeDeadline | None:
    return min((due for due in dues if due), key=lambda due: due.at, default=None)


def _project(root: Reader) -> dict[str, Any]:
    code = root.code("cac:TenderingProcess/cbc:ProcedureCode")
    main, additional = lots.cpv(root)
    systems = root.codes(".//cac:ContractingSystem/cbc:ContractingSystemTypeCode[@listName='framework-agreement']")
    return {
        "title": root.text(f"{PROJECT}/cbc:Name", 400),
        "description": root.text(f"{PROJECT}/cbc:Description"),
        "reference": root.code(f"{PROJECT}/cbc:ID"),
        "procedure_code": code,
        "procedure": PROCEDURES.get(code, ""),
        "is_framework": any(system != "none" for system in systems),
        "cpv_main": main,
        "cpv_additional": additional,
        "places": lots.places(root),
        "value": lots.amount(root, f"{PROJECT}/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"),
        "framework_maximum": lots.amount(root, f"{PROJECT}//efbc:FrameworkMaximumAmount"),
    }


def _links(root: Reader) -> dict[str, Any]:
    """Where the documents are (BT-15, BT-615) and where to send the bid (BT-18); http and https only."""
    terms = f"{lots.LOTS}/cac:TenderingTerms"
    documents = f"{terms}/cac:CallForTendersDocumentReference/cac:Attachment/cac:ExternalReference/cbc:URI"
    return {
        "documents_url": root.link(documents),
        "submission_url": root.link(f"{terms}/cac:TenderRecipientParty/cbc:EndpointID"),
    }


def _issued(root: Reader) -> datetime | None:
    found = lots.moment(root.code("cbc:IssueDate"), root.code("cbc:IssueTime"))
    return found[0] if found else None


def _unknown(root: Reader, read_lots: tuple[NoticeLot, ...]) -> tuple[str, ...]:
    """Codes that are in none of eForms' lists, as they are written."""
    procedure = root.code("cac:TenderingProcess/cbc:ProcedureCode")
    found = [procedure] if procedure and procedure not in PROCEDURES else []
    found += [code for code in root.codes(CPV) if not lots.is_cpv(code)]
    for lot in read_lots:
        found += [lot.reserved_participation] if lot.reserved_participation not in RESERVED else []
        found += [lot.reserved_execution] if lot.reserved_execution not in RESERVED_EXECUTION else []
        found += [criterion.kind for criterion in lot.criteria if criterion.kind not in CRITERIA]
    return tuple(dict.fromkeys(found))


def _buyers(root: Reader) -> tuple[NoticeOrganisation, ...]:
    """Each buyer's name and number (OPT-300), looked up among the notice's organisations."""
    companies = after.organisations(root)
    wanted = root.codes("cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID")
    found = [companies[key] for key in dict.fromkeys(wanted) if key in companies]
    return tuple(company for company in found if company.name)
