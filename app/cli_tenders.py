"""Commands about tenders: read a notice, write a bid's PDF or its package."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from app import clock, files, jobs, noticeflow
from app.cli_trouble import unwritten
from app.db import db
from app.errors import NotYours, Refused
from app.tenders import paper_actions, printing, queries
from app.tenders.forms import returning
from app.tenders.looks import queries as looks
from app.tenders.models import Bid
from app.tenders.noticing import batches
from app.tenders.noticing.receipt import Outcome
from app.tenders.offers import offer_of
from app.tenders.packing import limits, making
from app.tenders.secrecy import printing as secrecy
from app.tenders.secrecy import queries as secrecy_queries
from app.units import counted

IN_WORDS = {
    Outcome.REFUSED: "Gick inte att läsa",
    Outcome.NEW: "Nya upphandlingar",
    Outcome.CHANGED: "Rättade",
    Outcome.RESULT: "Resultat",
    Outcome.CANCELLED: "Avbrutna",
    Outcome.UNCHANGED: "Senare annonser utan ändring",
    Outcome.OLDER: "Äldre än vad vi har",
    Outcome.SAME: "Redan inlästa",
}


@click.command("import-notice")
@click.argument("place", metavar="FILE|DIR", type=click.Path(exists=True, path_type=Path))
def import_notice(place: Path) -> None:
    """Read tenders from eForms notices: one file, or all XML files of a folder and of those in it.

    Corrections and results find the tenders they belong to. A faulty file is named, and the others are taken in.
    """
    if place.is_dir():
        _import_folder(place)
    else:
        _import_file(place)


def _import_file(file: Path) -> None:
    try:
        receipt = noticeflow.take_in(
            batches.paper_at(file)(), batches.readable(Path(file.name)), by=None, now=clock.now()
        )
    except Refused as no:
        db.session.rollback()
        raise click.ClickException(str(no)) from no
    db.session.commit()
    tender = receipt.tender
    click.echo(f"Upphandling {tender.id}: {tender.title}, {tender.buyer_name}")
    click.echo(f"  {receipt.words}")
    for change in receipt.changes:
        was = f"{change.before} -> " if change.before else ""
        click.echo(f"  {change.label} {change.lot_ref}".rstrip() + f": {was}{change.after}".replace("\n", " "))
    if receipt.outcome is Outcome.NEW:
        for line in tender.missing_facts.splitlines():
            click.echo(f"  Att se över: {line}")


def _import_folder(folder: Path) -> None:
    papers, others = batches.papers_in(folder)
    if not papers:
        raise click.ClickException(f"Det finns ingen fil som slutar på .xml i {folder}.")
    counts: Counter[Outcome] = Counter()
    with click.progressbar(batches.in_order(papers), length=len(papers), label="Annonser", file=sys.stderr) as moving:
        for done, paper in enumerate(moving, start=1):
            outcome, words, _tender_id = noticeflow.try_one(paper, by=None, now=clock.now())
            counts[outcome] += 1
            if outcome is Outcome.REFUSED:
                click.echo(f"{paper.name}: {words}", err=True)
            if done % noticeflow.STEP == 0:
                db.session.commit()
    db.session.commit()
    for outcome, count in sorted(counts.items()):
        click.echo(f"{IN_WORDS[outcome]}: {count}")
    if others:
        click.echo(f"Andra filer, inte lästa: {others}")
    if counts[Outcome.REFUSED]:
        raise click.exceptions.Exit(1)


@click.command("bid-pdf")
@click.argument("bid_id", type=int)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
def bid_pdf(bid_id: int, output: Path) -> None:
    """Write a bid's PDF: the version handed in, or the draft while there is none."""
    try:
        data = _pdf(bid_id)
    except NotYours as nothing:
        raise click.ClickException(f"Det finns inget anbud {bid_id}.") from nothing
    except (Refused, jobs.Hopeless) as no:
        raise click.ClickException(str(no)) from no
    try:
        output.write_bytes(data)
    except OSError as trouble:
        raise unwritten(output, trouble) from trouble
    click.echo(f"{output}: {len(data)} byte")


def _pdf(bid_id: int) -> bytes:
    """The frozen version while that is what counts; a new draft is shown as a draft."""
    bid = queries.bid_by_id(bid_id)
    if bid.is_draft:
        return _draft(bid)
    version = queries.versions_of(bid)[0]
    printing.make_pdf(version.id)
    db.session.commit()
    if version.pdf is None:
        raise Refused("PDF-filen finns inte.")
    return files.read(version.pdf)


def _draft(bid: Bid) -> bytes:
    """As it would be handed in, with the papers that go with it by themselves; nothing of that is kept."""
    now = clock.now()
    paper_actions.attach_wanted(bid, offer_of(bid, now=now), by=None, now=now)
    data = printing.draft_pdf(looks.dressed(offer_of(bid, now=now), bid))
    db.session.rollback()
    return data


@click.command("bid-package")
@click.argument("bid_id", type=int)
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, writable=True, path_type=Path))
def bid_package(bid_id: int, output: Path) -> None:
    """Write what is uploaded of the version handed in: a folder for each lot, with manifest and checklist.

    The folder must be empty or not there yet. The files are the same as in the package that the web gives. They are
    written also where the buyer's system would not take one of them: that is told, and the command ends with 1.
    """
    if output.is_dir() and any(output.iterdir()):
        raise click.ClickException(f"{output} är inte tom. Välj en annan mapp.")
    try:
        packed = _packed(bid_id)
        making.write_folder(packed.contents, output)
    except NotYours as nothing:
        raise click.ClickException(f"Det finns inget anbud {bid_id}.") from nothing
    except (Refused, jobs.Hopeless) as no:
        raise click.ClickException(str(no)) from no
    except OSError as trouble:
        raise unwritten(output, trouble) from trouble
    click.echo(f"{output}: {counted(len(packed.contents), 'fil', 'filer')}")
    for problem in packed.problems:
        click.echo(f"Att rätta: {problem}", err=True)
    if packed.problems:
        raise click.exceptions.Exit(1)


def _packed(bid_id: int) -> making.Packed:
    """The latest version's package; what a worker has not made yet is made now."""
    bid = queries.bid_by_id(bid_id)
    if bid.is_draft:
        raise Refused("Anbudet är ett utkast. Lämna det först: paketet görs av det som är fastställt.")
    version = queries.versions_of(bid)[0]
    printing.make_pdf(version.id)
    returning.fill_for_version(version.id)
    for one, number in secrecy_queries.prints_of(bid):
        if number == version.number:
            secrecy.make(one.id)
    db.session.commit()
    return making.gathered(version, limits.read(bid.tender.upload_limits, bid.tender.system))
