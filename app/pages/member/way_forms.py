"""The forms by which a member says how its goods reach customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.errors import Refused
from app.members.models import Member, Workplace
from app.money import NOUGHT
from app.orders.delivery.models import DeliveryWay
from app.orders.delivery.terms import LONGEST_HOURS, MOST_ROWS
from app.orders.delivery.ways import WORKING_WEEK, Terms, WayKind, WeightStep, Window
from app.pages.article_forms import PlacesForm
from app.pages.bid_fields import MoneyField, QuantityField
from app.pages.plain_fields import SelectField, SelectMultipleField

OWN_ADDRESS = "0"
SPARE_ROWS = 2
DAYS = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"))


def _weekdays() -> SelectMultipleField:
    return SelectMultipleField(
        _l("On which days?"),
        [InputRequired(_l("Choose at least one day."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class WindowForm(Form):
    """From and to."""

    start = StringField(_l("From"), [Length(max=5)])
    end = StringField(_l("To"), [Length(max=5)])


class StepForm(Form):
    """Up to so many kilograms cost so much."""

    up_to = QuantityField(_l("Up to so many kg"))
    fee = MoneyField(_l("Costs, in kronor without VAT"))


class CollectForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """The customer collects."""

    workplace = SelectField(_l("Where?"))
    weekdays = _weekdays()
    hours = TextAreaField(
        _l("When is it open?"),
        [InputRequired(_l("Write when the customer can collect.")), Length(max=LONGEST_HOURS)],
    )

    def __init__(self, member: Member, row: DeliveryWay | None) -> None:
        super().__init__()
        _offer(self.workplace, self.weekdays, member)
        if row and not self.is_submitted():
            self.workplace.data = str(row.workplace_id or OWN_ADDRESS)
            self.weekdays.data, self.hours.data = [str(day) for day in row.terms.weekdays], row.terms.hours

    def terms(self) -> Terms:
        """What was typed."""
        return Terms(_days(self.weekdays), hours=self.hours.data or "")

    def place(self, member: Member) -> Workplace | None:
        """The place of work that was chosen; none is the member's own address."""
        return _place(self.workplace, member)


class OwnForm(PlacesForm):
    """The member delivers."""

    workplace = SelectField(_l("From where?"))
    weekdays = _weekdays()
    windows = FieldList(FormField(WindowForm), _l("Times"), max_entries=MOST_ROWS)
    everywhere = BooleanField(_l("Everywhere where we offer our articles"))
    per_stop = MoneyField(_l("Fee per stop, in kronor without VAT"))
    steps = FieldList(FormField(StepForm), _l("By weight"), max_entries=MOST_ROWS)
    free_from = MoneyField(_l("Free for goods from, in kronor without VAT"))
    carries = BooleanField(_l("We carry for other members too, by the same terms"))

    def __init__(self, member: Member, row: DeliveryWay | None) -> None:
        super().__init__()
        _offer(self.workplace, self.weekdays, member)
        if not self.is_submitted():
            self._show(row.terms if row else Terms(everywhere=True))
            self.workplace.data = str(row.workplace_id or OWN_ADDRESS) if row else OWN_ADDRESS
            for rows in (self.windows, self.steps):
                for _spare in range(min(SPARE_ROWS, MOST_ROWS - len(rows))):
                    rows.append_entry()

    def terms(self) -> Terms:
        """What was typed. Raises Refused for a row that is half filled in."""
        windows = [one for one in self.windows.data if one["start"] or one["end"]]
        steps = [one for one in self.steps.data if one["up_to"] is not None or one["fee"] is not None]
        if any(one["up_to"] is None or one["fee"] is None for one in steps):
            raise Refused(_("Write both the weight and what it costs, or neither."))
        return Terms(
            weekdays=_days(self.weekdays),
            windows=tuple(Window(_time(one["start"]), _time(one["end"])) for one in windows),
            municipalities=() if self.everywhere.data else tuple(sorted(self.municipalities())),
            everywhere=bool(self.everywhere.data),
            per_stop=self.per_stop.data if self.per_stop.data is not None else NOUGHT,
            steps=tuple(WeightStep(one["up_to"], one["fee"]) for one in steps),
            free_from=self.free_from.data,
            carries=bool(self.carries.data),
        )

    def place(self, member: Member) -> Workplace | None:
        """The place of work that was chosen; none is the member's own address."""
        return _place(self.workplace, member)

    def _show(self, terms: Terms) -> None:
        values: dict[str, Any] = {
            "weekdays": [str(day) for day in terms.weekdays],
            "everywhere": terms.everywhere,
            "per_stop": terms.per_stop or None,
            "free_from": terms.free_from,
            "carries": terms.carries,
            "areas": list(terms.municipalities),
        }
        for name, value in values.items():
            self[name].data = value
        for window in terms.windows:
            self.windows.append_entry({"start": window.start, "end": window.end})
        for step in terms.steps:
            self.steps.append_entry({"up_to": step.up_to, "fee": step.fee})


class CarriedForm(FlaskForm):  # type: ignore[misc]
    """Another member carries."""

    carrier = SelectField(_l("Who carries?"))

    def __init__(self, carriers: Sequence[Member], row: DeliveryWay | None) -> None:
        super().__init__()
        self.carrier.choices = [("", _l("Choose in the list")), *((str(one.id), one.name) for one in carriers)]
        if row and not self.is_submitted():
            self.carrier.data = str(row.carrier_id)

    def terms(self) -> Terms:
        """The carrier's own hold."""
        return Terms()

    def place(self, _member: Member) -> Workplace | None:
        """It is fetched at the member's own address."""
        return None


def form_for(
    kind: WayKind, member: Member, carriers: Sequence[Member], row: DeliveryWay | None
) -> OwnForm | CollectForm | CarriedForm:
    """The form of a kind, showing what holds."""
    if kind == WayKind.CARRIED:
        return CarriedForm(carriers, row)
    return OwnForm(member, row) if kind == WayKind.OWN else CollectForm(member, row)


def _offer(field: SelectField, weekdays: SelectMultipleField, member: Member) -> None:
    weekdays.choices = [(str(day), name) for day, name in zip(WORKING_WEEK, DAYS, strict=True)]
    own = f"{member.name}, {member.street}, {member.city}"
    field.choices = [(OWN_ADDRESS, own), *((str(one.id), f"{one.name}, {one.street}, {one.city}") for one in
                                           member.workplaces)]  # fmt: skip
    if field.data is None:
        field.data = OWN_ADDRESS


def _place(field: SelectField, member: Member) -> Workplace | None:
    return next((one for one in member.workplaces if str(one.id) == field.data), None)


def _days(field: SelectMultipleField) -> tuple[int, ...]:
    return tuple(int(day) for day in field.data or ())


def _time(typed: str | None) -> str:
    """``8`` and ``8.30`` are times too."""
    text = (typed or "").strip().replace(".", ":")
    hours, _colon, minutes = text.partition(":")
    if hours.isascii() and hours.isdigit() and (not minutes or (minutes.isascii() and minutes.isdigit())):
        return f"{int(hours):02d}:{int(minutes or 0):02d}"
    return text
