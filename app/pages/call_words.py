"""The words of a call: where a page of bids is about an application it says so, in both languages.

A second catalogue beside the house's own, in which the same English stands with what it is called here. A page asks for
it when it has seen that it shows a call; what the catalogue does not have is said as everywhere else.
"""

from __future__ import annotations

from pathlib import Path

from flask_babel import Domain
from flask_babel import lazy_gettext as _l

from bids.kinds import BudgetKind

_FOLDER = str(Path(__file__).parent.parent / "translations")
_OF_CALLS = Domain(translation_directories=[_FOLDER, _FOLDER], domain="messages;calls")
KINDS = {
    BudgetKind.STAFF: _l("Staff"),
    BudgetKind.TRAVEL: _l("Travel"),
    BudgetKind.MATERIAL: _l("Material and equipment"),
    BudgetKind.EXTERNAL: _l("External services"),
    BudgetKind.OTHER: _l("Other costs"),
    BudgetKind.INDIRECT: _l("Indirect costs"),
    BudgetKind.OWN: _l("Own contribution"),
    BudgetKind.PUBLIC: _l("Public co-financing"),
    BudgetKind.PRIVATE: _l("Private co-financing"),
    BudgetKind.IN_KIND: _l("Contribution in kind"),
}


def speak() -> None:
    """From now on this request speaks of calls, funders and applications."""
    _OF_CALLS.as_default()
