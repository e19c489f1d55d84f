"""A buyer's form on its way: handed in, read by a worker, taken in table by table, forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from app import audit, clock, files, jobs
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.tenders import actions as tenders
from app.tenders.forms import door, queries
from app.tenders.forms.columns import Columns, to_plain
from app.tenders.forms.lines import read_lines
from app.tenders.forms.models import BuyerForm, FilledForm, FormPlace, FormState, FormTable, Takes
from app.tenders.forms.plan import Plan, compare
from app.tenders.forms.sheets import FormFile, FormSheet
from app.tenders.forms.sheets import to_plain as sheets_to_plain
from app.tenders.forms.writing import carry_out
from app.tenders.models import Tender

READING = "app.tenders.forms.actions.read_form"
MOVED_ON = "har ändrats sedan du tittade, så inget är intaget. Läs igenom igen och ta in det då."


def hand_in(tender: Tender, data: bytes, name: str, ticket: str, *, by: User, now: datetime) -> BuyerForm:
    """Keep the form and let a worker read it. A ticket used before gives what it made. Raises Refused."""
    there = db.session.scalar(select(BuyerForm).where(BuyerForm.ticket == ticket, BuyerForm.tender_id == tender.id))
    if there is not None:
        return there
    tenders.check_open(tender)
    if not data:
        raise Refused("Filen är tom. Välj en annan.")
    if len(data) > door.LARGEST:
        raise Refused(door.TOO_LARGE)
    kept = files.save(data, name=name, media_type="application/octet-stream", now=now)
    form = BuyerForm(ticket=ticket, tender_id=tender.id, file=kept, by_name=by.name, created_at=now, tables=[])
    db.session.add(form)
    db.session.flush()
    form.job = jobs.enqueue(READING, form_id=form.id)
    audit.record(tender, "form_handed_in", by=by, now=now, name=kept.name)
    return form


@jobs.job
def read_form(form_id: int) -> None:
    """Read the form; what is in it waits for somebody to say what its columns hold. May run twice."""
    with jobs.looking():
        form = db.session.get(BuyerForm, form_id)
        data = files.read(form.file) if form is not None and form.state is FormState.READING else None
    if data is None:
        return
    try:
        found, problem = door.read(data), ""
    except Refused as no:
        found, problem = None, str(no)
    form = db.session.get(BuyerForm, form_id, with_for_update=True)
    if form is None or form.state is not FormState.READING:
        return
    if found is None:
        form.state, form.problem = FormState.REFUSED, problem
        return
    text = json.dumps(sheets_to_plain(found), ensure_ascii=False).encode()
    form.read_file = files.save(text, name="formular.json", media_type="application/json", now=clock.now())
    form.state = FormState.READ


@dataclass(frozen=True, slots=True)
class Choice:
    """A table of a form, how its columns are to be read, and which table of an earlier form it takes the place of."""

    contents: FormFile
    position: int
    columns: Columns
    replaces: FormTable | None = None

    @property
    def sheet(self) -> FormSheet:
        """The table itself."""
        return self.contents.sheets[self.position]


def planned(tender: Tender, choice: Choice) -> Plan:
    """What taking a table in would change now. Raises Refused where the table cannot be read like that."""
    if tender.is_call and choice.columns.takes is not Takes.REQUIREMENTS:
        raise Refused("En utlysning har frågor, inga prisrader.")
    problems = [choice.sheet.problem] if choice.sheet.problem else choice.columns.problems(choice.sheet.choices)
    if problems:
        raise Refused(" ".join(problems))
    lots = {name: lot.id for lot in tender.lots for name in (lot.title, lot.ref)}
    reading = read_lines(choice.contents.kind, choice.sheet, choice.columns, lots)
    before = queries.ids_in(choice.replaces) if choice.replaces else set()
    return compare(reading, queries.standing(tender, choice.columns.takes), before)


def take_in(form: BuyerForm, tender: Tender, choice: Choice, *, mark: str, by: User, now: datetime) -> Plan:
    """Take in the good lines of a table. ``mark`` is that of the plan that somebody has read.

    Raises Refused, and takes in nothing, when it would do something else by now.
    """
    tenders.check_open(tender)
    plan = planned(tender, choice)
    if plan.mark != mark:
        raise Refused(f"{'Utlysningen' if tender.is_call else 'Upphandlingen'} {MOVED_ON}")
    if not plan.good:
        raise Refused("Ingen rad går att ta in. Rätta filen eller kolumnerna.")
    kept = carry_out(plan, tender, choice.columns.takes, by=by, now=now)
    _forget_table(form, choice.position)
    table = FormTable(
        form=form,
        position=choice.position,
        title=choice.sheet.title,
        takes=choice.columns.takes,
        lot_id=choice.columns.lot_id,
        mapping=to_plain(choice.columns),
        taken_at=now,
    )
    db.session.add(table)
    if choice.replaces is not None:
        choice.replaces.replaced = True
    db.session.flush()
    _write_places(table, kept)
    counts = {"new": len(plan.new), "changed": len(plan.changed), "gone": len(plan.gone), "faults": len(plan.faults)}
    audit.record(tender, "form_taken_in", by=by, now=now, name=form.file.name, table=table.title, **counts)
    return plan


def _forget_table(form: BuyerForm, position: int) -> None:
    """A table that is taken in once more, with its columns put right, takes its own place."""
    there = next((table for table in form.tables if table.position == position), None)
    if there is not None:
        form.tables.remove(there)
        db.session.flush()


def _write_places(table: FormTable, kept: Sequence[tuple[int, int]]) -> None:
    name = "price_row_id" if table.takes is Takes.ROWS else "requirement_id"
    blank = {"requirement_id": None, "price_row_id": None}
    rows = [{**blank, "table_id": table.id, "line": line, name: row_id} for line, row_id in kept]
    if rows:
        db.session.execute(FormPlace.__table__.insert(), rows)  # type: ignore[attr-defined]


def forget(form: BuyerForm, tender: Tender, *, by: User, now: datetime) -> None:
    """The form goes; requirements, rows and answers stay. Raises Refused where it belongs to a bid handed in."""
    if db.session.scalar(select(FilledForm.id).where(FilledForm.form_id == form.id).limit(1)) is not None:
        what = "en inskickad ansökan" if tender.is_call else "ett lämnat anbud"
        raise Refused(f"Formuläret hör till {what} och måste finnas kvar.")
    kept = [file for file in (form.file, form.read_file) if file is not None]
    audit.record(tender, "form_removed", by=by, now=now, name=form.file.name)
    db.session.execute(delete(FormPlace).where(FormPlace.table_id.in_([table.id for table in form.tables])))
    db.session.delete(form)
    db.session.flush()
    for file in kept:
        files.let_go(file)
