"""Reading what a notice tells of what came after: results lot by lot, and changes to an earlier notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bids.notice_lots import amount, moment
from bids.notice_results import (
    REASONS,
    LotOutcome,
    LotVerdict,
    NoticeChange,
    NoticeOrganisation,
    WinningTender,
)
from bids.notice_xml import Reader

MOST = 1000
CHANGES = ".//efac:Changes"
RESULT = ".//efac:NoticeResult"
EARLIEST = date(2001, 1, 1)
"""eForms asks for a day of decision also where there is none, and buyers write 2000-01-01 then."""


def organisations(root: Reader) -> dict[str, NoticeOrganisation]:
    """The notice's organisations by their technical identifier, such as ORG-0001."""
    return {
        company.code("cac:PartyIdentification/cbc:ID"): NoticeOrganisation(
            company.text("cac:PartyName/cbc:Name", 400), company.code("cac:PartyLegalEntity/cbc:CompanyID")
        )
        for company in root.each(".//efac:Company", MOST)
    }


def change(root: Reader) -> NoticeChange | None:
    """What the notice changes (BT-758), or None. A change of a contract in force (BT-1501) is another thing."""
    notice = root.code(f"{CHANGES}/efbc:ChangedNoticeIdentifier")
    if not notice:
        return None
    said = (one.text("efbc:ChangeDescription", 2000) for one in root.each(f"{CHANGES}/efac:Change", MOST))
    return NoticeChange(
        notice=notice,
        reason_code=root.code(f"{CHANGES}/efac:ChangeReason/cbc:ReasonCode"),
        reason=root.text(f"{CHANGES}/efac:ChangeReason/efbc:ReasonDescription", 2000),
        said=tuple(words for words in said if words),
    )


def outcomes(root: Reader) -> tuple[LotOutcome, ...]:
    """Each lot's result (BT-142), in the notice's order; one whose code is unknown tells nothing and is left out."""
    return tuple(
        outcome for result in root.each(f"{RESULT}/efac:LotResult", MOST) if (outcome := _outcome(root, result))
    )


def _outcome(root: Reader, result: Reader) -> LotOutcome | None:
    code = result.code("cbc:TenderResultCode")
    if code not in set(LotVerdict):
        return None
    lot, verdict = result.code("efac:TenderLot/cbc:ID"), LotVerdict(code)
    contracts = _named(root, "SettledContract", result)
    awarded = _latest(contracts, "cbc:AwardDate")
    return LotOutcome(
        lot_id=lot,
        verdict=verdict,
        reason=_reason(result),
        winners=_winners(root, result, contracts, lot) if verdict is LotVerdict.WON else (),
        received=_received(result),
        decided_on=awarded or _latest(contracts, "cbc:IssueDate"),
        awarded_on=awarded,
    )


def _reason(result: Reader) -> str:
    code = result.code("efac:DecisionReason/efbc:DecisionReasonCode")
    return REASONS.get(code, "")


def _named(root: Reader, kind: str, result: Reader) -> dict[str, Reader]:
    """The contracts or tenders that a lot's result points at, by their identifiers."""
    wanted = set(result.codes(f"efac:{kind}/cbc:ID"))
    found = {one.code("cbc:ID"): one for one in root.each(f"{RESULT}/efac:{kind}", MOST)}
    return {key: one for key, one in found.items() if key in wanted}


def _winners(root: Reader, result: Reader, contracts: Mapping[str, Reader], lot: str) -> tuple[WinningTender, ...]:
    """The lot's tenders that a contract was made of; where no contract says so, those ranked first or not at all."""
    tenders = {key: one for key, one in _named(root, "LotTender", result).items() if _is_of(one, lot)}
    agreed = {tender for contract in contracts.values() for tender in contract.codes("efac:LotTender/cbc:ID")}
    chosen = [one for key, one in tenders.items() if key in agreed]
    chosen = chosen or [one for one in tenders.values() if one.code("cbc:RankCode") in {"", "1"}]
    companies = organisations(root)
    parties = {one.code("cbc:ID"): one for one in root.each(f"{RESULT}/efac:TenderingParty", MOST)}
    return tuple(_winner(one, parties, companies) for one in chosen)


def _is_of(tender: Reader, lot: str) -> bool:
    return tender.code("efac:TenderLot/cbc:ID") in {lot, ""}


def _winner(
    tender: Reader, parties: Mapping[str, Reader], companies: Mapping[str, NoticeOrganisation]
) -> WinningTender:
    party = parties.get(tender.code("efac:TenderingParty/cbc:ID"))
    keys = party.codes("efac:Tenderer/cbc:ID") if party else []
    found = tuple(companies[key] for key in dict.fromkeys(keys) if key in companies and companies[key].name)
    paid = amount(tender, "cac:LegalMonetaryTotal/cbc:PayableAmount")
    kronor = paid.kronor if paid is not None else None
    return WinningTender(found, str(paid) if paid is not None else "", kronor.ore if kronor is not None else None)


def _received(result: Reader) -> int | None:
    """How many tenders came in (BT-759), of any kind."""
    for one in result.each("efac:ReceivedSubmissionsStatistics", MOST):
        number = one.code("efbc:StatisticsNumeric")
        if one.code("efbc:StatisticsCode") == "tenders" and number.isascii() and number.isdigit() and len(number) < 7:
            return int(number)
    return None


def _latest(contracts: Mapping[str, Reader], path: str) -> date | None:
    """The day of the decision (BT-1451) or of the contract (BT-145), the latest of several contracts."""
    days = [found[0].date() for contract in contracts.values() if (found := moment(contract.code(path), "12:00:00"))]
    return max((day for day in days if day >= EARLIEST), default=None)
