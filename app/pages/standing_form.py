"""The form by which a standing order is made or changed: the same for its customer and for staff."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock, places
from app.catalog.models import Article
from app.customers.models import Customer
from app.orders.cart import Cart, Delivery
from app.orders.checks import needing_consent
from app.orders.delivery.states import WayWish
from app.orders.standing.actions import LONGEST_NAME, Wish
from app.orders.standing.models import MONTH, StandingVersion
from app.orders.standing.rhythm import LAST, Every, HolidayRule, Rhythm, Season
from app.pages import web
from app.pages.bid_fields import BelievableDay
from app.pages.bid_words import listed
from app.pages.buyer.checkout_form import OTHER, REFERENCES, postcode_field
from app.pages.buyer.places_known import Place, known_places
from app.pages.plain_fields import DateField, IntegerField, RadioField, SelectField, SelectMultipleField
from app.pages.rules import Between
from app.pages.standing_words import BEST, HOLIDAYS, NTH, WISHED_WAYS, working_weekdays

WEEKS, MONTH_DAY, MONTH_WEEKDAY = "weeks", "day", "weekday"
STEPS = {
    1: _l("Every one"),
    2: _l("Every other"),
    3: _l("Every third"),
    4: _l("Every fourth"),
    6: _l("Every sixth"),
    8: _l("Every eighth"),
    12: _l("Every twelfth"),
}
ADDRESS = ("recipient", "street", "postcode", "city", "municipality")
MISSING = {
    "recipient": _l("Write who receives it."),
    "street": _l("Write the street and number."),
    "postcode": _l("Write the postcode."),
    "city": _l("Write the town."),
    "municipality": _l("Choose the municipality."),
}


def _tidy(typed: str | None) -> str:
    return " ".join((typed or "").split())


def _text(label: Any, most: int, *more: Any) -> StringField:
    return StringField(label, [*more, Length(max=most)], filters=[_tidy])


class StandingForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What is wanted, how often, from when, and where to. The quantities stand in the page, under `quantity-ID`."""

    ticket = HiddenField(validators=[Length(max=64)])
    looked = HiddenField(validators=[Length(max=64)])
    """What the days were shown for, so that nobody starts what they have not seen."""
    name = _text(_l("What do you call it?"), LONGEST_NAME, InputRequired(_l("Give it a name.")))
    day = DateField(_l("From which day?"), [InputRequired(_l("Choose a day.")), BelievableDay()])
    every = RadioField(_l("How often?"), [InputRequired(_l("Choose how often."))], default=WEEKS)
    step = SelectField(_l("How many weeks or months between?"), default="1")
    weekdays = SelectMultipleField(
        _l("On which weekdays?"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    month_day = IntegerField(
        _l("On which day of the month?"), [Optional(), Between(1, 31, _l("Write a day from 1 to 31."))]
    )
    nth = SelectField(_l("Which one in the month?"), default="1")
    nth_weekday = SelectField(_l("Which weekday?"), default="0")
    season_first = DateField(_l("The season begins"), [Optional(), BelievableDay()])
    season_last = DateField(_l("The season ends"), [Optional(), BelievableDay()])
    holiday = RadioField(_l("What happens on a holiday?"), default=HolidayRule.NEXT.value)
    site = RadioField(_l("Deliver to"))
    recipient = _text(_l("Recipient"), 120)
    street = _text(_l("Street"), 120)
    postcode = postcode_field()
    city = _text(_l("Town"), 80)
    municipality = SelectField(_l("Municipality"))
    buyer_reference = _text(_l("Buyer reference"), 60)
    order_reference = _text(_l("Your order number"), 60)
    cost_centre = _text(_l("Cost centre"), 60)
    way = RadioField(_l("How shall it come?"), default=BEST)
    note = TextAreaField(_l("Message to whoever delivers"), [Length(max=1000)])
    more_number = _text(_l("Article number"), 40)
    more_quantity = _text(_l("Quantity"), 20)
    consent = BooleanField(validators=[InputRequired(_l("Tick the box, or leave the service out."))])

    def __init__(self, customer: Customer, **values: Any) -> None:
        super().__init__(data=values)
        self.customer = customer
        self.every.choices = listed([
            (WEEKS, _l("By the week, on some weekdays")),
            (MONTH_DAY, _l("By the month, on a day of the month")),
            (MONTH_WEEKDAY, _l("By the month, on a weekday")),
        ])  # fmt: skip
        self.step.choices = listed((str(step), words) for step, words in STEPS.items())
        self.weekdays.choices = listed(working_weekdays())
        self.nth.choices = listed((str(number), words) for number, words in NTH.items())
        self.nth_weekday.choices = listed(working_weekdays())
        self.holiday.choices = listed((rule.value, words) for rule, words in HOLIDAYS.items())
        self.way.choices = listed(WISHED_WAYS.items())
        towns = [(place.code, place.name) for place in places.all_municipalities()]
        self.municipality.choices = listed([("", _l("Choose municipality")), *towns])
        sites = [(place.key, f"{place.name}, {place.street}, {place.city}") for place in known_places(customer)]
        self.site.choices = listed([*sites, (OTHER, _l("Another address"))])
        if self.site.data is None:
            self.site.data = self.site.choices[0].value
        if not customer.has_references:
            for name in REFERENCES:
                del self[name]

    @classmethod
    def showing(cls, version: StandingVersion, name: str, first: date) -> StandingForm:
        """With what holds now, to be changed from a day on."""
        customer = version.standing_order.customer
        return cls(customer, name=name, day=first, **_rhythm_shown(version), **_place_shown(version, customer))

    def ask_consent(self, articles: Sequence[Article]) -> None:
        """Ask a private person for it where a service wants it. A tick counts for the services that the page named."""
        services = needing_consent(articles, self.customer)
        if not services:
            del self.consent
            return
        self.consent.label.text = _(
            "I ask you to begin the work before the 14 days of withdrawal have passed, and accept that the right of "
            "withdrawal ends when the service has been carried out in full. It concerns: %(articles)s.",
            articles=", ".join(article.name for article in services),
        )
        named = " ".join(str(article.id) for article in services)
        self.consent.render_kw = {"value": named}
        if self.consent.raw_data != [named]:
            self.consent.raw_data, self.consent.data = [], False

    def validate(self, extra_validators: Any = None) -> bool:
        """What is asked for depends on what was chosen."""
        good: bool = super().validate(extra_validators)
        wrong = [self._rhythm_missing(), self._season_missing(), *self._address_missing()]
        for field, sentence in filter(None, wrong):
            field.errors = [*field.errors, str(sentence)]
            good = False
        return good

    def wish(self, cart: Cart) -> Wish:
        """What was typed, as a value."""
        first = web.given(self.day.data)
        words = str(self.consent.label.text) if self.consent and self.consent.data else ""
        return Wish(self._rhythm(first), cart, self._delivery(first), words)

    def _rhythm(self, first: date) -> Rhythm:
        season = None
        if self.season_first.data and self.season_last.data:
            begins, ends = self.season_first.data, self.season_last.data
            season = Season((begins.month, begins.day), (ends.month, ends.day))
        fixed: dict[str, Any] = {
            "step": int(self.step.data),
            "anchor": first,
            "season": season,
            "holiday": HolidayRule(self.holiday.data),
        }
        if self.every.data == WEEKS:
            return Rhythm(Every.WEEK, weekdays=frozenset(map(int, web.given(self.weekdays.data))), **fixed)
        if self.every.data == MONTH_DAY:
            return Rhythm(Every.MONTH, month_day=web.given(self.month_day.data), **fixed)
        weekdays = frozenset({int(self.nth_weekday.data)})
        return Rhythm(Every.MONTH, nth=int(self.nth.data), weekdays=weekdays, **fixed)

    def _delivery(self, first: date) -> Delivery:
        site = self._site()
        address = _address_of(site) if site else {name: self[name].data for name in ADDRESS}
        marks: dict[str, Any] = {name: self[name].data or "" if name in self else "" for name in REFERENCES}
        if site and not marks["buyer_reference"] and self.customer.has_references:
            marks["buyer_reference"] = site.buyer_reference
        name = address.pop("recipient")
        way = None if self.way.data == BEST else WayWish(self.way.data)
        note = (self.note.data or "").strip()
        return Delivery(day=first, name=name, note=note, wished_way=way, **address, **marks)

    def _site(self) -> Place | None:
        return next((place for place in known_places(self.customer) if place.key == self.site.data), None)

    def _rhythm_missing(self) -> tuple[Any, Any] | None:
        if self.every.data == WEEKS and not self.weekdays.data:
            return self.weekdays, _l("Choose at least one weekday.")
        if self.every.data == MONTH_DAY and not self.month_day.data and not self.month_day.errors:
            return self.month_day, _l("Write a day from 1 to 31.")
        return None

    def _season_missing(self) -> tuple[Any, Any] | None:
        if bool(self.season_first.data) == bool(self.season_last.data):
            return None
        missing = self.season_last if self.season_first.data else self.season_first
        return missing, _l("Write both the first and the last day of the season, or neither.")

    def _address_missing(self) -> list[tuple[Any, Any]]:
        if self.site.data != OTHER:
            return []
        return [(self[name], MISSING[name]) for name in ADDRESS if not self[name].data]


def _rhythm_shown(version: StandingVersion) -> dict[str, Any]:
    kind = WEEKS if version.every == Every.WEEK else MONTH_WEEKDAY if version.nth else MONTH_DAY
    seasons = {"season_first": version.season_first, "season_last": version.season_last}
    return {
        "every": kind,
        "step": str(version.step),
        "weekdays": [str(number) for number in version.weekdays] if kind == WEEKS else [],
        "month_day": version.month_day or None,
        "nth": str(version.nth or 1),
        "nth_weekday": str(version.weekdays[0]) if version.nth in {*NTH, LAST} else "0",
        "holiday": version.holiday.value,
        **{
            name: date(version.valid_from.year, *divmod(when, MONTH)) if when else None
            for name, when in seasons.items()
        },
    }


def _this_year(when: int | None) -> date | None:
    """A day of the year as the calendar's field can show it: the year does not matter."""
    if when is None:
        return None
    year, (month, day) = clock.local_date(clock.now()).year, divmod(when, MONTH)
    return date(year, month, min(day, monthrange(year, month)[1]))


def _place_shown(version: StandingVersion, customer: Customer) -> dict[str, Any]:
    now = {
        "recipient": version.delivery_name,
        **{name: getattr(version, name) for name in ("street", "postcode", "city", "municipality")},
    }
    site = next((place for place in known_places(customer) if _address_of(place) == now), None)
    marks = {name: getattr(version, name) for name in REFERENCES}
    address = {} if site else now
    way = version.wished_way.value if version.wished_way else BEST
    return {"site": site.key if site else OTHER, "note": version.note, "way": way, **marks, **address}


def _address_of(site: Place) -> dict[str, str]:
    return {"recipient": site.name, **{name: getattr(site, name) for name in ADDRESS if name != "recipient"}}
