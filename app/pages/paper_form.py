"""The form by which a paper is laid into a vault: by the member itself, or by staff for a party."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import Optional

from app.pages import bid_fields, bid_words
from app.pages.bid_fields import Needed, line
from app.pages.plain_fields import SelectField
from app.tenders.paper_actions import VaultPaper
from bids.kinds import DocumentKind


class PaperForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A paper, and what it is."""

    kind = SelectField(_l("What it is"), choices=bid_words.choices(bid_words.DOCUMENTS))
    title = line(_l("Title"), 200, Needed(_l("Write what the document is called.")))
    valid_from = bid_fields.day(_l("Valid from"), Optional())
    valid_to = bid_fields.day(_l("Valid until"), Optional())
    file = FileField(_l("The file: PDF, PNG or JPEG, at most 15 MB"), [FileRequired(_l("Choose a file."))])

    def paper(self) -> VaultPaper:
        """What was typed."""
        kind = next(kind for kind in DocumentKind if kind == self.kind.data)
        return VaultPaper(kind, self.title.data, self.valid_from.data, self.valid_to.data)
