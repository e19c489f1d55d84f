"""Packs a version: gathers its files, names them, and writes one zip, or a folder for the command line.

What is packed is what was frozen. The same version and limits always give the same bytes, on the web and without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import select

from app import clock, files, jobs
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.jobs import Job, JobState
from app.tenders.espd import frozen
from app.tenders.forms import returning
from app.tenders.forms.models import FilledForm
from app.tenders.packing import limits as kept_limits
from app.tenders.packing.models import BidPackage
from app.tenders.papers import BidVersion
from app.tenders.secrecy.models import PrintKind, SecrecyPrint
from bids import package as packing
from bids.offer import Offer, from_json
from bids.package import Entry, Item, Limits

ENDINGS = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
}
PACKED_WELL = (".csv", ".txt", ".json")
THE_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Content:
    """A file in its place, and where its bytes are: ours, or on the disk."""

    path: str
    data: bytes | None
    stored: StoredFile | None

    def read(self) -> bytes:
        """The bytes."""
        if self.data is not None:
            return self.data
        if self.stored is None:
            raise ValueError(f"{self.path} has no bytes")
        return files.read(self.stored)


@dataclass(frozen=True, slots=True)
class Packed:
    """All contents in order, what they are, and what the buyer's system will not take."""

    contents: tuple[Content, ...]
    entries: tuple[Entry, ...]
    problems: tuple[str, ...]


@jobs.job
def make(package_id: int) -> None:
    """Pack a version, once, and tell how far it has come. What cannot be packed yet is told in words."""
    package = db.session.get(BidPackage, package_id)
    if package is None or package.file_id is not None or package.problem:
        return
    version, limits = db.session.get_one(BidVersion, package.version_id), kept_limits.read(package.limits, "")
    try:
        _check_filled(version)
        packed = gathered(version, limits)
    except Refused as no:
        package.problem = str(no)
        return
    what = "ansokningspaket" if from_json(version.offer_json).is_application else "anbudspaket"
    name = f"{what}-v{version.number}.zip"
    kept = _zipped(packed, name, lambda done: _tell(package_id, done))
    ready = db.session.scalar(select(BidPackage).where(BidPackage.id == package_id).with_for_update())
    if ready is None or ready.file_id is not None:
        files.let_go(kept)  # Somebody asked anew, or another worker was quicker.
        return
    ready.file, ready.done = kept, 100
    ready.files = [
        {"path": one.path, "what": one.words, "size": one.size, "sha256": one.sha256, "upload": one.upload}
        for one in packed.entries
    ]
    ready.problems = list(packed.problems)


def _zipped(packed: Packed, name: str, tell: Tell) -> StoredFile:
    """The zip among the files. What was half written when something failed is taken away."""
    files.folder().mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=files.folder(), prefix="paket-", delete=False) as draft:
        place = Path(draft.name)
    try:
        write_zip(packed.contents, place, tell)
        return files.save_from(place, name=name, media_type="application/zip", now=clock.now())
    finally:
        place.unlink(missing_ok=True)


def _check_filled(version: BidVersion) -> None:
    """Raises Refused while a worker still fills in the buyer's forms."""
    going = select(Job.args).where(Job.name == returning.FILLING, Job.state.in_((JobState.WAITING, JobState.RUNNING)))
    if any(args.get("version_id") == version.id for args in db.session.scalars(going)):
        raise Refused("Köparens formulär fylls fortfarande i. Försök igen om en stund.")


def _tell(package_id: int, done: int) -> None:
    package = db.session.get(BidPackage, package_id)
    if package is not None and package.file_id is None:
        package.done = done
    jobs.checkpoint()


def gathered(version: BidVersion, limits: Limits) -> Packed:
    """Everything that belongs to a version, named for the buyer's system, with manifest and checklist.

    Raises Refused while something of it is still being made.
    """
    offer = from_json(version.offer_json)
    stored = [
        *_printed(version, offer),
        *_secrecy(version),
        *_appendices(offer),
        *_responses(version),
        *_forms(version),
    ]
    items = [item for item, _file in stored] + [item for item, _data in packing.generated(offer)]
    sources: list[tuple[bytes | None, StoredFile | None]] = [(None, file) for _item, file in stored]
    sources += [(data, None) for _item, data in packing.generated(offer)]
    entries = packing.entries(offer, items, limits)
    contents = [Content(one.path, data, file) for one, (data, file) in zip(entries, sources, strict=True)]
    contents += [
        Content("checklista.txt", packing.listing(offer, entries, limits), None),
        Content("manifest.json", packing.manifest(offer, version.sha256, entries), None),
    ]
    ordered = tuple(sorted(contents, key=lambda one: one.path))
    return Packed(ordered, entries, packing.problems(entries, limits, whose=packing.owner_of(offer)))


def _printed(version: BidVersion, offer: Offer) -> Iterator[tuple[Item, StoredFile]]:
    if version.pdf is None:
        raise Refused("Anbudets PDF-fil är inte färdig än. Försök igen om en stund.")
    what = "ansökan" if offer.is_application else "anbud"
    words = f"{what} {offer.diary_number} version {offer.version}"
    yield _item(words, version.pdf), version.pdf


def _secrecy(version: BidVersion) -> Iterator[tuple[Item, StoredFile]]:
    """The request goes to the buyer, and so does the copy that it can give out."""
    words = {PrintKind.REQUEST: "begäran om sekretess", PrintKind.MASKED: "maskerad kopia av anbudet"}
    query = select(SecrecyPrint).where(SecrecyPrint.version_id == version.id).order_by(SecrecyPrint.kind.desc())
    for one in db.session.scalars(query):
        if one.file is not None:
            yield _item(words[one.kind], one.file), one.file
        elif not one.problem:
            raise Refused("Handlingarna om sekretess är inte färdiga än. Försök igen om en stund.")


def _appendices(offer: Offer) -> Iterator[tuple[Item, StoredFile]]:
    """Each by itself too: most systems want files in the places that the buyer has made for them."""
    wanted = {one.sha256 for one in offer.appendices}
    found = {
        file.sha256: file
        for file in db.session.scalars(select(StoredFile).where(StoredFile.sha256.in_(wanted)).order_by(StoredFile.id))
    }
    for one in sorted(offer.appendices, key=lambda one: one.number):
        file = found.get(one.sha256)
        if file is None:
            raise FileNotFoundError(f"appendix {one.number} has no file")
        yield _item(f"bilaga {one.number} {one.title}", file), file


def _responses(version: BidVersion) -> Iterator[tuple[Item, StoredFile]]:
    """Each party's ESPD response as XML, for systems that read it in; as paper it is among the appendices."""
    for one in frozen.kept(version):
        if one.xml is not None:
            yield _item(f"espd {one.member.name}", one.xml), one.xml


def _forms(version: BidVersion) -> Iterator[tuple[Item, StoredFile]]:
    """The buyer's own forms, filled in; one that is about one lot only lies in that lot's folder."""
    query = select(FilledForm).where(FilledForm.version_id == version.id).order_by(FilledForm.id)
    for one in db.session.scalars(query):
        lots = {table.lot.ref if table.lot else None for table in one.form.tables if not table.replaced}
        words = one.file.name.rpartition(".")[0] or one.file.name
        yield replace(_item(words, one.file), lot_ref=lots.pop() if len(lots) == 1 else None), one.file


def _item(words: str, file: StoredFile) -> Item:
    ending = ENDINGS.get(file.media_type) or file.name.rpartition(".")[2]
    return Item(words=" ".join(words.split()), ending=ending, sha256=file.sha256, size=file.size)


def write_zip(contents: Sequence[Content], place: Path, tell: Tell = lambda _done: None) -> None:
    """One zip; the same contents give the same bytes. `tell` hears how many of a hundred are done."""
    with ZipFile(place, "w") as packed:
        for count, one in enumerate(contents, 1):
            info = ZipInfo(one.path, date_time=THE_SAME_MOMENT)
            info.compress_type = ZIP_DEFLATED if one.path.endswith(PACKED_WELL) else ZIP_STORED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            packed.writestr(info, one.read())
            if count % 10 == 0:
                tell(min(99, count * 100 // len(contents)))


def write_folder(contents: Sequence[Content], place: Path) -> None:
    """The same files below a folder that is empty or not there yet. Raises OSError."""
    for one in contents:
        path = place / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_bytes(one.read())
        draft.replace(path)
