"""The page on which an album is kept: the same for members and staff, for articles and members' own pages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app import pictures, shelf
from app.albums import LONGEST_DESCRIPTION, InAlbum
from app.db import db
from app.pages import web
from app.pictures import Developed

STEPS = {"fram": -1, "bak": 1}
"""What the buttons are called in addresses; a third one, ``bort``, takes the picture away."""
_WORDS_MISSING = _l("Describe the photograph. Who cannot see it hears the description.")
_TOO_LONG = _l("Write at most %(most)s characters.", most=LONGEST_DESCRIPTION)


def _description() -> StringField:
    return StringField(
        _l("What does the photograph show?"),
        [InputRequired(_WORDS_MISSING), Length(max=LONGEST_DESCRIPTION, message=_TOO_LONG)],
    )


class PictureForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A photograph and what it shows."""

    picture = FileField(_l("Photograph"), [FileRequired(_l("Choose a photograph."))])
    description = _description()

    def developed(self) -> Developed:
        """What the press makes of the file. Raises Refused.

        That may take a second, so nobody else is kept waiting: the caller looks up its rows, and locks them, after it.
        """
        with closing(self.picture.data) as handed_in:  # a large one lies on disk until it is closed
            sent: bytes = handed_in.read()
        db.session.rollback()
        return pictures.develop(sent)


class DescriptionForm(FlaskForm):  # type: ignore[misc]
    """What a photograph shows."""

    description = _description()


@dataclass(frozen=True, slots=True)
class Album:
    """What the page is about. `address` holds what the addresses of its forms need besides the picture's number."""

    title: str
    lead: str
    back: tuple[str, str]
    """(address, words)"""
    address: dict[str, Any]
    rows: Sequence[InAlbum]
    own: frozenset[int]
    """The pictures that this person may change."""
    most: int
    seen_at: str = ""
    """The public page, when there is one."""


def show(
    album: Album, form: PictureForm | None = None, *, failed: int = 0, failure: DescriptionForm | None = None
) -> ResponseReturnValue:
    """The pictures, each with its description and buttons, and a form for one more."""
    page = render_template(
        "pictures/album.html",
        album=album,
        full=sum(1 for row in album.rows if row.state != "declined") >= album.most,
        form=form or PictureForm(formdata=None),
        failed=failed,
        failure=failure,
    )
    return page, 422 if form or failure else 200


def saved(sentence: str, **address: Any) -> ResponseReturnValue:
    """Commit, say so, and show the album."""
    db.session.commit()
    shelf.clear()
    flash(sentence, "success")
    return web.back_to(".show", **address)


def changed_words(act: str) -> str:
    """What has been done to a picture."""
    return str(_("The photograph is taken away.") if act == "bort" else _("The photograph has changed places."))
