"""The part of the checkout in which a private person asks for the deduction for household work (RUT or ROT).

What is typed here is nobody's but theirs: it is never kept for later, never written to a log, and shown again only on
the page that answers the same press.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, StringField, ValidationError
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock, particulars
from app.catalog.models import Article
from app.customers.models import Customer, CustomerKind
from app.errors import Refused
from app.household import persons, queries
from app.household.actions import Wish
from app.household.claim_file import LONGEST_APARTMENT, LONGEST_PROPERTY, Home
from app.household.rules import WHOLE
from app.pages.plain_fields import IntegerField, SelectMultipleField
from app.reliefs import WORKS, Relief, relief_of

FIELDS = ("relief_lines", "person", "other_person", "other_share", "designation", "cooperative", "apartment", "living")
OF_HOME = ("designation", "cooperative", "apartment")
CONFIRMED = {
    Relief.RUT: (
        "Arbetet görs i eller vid ett hem som de som ska ha avdraget bor i eller har. Om Skatteverket säger nej till "
        "avdraget, helt eller delvis, betalar vi resten själva."
    ),
    Relief.ROT: (
        "De som ska ha avdraget äger bostaden och bor där eller har den som sin. Om Skatteverket säger nej till "
        "avdraget, helt eller delvis, betalar vi resten själva."
    ),
}
"""What is ticked. It is kept as it stood, and so it is Swedish."""


class AsksDeduction:
    """The fields of a checkout with such work in the basket; without it they are taken away."""

    relief_lines = SelectMultipleField(
        _l("Take the deduction for"), [Optional()], coerce=int,
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    person = StringField(_l("Personal identity number"), [Length(max=20)])
    other_person = StringField(_l("Personal identity number of one more"), [Length(max=20)])
    other_share = IntegerField(_l("Of the deduction, per cent to the other"), [Optional()])
    designation = StringField(_l("Designation of the property"), [Length(max=LONGEST_PROPERTY)])
    cooperative = StringField(_l("Organisation number of the housing cooperative"), [Optional(), Length(max=20)])
    apartment = StringField(_l("Number of the apartment"), [Optional(), Length(max=LONGEST_APARTMENT)])
    living = BooleanField()

    def ask_deduction(self, articles: Iterable[Article], customer: Customer | None) -> None:
        """Ask for it where there is something to ask for: organisations have no such right."""
        form: Any = self
        private = customer is None or customer.kind == CustomerKind.PRIVATE
        found = queries.may_ask(articles) if private else []
        self.works = {article.id: article.work for article in found if article.work}
        kinds = {relief_of(work) for work in self.works.values()}
        for name in FIELDS if not found else OF_HOME if Relief.ROT not in kinds else ():
            del form[name]
        if found:
            form.relief_lines.choices = [(one.id, _line_name(one)) for one in found]
            form.living.label.text = CONFIRMED[self.relief or min(kinds)]

    @property
    def relief(self) -> Relief | None:
        """Which of the two is asked for; none when nothing or both are."""
        form: Any = self
        chosen = {relief_of(self.works[id_]) for id_ in form.relief_lines.data or () if id_ in self.works}
        return chosen.pop() if len(chosen) == 1 else None

    @property
    def asks(self) -> bool:
        """Whether anything has been ticked."""
        form: Any = self
        return "relief_lines" in form and bool(form.relief_lines.data)

    def validate_relief_lines(self, _field: Field) -> None:
        """A file to the tax agency holds one of the two, and so does an order."""
        if self.asks and self.relief is None:
            raise ValidationError(_("RUT and ROT cannot be asked for in one order. Order them one by one."))

    def validate_person(self, field: Field) -> None:
        """Whoever asks says for whom."""
        self._check_person(field, needed=self.asks)

    def validate_other_person(self, field: Field) -> None:
        """Somebody else, where it is shared."""
        form: Any = self
        self._check_person(field, needed=False)
        if self.asks and field.data and _figures(field.data) == _figures(form.person.data or ""):
            raise ValidationError(_("That is the same person."))
        share = form.other_share.data
        if self.asks and (field.data or "").strip() and not (share and 1 <= share < WHOLE):
            raise ValidationError(_("Write how many per cent the other is to have, from 1 to 99."))

    def validate_designation(self, field: Field) -> None:
        """A house has a designation, an apartment has its own number and its cooperative's."""
        form: Any = self
        house = bool((field.data or "").strip())
        apartment = [bool((one.data or "").strip()) for one in (form.cooperative, form.apartment)]
        if not self.asks or self.relief != Relief.ROT:
            return
        if house and any(apartment):
            raise ValidationError(
                _("Write only one of them: the property's designation, or the cooperative and the apartment.")
            )
        if not house and not all(apartment):
            raise ValidationError(_("Write the property's designation, or the cooperative and the apartment."))

    def validate_cooperative(self, field: Field) -> None:
        """With its check digit."""
        if self.asks and (field.data or "").strip():
            _house_says(particulars.org_number, field.data)

    def validate_living(self, field: Field) -> None:
        """Without it the tax agency would say no, and the customer would not know whose the rest is."""
        if self.asks and not field.data:
            raise ValidationError(_("Tick the box, or take the deduction away."))

    def _check_person(self, field: Field, *, needed: bool) -> None:
        typed = (field.data or "").strip()
        if needed and not typed:
            raise ValidationError(_("Write the personal identity number of whoever is to have the deduction."))
        if self.asks and typed:
            _house_says(persons.checked, typed)
            year = clock.local_date(clock.now()).year
            _house_says(lambda number: persons.check_of_age(persons.checked(number), year), typed)

    def wish(self) -> Wish | None:
        """What is asked for, when something is."""
        form: Any = self
        if not self.asks or self.relief is None:
            return None
        other = (form.other_person.data or "").strip()
        share = form.other_share.data if other else 0
        people = [(form.person.data, WHOLE - share), *([(other, share)] if other else [])]
        home = _home(form) if self.relief == Relief.ROT else None
        return Wish(frozenset(form.relief_lines.data), tuple(people), CONFIRMED[self.relief], home)


def _home(form: Any) -> Home:
    cooperative = (form.cooperative.data or "").strip()
    number = particulars.org_number(cooperative) if cooperative else ""
    return Home(" ".join((form.designation.data or "").split()), number, " ".join((form.apartment.data or "").split()))


def _line_name(article: Article) -> str:
    about = WORKS[article.work] if article.work else None
    return f"{article.name} ({about.relief.value})" if about else article.name


def _figures(typed: str) -> str:
    return "".join(sign for sign in typed if sign.isdecimal())


def _house_says(check: Callable[[str], object], typed: str) -> None:
    try:
        check(typed)
    except Refused as no:
        raise ValidationError(str(no)) from no
