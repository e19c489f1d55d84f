"""The set to upload: which files in which folders, under which names, with a manifest of hashes and a checklist.

A frozen offer and its files always give the same package. What a buyer's system takes (size, names, endings) is told
for each tender, because the systems change and their buyers set limits of their own.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bids.kinds import Labelled, OfferState
from bids.offer import Offer
from bids.package_sheets import BOM, answer_sheet, budget_sheet, price_sheet

FORMAT, FORMAT_VERSION = "samsalj-anbudspaket", 1
CALL_FORMAT = "samsalj-ansokningspaket"
COMMON = "gemensamt"
LEAST_NAME = 12
"""Letters: shorter names could not tell files apart."""
LONGEST_NAME = 120
WINDOWS = frozenset({"con", "prn", "aux", "nul", *(f"{one}{n}" for one in ("com", "lpt") for n in range(1, 10))})
"""Names that Windows keeps for itself."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*#%&{}$!\'@`=;^~\[\]]+')
_PAUSES = re.compile(r"[,;]+|\.(?=[\s,;]|$)")
"""What ends a part of a sentence, or a word that is cut short, and says nothing in the name of a file."""
_SPELLED = str.maketrans({"å": "a", "ä": "a", "ö": "o", "Å": "A", "Ä": "A", "Ö": "O", "ø": "o", "Ø": "O", "ß": "ss"})


class Portal(Labelled):
    """In which e-tender system a bid is handed in."""

    TENDSIGN = "tendsign", "TendSign"
    E_AVROP = "e_avrop", "e-Avrop"
    KOMMERS = "kommers", "Kommers"
    MERCELL = "mercell", "Mercell"
    OTHER = "other", "Annat system"


STEPS: dict[Portal, tuple[str, ...]] = {
    Portal.E_AVROP: (
        "Fyll i hela formuläret på webben: det måste vara komplett innan anbudet går att lämna.",
        "Ladda upp de filer som köparen kräver, och sedan de fria filerna.",
        "Spara inlämningskvittot, en PDF-fil.",
    ),
    Portal.MERCELL: (
        "Gå igenom flikarna i tur och ordning: information, dokument, krav och orderrader.",
        "Svara ja eller nej på varje kvalificeringskrav, med kommentar och bilaga.",
        "Skriv in priserna på orderraderna.",
    ),
}
"""What is known of a system's own way. Of the others nothing is known for certain, and nothing is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the buyer's system takes; None and empty mean that nobody has said.

    ``most_bytes`` is of one file, ``longest_name`` counts letters with the ending, ``plain`` allows a-z, figures,
    hyphen and underscore only, ``endings`` are in small letters without the dot.
    """

    portal: Portal = Portal.OTHER
    most_bytes: int | None = None
    longest_name: int | None = None
    plain: bool = False
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file on its way into the package. ``upload``: it goes to the buyer; else it is to copy from or to read."""

    words: str
    """What it is, in Swedish; its name is made of it."""
    ending: str
    sha256: str
    size: int
    lot_ref: str | None = None
    upload: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in its place: the path with ``/`` between folder and name."""

    path: str
    words: str
    sha256: str
    size: int
    upload: bool


def folder_of(offer: Offer, lot_ref: str | None, limits: Limits) -> str:
    """The lot's folder, or the common one. A name that is cut is still the lot's: its number comes first."""
    lot = next((one for one in offer.lots if one.ref == lot_ref), None)
    return COMMON if lot is None else _plain(f"omrade-{lot.ref}-{lot.title}", limits)[:60].rstrip("-. ") or COMMON


def entries(offer: Offer, items: Iterable[Item], limits: Limits) -> tuple[Entry, ...]:
    """Every file in its folder, under a name that the buyer's system takes and no other file has."""
    taken: set[str] = set()
    found = []
    for item in items:
        folder = folder_of(offer, item.lot_ref, limits)
        name = _free(folder, item, limits, taken)
        taken.add(f"{folder}/{name}".casefold())
        found.append(
            Entry(path=f"{folder}/{name}", words=item.words, sha256=item.sha256, size=item.size, upload=item.upload)
        )
    return tuple(found)


def _free(folder: str, item: Item, limits: Limits, taken: set[str]) -> str:
    for count in range(1, 10_000):
        name = safe_name(item.words, item.ending, limits, mark=f"-{count}" if count > 1 else "")
        if f"{folder}/{name}".casefold() not in taken:
            return name
    raise ValueError("ten thousand files of one name")


def safe_name(words: str, ending: str, limits: Limits, mark: str = "") -> str:
    """A file name of the words: nothing that a file system or the buyer's system dislikes, never too long."""
    longest = max(LEAST_NAME, min(limits.longest_name or LONGEST_NAME, LONGEST_NAME))
    ending = re.sub(r"[^a-z0-9]", "", ending.lower())[:8]
    room = longest - len(ending) - 1 - len(mark)
    stem = _shortened(_plain(words, limits), room) or "fil"
    if stem.casefold() in WINDOWS:
        stem = f"fil-{stem}"[:room]
    return f"{stem}{mark}.{ending}"


def _shortened(stem: str, room: int) -> str:
    """Cut in the middle where a figure stands last, as of a version: without it two files would look the same."""
    head, _hyphen, last = stem.rpartition("-")
    if len(stem) <= room or not head or not last[-1:].isdecimal() or len(last) + 1 > room // 2:
        return stem[:room].rstrip("-_. ")
    start = head[: room - len(last) - 1]
    whole = start.rpartition("-")[0]
    if head[len(start) : len(start) + 1] not in {"", "-"} and len(whole) >= room // 2:
        start = whole
    return f"{start.rstrip('-_. ')}-{last}"


def _plain(words: str, limits: Limits) -> str:
    text = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", words))
    text = _PAUSES.sub(" ", text)
    if limits.plain:
        text = unicodedata.normalize("NFKD", text.translate(_SPELLED)).encode("ascii", "ignore").decode()
        text = re.sub(r"[^A-Za-z0-9_-]+", " ", text)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return re.sub(r"-{2,}", "-", "-".join(text.split())).strip("-_. ")


def problems(found: Sequence[Entry], limits: Limits, whose: str = "köparens") -> tuple[str, ...]:
    """What the buyer's or the funder's system will not take, and what to do about it."""
    told = []
    for entry in found:
        ending = entry.path.rpartition(".")[2]
        if entry.upload and limits.most_bytes is not None and entry.size > limits.most_bytes:
            sizes = f"är {how_large(entry.size)}, men {whose} system tar högst {how_large(limits.most_bytes)}"
            told.append(f"{entry.path} {sizes}. Gör filen mindre eller dela den.")
        if entry.upload and limits.endings and ending not in limits.endings:
            allowed = ", ".join(limits.endings)
            told.append(f"{entry.path} slutar på .{ending}, men {whose} system tar bara {allowed}. Spara om filen.")
    return tuple(told)


def how_large(size: int) -> str:
    """``12,4 MB``, or ``84 kB`` of a small one; rounded up so that nothing looks smaller than it is."""
    if size < 1_000_000 and (kilobytes := -(-size // 1000)) < 1000:
        return f"{kilobytes} kB"
    tenths = -(-size * 10 // 1_000_000)
    return f"{tenths // 10},{tenths % 10} MB"


def manifest(offer: Offer, offer_sha256: str, found: Sequence[Entry]) -> bytes:
    """``manifest.json``: every other file with its size and SHA-256."""
    told = {
        "format": CALL_FORMAT if offer.is_application else FORMAT,
        "format_version": FORMAT_VERSION,
        "tender": {"title": offer.title, "diary_number": offer.diary_number, "buyer": offer.buyer.name},
        "bid": {"version": offer.version, "frozen": offer.state is OfferState.FROZEN, "sha256": offer_sha256},
        "files": [
            {"path": one.path, "what": one.words, "size": one.size, "sha256": one.sha256, "upload": one.upload}
            for one in found
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def listing(offer: Offer, found: Sequence[Entry], limits: Limits) -> bytes:
    """``checklista.txt``: what to press, which file goes where, and what the system will not take."""
    steps = _call_steps(offer) if offer.is_application else _steps(offer, limits)
    lines = [f"Checklista: {offer.title}, version {offer.version}", ""]
    lines += [f"[ ] {place}. {step}" for place, step in enumerate(steps, 1)]
    lines += ["", *_warned(problems(found, limits, whose=owner_of(offer))), "Filer", ""]
    for one in found:
        lines += [
            f"{'Ladda upp' if one.upload else 'Att läsa av'}: {one.path}",
            f"  {one.words}, {how_large(one.size)}",
        ]
        lines += [f"  SHA-256 {one.sha256}"]
    return (BOM + "\r\n".join(lines) + "\r\n").encode()


def owner_of(offer: Offer) -> str:
    """Whose system takes the package."""
    return "finansiärens" if offer.is_application else "köparens"


def _call_steps(offer: Offer) -> tuple[str, ...]:
    number_of_call = f" {offer.diary_number}." if offer.diary_number else "."
    return (
        f"Logga in i finansiärens system och öppna utlysningen{number_of_call}",
        "Läs att inget nytt har kommit från finansiären sedan ansökan fastställdes.",
        "För över svaren på frågorna från filen svar.txt, och budgeten från budget.csv.",
        "Ladda upp filerna som är märkta Ladda upp nedan.",
        "Jämför sökt stöd och projektets kostnad i systemet med ansökan.",
        "Skicka in ansökan före sista ansökningsdag och spara kvittot.",
        "Lägg in kvittot i Samsälj. Då låses ansökan.",
    )


def _steps(offer: Offer, limits: Limits) -> tuple[str, ...]:
    return (
        f"Logga in i köparens system ({limits.portal.label}) och öppna upphandlingen"
        + (f" {offer.diary_number}." if offer.diary_number else "."),
        "Läs att inget nytt har kommit från köparen sedan anbudet fastställdes.",
        *STEPS.get(limits.portal, ()),
        "För över svaren på kraven från filerna svar.txt, och priserna från priser.csv, ett anbudsområde i taget.",
        "Ladda upp filerna som är märkta Ladda upp nedan.",
        "Jämför summan per anbudsområde i systemet med prisbilagan.",
        "Lämna anbudet före sista anbudsdag och spara kvittot.",
        "Lägg in kvittot i Samsälj. Då låses anbudet.",
    )


def _warned(told: Sequence[str]) -> list[str]:
    return ["Att rätta först", "", *(f"! {one}" for one in told), ""] if told else []


def generated(offer: Offer) -> list[tuple[Item, bytes]]:
    """The sheets to copy from: of what concerns the whole tender, and lot by lot."""
    found = [_item("budget", "csv", budget_sheet(offer), None)] if offer.is_application else []
    for ref in (None, *(lot.ref for lot in offer.lots)):
        if any(row.lot_ref == ref for row in offer.rows):
            found.append(_item("priser", "csv", price_sheet(offer, ref), ref))
        if any(one.lot_ref == ref for one in offer.requirements):
            found.append(_item("svar", "txt", answer_sheet(offer, ref), ref))
    return found


def _item(words: str, ending: str, data: bytes, ref: str | None) -> tuple[Item, bytes]:
    return (
        Item(words=words, ending=ending, sha256=hashed(data), size=len(data), lot_ref=ref, upload=False),
        data,
    )


def hashed(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
