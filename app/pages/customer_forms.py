"""Forms about customers and their places, for staff."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, StringField
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from app import particulars
from app.customers.facts import AGREED_TERM, LONGEST_REFERENCE, LONGEST_TERM, CustomerFacts, SiteFacts
from app.customers.models import Customer, CustomerKind, InvoiceRhythm, InvoiceRoute, Site
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
from app.pages.plain_fields import DateField, IntegerField, RadioField
from app.pages.rules import Between

KINDS = {
    CustomerKind.COMPANY: _l("Company or association"),
    CustomerKind.PUBLIC: _l("Municipality, region or authority"),
    CustomerKind.PRIVATE: _l("Private person"),
}

RHYTHMS = {
    InvoiceRhythm.ORDER: _l("For each order, when all of it has been delivered"),
    InvoiceRhythm.DELIVERY: _l("For each delivery"),
    InvoiceRhythm.MONTH: _l("Once a month, all orders together"),
}
ROUTES = {
    InvoiceRoute.EMAIL: _l("By e-mail, as a PDF"),
    InvoiceRoute.PEPPOL: _l("As an e-invoice through Peppol"),
    InvoiceRoute.PAPER: _l("On paper"),
}


class Agreed:
    """Needed where a company has more than thirty days: what was agreed, and when (RänteL 2 a §)."""

    def __init__(self) -> None:
        self.field_flags = {"optional": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Raises StopValidation, which an empty field that may else be left empty does not take back."""
        longer = (form.payment_days.data or 0) > LONGEST_TERM and form.kind.data == CustomerKind.COMPANY
        if longer and not "".join(field.raw_data or ()).strip():
            field.errors = []
            raise StopValidation(_l("Write it: more than 30 days hold only where we have expressly agreed on them."))


class CustomerForm(OfRow, FlaskForm):  # type: ignore[misc]
    """All that staff know of a customer."""

    kind = RadioField(_l("Kind of customer"), [InputRequired(_l("Choose one in the list."))])
    name = line_field(_l("Name"), _l("Write the name."), "Namnet")
    org_number = StringField(_l("Organisation number"), description=_l("Not for private people."))
    email = email_field()
    phone = phone_field()
    street = street_field()
    postcode = postcode_field()
    city = city_field()
    municipality = municipality_field()
    payment_days = IntegerField(
        _l("Days to pay"),
        [
            InputRequired(_l("Write a whole number of days.")),
            Between(0, AGREED_TERM, _l("Write 0 to 90 days. More than 30 only where a company has agreed on it.")),
        ],
        default=LONGEST_TERM,
        description=_l(
            "At most 30 (the Interest Act, section 2 a). With a company you may agree on up to 90: then write below "
            "what was agreed. With authorities no longer may be agreed on."
        ),
    )
    longer_terms = StringField(
        _l("Agreed on more than 30 days"),
        [Agreed(), Checked(partial(particulars.line, what="Det som är avtalat", needed=False))],
        description=_l("Only for a company: what was agreed, and by whom, such as “60 days, by letter from Karin”."),
    )
    longer_terms_on = DateField(
        _l("Agreed on the day"), [Agreed(), Optional()], description=_l("Only for a company with more than 30 days.")
    )
    invoice_rhythm = RadioField(
        _l("When they are invoiced"),
        choices=listed((one.value, words) for one, words in RHYTHMS.items()),
        default=InvoiceRhythm.ORDER,
    )
    invoice_route = RadioField(
        _l("How the invoice reaches them"),
        choices=listed((one.value, words) for one, words in ROUTES.items()),
        default=InvoiceRoute.EMAIL,
        description=_l("Municipalities, regions and authorities must have e-invoices; a PDF is none (Act 2018:1277)."),
    )
    electronic_address = optional_line(
        _l("Address for e-invoices"),
        particulars.electronic_address,
        _l("0007: and the organisation number, or 0088: and a location number (GLN)."),
    )
    needs_order_reference = BooleanField(_l("Wants an order number on each invoice"))
    needs_buyer_reference = BooleanField(
        _l("Wants a buyer reference on each invoice"),
        description=_l(
            "E-invoices to authorities always need a reference or an order number, ticked or not. A company's goes "
            "without: then NA stands for the order number, as Peppol lets it. Tick where its system refuses that."
        ),
    )
    vat_number = optional_line(
        _l("VAT number"), particulars.buyers_vat_number, _l("Of the European Union, such as SE…01.")
    )
    sells_building = BooleanField(
        _l("Sells building services"),
        description=_l("Then it reckons the VAT on ours, and its VAT number must stand on the invoice."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = municipality_choices()
        self.kind.choices = listed((kind.value, words) for kind, words in KINDS.items())

    @classmethod
    def showing(cls, customer: Customer) -> CustomerForm:
        """With what holds now, until something else is sent."""
        return cls(obj=customer)

    def validate_payment_days(self, field: Field) -> None:
        """Authorities and private people have thirty days, whatever anybody agrees on."""
        if (field.data or 0) > LONGEST_TERM and self.kind.data == CustomerKind.PUBLIC:
            raise ValidationError(
                _l("Write 0 to 30 days. With authorities no longer may be agreed on (the Interest Act, section 2 a).")
            )
        if (field.data or 0) > LONGEST_TERM and self.kind.data == CustomerKind.PRIVATE:
            raise ValidationError(_l("Write 0 to 30 days. Only with companies may longer be agreed on."))

    def validate_invoice_route(self, field: Field) -> None:
        """An e-invoice goes to an address of its own."""
        if field.data == InvoiceRoute.PEPPOL and not (self.electronic_address.data or "").strip():
            raise ValidationError(_l("Write the address for e-invoices below. Without it none can be sent."))

    def validate_org_number(self, field: Field) -> None:
        """Organisations have one, private people do not: a personal identity number must not come to stand here."""
        typed = (field.data or "").strip()
        if self.kind.data == CustomerKind.PRIVATE and typed:
            raise ValidationError(_l("Leave it empty. A personal identity number must not stand here."))
        if self.kind.data != CustomerKind.PRIVATE:
            Checked(particulars.org_number)(self, field)

    def facts(self) -> CustomerFacts:
        """What was typed, as a value."""
        typed = typed_in(self)
        chosen = {
            "kind": CustomerKind(typed["kind"]),
            "invoice_rhythm": InvoiceRhythm(typed["invoice_rhythm"]),
            "invoice_route": InvoiceRoute(typed["invoice_route"]),
            "longer_terms_on": typed["longer_terms_on"] or None,
        }
        return CustomerFacts(**{**typed, **chosen})


class SiteForm(OfRow, FlaskForm):  # type: ignore[misc]
    """A place to deliver to."""

    name = line_field(_l("What the place is called"), _l("Write what the place is called."), "Platsens namn")
    street = street_field()
    postcode = postcode_field()
    city = city_field()
    municipality = municipality_field()
    buyer_reference = optional_line(
        _l("Buyer reference"),
        partial(particulars.line, what="Beställarreferensen", longest=LONGEST_REFERENCE, needed=False),
        _l("Stands on the invoice when nobody writes another one."),
    )
    note = text_field(_l("What whoever delivers should know"), "Anvisningen", longest=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = municipality_choices()

    @classmethod
    def showing(cls, site: Site) -> SiteForm:
        """With what holds now, until something else is sent."""
        return cls(obj=site)

    def facts(self) -> SiteFacts:
        """What was typed, as a value."""
        return SiteFacts(**typed_in(self))
