"""Forms about members and where they work, for staff."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Optional

from app import particulars
from app.members.facts import LARGEST_SHARE, MemberFacts, WorkplaceFacts
from app.members.models import Member, SellerModel
from app.pages.bid_words import listed
from app.pages.organisation_forms import (
    Checked,
    OfRow,
    city_field,
    email_field,
    line_field,
    municipality_choices,
    municipality_field,
    optional_line,
    phone_field,
    postcode_field,
    street_field,
    text_field,
    typed_in,
)
from app.pages.plain_fields import DateField, IntegerField, RadioField, SelectField
from app.pages.rules import Between
from app.treatments import VatStatus

STATUSES = {
    VatStatus.REGISTERED: _l("Registered for VAT"),
    VatStatus.SMALL: _l("Small turnover, no VAT (at most 120,000 kr a year)"),
    VatStatus.OUTSIDE: _l("Non-profit association outside VAT"),
}

MODELS = {
    SellerModel.OWN_NAME: _l("The sales company, which buys from the member"),
    SellerModel.AGENT: _l("The member itself; the sales company invoices in its name"),
}


class MemberForm(OfRow, FlaskForm):  # type: ignore[misc]  # the base is untyped
    """All that staff know of a member."""

    name = line_field(_l("Name"), _l("Write the name."), "Namnet")
    org_number = StringField(
        _l("Organisation number"),
        [InputRequired(_l("Write the organisation number.")), Checked(particulars.org_number)],
    )
    legal_form = line_field(_l("Legal form"), _l("Write the legal form."), "Den juridiska formen")
    vat_number = optional_line(_l("VAT number"), particulars.vat_number, _l("SE and twelve figures."))
    vat_status = SelectField(
        _l("VAT"), choices=listed((one.value, words) for one, words in STATUSES.items()), default=VatStatus.REGISTERED
    )
    vat_since = DateField(
        _l("Stands so to VAT from"),
        [Optional()],
        description=_l("Empty: always. Earlier deliveries keep what held then."),
    )
    f_tax = BooleanField(_l("Approved for F-tax"), default=True)
    seller_model = RadioField(
        _l("Who sells to the customer"),
        choices=listed((one.value, words) for one, words in MODELS.items()),
        default=SellerModel.OWN_NAME,
        description=_l(
            "It holds for what is delivered from now on. A framework agreement may say something else for what is "
            "called off under it. Customers pay to the sales company either way; what is paid for a member's own "
            "invoices it takes in on the member's account."
        ),
    )
    bankgiro = optional_line(_l("Bankgiro"), particulars.bankgiro)
    stripe_account = optional_line(
        _l("Account at Stripe"),
        particulars.stripe_account,
        _l("Where card payments are passed on to, such as acct_1A2b3C4d."),
    )
    signatories = optional_line(
        _l("Who signs for the company"), partial(particulars.line, what="Firmatecknarna", longest=300, needed=False)
    )
    contact_name = optional_line(_l("Contact"), partial(particulars.line, what="Kontaktpersonen", needed=False))
    email = email_field()
    phone = phone_field()
    street = street_field()
    postcode = postcode_field()
    city = city_field()
    municipality = municipality_field()
    about = text_field(_l("About the member"), "Beskrivningen", _l("Customers read it."))
    purpose = text_field(
        _l("The purpose clause of the statutes"), "Ändamålet", _l("Word for word. Reserved bids quote it (LOU 4:18).")
    )
    work_share = IntegerField(
        _l("Share of the work"),
        [
            InputRequired(_l("Write a whole number.")),
            Between(1, LARGEST_SHARE, _l("Write a whole number from 1 to 1,000.")),
        ],
        default=1,
        description=_l("Against the others. A member with 2 is due twice as much work as one with 1."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = municipality_choices()

    @classmethod
    def showing(cls, member: Member) -> MemberForm:
        """With what holds now, until something else is sent."""
        return cls(obj=member)

    def facts(self) -> MemberFacts:
        """What was typed, as a value."""
        typed = typed_in(self)
        return MemberFacts(
            **{
                **typed,
                "vat_status": VatStatus(typed["vat_status"]),
                "vat_since": self.vat_since.data,
                "seller_model": SellerModel(typed["seller_model"]),
            }
        )


class WorkplaceForm(FlaskForm):  # type: ignore[misc]
    """A place where a member works."""

    name = line_field(_l("What the place is called"), _l("Write what the place is called."), "Arbetsplatsens namn")
    street = street_field()
    postcode = postcode_field()
    city = city_field()
    municipality = municipality_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = municipality_choices()

    def facts(self) -> WorkplaceFacts:
        """What was typed, as a value."""
        return WorkplaceFacts(**typed_in(self))
