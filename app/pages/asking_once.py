"""A question before something that cannot be taken back, or that costs another price: the form comes back once.

What was read travels with the form, so the second press is the answer. Who sends no form of ours is not asked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from flask import request
from flask_babel import format_date
from flask_babel import gettext as _

from app import clock
from app.errors import Refused

FIELD = "said"


@dataclass(slots=True)
class Once:
    """What a form's page has said, as fingerprints that the form carries (``forms.said``)."""

    said: list[str] = field(default_factory=lambda: request.form.get(FIELD, "").split()[:20])
    asking: str = ""
    """What is asked now, and was not before: the next press is the yes to it."""

    def ask(self, *sentences: str) -> None:
        """Raises Refused with the sentences, unless the page has said them already."""
        words = " ".join(filter(None, sentences))
        if not words or FIELD not in request.form or _print(words) in self.said:
            return
        self.said.append(_print(words))
        self.asking = words
        raise Refused(words)

    def tell(self, *sentences: str) -> str:
        """What the page says from the beginning, so that it is not asked afterwards."""
        words = " ".join(filter(None, sentences))
        if words and _print(words) not in self.said:
            self.said.append(_print(words))
        return words

    @property
    def mark(self) -> str:
        """What the form carries."""
        return " ".join(self.said)


def early_words(day: date, unanswered: list[str]) -> list[str]:
    """What whoever reports a delivery should think of: before its day, and while the customer is asked about it."""
    sentences = []
    if day > clock.local_date(clock.now()):
        said = format_date(day, "d MMMM")
        sentences.append(_("The day of delivery is %(day)s, and it has not come yet.", day=said))
    sentences += [
        _("You have asked the customer about %(article)s, and the question ends with this.", article=name)
        for name in unanswered
    ]
    return sentences


def _print(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
