"""What kinds of entries and their ages are called on screens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.tenders.library.models import EntryKind
from app.tenders.library.values import Age

KINDS = {
    EntryKind.ANSWER: _l("Answer to a requirement"),
    EntryKind.REFERENCE: _l("Reference"),
    EntryKind.CV: _l("CV"),
    EntryKind.POLICY: _l("Policy or routine"),
}
AGES = {
    Age.EXPIRED: (_l("Too old to use"), "bad"),
    Age.TO_REVIEW: (_l("To be read again"), "wait"),
    Age.FRESH: (_l("Up to date"), "good"),
}
SORTS = {
    "title": _l("Title"),
    "valid_to": _l("What expires first"),
    "review_on": _l("What is to be read again first"),
    "made_at": _l("Newest first"),
    "uses": _l("Most used"),
}
