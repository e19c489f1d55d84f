"""The request, as the counters read it."""

from __future__ import annotations

from functools import cache

from babel.support import NullTranslations, Translations
from flask import Request
from flask_babel import get_locale
from werkzeug.utils import cached_property
from wtforms.i18n import messages_path


class HouseRequest(Request):
    """A request whose forms say what is amiss in words that are read from their file once, not for each page."""

    @cached_property
    def wtforms_translations(self) -> NullTranslations:
        """The forms' own sentences in the viewer's language; Flask-WTF looks for them under this name."""
        return _sentences(str(get_locale()))


@cache
def _sentences(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")
