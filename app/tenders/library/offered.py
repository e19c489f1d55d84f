"""What an answer has taken from the library, as a bid's offer has it."""

from __future__ import annotations

from collections.abc import Iterable

from app.tenders.library.models import AnswerSource
from bids.offer import LibraryText


def texts_in(sources: Iterable[AnswerSource]) -> tuple[LibraryText, ...]:
    """Each text in the version that was taken, and whether a newer one is there."""
    return tuple(map(_text, sources))


def _text(source: AnswerSource) -> LibraryText:
    version, entry = source.version, source.entry
    return LibraryText(
        title=version.title,
        version=version.number,
        valid_to=version.valid_to,
        review_on=version.review_on,
        newer=entry.current if entry.current > version.number else None,
        retired=entry.retired_at is not None,
        is_proof=entry.kind.is_proof,
    )
