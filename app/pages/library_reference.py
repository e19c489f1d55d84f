"""The fields of a reference in the answer library, by which bids list it and count it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Optional

from app.members import queries as members
from app.pages.bid_fields import MoneyField, Positive, line
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectField
from app.tenders.library.values import ReferenceFacts

NO_MEMBER = "0"


class ReferenceFields(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What a reference is, beside its text."""

    customer = line(_l("Customer"), 200, Optional())
    what = line(_l("What was delivered"), 400, Optional())
    period = line(_l("When"), 60, Optional())
    value = MoneyField(_l("Value, kronor"), [Optional(), Positive()])
    contact = line(_l("Contact"), 200, Optional())
    member = SelectField(_l("Delivered by"), validate_choice=False)

    def offer_members(self) -> None:
        """Those who can have delivered."""
        names = members.choices()
        self.member.choices = listed([(NO_MEMBER, _("Whoever answers for the requirement")), *names])

    def facts(self) -> ReferenceFacts | None:
        """What was typed; None for nothing."""
        found = ReferenceFacts(
            customer=self.customer.data or "",
            what=self.what.data or "",
            period=self.period.data or "",
            value=self.value.data,
            contact=self.contact.data or "",
            member_id=next((int(key) for key, _name in members.choices() if key == self.member.data), None),
        )
        return found if found != ReferenceFacts() else None


def shown_of(facts: ReferenceFacts | None) -> dict[str, Any]:
    """What the fields begin with."""
    if facts is None:
        return {"member": NO_MEMBER}
    values = {name: getattr(facts, name) for name in ("customer", "what", "period", "value", "contact")}
    return {**values, "member": str(facts.member_id or NO_MEMBER)}
