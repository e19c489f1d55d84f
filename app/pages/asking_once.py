"""A question before something that cannot be taken back, or that costs another price: the form comes back once.

What was read travels with the form, so the second press is the answer. Who sends no form of ours is not asked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from flask import request

from app.errors import Refused

FIELD = "said"


@dataclass(slots=True)
class Once:
    """What a form's page has said, as fingerprints that the form carries (``forms.said``)."""

    said: list[str] = field(default_factory=lambda: request.form.get(FIELD, "").split()[:20])

    def ask(self, *sentences: str) -> None:
        """Raises Refused with the sentences, unless the page has said them already."""
        words = " ".join(filter(None, sentences))
        mark = hashlib.sha256(words.encode()).hexdigest()[:16]
        if not words or FIELD not in request.form or mark in self.said:
            return
        self.said.append(mark)
        raise Refused(words)

    @property
    def mark(self) -> str:
        """What the form carries."""
        return " ".join(self.said)
