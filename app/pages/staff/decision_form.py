"""The form of what a funder decided: granted, granted in part, refused, or the call withdrawn."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Optional

from app.money import Money
from app.pages import bid_fields, call_words
from app.pages.bid_fields import MoneyField, Needed, Positive, at_most
from app.pages.bid_words import choices
from app.pages.call_words import PARTLY
from app.pages.plain_fields import RadioField
from app.pages.seen import SeenForm
from app.tenders.models import Bid, BidState


class DecisionForm(SeenForm):
    """What was decided, and how much of what was applied for is granted."""

    outcome = RadioField(_l("What the buyer decided"), choices=choices(call_words.DECISIONS))
    granted = MoneyField(_l("Granted, kronor"), [Optional(), Positive()])
    decided_on = bid_fields.day(_l("Day of the decision"), Needed(_l("Choose a day.")))
    note = TextAreaField(_l("What we learn from it"), [Optional(), at_most(4000)])

    def validate(self, extra_validators: Any = None) -> bool:
        """A part must be named; and where it is all or nothing no other sum may stand beside it."""
        good: bool = super().validate(extra_validators)
        if good and self.outcome.data == PARTLY and self.granted.data is None:
            self.granted.errors = [str(_("Write how much was granted."))]
            return False
        if good and self.outcome.data != PARTLY and self.granted.data is not None:
            self.granted.errors = [str(_("Choose that it was granted in part, or empty the amount."))]
            return False
        return good

    @property
    def state(self) -> BidState:
        """Where the decision puts the application."""
        return BidState.WON if self.outcome.data == PARTLY else BidState(self.outcome.data)

    @property
    def part(self) -> Money | None:
        """What was granted, where that is not the whole."""
        return self.granted.data if self.outcome.data == PARTLY else None


def decision_form(bid: Bid, **options: Any) -> DecisionForm:
    """The form as the decision is written down."""
    outcome = PARTLY if bid.is_partly_granted else str(bid.state) if bid.decided_on else None
    data = {
        "outcome": outcome,
        "granted": bid.granted if bid.is_partly_granted else None,
        "decided_on": bid.decided_on,
        "note": bid.outcome_note,
    }
    return DecisionForm(**options, prefix="decision", data=data)
