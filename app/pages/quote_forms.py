"""Forms about quotes: what staff write in one, and what the customer answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.accounts.models import User
from app.catalog.models import Article
from app.customers.models import Customer
from app.errors import Refused
from app.formats import quantity
from app.money import NOUGHT, Money
from app.orders.cart import read_quantity
from app.orders.quotes.actions import Heard, Wording
from app.orders.quotes.checks import LARGEST_PRICE
from app.orders.quotes.costs import below_cost, member_prices
from app.orders.quotes.models import QuoteLine, QuoteVersion
from app.orders.quotes.states import AcceptedHow
from app.pages import consent, web
from app.pages.bid_fields import BelievableDay, Needed, SwedishMomentField
from app.pages.buyer.coming import read_choices
from app.pages.line_marks import marks_in
from app.pages.plain_fields import DateField, RadioField, SelectField
from app.quoteflow import Acceptance

LONGEST_REFERENCE = 60
REFERENCES = ("order_reference", "buyer_reference", "cost_centre")


def _tidy(typed: str | None) -> str:
    return " ".join((typed or "").split())


def _reference(label: Any) -> StringField:
    return StringField(label, [Length(max=LONGEST_REFERENCE)], filters=[_tidy])


class BeginForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Where and when, before staff write a quote."""

    ticket = HiddenField()
    place = SelectField(_l("Deliver to"))
    day = DateField(_l("Day of delivery"), [InputRequired(_l("Choose a day."))])

    def __init__(self, customer: Customer) -> None:
        super().__init__()
        own = (customer.name, customer.street, customer.postcode, customer.city)
        places = [(str(site.id), f"{site.name}, {site.street}, {site.postcode} {site.city}") for site in customer.sites]
        self.place.choices = [*places, ("0", ", ".join(own[:2]) + f", {own[2]} {own[3]}")]


class WordingForm(FlaskForm):  # type: ignore[misc]
    """What staff write. Quantities and prices stand in the page, under `quantity-ID` and `price-ID` of each article."""

    text = TextAreaField(_l("Text to the customer"), [Length(max=2000)])
    valid_to = DateField(_l("Valid to and including"), [InputRequired(_l("Choose a day."))])
    delivery_day = DateField(_l("Day of delivery"), [InputRequired(_l("Choose a day."))])

    def wording(self, version: QuoteVersion) -> Wording:
        """What was typed, as a value. Raises Refused for what is no quantity or no price."""
        gone = request.form.get("remove", "")
        lines = {
            line.article_id: (_quantity(line), _price(line)) for line in version.lines if str(line.article_id) != gone
        }
        return Wording(lines, self.text.data or "", web.given(self.valid_to.data), web.given(self.delivery_day.data))

    below: str = ""
    """What is asked about: the lines that cost less than a member is paid for them, at their prices."""

    def ask_below_cost(self, version: QuoteVersion) -> None:
        """Raises Refused where something costs less than a member is paid, until staff have said that it shall."""
        costs = member_prices(version)
        lines = below_cost(version, costs)
        self.below = " ".join(f"{line.article_id}:{line.unit_price.ore}" for line in lines)
        if not lines or request.form.get("below") == self.below:
            return
        names = ", ".join(f"{line.name} {line.unit_price} ({costs.get(line.article_id, NOUGHT)})" for line in lines)
        raise Refused(
            _("This is less than the member is paid, which stands in brackets: %(names)s. Is it meant so?", names=names)
        )


def shown(version: QuoteVersion) -> web.Shown:
    """What the form was filled from, so that a colleague in another tab overwrites nothing unseen."""
    lines = [(line.article_id, line.quantity, line.unit_price) for line in version.lines]
    return web.Shown.of(version.number, version.text, version.valid_to, version.delivery_day, lines, version.sent_at)


def typed_line(line: QuoteLine) -> tuple[str, str]:
    """What stands in a line's fields: what was typed, else what is kept."""
    now = quantity(line.quantity), line.unit_price.amount()
    names = f"quantity-{line.article_id}", f"price-{line.article_id}"
    return request.form.get(names[0], now[0]), request.form.get(names[1], now[1])


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """A reason or a wish in words."""

    version = HiddenField()
    words = TextAreaField(validators=[Length(max=1000)])


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """What whoever accepts a quote writes."""

    version = HiddenField()
    name = StringField(
        _l("Your name"), [InputRequired(_l("Write your name. It is kept with the quote.")), Length(max=120)]
    )
    day = DateField(_l("Day of delivery"), [InputRequired(_l("Choose a day."))])
    order_reference = _reference(_l("Your order number"))
    buyer_reference = _reference(_l("Buyer reference"))
    cost_centre = _reference(_l("Cost centre"))
    note = TextAreaField(_l("Message to whoever delivers"), [Length(max=1000)])
    consent = BooleanField(validators=[InputRequired(_l("Tick the box, so that we may begin the work in time."))])

    def __init__(self, customer: Customer, services: list[Article], **options: Any) -> None:
        super().__init__(**options)
        if not customer.has_references:
            for name in REFERENCES:
                del self[name]
        self._ask_consent(services)

    def _ask_consent(self, services: list[Article]) -> None:
        if not services:
            del self.consent
            return
        self.consent.label.text = consent.words(services)

    def acceptance(self, articles: Iterable[Article]) -> Acceptance:
        """What was typed, as a value. Raises Refused for a mark of a line that is too long."""
        references = {name: self[name].data or "" for name in REFERENCES if name in self}
        return Acceptance(
            version=number_in(self.version.data),
            name=self.name.data or "",
            day=web.given(self.day.data),
            note=(self.note.data or "").strip(),
            consent=str(self.consent.label.text) if self.consent and self.consent.data else "",
            marks=tuple(marks_in(articles).items()) if references else (),
            choices=read_choices(),
            wished_way=None,
            **references,
        )


class HeardForm(AcceptForm):
    """What staff write down when the customer has said yes by telephone or e-mail."""

    name = StringField(_l("Name of who said yes"), [Length(max=120)], filters=[_tidy])
    person = SelectField(_l("Who said yes?"), default="0")
    how = RadioField(_l("How?"), [InputRequired(_l("Choose how."))])
    said_at = SwedishMomentField(_l("When?"), [Needed(_l("Write day and time.")), BelievableDay()])
    heard = TextAreaField(_l("What was said"), [Length(max=500)])

    def __init__(self, customer: Customer, services: list[Article], people: Sequence[User], **options: Any) -> None:
        super().__init__(customer, services, **options)
        self.how.choices = [(AcceptedHow.TELEPHONE.value, _("By telephone")), (AcceptedHow.EMAIL.value, _("By e-mail"))]
        self.person.choices = [*((str(user.id), user.name) for user in people), ("0", _("Somebody else"))]
        self.people = {str(user.id): user for user in people}
        if not people:
            del self.person

    @property
    def user(self) -> User | None:
        """Whose account it is that said yes, if it has one."""
        return self.people.get(self.person.data) if self.person else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody said it."""
        good: bool = super().validate(extra_validators)
        if self.user is None and not self.name.data and not self.name.errors:
            self.name.errors = [_("Write the name. It is kept with the quote.")]
            return False
        return good

    def acceptance(self, articles: Iterable[Article]) -> Acceptance:
        """As the customer's own, under the name of whoever has the account."""
        said = super().acceptance(articles)
        return replace(said, name=self.user.name) if self.user else said

    def heard_by(self, user: User) -> Heard:
        """How and when it was said, to that member of staff."""
        said_at = web.given(self.said_at.moment())
        return Heard(AcceptedHow(self.how.data), said_at, user, (self.heard.data or "").strip())


def number_in(typed: str | None) -> int:
    """The number of a version that a form carries; nought, which no version has, for anything else."""
    text = typed or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _quantity(line: QuoteLine) -> Any:
    try:
        return read_quantity(typed_line(line)[0], line.unit)
    except ValueError as wrong:
        raise Refused(f"{line.name}: {wrong}") from wrong


def _price(line: QuoteLine) -> Money:
    try:
        price = Money.parse(typed_line(line)[1])
    except ValueError as wrong:
        raise Refused(f"{line.name}: skriv priset i kronor, till exempel 120,50.") from wrong
    if price.ore < 0 or price > LARGEST_PRICE:
        raise Refused(f"{line.name}: skriv ett pris från 0 till {LARGEST_PRICE}.")
    return price
