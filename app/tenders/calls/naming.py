"""What the same thing is called in a procurement and in a call, for sentences that people read."""

from __future__ import annotations

from app.tenders.bid import Bid
from app.tenders.tender import Tender


def handed_in(bid: Bid) -> str:
    """That it is handed in already, and how it can be changed all the same."""
    if bid.tender.is_call:
        return "Ansökan är inskickad. Börja ett nytt utkast om något ska ändras."
    return "Anbudet är lämnat. Börja ett nytt utkast om något ska ändras."


def too_late_to_answer(bid: Bid) -> str:
    """To a member: it has gone."""
    what = "Ansökan är inskickad" if bid.tender.is_call else "Anbudet är lämnat"
    return f"{what}, så svaret kan inte ändras. Ring oss om något är fel."


def last_day(tender: Tender) -> str:
    """What the last day is called."""
    return "Sista ansökningsdag" if tender.is_call else "Sista anbudsdag"


def must_have_last_day(tender: Tender) -> str:
    """That a bid which is begun hangs on its last day."""
    what = "Ansökan är påbörjad" if tender.is_call else "Anbudet är påbörjat"
    return f"{what}, så {last_day(tender).lower()} måste finnas."


def is_over(tender: Tender) -> str:
    """That nothing of it matters to us any longer."""
    what = "Utlysningen" if tender.is_call else "Upphandlingen"
    return f"{what} är avslutad för oss, så uppgifterna ändras inte längre."
