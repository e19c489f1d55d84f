"""A result of a tender: who won which lot. What it means for a bid of ours people confirm, for letters follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete

from app.accounts.models import User
from app.clock import local_date
from app.db import db
from app.money import Money
from app.tenders import actions
from app.tenders.models import BidState, TenderState
from app.tenders.noticing.correcting import News, note
from app.tenders.noticing.models import ChangeState, TenderChange, TenderNotice, TenderOutcome
from bids.notice_results import LotOutcome, LotVerdict
from bids.notice_values import Notice
from bids.swedish import ended

FIGURES = 10
"""An organisation number has ten figures; a buyer may write two more before them, or put VAT signs around."""


def decide(notice: Notice, row: TenderNotice, *, by: User | None, now: datetime) -> list[TenderChange]:
    """Write down who won. What an earlier notice said of the same lots is replaced. A tender without a bid is over."""
    tender = row.tender
    refs = [outcome.lot_id for outcome in notice.outcomes]
    gone = (TenderOutcome.tender_id == tender.id, TenderOutcome.lot_ref.in_(refs))
    db.session.execute(delete(TenderOutcome).where(*gone))
    for outcome in notice.outcomes:
        db.session.add_all(_rows(outcome, row))
    _fill_in_day(notice, row, now=now, by=by)
    told = [
        News(field="outcome", label="Resultat", lot_ref=outcome.lot_id, after=in_words(outcome), state=ChangeState.TOLD)
        for outcome in notice.outcomes
    ]
    silent = News(field="outcome", label="Resultat", after="Annonsen säger inte vem som vann.", state=ChangeState.TOLD)
    made = note(row, told or [silent])
    if tender.state == TenderState.NOTICED and not _still_open(notice):
        summary = " ".join(in_words(outcome) for outcome in notice.outcomes[:3])
        actions.move(
            tender, TenderState.DECLINED, by=by, now=now, because=f"Upphandlingen är avgjord. {summary}".strip()
        )
    return made


def _fill_in_day(notice: Notice, row: TenderNotice, *, by: User | None, now: datetime) -> None:
    """The day on which the buyer decided, where it says so and nobody has said another: papers are judged on it.

    Of several lots it is the latest. A day before the last day for bids is a slip, and is left out.
    """
    tender = row.tender
    days = [outcome.awarded_on for outcome in notice.outcomes if outcome.awarded_on is not None]
    day = max(days, default=None)
    if day is None or tender.award_on is not None:
        return
    if tender.deadline is None or day >= local_date(tender.deadline):
        actions.expect_award(tender, day, by=by, now=now)


def in_words(outcome: LotOutcome) -> str:
    """Such as ``Vann: Frukt AB för 2 400 000 kr. 3 anbud kom in.`` in Swedish."""
    if outcome.verdict is LotVerdict.STILL_OPEN:
        return "Inte avgjort än."
    if outcome.verdict is LotVerdict.NOBODY:
        words = f"Ingen vann: {outcome.reason}." if outcome.reason else "Ingen vann."
    else:
        won = "; ".join(
            f"{winner.name or 'Okänd leverantör'}{f' för {winner.amount}' if winner.amount else ''}"
            for winner in outcome.winners
        )
        words = ended(f"Vann: {won}") if won else "Någon har vunnit, men annonsen säger inte vem."
    return words if outcome.received is None else f"{words} {outcome.received} anbud kom in."


def ours(outcomes: Sequence[TenderOutcome], refs: Iterable[str], numbers: Iterable[str]) -> BidState | None:
    """What the results say of a bid on those lots by companies with those numbers: won, lost, called off, or nothing.

    Whoever has won one of its lots has won. None where a lot is undecided, or a winner has no number to know it by.
    """
    wanted, known = set(refs), {digits(number) for number in numbers}
    mine = [outcome for outcome in outcomes if outcome.lot_ref in wanted]
    if not mine or {outcome.lot_ref for outcome in mine} != wanted:
        return None
    if any(_winners(outcome) & known for outcome in mine):
        return BidState.WON
    won = [outcome for outcome in mine if outcome.verdict == LotVerdict.WON]
    if any(outcome.verdict == LotVerdict.STILL_OPEN for outcome in mine) or not all(_winners(one) for one in won):
        return None
    return BidState.LOST if won else BidState.CANCELLED


def winner(outcomes: Sequence[TenderOutcome], refs: Iterable[str]) -> tuple[str, Money | None, date | None]:
    """Who won those lots, at which price when there is one, and when it was decided."""
    wanted = set(refs)
    won = [one for one in outcomes if one.lot_ref in wanted and one.verdict == LotVerdict.WON]
    names = list(dict.fromkeys(one.winner for one in won if one.winner))
    days = [one.decided_on for one in won if one.decided_on]
    return ", ".join(names), won[0].amount if len(won) == 1 else None, max(days, default=None)


def digits(number: str) -> str:
    """The ten figures of an organisation number, however it is written; nothing when there are fewer."""
    figures = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    if len(figures) == FIGURES + 2 and figures.startswith("16"):
        return figures[2:]
    if len(figures) == FIGURES + 2 and figures.endswith("01"):
        return figures[:FIGURES]  # A Swedish VAT number: SE, the ten figures, 01.
    return figures if len(figures) == FIGURES else ""


def _winners(outcome: TenderOutcome) -> set[str]:
    return {found for number in outcome.org_numbers.split(",") if (found := digits(number))}


def _rows(outcome: LotOutcome, row: TenderNotice) -> list[TenderOutcome]:
    common = {
        "tender_id": row.tender_id,
        "notice_id": row.id,
        "lot_ref": outcome.lot_id,
        "verdict": str(outcome.verdict),
        "reason": outcome.reason,
        "received": outcome.received,
        "decided_on": outcome.decided_on,
    }
    won = [
        TenderOutcome(
            **common,
            winner=one.name,
            org_numbers=",".join(company.org_number.replace(",", "") for company in one.tenderers),
            amount=Money(one.ore) if one.ore is not None else None,
            amount_text=one.amount,
        )
        for one in outcome.winners
    ]
    return won or [TenderOutcome(**common)]


def _still_open(notice: Notice) -> bool:
    return any(outcome.verdict is LotVerdict.STILL_OPEN for outcome in notice.outcomes)
