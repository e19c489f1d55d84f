"""What a form asks about each kind of article: the choice of kind, and the fields that a kind has."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import abort, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, TextAreaField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app import units
from app.catalog import review
from app.catalog.drafts import Draft, Part
from app.catalog.kind_checks import LONGEST_INGREDIENTS, MOST_PARTS
from app.catalog.kinds import (
    ALLERGENS,
    COMPARED_IN,
    MAY_BE_FOOD,
    SERVICES,
    WITHDRAWALS_OF_KIND,
    ArticleKind,
    Withdrawal,
    units_of,
)
from app.errors import Refused
from app.money import Money
from app.pages.bid_fields import MoneyField, QuantityField, at_most, line
from app.pages.plain_fields import SelectField, SelectMultipleField
from app.units import UNITS_BY_KIND, UnitKind

NAMES: dict[ArticleKind, tuple[Any, Any]] = {
    ArticleKind.GOODS: (_l("Goods"), _l("Something one delivers: a fruit basket, a bench, a bag with print.")),
    ArticleKind.TIMED_SERVICE: (_l("Service by time"), _l("Work by the hour, day or month: cleaning, moving.")),
    ArticleKind.MEASURED_SERVICE: (
        _l("Service by area or piece"),
        _l("Work by square metre, metre or piece: window cleaning, repairs."),
    ),
    ArticleKind.DATED_SERVICE: (_l("Service on a date"), _l("Something that takes place on a day: lunch, conference.")),
    ArticleKind.PLACEMENT: (
        _l("Work training place"),
        _l("A place by the day or month. Only public bodies can buy it."),
    ),
    ArticleKind.SECOND_HAND: (_l("Second-hand piece"), _l("One single used thing. When it is ordered it is gone.")),
    ArticleKind.BUNDLE: (
        _l("Bundle"),
        _l("Several articles sold as one, perhaps made step by step by several members."),
    ),
}
"""What a kind is called, and what it is, in the order in which people choose."""

WITHDRAWALS = {
    Withdrawal.RIGHT: _l("14 days, as for ordinary goods"),
    Withdrawal.PERISHABLE: _l("None: it goes bad quickly"),
    Withdrawal.CUSTOM_MADE: _l("None: it is made for the customer"),
    Withdrawal.DATED: _l("None: it is booked for a certain day"),
    Withdrawal.SERVICE: _l("14 days, but not when the work has been done"),
}
HEADINGS = {
    UnitKind.COUNT: _l("Count"),
    UnitKind.PACKAGE: _l("Packages"),
    UnitKind.TIME: _l("Time"),
    UnitKind.SIZE: _l("Length, area and volume"),
    UnitKind.WEIGHT: _l("Weight and litres"),
    UnitKind.WORK: _l("Work"),
}
EMPTY_PARTS = 3
"""So many empty rows follow the parts that are there."""

_STEPPED = frozenset({ArticleKind.GOODS, *SERVICES})
HAS: dict[str, frozenset[ArticleKind]] = {
    "min_quantity": frozenset(ArticleKind) - {ArticleKind.SECOND_HAND},
    "quantity_step": _STEPPED,
    "pack_size": frozenset({ArticleKind.GOODS}),
    "content": frozenset({ArticleKind.GOODS}),
    "content_unit": frozenset({ArticleKind.GOODS}),
    "ingredients": MAY_BE_FOOD,
    "allergens": MAY_BE_FOOD,
    "withdrawal": frozenset(kind for kind, choices in WITHDRAWALS_OF_KIND.items() if len(choices) > 1),
    "deposit": frozenset({ArticleKind.GOODS}),
    "rut": SERVICES,
    "parts": frozenset({ArticleKind.BUNDLE}),
    "vat_class": frozenset(ArticleKind) - {ArticleKind.BUNDLE},
}
"""Which kinds have which field; all that is not named every kind has."""


class AboveNought:
    """More than nought where something was typed."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError."""
        if field.data is not None and field.data <= type(field.data)(0):
            raise ValidationError(_("%(field)s: write more than nought.", field=field.label.text))


class _Blank(Optional):
    """A row may be left empty; but nobody is told that a part's fields are optional, for a bundle needs two parts."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


class PartForm(Form):
    """One part of a bundle. A row without an article number is no part."""

    number = line(_l("Article number"), 20, _Blank())
    quantity = QuantityField(_l("Quantity in one bundle"), [_Blank(), AboveNought()])
    place = QuantityField(_l("Place in the order"), [_Blank(), AboveNought()])
    to_next = BooleanField(_l("Handed on to the next step"))


class AboutKind:
    """The fields that only some kinds have. A form of a kind keeps those of its own."""

    min_quantity = QuantityField(_l("The least one can order"), [Optional(), AboveNought()])
    quantity_step = QuantityField(_l("Sold in steps of"), [Optional(), AboveNought()])
    pack_size = QuantityField(_l("How many in a package"), [Optional(), AboveNought()])
    content = QuantityField(_l("What one unit holds"), [Optional(), AboveNought()])
    content_unit = SelectField(_l("Measure"))
    ingredients = TextAreaField(_l("Ingredients"), [Optional(), at_most(LONGEST_INGREDIENTS)])
    allergens = SelectMultipleField(
        _l("Allergens"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    withdrawal = SelectField(_l("Right of withdrawal for private people"))
    deposit = MoneyField(_l("Deposit per unit, in kronor without VAT"), [Optional(), AboveNought()])
    rut = BooleanField(_l("Gives private people the right to a RUT deduction"))
    parts = FieldList(FormField(PartForm), max_entries=MOST_PARTS + EMPTY_PARTS)

    def keep_fields_of(self, kind: ArticleKind) -> None:
        """Take away what the kind does not have, and fill the lists of what it has."""
        form: Any = self
        form.kind = kind
        for name, kinds in HAS.items():
            if kind not in kinds and name in form:
                del form[name]
        swedish = str(get_locale()) == "sv"
        form.unit.choices = _unit_choices(kind, swedish=swedish)
        if form.content_unit:
            measures = [
                (code, units.unit(code).name_sv if swedish else units.unit(code).name_en) for code in COMPARED_IN
            ]
            form.content_unit.choices = [("", ""), *measures]
        if form.allergens:
            form.allergens.choices = [(one.code, one.name_sv if swedish else one.name_en) for one in ALLERGENS.values()]
        if form.withdrawal:
            form.withdrawal.choices = [(one.value, WITHDRAWALS[one]) for one in WITHDRAWALS_OF_KIND[kind]]

    def kind_values(self) -> dict[str, Any]:
        """What was typed about the kind, as a draft has it. Raises Refused for parts that are not there."""
        form: Any = self
        found = {name: form[name].data for name in HAS if name in form and name not in {"parts", "vat_class"}}
        if "withdrawal" in found:
            found["withdrawal"] = Withdrawal(found["withdrawal"])
        if "allergens" in found:
            found |= {"allergens": tuple(found["allergens"] or ()), "ingredients": found["ingredients"] or ""}
        if "content_unit" in found:
            found |= {"content_unit": found["content_unit"] or None, "deposit": found["deposit"] or Money(0)}
        return {"kind": form.kind, **found, "parts": _parts(form.parts.entries) if "parts" in form else ()}

    def show_kind(self, draft: Draft) -> None:
        """Fill in what holds now."""
        form: Any = self
        for name in HAS:
            if name in form and name not in {"parts", "vat_class"}:
                form[name].data = getattr(draft, name) or None
        if "rut" in form:
            form.rut.data = draft.rut
        if form.withdrawal:
            form.withdrawal.data = draft.withdrawal.value
        if "parts" in form:
            numbers = {one.id: one.number for one in review.articles_by_id([part.article_id for part in draft.parts])}
            for place, part in enumerate(draft.parts, 1):
                row = {"number": numbers.get(part.article_id), "quantity": part.quantity, "to_next": part.to_next}
                form.parts.append_entry({**row, "place": Decimal(place)})
            self.add_rows()

    def add_rows(self) -> None:
        """Some empty rows for more parts."""
        form: Any = self
        if "parts" in form:
            there = len(form.parts.entries)
            for place in range(there, min(there + EMPTY_PARTS, MOST_PARTS + EMPTY_PARTS)):
                form.parts.append_entry({"place": Decimal(place + 1), "quantity": Decimal(1)})


def kind_asked_for(kinds: tuple[ArticleKind, ...], otherwise: ArticleKind | None = None) -> ArticleKind | None:
    """The kind that the address names in ``sort``; what is no kind leads nowhere."""
    asked = request.args.get("sort", "")
    if not asked:
        return otherwise
    return next((kind for kind in kinds if kind.value == asked), None) or abort(404)


def _unit_choices(kind: ArticleKind, *, swedish: bool) -> dict[Any, list[tuple[str, str]]]:
    """The kind's units under their headings."""
    mine = units_of(kind)
    choices = {
        str(HEADINGS[heading]): [
            (code, (units.unit(code).name_sv if swedish else units.unit(code).name_en).capitalize())
            for code in codes
            if code in mine
        ]
        for heading, codes in UNITS_BY_KIND.items()
    }
    return {heading: listed for heading, listed in choices.items() if listed}


def _parts(entries: list[Any]) -> tuple[Part, ...]:
    """The rows that name an article, in the order that was typed. Raises Refused for a number that nobody has."""
    rows = [entry.form for entry in entries if entry.form.number.data]
    rows.sort(key=lambda row: row.place.data or Decimal(MOST_PARTS))
    known = {one.number: one.id for one in review.articles_by_number([row.number.data.upper() for row in rows])}
    missing = [row.number.data for row in rows if row.number.data.upper() not in known]
    if missing:
        raise Refused(f"Det finns ingen artikel med numret {missing[0]}.")
    without = [row.number.data for row in rows if row.quantity.data is None]
    if without:
        raise Refused(f"Skriv hur många av {without[0]} som ingår.")
    return tuple(Part(known[row.number.data.upper()], row.quantity.data, bool(row.to_next.data)) for row in rows)
