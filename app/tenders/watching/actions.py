"""What staff do with profiles, and writing down what they find."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update

from app import audit, jobs
from app.accounts.models import User
from app.catalog.language import words_of
from app.db import db
from app.errors import Refused
from app.money import Money
from app.tenders.watching import queries
from app.tenders.watching.matching import LONGEST_CPV, SHORTEST_CPV, found
from app.tenders.watching.models import TenderHit, TenderProfile
from app.tenders.watching.queries import MOST_PROFILES
from app.tenders.watching.whereabouts import counties
from bids.fit import Fit, fit

MOST_PHRASES, MOST_CODES = 100, 100
LOOKING = "app.watchflow.look_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFacts:
    """What a profile looks for, as somebody has typed it."""

    name: str
    words: str = ""
    cpv: str = ""
    counties: tuple[str, ...] = ()
    least: Money | None = None
    most: Money | None = None
    only_reserved: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A tender that a profile finds: how well it fits, and why in sentences."""

    profile_id: int
    revision: int
    tender_id: int
    score: int
    why: str


def begin(facts: ProfileFacts, *, by: User, now: datetime) -> TenderProfile:
    """A profile, with whoever makes it as its reader. A worker looks through what is open. Raises Refused."""
    if (db.session.scalar(select(func.count()).select_from(TenderProfile)) or 0) >= MOST_PROFILES:
        raise Refused(f"Det finns redan {MOST_PROFILES} profiler. Ta bort någon som ingen använder.")
    profile = TenderProfile(created_at=now, by_name=by.name, readers=[by], **_tidy(facts))
    db.session.add(profile)
    audit.record(profile, "profile_made", by=by, now=now, name=facts.name)
    _look_again(profile)
    return profile


def change(profile: TenderProfile, facts: ProfileFacts, *, by: User, now: datetime) -> TenderProfile:
    """Look for something else: what was found before is forgotten, and looked for anew. Raises Refused."""
    for name, value in _tidy(facts).items():
        setattr(profile, name, value)
    profile.revision += 1
    audit.record(profile, "profile_changed", by=by, now=now, name=facts.name)
    _look_again(profile)
    return profile


def remove(profile: TenderProfile, *, by: User, now: datetime) -> None:
    """With what it has found; the tenders stay."""
    audit.record(profile, "profile_removed", by=by, now=now, name=profile.name)
    db.session.delete(profile)


def send_to(profile: TenderProfile, reader: User, *, now: datetime) -> None:
    """The daily list goes to this person too."""
    if all(one.id != reader.id for one in profile.readers):
        profile.readers.append(reader)
        audit.record(profile, "reader_added", by=reader, now=now)


def send_no_more(profile: TenderProfile, reader: User, *, now: datetime) -> None:
    """This person does not get the daily list any longer."""
    if any(one.id == reader.id for one in profile.readers):
        profile.readers = [one for one in profile.readers if one.id != reader.id]
        audit.record(profile, "reader_removed", by=reader, now=now)


def findings(now: datetime, profiles: Sequence[TenderProfile]) -> list[Finding]:
    """What those profiles find among the tenders that can still be bid for. Reads only."""
    wishes = [((profile.id, profile.revision), queries.wish_of(profile)) for profile in profiles]
    skills, shares = queries.skills(), queries.shares()
    made: list[Finding] = []
    for tender in queries.open_tenders(now) if wishes else ():
        seen = queries.seen_of(tender)
        reasons = [(key, why) for key, wish in wishes if (why := found(wish, seen))]
        if reasons:
            fits = fit(queries.need_of(tender), skills, shares, counties())
            made += [_finding(tender.id, key, why, fits) for key, why in reasons]
    return made


def write_down(made: Sequence[Finding], day: date, *, told_at: datetime | None) -> int:
    """Keep what is new, and bring scores up to date; how many are new. Not what was found for an older wish.

    `told_at` is given for what is shown at once and stands in no daily list.
    """
    rows = db.session.execute(select(TenderProfile.id, TenderProfile.revision))
    current = {row.id: row.revision for row in rows}
    known = select(TenderHit).where(TenderHit.profile_id.in_({one.profile_id for one in made}))
    there = {(hit.profile_id, hit.tender_id): hit for hit in db.session.scalars(known)}
    new = 0
    for one in made:
        if current.get(one.profile_id) != one.revision:
            continue
        hit = there.get((one.profile_id, one.tender_id))
        if hit is None:
            hit = TenderHit(profile_id=one.profile_id, tender_id=one.tender_id, found_on=day, told_at=told_at)
            db.session.add(hit)
            new += 1
        hit.score, hit.why = one.score, one.why
    db.session.flush()
    return new


def all_told(now: datetime) -> None:
    """What was found has stood in the day's list, or had no reader to be told."""
    db.session.execute(update(TenderHit).where(TenderHit.told_at.is_(None)).values(told_at=now))


def forget_hits(profile: TenderProfile) -> None:
    """What was found for what the profile looked for before."""
    db.session.execute(delete(TenderHit).where(TenderHit.profile_id == profile.id))


def _finding(tender_id: int, key: tuple[int, int], why: tuple[str, ...], fits: Fit) -> Finding:
    return Finding(key[0], key[1], tender_id, fits.score, "\n".join((" ".join(why), *fits.reasons)))


def _look_again(profile: TenderProfile) -> None:
    db.session.flush()
    jobs.enqueue(LOOKING, profile_id=profile.id)


def _tidy(facts: ProfileFacts) -> Mapping[str, object]:
    """As it is kept. Raises Refused, with a sentence, for what cannot be looked for."""
    lines = [" ".join(line.split()) for part in facts.words.splitlines() for line in part.split(",")]
    phrases = list(dict.fromkeys(line for line in lines if line))
    codes = list(dict.fromkeys(_code(code) for code in re.split(r"[\s,;]+", facts.cpv) if code))
    if wordless := next((line for line in phrases if not words_of(line)), ""):
        raise Refused(f"”{wordless[:20]}” har inget ord att söka efter. Ta bort raden eller skriv ett ord.")
    if len(phrases) > MOST_PHRASES or len(codes) > MOST_CODES:
        raise Refused(f"Högst {MOST_PHRASES} sökord och {MOST_CODES} CPV-koder i en profil. Dela upp den i flera.")
    if facts.least is not None and facts.most is not None and facts.least > facts.most:
        raise Refused("Det minsta värdet är större än det största. Byt plats på dem.")
    return {
        "name": facts.name,
        "words": "\n".join(phrases),
        "cpv": ",".join(codes),
        "counties": ",".join(sorted(set(facts.counties) & set(counties()))),
        "least": facts.least,
        "most": facts.most,
        "only_reserved": facts.only_reserved,
    }


def _code(written: str) -> str:
    """The digits that count: 90910000-9 and 9091 both find all cleaning, as a code's noughts say it is a group."""
    digits = written.partition("-")[0]
    if not (digits.isascii() and digits.isdigit() and SHORTEST_CPV <= len(digits) <= LONGEST_CPV):
        raise Refused(
            f"”{written[:20]}” är ingen CPV-kod. Skriv två till åtta siffror, till exempel 9091 eller 90910000."
        )
    whole = len(digits) == LONGEST_CPV
    return (digits.rstrip("0") if whole else digits).ljust(SHORTEST_CPV, "0")
