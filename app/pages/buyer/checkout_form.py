"""The checkout's form: where, when, which references, how to pay - and for guests who they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

from app import cardflow, places
from app.catalog.models import Article
from app.customers.models import Customer
from app.money import NO_BREAK_SPACE
from app.orders.cart import Delivery, Guest, LineMark
from app.pages import consent, lapsed, web
from app.pages.buyer.deduction_form import AsksDeduction
from app.pages.buyer.places_known import Place, known_places
from app.pages.plain_fields import DateField, RadioField, SelectField

OTHER = "other"
CARD, INVOICE = "card", "invoice"
REFERENCES = ("buyer_reference", "order_reference", "cost_centre")
POSTCODE = Regexp(r"^[0-9]{3} ?[0-9]{2}$", message=_l("Write the postcode with five figures, such as 411 01."))


def _text(label: str, most: int, *more: object) -> StringField:
    return StringField(label, [*more, Length(max=most)], filters=[lambda typed: " ".join((typed or "").split())])


def postcode_field() -> StringField:
    """Five figures, kept as ``411 01``."""
    return StringField(_l("Postcode"), [Optional(), POSTCODE], filters=[_spaced])


def _spaced(typed: str | None) -> str:
    text = " ".join((typed or "").split())
    return f"{text[:3]} {text[3:]}" if re.fullmatch(r"[0-9]{5}", text) else text


class CheckoutForm(AsksDeduction, FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What every order needs."""

    ticket = HiddenField()
    seen = HiddenField()
    """The unit prices that the page shows, so that none changes unnoticed before the order is placed."""
    day = DateField(_l("Day of delivery"), [InputRequired(_l("Choose a day."))])
    site = RadioField(_l("Deliver to"), validate_choice=True)
    recipient = _text(_l("Recipient"), 120)
    street = _text(_l("Street"), 120)
    postcode = postcode_field()
    city = _text(_l("Town"), 80)
    municipality = SelectField(_l("Municipality"))
    buyer_reference = _text(_l("Buyer reference"), 60)
    order_reference = _text(_l("Your order number"), 60)
    cost_centre = _text(_l("Cost centre"), 60)
    note = TextAreaField(_l("Message to whoever delivers"), [Length(max=1000)])
    consent = BooleanField(validators=[InputRequired(_l("Tick the box, or take the service out of the basket."))])
    """To begin a service before the days of withdrawal have passed."""
    pay = RadioField(_l("How do you want to pay?"), [Optional()])

    def __init__(self, customer: Customer | None) -> None:
        super().__init__(data=lapsed.typed())
        self.municipality.choices = [("", _l("Choose municipality")), *_municipalities()]
        own = [(site.key, _address(site)) for site in known_places(customer)]
        self.site.choices = [*own, (OTHER, _l("Another address"))]
        known = {OTHER, *(key for key, _words in own)}
        if self.site.data is None or not (self.is_submitted() or self.site.data in known):
            self.site.data = self.site.choices[0][0]
        self._demand_address()
        self._demand_references(customer)
        self.pay.choices = [(CARD, _l("By card")), (INVOICE, _l("By invoice"))]
        self.pay.flags.optional = False  # One of them is always marked.
        if not cardflow.is_offered(customer):
            del self.pay
        elif not self.is_submitted():
            self.pay.data = INVOICE if customer is not None and customer.has_references else CARD

    def ask_consent(self, services: list[Article]) -> None:
        """Ask for it where something in the basket wants it. A tick counts for the services that the page named."""
        if not services:
            del self.consent
            return
        self.consent.label.text = consent.words(services)
        named = " ".join(str(article.id) for article in services)
        self.consent.render_kw = {"value": named}
        if self.consent.raw_data != [named]:
            self.consent.raw_data, self.consent.data = [], False

    def _demand_address(self) -> None:
        """An address is asked for only where none of the customer's own places was chosen."""
        if self.site.data != OTHER:
            return
        wanted = {
            self.recipient: _l("Write who receives it."),
            self.street: _l("Write the street and number."),
            self.postcode: _l("Write the postcode."),
            self.city: _l("Write the town."),
            self.municipality: _l("Choose the municipality."),
        }
        for field, sentence in wanted.items():
            field.validators = [InputRequired(sentence), *field.validators]
            field.flags.optional = False

    def _demand_references(self, customer: Customer | None) -> None:
        """What the customer's invoices must carry is asked for here, where it can be put right."""
        if customer is None or not customer.has_references:
            for name in REFERENCES:
                del self[name]
            return
        if customer.needs_order_reference:
            missing = InputRequired(_l("Your invoices must have your order number. Write it."))
            self.order_reference.validators = [missing, *self.order_reference.validators]
        place = next((site for site in known_places(customer) if site.key == self.site.data), None)
        if customer.needs_buyer_reference and not (place and place.buyer_reference):
            missing = InputRequired(_l("Your invoices must have a buyer reference. Write it."))
            self.buyer_reference.validators = [missing, *self.buyer_reference.validators]


class GuestForm(CheckoutForm):
    """A private person without an account says who they are."""

    name = _text(_l("Name"), 120, InputRequired(_l("Write your name.")))
    email = _text(
        _l("E-mail address"),
        200,
        InputRequired(_l("Write your e-mail address.")),
        Email(_l("That is not an e-mail address.")),
    )
    phone = _text(_l("Telephone"), 30, Optional())


def delivery_in(form: CheckoutForm, customer: Customer | None, marks: Mapping[int, LineMark] | None = None) -> Delivery:
    """When, and to which of the customer's own places or which other address, as it was typed."""
    site = next((site for site in known_places(customer) if site.key == form.site.data), None)
    place = site or form
    return Delivery(
        day=web.given(form.day.data),
        name=site.name if site else form.recipient.data or "",
        street=_value(place.street),
        postcode=_value(place.postcode),
        city=_value(place.city),
        municipality=_value(place.municipality),
        note=(form.note.data or "").strip(),
        marks=marks or {},
        **_references(form, site),
    )


def _references(form: CheckoutForm, site: Place | None) -> dict[str, Any]:
    """What was typed, and for what was left empty what the place says. Private people are asked for none."""
    typed = {name: form[name].data or "" for name in REFERENCES if name in form}
    if typed and not typed["buyer_reference"] and site:
        typed["buyer_reference"] = site.buyer_reference
    return typed


def _value(field: object) -> str:
    return str(getattr(field, "data", field))


def guest_in(form: CheckoutForm) -> Guest:
    """Who the guest says to be."""
    assert isinstance(form, GuestForm)  # noqa: S101  only guests have no customer
    return Guest(web.given(form.name.data), web.given(form.email.data), form.phone.data or "")


def _address(site: Place) -> str:
    postcode = site.postcode.replace(" ", NO_BREAK_SPACE)
    return f"{site.name}, {site.street}, {postcode} {site.city}"


def _municipalities() -> list[tuple[str, str]]:
    return [(place.code, place.name) for place in places.all_municipalities()]
