"""The prices have five pages of their own, under one tab."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _


def price_parts(tender_id: int, current: str) -> list[dict[str, object]]:
    """The pages with their names and addresses, and which of them is shown."""
    pages = (
        ("prices", _("Price rows")),
        ("allocation", _("Sharing")),
        ("reckoning", _("Reckoning")),
        ("index", _("Index")),
        ("evaluation", _("Evaluation")),
    )
    return [
        {
            "label": label,
            "url": url_for(f"staff.tenders.{name}.show", tender_id=tender_id),
            "current": name == current,
        }
        for name, label in pages
    ]
