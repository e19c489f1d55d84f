"""Carries out what a buyer's form changes in the tender. Nothing that somebody has written is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import update

from app.accounts.models import User
from app.db import db
from app.tenders import actions
from app.tenders.actions import NewRequirement, NewRow
from app.tenders.forms.found import Line, plain_ref
from app.tenders.forms.models import Takes
from app.tenders.forms.plan import Match, Plan, Standing
from app.tenders.models import BidAnswer, Tender, TenderLot, TenderPriceRow, TenderRequirement

Asked = TenderRequirement | TenderPriceRow
OF_NO_MATTER = {"followed_up"}
"""A change of nothing else leaves an answer as good as it was."""


def carry_out(plan: Plan, tender: Tender, takes: Takes, *, by: User, now: datetime) -> list[tuple[int, int]]:
    """New ones are added, changed ones changed, gone ones withdrawn. Returns which line is which, by id."""
    lots = {lot.id: lot for lot in tender.lots}
    there: dict[int, Asked] = {each.id: each for each in (tender.rows if takes is Takes.ROWS else tender.requirements)}
    for match in plan.changed:
        _change(tender, there[match.standing.id], match, lots, by=by, now=now)
    _look_again(plan.changed, takes)
    for gone in plan.gone:
        _withdraw(tender, there[gone.id], gone, by=by, now=now)
    _add(tender, plan.new, lots, by=by, now=now)
    db.session.flush()
    kept = sorted(_kept(plan, tender, takes))
    _put_in_order(tender, takes, [row_id for _line, row_id in kept])
    return kept


def _change(tender: Tender, row: Asked, match: Match, lots: dict[int, TenderLot], *, by: User, now: datetime) -> None:
    lot = lots.get(row.lot_id or 0)
    if isinstance(row, TenderRequirement) and isinstance(match.given, NewRequirement):
        if "text" in match.what:
            row.earlier_text = row.text
        row.withdrawn = False
        actions.change_requirement(tender, row, match.given, lot, by=by, now=now)
    elif isinstance(row, TenderPriceRow) and isinstance(match.given, NewRow):
        actions.change_row(tender, row, match.given, lot, by=by, now=now)


def _look_again(changed: Iterable[Match], takes: Takes) -> None:
    """Answers to what has changed. Their revision grows, so that whoever is writing one now is told, too."""
    touched = [match.standing.id for match in changed if set(match.what) - OF_NO_MATTER]
    if touched and takes is Takes.REQUIREMENTS:
        answered = (BidAnswer.says.is_not(None) | (BidAnswer.text != ""), BidAnswer.requirement_id.in_(touched))
        again = update(BidAnswer).where(*answered).values(look_again=True, revision=BidAnswer.revision + 1)
        db.session.execute(again.execution_options(synchronize_session=False))


def _withdraw(tender: Tender, row: Asked, gone: Standing, *, by: User, now: datetime) -> None:
    """A requirement stays for its answer's sake; a price row goes unless somebody has been asked or priced it."""
    if isinstance(row, TenderRequirement):
        row.withdrawn = True
    elif not gone.kept_for:
        actions.remove_row(tender, row, by=by, now=now)


def _add(tender: Tender, new: Sequence[Line], lots: dict[int, TenderLot], *, by: User, now: datetime) -> None:
    by_lot = sorted(new, key=lambda line: line.lot_id or 0)
    for lot_id, some in groupby(by_lot, key=lambda line: line.lot_id or 0):
        given = [line.given for line in some]
        lot = lots.get(lot_id)
        asked = [one for one in given if isinstance(one, NewRequirement)]
        priced = [one for one in given if isinstance(one, NewRow)]
        if asked:
            actions.add_requirements(tender, asked, lot, by=by, now=now)
        if priced:
            actions.add_rows(tender, priced, lot, by=by, now=now)


def _kept(plan: Plan, tender: Tender, takes: Takes) -> Iterable[tuple[int, int]]:
    for match in (*plan.changed, *plan.unchanged):
        yield match.line, match.standing.id
    rows: Sequence[Asked] = tender.rows if takes is Takes.ROWS else tender.requirements
    by_ref = {(row.lot_id, plain_ref(row.ref)): row.id for row in rows}
    for line in plan.new:
        yield line.line, by_ref[line.lot_id, plain_ref(line.given.ref)]


def _put_in_order(tender: Tender, takes: Takes, ids: Sequence[int]) -> None:
    """What the form has stands in the form's order, where the first of it stood."""
    rows: Sequence[Asked] = tender.rows if takes is Takes.ROWS else tender.requirements
    by_id = {row.id: row for row in rows}
    ours = set(ids)
    others = [row for row in sorted(rows, key=lambda row: (row.position, row.id)) if row.id not in ours]
    first = min((by_id[each].position for each in ids), default=0)
    before = [row for row in others if row.position < first]
    order = [*before, *(by_id[each] for each in ids), *others[len(before) :]]
    for position, row in enumerate(order):
        row.position = position
