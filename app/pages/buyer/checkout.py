"""The checkout: where, when, which references - and the order is placed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

from app import cardflow, clock, orderflow, places
from app.catalog.changing.queries import day_for_all
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import db, take_writers_place
from app.errors import Refused
from app.household import actions as household
from app.money import NO_BREAK_SPACE, Money
from app.orders import actions as orders
from app.orders import queries
from app.orders.approvals.queries import limit_for
from app.orders.cart import Delivery, Guest, LineMark
from app.orders.checks import needing_consent
from app.orders.delivery.parcels import Choices
from app.orders.delivery.preview import Whither
from app.orders.models import Order
from app.orders.pricing import Goods
from app.orders.states import OrderState
from app.orders.windows import joining
from app.pages import consent, lapsed, web
from app.pages.buyer import baskets, coming, said_first
from app.pages.buyer.deduction_form import AsksDeduction
from app.pages.buyer.places_known import Place, known_places
from app.pages.line_marks import marks_in, typed_mark
from app.pages.plain_fields import DateField, RadioField, SelectField

bp = Blueprint("checkout", __name__, url_prefix="/kassa")

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


@bp.route("", methods=["GET", "POST"])
@web.writes_late
def show() -> ResponseReturnValue:
    """Fill in, and order."""
    viewer = web.viewer()
    if viewer.user and not viewer.customer:
        abort(403)
    form = CheckoutForm(viewer.customer) if viewer.customer else GuestForm(None)
    if form.is_submitted() and (made := queries.order_by_ticket(form.ticket.data or "")):
        return arrive(made)
    basket = baskets.read()
    if not basket.rows:
        return baskets.nothing_left()
    form.ask_consent(needing_consent((row.article for row in basket.rows), viewer.customer))
    form.ask_deduction([row.article for row in basket.rows], viewer.customer)
    looking = request.form.get("then") == "coming" or said_first.take_other_day(form.day)
    if not looking and form.validate_on_submit():
        with web.refusals(form):
            return _ordered(form, basket, viewer.customer)
    form.seen.data = _written(basket.prices)
    if not form.is_submitted():
        form.ticket.data = secrets.token_urlsafe(24)
        form.day.data = form.day.data or day_for_all(basket.cart, date.fromisoformat(baskets.earliest_day(basket)))
    customer = web.viewer().customer
    values = {"basket": basket, "changes": baskets.changes(basket), "customer": customer, "typed_mark": typed_mark}
    values["goods"] = lapsed.written(basket.cart)
    values["batches"] = joining.batches(basket.cart, clock.now())
    values["coming"] = found = _coming(form, basket, customer)
    values["limit"] = limit_for(customer, found.net)
    return render_template("buyer/checkout.html", form=form, **values), web.status(form)


def _ordered(form: CheckoutForm, basket: baskets.Basket, customer: Customer | None) -> ResponseReturnValue:
    ticket, choices = own_ticket(form.ticket.data or ""), coming.read_choices()
    try:
        take_writers_place()
        order = _place(form, basket, customer, ticket, choices, goods=basket.goods)
        if order.has_open_part or order.waiting_windows:
            db.session.rollback()  # only then is it asked how the page should have told of it, as things stood before
            _check_said(form, basket, customer)
            order = _place(form, basket, customer, ticket, choices)
        coming.check_fees(order, choices, lambda: _coming(form, basket, customer))
        answer = arrive(order)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        made = queries.order_by_ticket(ticket)
        if made is None:
            raise
        return arrive(made)
    baskets.empty()
    return answer


def _place(
    form: CheckoutForm,
    basket: baskets.Basket,
    customer: Customer | None,
    ticket: str,
    choices: Choices,
    *,
    goods: Goods | None = None,
) -> Order:
    own_marks = customer is not None and customer.has_references
    delivery = delivery_in(form, customer, marks_in(row.article for row in basket.rows) if own_marks else None)
    wish, by_card = form.wish(), "pay" in form and form.pay.data == CARD
    if wish is not None and by_card:
        raise Refused("Skatteavdraget dras av på fakturan. Välj faktura, eller ta bort avdraget och betala med kort.")
    checkout = cardflow.checkout if by_card else orderflow.checkout
    order = checkout(
        basket.cart,
        delivery,
        customer=customer or orders.register_guest(guest_in(form), delivery),
        ticket=ticket,
        by=web.viewer().user,
        now=clock.now(),
        seen=_read_prices(form.seen.data or ""),
        consent=str(form.consent.label.text) if form.consent and form.consent.data else "",
        choices=choices,
        goods=goods,
    )
    if wish is not None:
        household.ask(order, wish, now=clock.now())
    return order


def _check_said(form: CheckoutForm, basket: baskets.Basket, customer: Customer | None) -> None:
    wanted = coming.wanted_of(basket, joining.batches(basket.cart, clock.now()))
    by_member = customer is not None and customer.member_id is not None
    said_first.check(wanted, _whither(form, customer), by_member=by_member)


def _coming(form: CheckoutForm, basket: baskets.Basket, customer: Customer | None) -> coming.Coming:
    """How the basket comes to what is filled in."""
    return coming.look(basket, _whither(form, customer), joining.batches(basket.cart, clock.now()))


def _whither(form: CheckoutForm, customer: Customer | None) -> Whither | None:
    """Where and when it is to come, as far as it is filled in."""
    site = next((site for site in known_places(customer) if site.key == form.site.data), None)
    if site is None:
        return coming.whither(form.day.data, form.municipality.data or "", customer)
    return coming.whither(form.day.data, site.municipality, customer, street=site.street, postcode=site.postcode)


def arrive(order: Order) -> ResponseReturnValue:
    """The order's page, or on to the card payment. A guest's browser keeps the right to see it."""
    if order.placed_by_id is None:
        session["orders"] = [*session.get("orders", []), order.number][-20:]
    to = "buyer.card.show" if order.state == OrderState.UNPAID else "buyer.orders.show"
    return web.back_to(to, number=order.number)


def _written(prices: Mapping[int, Money]) -> str:
    """Prices as a form carries them: ``12:21200 15:6200``. They only tell what was seen; we work out what is paid."""
    return " ".join(f"{article_id}:{price.ore}" for article_id, price in prices.items())


def _read_prices(written: str) -> dict[int, Money]:
    pairs = re.findall(r"\b([0-9]{1,10}):([0-9]{1,15})\b", written, re.ASCII)
    return {int(article_id): Money(int(ore)) for article_id, ore in pairs}


def own_ticket(ticket: str) -> str:
    """A page's ticket makes one order, however often its form is sent. A form without one gets a new one."""
    return ticket if 20 <= len(ticket) <= 64 else secrets.token_urlsafe(24)


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
