"""Forms about framework agreements, for staff."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from textwrap import shorten
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, Form, FormField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.catalog import facets, start
from app.members.models import SellerModel
from app.orders.agreements.actions import MOST_OPTIONS, AgreementDraft, OptionDraft
from app.orders.agreements.leaving import Agreed, Leaving
from app.orders.agreements.models import WhoUses
from app.orders.agreements.terms import later
from app.orders.routing_values import PolicyKind
from app.pages.bid_fields import MoneyField, Needed, NotNegative, Percent, Positive, QuantityField, at_most, day, line
from app.pages.bid_words import listed
from app.pages.member_forms import MODELS
from app.pages.plain_fields import IntegerField, RadioField, SelectField
from app.pages.routing_forms import SHORT_KINDS
from app.pages.rules import Between
from app.tenders.agreeing.actions import Confirmed, customers_numbered
from app.tenders.agreeing.proposal import Proposal
from app.tenders.models import Bid, BidReckoning
from app.vat import VatClass

WHO = {WhoUses.BUYER: _l("the buyer alone"), WhoUses.BOTH: _l("both together")}
EVERY = {0: _l("none"), 1: _l("each month"), 3: _l("each quarter"), 6: _l("each half year"), 12: _l("each year")}
SELLERS = {"": _l("As it is for each member"), **{one.value: words for one, words in MODELS.items()}}
"""By what the form sends, and what is kept of the act."""
EMPTY_OPTIONS = 2
NAME_LENGTH = 80
_DAYS = Between(0, 366, _l("Write 0 to 366 days."))
_WORKING_DAYS = Between(0, 90, _l("Write 0 to 90 working days."))


class OptionForm(Form):
    """One possible extension."""

    last_day = day(_l("Goes on to"), Optional())
    use_by = day(_l("Must be used by"), Optional())
    whose = SelectField(_l("Decided by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whose.choices = listed((one.value, words) for one, words in WHO.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """Both days, or none."""
        good: bool = super().validate(extra_validators)
        if good and (self.last_day.data is None) != (self.use_by.data is None):
            self.use_by.errors = [str(_("Write both days, or empty the whole line."))]
            return False
        return good


class TermsForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What the agreement says, as the bid has it, for staff to correct."""

    name = line(_l("What we call it"), NAME_LENGTH, Needed(_l("Write a name.")))
    number = line(_l("The agreement's number, as the buyer writes it"), 60, Needed(_l("Write the number.")))
    ceiling = MoneyField(_l("Ceiling, kronor excl. VAT"), [Needed(_l("Write the ceiling.")), Positive()])
    first_day = day(_l("First day"), Needed(_l("Choose a day.")))
    last_day = day(_l("Last day, without options"), Needed(_l("Choose a day.")))
    why_early = line(
        _l("Why it may begin during the standstill"),
        300,
        description=_l("Such as: the buyer need not wait, for nobody else has bid."),
    )
    options = FieldList(FormField(OptionForm), max_entries=MOST_OPTIONS)
    why_longer = line(_l("Special reason, if it is for more than four years"), 300, Optional())
    lots = SelectMultipleField(
        _l("Lots that we won"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    buyers = SelectMultipleField(
        _l("Who may call off"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    more_buyers = TextAreaField(
        _l("Others that may call off"),
        [at_most(4000)],
        description=_l("Their organisation numbers, one a line. They must be entered as customers."),
    )
    only_listed = BooleanField(_l("They may buy only what the agreement holds"))
    policy = RadioField(_l("How is a member chosen?"))
    index_name = line(_l("Index that prices follow"), 80, Optional())
    index_base = QuantityField(_l("Base figure"), [Optional(), Positive()])
    index_threshold = QuantityField(_l("Smaller changes are carried over, per cent"), [Optional(), Percent()])
    index_part = QuantityField(_l("Part of the price that follows, per cent"), [Optional(), Percent()])
    index_first = day(_l("Prices may change first on"), Optional())
    index_opens = IntegerField(_l("May be asked for so many days before"), [Optional(), _DAYS])
    index_closes = IntegerField(_l("and at the latest so many days before"), [Optional(), _DAYS])
    report_every = SelectField(_l("Statistics"), coerce=int)
    report_within = IntegerField(_l("Working days after the period"), [Optional(), _WORKING_DAYS])
    report_words = TextAreaField(_l("What is wanted, whither, and at what fine"), [Optional(), at_most(1000)])
    category = SelectField(_l("Category"), coerce=int)
    vat_class = SelectField(_l("VAT"))

    def fill_lists(self, proposal: Proposal, bid: Bid) -> None:
        """The choices come from the tables and follow the viewer's language."""
        self.lots.choices = [(lot.ref, f"{lot.ref} {lot.title}") for lot in bid.lots]
        self.buyers.choices = [(one.id, one.name) for one in proposal.customers]
        self.policy.choices = listed((kind.value, words) for kind, words in SHORT_KINDS.items())
        self.report_every.choices = list(EVERY.items())
        self.category.choices = [(shelf.id, shelf.name(str(get_locale()))) for shelf in facets.shelves()]
        swedish = str(get_locale()) == "sv"
        self.vat_class.choices = [
            (one.value, name.name_sv if swedish else name.name_en)
            for one, name in start.vat_class_names().items()
            if one != VatClass.MARGIN
        ]

    @classmethod
    def showing(cls, proposal: Proposal, bid: Bid) -> TermsForm:
        """The agreement as the bid has it, with the index clause that it was reckoned with."""
        tender, clause = bid.tender, bid.reckoning
        options: list[dict[str, Any]] = [
            {"last_day": one.last_day, "use_by": one.use_by, "whose": one.whose.value} for one in proposal.options
        ]
        form = cls(
            formdata=None,
            name=shorten(f"{tender.title}, {tender.buyer_name}", NAME_LENGTH, placeholder=" …"),
            number=tender.diary_number,
            ceiling=proposal.ceiling,
            first_day=proposal.first_day,
            last_day=proposal.last_day,
            options=[*options, *([{}] * EMPTY_OPTIONS)][:MOST_OPTIONS],
            lots=[lot.ref for lot in bid.lots],
            buyers=[one.id for one in proposal.customers],
            policy=(PolicyKind.SHARES if len(proposal.shares) > 1 else PolicyKind.RANKED).value,
            index_name=clause.index_name if clause else "",
            index_base=clause.index_base if clause else None,
            index_threshold=clause.index_threshold if clause else Decimal(2),
            index_part=clause.index_part if clause else Decimal(100),
            index_first=_first_change(proposal.first_day, clause) if clause and clause.index_name else None,
            index_opens=90,
            index_closes=30,
            report_every=0,
            report_within=15,
            vat_class=VatClass.STANDARD.value,
        )
        form.fill_lists(proposal, bid)
        return form

    def validate_lots(self, _field: Field) -> None:
        """Something was won."""
        if self.lots.choices and not self.lots.data:
            raise ValidationError(_("Choose at least one lot."))

    def validate_index_name(self, _field: Field) -> None:
        """A clause has a base and a day."""
        if self.index_name.data and (self.index_base.data is None or self.index_first.data is None):
            raise ValidationError(_("Write the base figure and the first day on which prices may change."))

    def validate_index_base(self, field: Field) -> None:
        """A figure of no index would be dropped without a word."""
        if field.data is not None and not self.index_name.data:
            raise ValidationError(_("Write which index this is the base figure of, or empty the field."))

    def validate_index_first(self, field: Field) -> None:
        """As for the base figure."""
        if field.data is not None and not self.index_name.data:
            raise ValidationError(_("Write which index prices follow from that day, or empty the field."))

    def validate_buyers(self, _field: Field) -> None:
        """Somebody calls off from it."""
        if self.buyers.choices:
            self._check_buyers()

    def validate_more_buyers(self, _field: Field) -> None:
        """Where there is nobody to choose."""
        if not self.buyers.choices:
            self._check_buyers()

    def _check_buyers(self) -> None:
        if not self.buyers.data and not (self.more_buyers.data or "").strip():
            raise ValidationError(_("Choose at least one buyer."))

    def confirmed(self, proposal: Proposal, buyer_name: str) -> Confirmed:
        """What was typed, as values. Raises Refused for a buyer that is not there."""
        chosen = [one for one in proposal.customers if one.id in (self.buyers.data or ())]
        customers = list(dict.fromkeys([*chosen, *customers_numbered(self.more_buyers.data or "")]))
        draft = AgreementDraft(
            number=self.number.data,
            name=self.name.data,
            buyer_name=buyer_name,
            ceiling=self.ceiling.data,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            why_longer=self.why_longer.data or "",
            index_name=self.index_name.data or "",
            index_base=self.index_base.data,
            index_threshold=self.index_threshold.data or Decimal(0),
            index_part=Decimal(100) if self.index_part.data is None else self.index_part.data,
            index_first=self.index_first.data,
            index_opens=self.index_opens.data or 0,
            index_closes=self.index_closes.data or 0,
            report_every=self.report_every.data or 0,
            report_within=self.report_within.data or 0,
            report_words=(self.report_words.data or "").strip(),
        )
        options = sorted(self._options(), key=lambda one: one.last_day)
        return Confirmed(
            draft,
            options,
            customers,
            PolicyKind(self.policy.data),
            bool(self.only_listed.data),
            self.category.data,
            VatClass(self.vat_class.data),
            frozenset(self.lots.data or ()) if self.lots.choices else None,
            self.why_early.data or "",
        )

    def _options(self) -> list[OptionDraft]:
        return [
            OptionDraft(one.form.last_day.data, one.form.use_by.data, WhoUses(one.form.whose.data))
            for one in self.options
            if one.form.last_day.data is not None
        ]


class FigureForm(FlaskForm):  # type: ignore[misc]
    """A published figure, and the day on which new prices were asked for."""

    figure = QuantityField(_l("Published figure"), [Needed(_l("Write the figure.")), Positive()])
    source = line(
        _l("Where it stands"),
        200,
        Needed(_l("Write where the figure was published, and for which month.")),
        description=_l("Such as: SCB, Städindex, October 2027, published 15 November."),
    )
    asked_on = day(_l("New prices were asked for on"), Needed(_l("Choose a day.")))


class LeaveForm(FlaskForm):  # type: ignore[misc]
    """From which day, and why."""

    from_day = day(_l("First day without the member"), Needed(_l("Choose a day.")))
    reason = TextAreaField(_l("Why it leaves"), [Needed(_l("Write a few words about why.")), at_most(1000)])


class AgreedForm(Form):
    """What was agreed with a member that takes over a row for which it has promised no price of its own."""

    price = MoneyField(_l("Price agreed with the member, kronor excl. VAT"), [Optional(), Positive()])
    said_by = line(_l("Who there has said yes"), 120, Optional())


def leave_form(plan: Leaving) -> Any:
    """The form, with a price and a name for each of those with whom they must be agreed."""
    fields = {f"agreed-{part.id}-{member.id}": FormField(AgreedForm) for part, member in plan.to_agree}
    return type("LeaveFormOfPlan", (LeaveForm,), fields)()


def agreed_in(form: Any, plan: Leaving) -> dict[tuple[int, int], Agreed]:
    """What was typed, by part and member."""
    found = {}
    for part, member in plan.to_agree:
        one = form[f"agreed-{part.id}-{member.id}"].form
        if one.price.data is not None and one.said_by.data:
            found[part.id, member.id] = Agreed(one.price.data, one.said_by.data.strip())
    return found


class CeilingForm(FlaskForm):  # type: ignore[misc]
    """Another ceiling, and who has said so."""

    ceiling = MoneyField(_l("Ceiling, kronor excl. VAT"), [Needed(_l("Write the ceiling.")), NotNegative()])
    reason = line(_l("Why, and where the buyer has written it"), 300, Needed(_l("Write why.")))


class SellerForm(FlaskForm):  # type: ignore[misc]
    """Who sells what is called off under it."""

    model = RadioField(_l("Who sells to the customer"))
    reason = line(_l("Why, and where it is agreed"), 300, Needed(_l("Write why.")))

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="seller", **options)
        self.model.choices = listed((name, words) for name, words in SELLERS.items())

    @property
    def chosen(self) -> SellerModel | None:
        """None for as each member has it."""
        return SellerModel(self.model.data) if self.model.data else None


def _first_change(first: date, clause: BidReckoning) -> date:
    """When the years with fixed prices are over."""
    return later(first, 12 * clause.index_fixed_years)


class EndForm(FlaskForm):  # type: ignore[misc]
    """The agreement ends before its time."""

    last_day = day(_l("Last day"), Needed(_l("Choose a day.")))
    reason = line(_l("Why it ends"), 300, Needed(_l("Write why.")))

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="end", **options)


def asked_day(typed: str) -> date | None:
    """A day of the address."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
