"""What is filled in at a customer's door, and when something comes back."""

from __future__ import annotations

import base64
import binascii
from contextlib import closing

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app import pictures
from app.db import db
from app.errors import Refused
from app.orders.delivery.proofs import LONGEST_NAME, Shown
from app.pictures import Developed

SIGNED = "data:image/png;base64,"
LARGEST_SIGNATURE = 400_000
"""Characters."""


class PhotographForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A photograph, which may be left out."""

    photograph = FileField(_l("Photograph"))

    def handed_in(self) -> bytes:
        """The file as it was sent; nothing where none was."""
        file = self.photograph.data
        if not file or not getattr(file, "filename", ""):
            return b""
        with closing(file):
            sent: bytes = file.read()
        return sent

    def developed(self) -> Developed | None:
        """What can be seen of it. It takes a while, so no row is held meanwhile. Raises Refused."""
        return _develop(self.handed_in())


class ProofForm(PhotographForm):
    """Photograph, name and signature."""

    received_by = StringField(_l("Who received it?"), [Length(max=LONGEST_NAME)])
    signature = HiddenField()

    def shown(self) -> Shown:
        """What is shown. Raises Refused for what is no picture; a signature that is one comes back with the form."""
        try:
            signature = _develop(_read(self.signature.data or ""))
        except Refused:
            self.signature.data = ""
            raise
        return Shown(self.received_by.data or "", self.developed(), signature)


class NobodyHomeForm(PhotographForm):
    """What happened."""

    words = TextAreaField(
        _l("What happened?"), [InputRequired(_l("Write what happened. The customer reads it.")), Length(max=500)]
    )


class ReceiveForm(FlaskForm):  # type: ignore[misc]
    """In what state it came back."""

    in_order = StringField(
        _l("How many are as they should be?"), [InputRequired(_l("Write how many.")), Length(max=20)]
    )
    answer = TextAreaField(_l("What is not as it should be?"), [Length(max=500)])


def _develop(data: bytes) -> Developed | None:
    if not data:
        return None
    db.session.rollback()
    return pictures.develop(data)


def _read(drawn: str) -> bytes:
    if not drawn:
        return b""
    if not drawn.startswith(SIGNED) or len(drawn) > LARGEST_SIGNATURE:
        raise Refused("Underskriften går inte att läsa. Rita den igen, eller skriv namnet.")
    try:
        return base64.b64decode(drawn.removeprefix(SIGNED), validate=True)
    except binascii.Error as wrong:
        raise Refused("Underskriften går inte att läsa. Rita den igen, eller skriv namnet.") from wrong
