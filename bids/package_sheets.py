"""The sheets of a package that are copied from: prices or a budget as csv, and the answers as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from app.money import Money
from bids import schedule
from bids.budget_view import BudgetView
from bids.kinds import RequirementKind
from bids.offer import Answer, Offer, Requirement
from bids.swedish import number

BOM = "\ufeff"


def price_sheet(offer: Offer, lot_ref: str | None) -> bytes:
    """The lot's prices as the buyer sees them, to copy from: csv with semicolons, as Swedish Excel reads it."""
    found = next((lot for lot in schedule.lots(offer) if (lot.ref or None) == lot_ref), None)
    lines: list[list[str]] = [["Rad", "Text", "Enhet", "Mängd per år", "Pris per enhet, kr", "Summa per år, kr"]]
    for one in found.rows if found else ():
        price, total = (_figure(amount) if amount is not None else "" for amount in (one.price, one.total))
        lines.append([one.row.ref, one.row.text, one.row.unit_label, _bare(number(one.row.quantity)), price, total])
    return _csv(lines)


def budget_sheet(offer: Offer) -> bytes:
    """The budget row by row and its sums, to copy from."""
    view = BudgetView(offer)
    lines = [["Rad", "Slag", "Vad", "Part", "År", "Belopp, kr"]]
    for one in view.rows:
        amount = _figure(one.amount) if one.amount is not None else ""
        lines.append([str(one.number), one.row.kind.label, one.row.text, one.whose, str(one.row.year), amount])
    for words, total in (
        ("Kostnader", view.total.costs),
        ("Egen insats och medfinansiering", view.total.funded),
        ("Sökt stöd", view.total.sought),
    ):
        lines.append(["", words, "", "", "", _figure(total)])
    return _csv(lines)


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(
        [[_cell(cell) for cell in line] for line in lines]
    )
    return (BOM + written.getvalue()).encode()


def _figure(amount: Money) -> str:
    """``648960,00``: figures and a decimal comma, which a spreadsheet reads as a number."""
    return f"{amount.in_kronor():.2f}".replace(".", ",")


def _bare(text: str) -> str:
    """A number without the spaces that part its thousands."""
    return "".join(text.split())


def _cell(text: str) -> str:
    """A text that a spreadsheet takes for a formula is shown as text."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def answer_sheet(offer: Offer, lot_ref: str | None) -> bytes:
    """What we answer to each requirement of the lot (None: of the whole tender), to copy from."""
    said = {(answer.requirement_ref, answer.lot_ref): answer for answer in offer.answers}
    asked = [one for one in offer.requirements if one.lot_ref == lot_ref]
    parts = [
        _answered(
            one,
            one.kind.called(by_a_funder=offer.is_application),
            said.get((one.ref, one.lot_ref)) or Answer(requirement_ref=one.ref),
        )
        for one in asked
    ]
    return (BOM + "\r\n\r\n".join(parts) + "\r\n").encode()


def _answered(asked: Requirement, called: str, answer: Answer) -> str:
    says = {True: "Svar: Ja", False: "Svar: Nej", None: "Svar: Inte besvarat"}[answer.answered]
    proofs = [
        f"bilaga {one.appendix_number}" if one.appendix_number is not None else one.title for one in answer.evidence
    ]
    if asked.kind is RequirementKind.QUESTION:
        says = ""
    lines = [f"{called} {asked.ref}", " ".join(asked.text.split()), says, answer.text.strip()]
    return "\r\n".join(filter(None, (*lines, f"Bevis: {', '.join(proofs)}" if proofs else "")))
