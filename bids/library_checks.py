"""The gaps of answers whose text was taken from the answer library: too old, or no longer the latest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bids.dates import submission_day
from bids.gap import Gap
from bids.kinds import GapArea
from bids.offer import Answer, LibraryText, Offer
from bids.swedish import day


def library_gaps(offer: Offer) -> Iterator[Gap]:
    """What an answer took and is too old on the last day. A proof that holds no longer then stops the bid."""
    on = submission_day(offer)
    asked = {(requirement.ref, requirement.lot_ref) for requirement in offer.requirements}
    for answer in offer.answers:
        if (answer.requirement_ref, answer.lot_ref) in asked:
            for place, taken in enumerate(answer.library, 1):
                yield from _gaps(answer, place, taken, on, is_application=offer.is_application)


def _gaps(answer: Answer, place: int, taken: LibraryText, on: date, *, is_application: bool) -> Iterator[Gap]:
    what, last = ("", "sista ansökningsdag") if is_application else ("krav ", "sista anbudsdag")
    name = f"Svaret på {what}{answer.requirement_ref} bygger på ”{taken.title}”, version {taken.version} i biblioteket."
    if taken.valid_to is not None and taken.valid_to < on:
        ends = f"Den gäller bara till {day(taken.valid_to)}, och {last} är {day(on)}."
        closing = "Ta en som gäller, eller ta bort kopplingen om svaret inte längre bygger på den."
        meaning = "Då bevisar den inget. " if taken.is_proof else ""
        yield _gap(answer, place, "expired", f"{name} {ends} {meaning}{closing}", blocking=taken.is_proof)
    elif taken.retired:
        yield _gap(answer, place, "retired", f"{name} Den har tagits ur bruk. Läs igenom svaret en gång till.")
    elif taken.newer is not None:
        yield _gap(
            answer,
            place,
            "newer",
            f"{name} Det finns en nyare, version {taken.newer}. Jämför dem på sidan för svaret och välj.",
        )
    elif taken.review_on is not None and taken.review_on <= on:
        yield _gap(
            answer, place, "review", f"{name} Den skulle ha setts över {day(taken.review_on)}. Läs så att den stämmer."
        )


def _gap(answer: Answer, place: int, problem: str, sentence: str, *, blocking: bool = False) -> Gap:
    return Gap(
        key=f"requirement:{answer.lot_ref or ''}:{answer.requirement_ref}:library:{place}:{problem}",
        area=GapArea.REQUIREMENT,
        blocking=blocking,
        sentence=sentence,
        requirement_ref=answer.requirement_ref,
        lot_ref=answer.lot_ref,
    )
