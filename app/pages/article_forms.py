"""Forms about articles and offerings, for members and staff alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Optional

from app import places
from app.catalog import facets, start
from app.catalog.drafts import (
    LONGEST_DESCRIPTION,
    LONGEST_LEAD,
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_UNIT_TEXT,
    Draft,
    Terms,
    draft_of,
)
from app.catalog.kinds import ArticleKind
from app.catalog.models import Article, Offering
from app.pages.bid_fields import MoneyField, Needed, Positive, QuantityField, at_most, line
from app.pages.kind_fields import AboutKind
from app.pages.plain_fields import IntegerField, SelectField, SelectMultipleField
from app.pages.rules import Between
from app.vat import VatClass


def cpv_field() -> Any:
    """The code under which public buyers look for it."""
    hint = _l("Eight figures and a check digit, such as 03222000-3.")
    return line(_l("CPV code"), 10, Optional(), description=hint)


class PaceForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """How much and how fast: the member's own to say from day to day."""

    capacity = QuantityField(
        _l("How much you manage in a week"), [Needed(_l("Write how much you manage.")), Positive()]
    )
    lead_days = IntegerField(
        _l("Working days from order to delivery"),
        [
            InputRequired(_l("Write a whole number of working days.")),
            Between(0, LONGEST_LEAD, _l("Write a number of working days from 0 to 365.")),
        ],
    )

    def pace(self, municipalities: frozenset[str]) -> Terms:
        """What was typed, as a value with the places that hold."""
        capacity: Any = self.capacity.data
        lead_days: Any = self.lead_days.data
        return Terms(capacity, lead_days, municipalities)

    def show(self, offering: Offering) -> None:
        """Fill in what holds now."""
        now: dict[str, Any] = {"capacity": offering.capacity_per_week, "lead_days": offering.lead_days}
        for name, value in now.items():
            self[name].data = value


class PlacesForm(FlaskForm):  # type: ignore[misc]
    """Where."""

    counties = SelectMultipleField(_l("Whole counties"), validate_choice=True)
    areas = SelectMultipleField(_l("Municipalities"), validate_choice=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = places.all_municipalities()
        self.areas.choices = [(place.code, place.name) for place in everywhere]
        self.counties.choices = sorted({(place.county_code, place.county) for place in everywhere})

    def municipalities(self) -> frozenset[str]:
        """The SCB codes that were chosen, also by their county."""
        whole = set(self.counties.data or [])
        chosen = {place.code for place in places.all_municipalities() if place.county_code in whole}
        return frozenset(chosen | set(self.areas.data or []))

    def by_county(self) -> list[dict[str, Any]]:
        """The municipalities under their counties, with what is chosen."""
        chosen, whole = set(self.areas.data or []), set(self.counties.data or [])
        counties: dict[str, dict[str, Any]] = {}
        for place in places.all_municipalities():
            county = counties.setdefault(
                place.county_code, {"code": place.county_code, "name": place.county, "places": [], "count": 0}
            )
            county["whole"] = place.county_code in whole
            county["places"].append((place.code, place.name, place.code in chosen))
            county["count"] += place.code in chosen
        return sorted(counties.values(), key=lambda county: places.swedish_order(county["name"]))


class TermsForm(PaceForm, PlacesForm):
    """How much, how fast and where."""

    def terms(self) -> Terms:
        """What was typed, as a value."""
        return self.pace(self.municipalities())

    def show(self, offering: Offering) -> None:
        """Fill in what holds now."""
        super().show(offering)
        self.areas.data = sorted(offering.municipalities)


class OfferForm(TermsForm):
    """An offering to make something that is in the catalogue."""

    price = MoneyField(
        _l("What you want to be paid per unit, in kronor without VAT"),
        [Needed(_l("Write what you want to be paid.")), Positive()],
    )

    def show(self, offering: Offering) -> None:
        """Fill in what holds now, or held last."""
        super().show(offering)
        self.price.data = offering.member_price


class AboutArticle(AboutKind):
    """What is written about an article; every form of it has these, and those of its kind."""

    name = line(_l("What it is called"), LONGEST_NAME, Needed(_l("Write what it is called.")))
    category = SelectField(_l("Category"), coerce=int)
    description = TextAreaField(
        _l("What is included"), [Needed(_l("Write what is included.")), at_most(LONGEST_DESCRIPTION)]
    )
    unit = SelectField(_l("Sold per"))
    unit_text = line(_l("What the unit is called, if the list has no word for it"), LONGEST_UNIT_TEXT, Optional())
    vat_class = SelectField(_l("VAT"))

    def show_article(self, article: Article) -> None:
        """Fill in what is written about an article now."""
        form: Any = self
        for name in ("name", "description", "unit", "unit_text"):
            form[name].data = getattr(article, name)
        form.category.data = article.category_id
        if form.vat_class:
            form.vat_class.data = article.vat_class.value
        self.show_kind(draft_of(article))

    def fill_lists(self, kind: ArticleKind) -> None:
        """The choices come from the tables and follow the viewer's language."""
        self.keep_fields_of(kind)
        swedish = str(get_locale()) == "sv"
        self.category.choices = [(shelf.id, shelf.name(str(get_locale()))) for shelf in facets.shelves()]
        if self.vat_class:
            self.vat_class.choices = [
                (vat_class.value, name.name_sv if swedish else name.name_en)
                for vat_class, name in start.vat_class_names().items()
                if (vat_class == VatClass.MARGIN) <= (kind == ArticleKind.SECOND_HAND)
            ]


class ProposalForm(AboutArticle, OfferForm):
    """A member proposes something new of a kind."""

    def __init__(self, kind: ArticleKind = ArticleKind.GOODS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fill_lists(kind)

    def draft(self, cpv: str | None = None) -> Draft:
        """What was typed, as a value. The code is not the member's to know: it keeps the one that it has."""
        return draft_in(self, cpv)

    def show(self, offering: Offering) -> None:
        """Fill in what is proposed."""
        super().show(offering)
        self.show_article(offering.article)


class ArticleForm(AboutArticle, FlaskForm):  # type: ignore[misc]
    """Staff write an article of a kind."""

    number = line(_l("Article number"), 20, Optional(), description=_l("Leave it empty to get the next free one."))
    cpv = cpv_field()
    price = MoneyField(
        _l("The customer's price per unit, in kronor without VAT"), [Needed(_l("Write the price.")), Positive()]
    )

    def __init__(self, kind: ArticleKind = ArticleKind.GOODS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fill_lists(kind)

    def draft(self) -> Draft:
        """What was typed, as a value. Raises Refused for parts that are not there."""
        return draft_in(self, self.cpv.data or None)

    def show(self, article: Article) -> None:
        """Fill in what holds now."""
        for name in ("number", "cpv", "price"):
            self[name].data = getattr(article, name)
        self.show_article(article)


class StaffOfferForm(OfferForm):
    """Staff write down what they have agreed with a member."""

    member = SelectField(_l("Member"), coerce=int)
    price = MoneyField(
        _l("What the member is paid per unit, in kronor without VAT"),
        [Needed(_l("Write what the member is paid.")), Positive()],
    )
    capacity = QuantityField(
        _l("How much the member manages in a week"), [Needed(_l("Write how much the member manages.")), Positive()]
    )


class PriceForm(FlaskForm):  # type: ignore[misc]
    """One price."""

    price = MoneyField(_l("Price in kronor without VAT"), [Needed(_l("Write the price.")), Positive()])


class _Apart:
    """One of several such forms on a page."""

    def tell_apart(self, key: str) -> None:
        """Give every field an id of its own."""
        form: Any = self
        for field in form:
            field.id = field.label.field_id = f"{field.short_name}-{key}"


class ApproveForm(_Apart, PriceForm):
    """What must be there before a proposed article is sold."""

    price = MoneyField(_l("The customer's price in kronor, excl. VAT"), [Needed(_l("Write the price.")), Positive()])
    cpv = line(_l("CPV code"), 10, description=_l("Eight figures and a check digit, such as 03222000-3."))

    def tell(self, hindrances: Mapping[str, str]) -> bool:
        """Put each hindrance beside the field that removes it; returns whether there was none."""
        for name, sentence in hindrances.items():
            self[name].errors = [*self[name].errors, sentence]
        return not hindrances


class ReasonForm(_Apart, FlaskForm):  # type: ignore[misc]
    """Why not."""

    reason = TextAreaField(_l("Why not?"), [Needed(_l("Write why. The member reads it.")), at_most(LONGEST_REASON)])


def draft_in(form: Any, cpv: str | None, *, unit: str = "") -> Draft:
    """What an article's form holds, as a value; `unit` where the form does not ask for it.

    Raises Refused for parts that are not there.
    """
    return Draft(
        name=form.name.data,
        description=form.description.data,
        category_id=form.category.data,
        unit=form.unit.data if form.unit else unit,
        unit_text=form.unit_text.data,
        vat_class=VatClass(form.vat_class.data) if form.vat_class else VatClass.STANDARD,
        cpv=cpv,
        **form.kind_values(),
    )
