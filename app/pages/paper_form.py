"""The forms by which papers are laid into a vault and renewed: by the member itself, or by staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms.validators import Optional, StopValidation

from app import office
from app.members.models import MemberDocument
from app.members.vault.actions import VaultPaper
from app.members.vault.standing import Standing
from app.pages import bid_fields, bid_words
from app.pages.bid_fields import Needed, line
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectField
from app.tenders.paper_actions import Upload
from bids.kinds import DocumentKind

STANDINGS = {
    Standing.FAULTY: (_l("Not right"), "bad"),
    Standing.EXPIRED: (_l("Expired"), "bad"),
    Standing.RUNS_OUT: (_l("Runs out soon"), "wait"),
    Standing.NOT_YET: (_l("Not valid yet"), "info"),
    Standing.VALID: (_l("Valid"), "good"),
    Standing.REPLACED: (_l("Replaced by a newer one"), "neutral"),
}
"""What it is called how a paper stands, and in which tone."""
NO_BID = "0"


def said_of(upload: Upload) -> str:
    """What is told when a paper is handed in."""
    if office.is_word(upload.data):
        return str(_("The document is saved. The Word file is being made into a PDF, and counts when that is done."))
    return str(_("The document is saved."))


class _Paper(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A paper and its days."""

    title = line(_l("Title"), 200, Needed(_l("Write what the document is called.")))
    valid_from = bid_fields.day(_l("Valid from"), Optional())
    valid_to = bid_fields.day(_l("Valid until"), Optional())
    file = bid_fields.PaperFileField([FileRequired(_l("Choose a file."))])

    def of_kind(self, kind: str) -> VaultPaper:
        """What was typed, as a paper of that kind."""
        return VaultPaper(kind, self.title.data, self.valid_from.data, self.valid_to.data)


class PaperForm(_Paper):
    """A paper, and what it is."""

    kind = SelectField(_l("What it is"), choices=bid_words.choices(bid_words.DOCUMENTS))
    for_bid = SelectField(
        _l("Which bid it is for"),
        description=_l("A power of attorney, or a promise of what you can do, is given for one bid."),
    )

    def __init__(self, bids: Sequence[tuple[int, str]] = (), **options: Any) -> None:
        """With the bids that are being written, by id and title; without any, nothing is asked."""
        super().__init__(**options)
        self.for_bid.choices = listed([(NO_BID, _("Choose in the list")), *((str(key), title) for key, title in bids)])
        if not bids:
            del self.for_bid

    def validate_for_bid(self, field: SelectField) -> None:
        """A paper that names a tender must say which."""
        if field.data == NO_BID and any(kind.names_a_tender for kind in DocumentKind if kind == self.kind.data):
            raise StopValidation(_("Choose which bid it is for."))

    @property
    def chosen_bid(self) -> int | None:
        """For which bid it is, by id."""
        return int(self.for_bid.data) if "for_bid" in self and self.for_bid.data != NO_BID else None

    def paper(self) -> VaultPaper:
        """What was typed."""
        return self.of_kind(next(kind for kind in DocumentKind if kind == self.kind.data))


class RenewForm(_Paper):
    """A newer paper in the place of one that is there: of the same kind, and called the same unless somebody says."""

    def __init__(self, older: MemberDocument) -> None:
        """With the older paper's title."""
        super().__init__(data={"title": older.title})
        self.older_kind = older.kind

    def paper(self) -> VaultPaper:
        """What was typed."""
        return self.of_kind(self.older_kind)
