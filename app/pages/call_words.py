"""The words of a call: where a page of bids is about an application it says so, in both languages.

A second catalogue beside the house's own, in which the same English stands with what it is called here. A page asks for
it when it has seen that it shows a call; what the catalogue does not have is said as everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import Domain, get_domain
from flask_babel import lazy_gettext as _l

from app.tenders.models import Bid, BidState, Tender
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
PARTLY = "partly"
DECISIONS = {
    BidState.WON.value: _l("Granted in full"),
    PARTLY: _l("Granted in part"),
    BidState.LOST.value: _l("Not granted"),
    BidState.CANCELLED.value: _l("The funder has withdrawn the call"),
}
_TONES = {BidState.WON.value: "good", PARTLY: "good"}


def decided(bid: Bid) -> tuple[str, str]:
    """What the funder decided, with the tone of its badge."""
    which = PARTLY if bid.is_partly_granted else bid.state.value
    return str(DECISIONS.get(which, "–")), _TONES.get(which, "neutral")


@contextmanager
def spoken() -> Iterator[None]:
    """Within it calls are spoken of, and behind it what was spoken of before: for one line among others."""
    before = get_domain()
    speak()
    try:
        yield
    finally:
        before.as_default()


def speak_of(tender: Tender) -> None:
    """Speak of calls where the page is about one."""
    if tender.is_call:
        speak()


def speak() -> None:
    """From now on this request speaks of calls, funders and applications."""
    _OF_CALLS.as_default()
