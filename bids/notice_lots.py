"""The lots of a notice, and what a lot and the whole have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from bids.notice_values import BID_DUE, AwardCriterion, NoticeAmount, NoticeDeadline, NoticeLot, NoticePeriod
from bids.notice_xml import Reader

MOST = 500
LOTS = "/*/cac:ProcurementProjectLot[cbc:ID/@schemeName='Lot' or cbc:ID/@schemeName='Part']"
PROJECT = "cac:ProcurementProject"
RESERVED = (
    "cac:TenderingTerms/cac:TendererQualificationRequest/cac:SpecificTendererRequirement/"
    "cbc:TendererRequirementTypeCode[@listName='reserved-procurement']"
)
RESERVED_EXECUTION = (
    "cac:TenderingTerms/cac:ContractExecutionRequirement/cbc:ExecutionRequirementCode[@listName='reserved-execution']"
)
CRITERIA = "cac:TenderingTerms/cac:AwardingTerms/cac:AwardingCriterion/cac:SubordinateAwardingCriterion"
WEIGHT = ".//efac:AwardCriterionParameter[efbc:ParameterCode/@listName='number-weight']"
DUE = (
    ("cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod", BID_DUE),
    ("cac:TenderingProcess/cac:ParticipationRequestReceptionPeriod", "Sista dag att ansöka om att delta"),
    ("cac:TenderingProcess//efac:InterestExpressionReceptionPeriod", "Sista dag att anmäla intresse"),
)
QUESTIONS_DUE = (("cac:TenderingProcess/cac:AdditionalInformationRequestPeriod", "Sista dag för frågor"),)
AREA = "cac:RealizedLocation/cac:Address/cbc:CountrySubentityCode"
ANYWHERE = {"anyw": "Var som helst", "anyw-cou": "Var som helst i landet", "anyw-eea": "Var som helst inom EES"}
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?")
CLOCK = re.compile(r"(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")


def read_lot(lot: Reader) -> NoticeLot:
    """One lot's values; what the notice does not tell is empty."""
    main, additional = cpv(lot)
    return NoticeLot(
        id=lot.code("cbc:ID"),
        title=lot.text(f"{PROJECT}/cbc:Name", 400),
        description=lot.text(f"{PROJECT}/cbc:Description"),
        cpv=tuple(code for code in (main, *additional) if code),
        place=", ".join(places(lot)),
        reserved_participation=lot.code(RESERVED),
        reserved_execution=lot.code(RESERVED_EXECUTION),
        criteria=tuple(_criterion(criterion) for criterion in lot.each(CRITERIA, 200)),
        deadline=_deadline(lot, DUE),
        questions=_deadline(lot, QUESTIONS_DUE),
        value=amount(lot, f"{PROJECT}/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"),
        framework_maximum=amount(lot, f"{PROJECT}//efbc:FrameworkMaximumAmount"),
        term=_period(lot, f"{PROJECT}/cac:PlannedPeriod/cbc:DurationMeasure"),
        validity=_period(lot, "cac:TenderingTerms/cac:TenderValidityPeriod/cbc:DurationMeasure"),
    )


def cpv(part: Reader) -> tuple[str, tuple[str, ...]]:
    """The main code (BT-262) and the additional ones (BT-263), 8 digits each; anything else is left out."""
    main = part.code(f"{PROJECT}/cac:MainCommodityClassification/cbc:ItemClassificationCode")
    more = part.codes(f"{PROJECT}/cac:AdditionalCommodityClassification/cbc:ItemClassificationCode")
    return (main if is_cpv(main) else ""), tuple(code for code in dict.fromkeys(more) if is_cpv(code))


def is_cpv(code: str) -> bool:
    """Whether it is written as a CPV code: eight digits."""
    return len(code) == 8 and code.isascii() and code.isdigit()


def places(part: Reader) -> tuple[str, ...]:
    """Each place of performance: city, NUTS code, description or country, as much as the notice tells."""
    return tuple(dict.fromkeys(filter(None, (_place(p) for p in part.each(f"{PROJECT}/cac:RealizedLocation", 200)))))


def _place(location: Reader) -> str:
    city = location.text("cac:Address/cbc:CityName", 200)
    area = location.code("cac:Address/cbc:CountrySubentityCode")
    words = " ".join(filter(None, (city, f"({area})" if city and area else area)))
    if words:
        return words
    anywhere = ANYWHERE.get(location.code("cac:Address/cbc:Region"), "")
    country = location.code("cac:Address/cac:Country/cbc:IdentificationCode")
    return location.text("cbc:Description", 400) or anywhere or country


def amount(part: Reader, path: str) -> NoticeAmount | None:
    """An amount with its currency, or None when it is absent or beyond belief."""
    for element in part.find(path):
        value = _decimal((element.text or "").strip())
        if value is not None and 0 < value < 10**13:
            return NoticeAmount(value, element.get("currencyID", "")[:3])
    return None


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text) if len(text) <= 40 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _criterion(criterion: Reader) -> AwardCriterion:
    weight = _decimal(criterion.code(f"{WEIGHT}/efbc:ParameterNumeric"))
    return AwardCriterion(
        kind=criterion.code("cbc:AwardingCriterionTypeCode"),
        name=criterion.text("cbc:Name", 400),
        description=criterion.text("cbc:Description"),
        weight=weight if weight is not None and 0 <= weight <= 10**6 else None,
        weight_code=criterion.code(f"{WEIGHT}/efbc:ParameterCode"),
    )


def _deadline(lot: Reader, wanted: Sequence[tuple[str, str]]) -> NoticeDeadline | None:
    """The first that the notice tells: of the bid (BT-131), the request to take part (BT-1311), the interest (BT-630).

    So too the day for questions (BT-13).
    """
    for path, what in wanted:
        clock = lot.code(f"{path}/cbc:EndTime")
        due = moment(lot.code(f"{path}/cbc:EndDate"), clock)
        if due:
            return NoticeDeadline(due[0], due[1], what, has_clock=bool(clock))
    return None


def moment(day_text: str, clock_text: str) -> tuple[datetime, str] | None:
    """The time's own zone counts, then the day's; without any it is Swedish time. A day alone lasts to its end."""
    day, clock = DAY.fullmatch(day_text), CLOCK.fullmatch(clock_text or "23:59:00")
    if not day or not clock or not "2000" <= day[1][:4] <= "2100":
        return None
    zone = clock[2] or day[2] or ""
    try:
        local = datetime.combine(date.fromisoformat(day[1]), time.fromisoformat(clock[1]))
        aware = datetime.fromisoformat(f"{local.isoformat()}{zone}") if zone else _swedish(local)
        return aware.astimezone(UTC), zone
    except (ValueError, OverflowError):
        return None


def _swedish(local: datetime) -> datetime:
    return local.replace(tzinfo=ZoneInfo("Europe/Stockholm"))


def _period(lot: Reader, path: str) -> NoticePeriod | None:
    for element in lot.find(path):
        length = (element.text or "").strip()
        unit = element.get("unitCode", "")
        if length.isascii() and length.isdigit() and len(length) <= 4 and unit in {"DAY", "WEEK", "MONTH", "YEAR"}:
            return NoticePeriod(int(length), unit)
    return None
