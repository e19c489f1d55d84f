"""Which of two notices of a procedure is the newer, and whether they are the same. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bids.notice_values import Notice, NoticeKind


@dataclass(frozen=True, slots=True)
class Known:
    """A notice that we have. ``changes`` names the one that it corrects, with its version."""

    id: str
    version: str
    changes: str
    kind: str
    issued: datetime | None
    digest: str = ""


def is_same(notice: Notice, known: Known, digest: str = "") -> bool:
    """The same version of the same notice; one without a number is known by its bytes."""
    if not notice.id:
        return bool(digest) and digest == known.digest
    return (notice.id[:100], _count(notice.version)) == (known.id, _count(known.version))


def is_older(notice: Notice, known: Sequence[Known]) -> bool:
    """Whether we have a newer one of the same sort: results do not make a call for bids old, nor the other way round.

    A higher version of the same notice is newer, and so is one that corrects it. Else the one sent later is.
    """
    alike = [one for one in known if (one.kind == NoticeKind.AWARD) == (notice.kind is NoticeKind.AWARD)]
    if any(one.id == notice.id[:100] and _count(one.version) > _count(notice.version) for one in alike if notice.id):
        return True
    if notice.id and any(one.changes == f"{notice.id}-{notice.version}" for one in alike):
        return True
    sent = [one.issued for one in alike if one.issued is not None]
    return notice.issued is not None and bool(sent) and max(sent) > notice.issued


def is_before_its_call(notice: Notice, known: Sequence[Known]) -> bool:
    """Whether a result was sent before the call for bids that it is said to decide, which cannot be."""
    calls = [one.issued for one in known if one.kind != NoticeKind.AWARD and one.issued is not None]
    return notice.kind.is_award and notice.issued is not None and bool(calls) and notice.issued < min(calls)


def _count(version: str) -> int:
    """``02`` and ``2`` are the same; one that is no number, or that nobody wrote down, comes first."""
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
