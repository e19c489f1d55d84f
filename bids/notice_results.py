"""What a notice tells of what came after: how the buyer decided, and why an earlier notice was changed. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LotVerdict(StrEnum):
    """How a lot ended (eForms' winner-selection-status)."""

    WON = "selec-w"
    NOBODY = "clos-nw"
    STILL_OPEN = "open-nw"


REASONS = {
    "all-rej": "alla anbud eller ansökningar förkastades",
    "chan-need": "köparens behov har ändrats",
    "ins-fund": "köparen saknar pengar",
    "no-rece": "inga anbud kom in",
    "no-signed": "avtal skrevs inte under",
    "one-admi": "bara ett anbud kunde godtas",
    "review": "ett beslut av den som prövade saken",
    "tch-pro-er": "tekniska fel eller fel i förfarandet",
}
"""Why nobody won (eForms' non-award-justification)."""

CHANGE_REASONS = {
    "cancel": "Annonsen är avbruten",
    "cancel-intent": "Köparen tänker avbryta upphandlingen",
    "cor-buy": "Köparen rättar",
    "cor-esen": "Den som skickade annonsen rättar",
    "cor-pub": "Den som publicerade annonsen rättar",
    "info-release": "Uppgifter som var hemliga visas nu",
    "susp-review": "Upphandlingen är stoppad medan den prövas",
    "update-add": "Köparen uppdaterar eller lägger till uppgifter",
}
"""Why a notice was changed (eForms' change-corrig-justification)."""


@dataclass(frozen=True, slots=True)
class NoticeOrganisation:
    """An organisation of the notice; ``org_number`` as written there."""

    name: str
    org_number: str = ""


@dataclass(frozen=True, slots=True)
class WinningTender:
    """One tender that won, by one company or several together. ``amount`` is as written, such as ``2 600 000 kr``."""

    tenderers: tuple[NoticeOrganisation, ...]
    amount: str = ""
    ore: int | None = None
    """The amount when it is in kronor."""

    @property
    def name(self) -> str:
        """All who stand behind it."""
        return ", ".join(one.name for one in self.tenderers)


@dataclass(frozen=True, slots=True)
class LotOutcome:
    """How a lot ended: who won it, or why nobody did. ``received`` is how many tenders came in.

    ``decided_on`` is the day of the decision, or of the contract where the notice says no other; ``awarded_on`` is the
    day of the decision only.
    """

    lot_id: str
    verdict: LotVerdict
    reason: str = ""
    winners: tuple[WinningTender, ...] = ()
    received: int | None = None
    decided_on: date | None = None
    awarded_on: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """That this notice changes an earlier one: which (identifier and version), why, and what in the buyer's words."""

    notice: str
    reason_code: str = ""
    reason: str = ""
    said: tuple[str, ...] = ()

    @property
    def cancels(self) -> bool:
        """Whether the buyer takes the earlier notice back."""
        return self.reason_code == "cancel"

    @property
    def why(self) -> str:
        """The reason in Swedish, with the buyer's own words."""
        return ": ".join(filter(None, (CHANGE_REASONS.get(self.reason_code, ""), self.reason)))
