"""Forms about organisations and people, for staff: members, customers, sites, invitations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from app import particulars, places
from app.customers.facts import LONGEST_REFERENCE, LONGEST_TERM, CustomerFacts, SiteFacts
from app.customers.models import Customer, CustomerKind, InvoiceRhythm, InvoiceRoute, Site
from app.db import db
from app.errors import Refused
from app.members.facts import LARGEST_SHARE, MemberFacts, WorkplaceFacts
from app.members.models import Member, SellerModel
from app.pages import web
from app.pages.bid_words import listed
from app.pages.plain_fields import DateField, IntegerField, RadioField, SelectField
from app.pages.rules import Between
from app.pages.seen import bare, said
from app.treatments import VatStatus

KINDS = {
    CustomerKind.COMPANY: _l("Company or association"),
    CustomerKind.PUBLIC: _l("Municipality, region or authority"),
    CustomerKind.PRIVATE: _l("Private person"),
}

STATUSES = {
    VatStatus.REGISTERED: _l("Registered for VAT"),
    VatStatus.SMALL: _l("Small turnover, no VAT (at most 120,000 kr a year)"),
    VatStatus.OUTSIDE: _l("Non-profit association outside VAT"),
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
MODELS = {
    SellerModel.OWN_NAME: _l("The sales company, which buys from the member"),
    SellerModel.AGENT: _l("The member itself; the sales company invoices in its name"),
}


class Checked:
    """What the house itself says of a text, said beside its field."""

    def __init__(self, check: Callable[[str], object]) -> None:
        self.check = check

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises ValidationError with the sentence of the house's no."""
        try:
            self.check(field.data or "")
        except Refused as no:
            raise ValidationError(str(no)) from no


class OfRow:
    """A form whose fields are columns of one row, which others may change too."""

    def seen(self, row: object) -> web.Shown:
        """What a page with this form shows of the row."""
        return web.Shown.of(*(getattr(row, field.name) for field in self._columns()))

    def stand_beside(self, row: object) -> None:
        """Tell beside each field what the row says now, where that is not what was typed."""
        for field in self._columns():
            now = getattr(row, field.name)
            if bare(field.data) != bare(now):
                field.stands_now = said(field, now)

    def _columns(self) -> list[Any]:
        form: Any = self
        return [field for field in form if field.name != "csrf_token"]


def _text(label: Any, missing: Any, what: str, *, longest: int = particulars.LONGEST_LINE) -> StringField:
    check = partial(particulars.line, what=what, longest=longest)
    return StringField(label, [InputRequired(missing), Checked(check)])


def _maybe(label: Any, check: Callable[[str], object], hint: Any = "") -> StringField:
    return StringField(label, [Optional(), Checked(check)], description=hint)


def _long(label: Any, what: str, hint: Any = "", longest: int = particulars.LONGEST_TEXT) -> TextAreaField:
    check = partial(particulars.paragraphs, what=what, longest=longest)
    return TextAreaField(label, [Optional(), Checked(check)], description=hint)


def _email() -> StringField:
    return StringField(
        _l("E-mail address"), [InputRequired(_l("Write the e-mail address.")), Checked(particulars.email)]
    )


def _phone() -> StringField:
    return _maybe(_l("Telephone"), particulars.phone)


def _street() -> StringField:
    return _text(_l("Street"), _l("Write the street or the box."), "Gatuadressen")


def _postcode() -> StringField:
    return StringField(_l("Postcode"), [InputRequired(_l("Write the postcode.")), Checked(particulars.postcode)])


def _city() -> StringField:
    return _text(_l("Town"), _l("Write the town."), "Orten")


def _municipality() -> SelectField:
    return SelectField(_l("Municipality"), [InputRequired(_l("Choose the municipality."))])


def _municipalities() -> list[Any]:
    """All of them, and none chosen for anybody."""
    known = [(place.code, place.name) for place in places.all_municipalities()]
    return listed([("", _l("Choose municipality")), *known])


class MemberForm(OfRow, FlaskForm):  # type: ignore[misc]  # the base is untyped
    """All that staff know of a member."""

    name = _text(_l("Name"), _l("Write the name."), "Namnet")
    org_number = StringField(
        _l("Organisation number"),
        [InputRequired(_l("Write the organisation number.")), Checked(particulars.org_number)],
    )
    legal_form = _text(_l("Legal form"), _l("Write the legal form."), "Den juridiska formen")
    vat_number = _maybe(_l("VAT number"), particulars.vat_number, _l("SE and twelve figures."))
    vat_status = SelectField(
        _l("VAT"), choices=listed((one.value, words) for one, words in STATUSES.items()), default=VatStatus.REGISTERED
    )
    vat_since = DateField(
        _l("Stands so to VAT from"),
        [Optional()],
        description=_l("Empty: always. Earlier deliveries keep what held then."),
    )
    f_tax = BooleanField(_l("Approved for F-tax"), default=True)
    seller_model = RadioField(
        _l("Who sells to the customer"),
        choices=listed((one.value, words) for one, words in MODELS.items()),
        default=SellerModel.OWN_NAME,
        description=_l("A framework agreement may say something else for what is called off under it."),
    )
    bankgiro = _maybe(_l("Bankgiro"), particulars.bankgiro)
    stripe_account = _maybe(
        _l("Account at Stripe"),
        particulars.stripe_account,
        _l("Where card payments are passed on to, such as acct_1A2b3C4d."),
    )
    signatories = _maybe(
        _l("Who signs for the company"), partial(particulars.line, what="Firmatecknarna", longest=300, needed=False)
    )
    contact_name = _maybe(_l("Contact"), partial(particulars.line, what="Kontaktpersonen", needed=False))
    email = _email()
    phone = _phone()
    street = _street()
    postcode = _postcode()
    city = _city()
    municipality = _municipality()
    about = _long(_l("About the member"), "Beskrivningen", _l("Customers read it."))
    purpose = _long(
        _l("The purpose clause of the statutes"), "Ändamålet", _l("Word for word. Reserved bids quote it (LOU 4:18).")
    )
    work_share = IntegerField(
        _l("Share of the work"),
        [
            InputRequired(_l("Write a whole number.")),
            Between(1, LARGEST_SHARE, _l("Write a whole number from 1 to 1,000.")),
        ],
        default=1,
        description=_l("Against the others. A member with 2 is due twice as much work as one with 1."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = _municipalities()

    @classmethod
    def showing(cls, member: Member) -> MemberForm:
        """With what holds now, until something else is sent."""
        return cls(obj=member)

    def facts(self) -> MemberFacts:
        """What was typed, as a value."""
        typed = _typed(self)
        return MemberFacts(
            **{
                **typed,
                "vat_status": VatStatus(typed["vat_status"]),
                "vat_since": self.vat_since.data,
                "seller_model": SellerModel(typed["seller_model"]),
            }
        )


class CustomerForm(OfRow, FlaskForm):  # type: ignore[misc]
    """All that staff know of a customer."""

    kind = RadioField(_l("Kind of customer"), [InputRequired(_l("Choose one in the list."))])
    name = _text(_l("Name"), _l("Write the name."), "Namnet")
    org_number = StringField(_l("Organisation number"), description=_l("Not for private people."))
    email = _email()
    phone = _phone()
    street = _street()
    postcode = _postcode()
    city = _city()
    municipality = _municipality()
    payment_days = IntegerField(
        _l("Days to pay"),
        [
            InputRequired(_l("Write a whole number of days.")),
            Between(0, LONGEST_TERM, _l("Write 0 to 30 days. Longer is not allowed (the Interest Act, section 2 a).")),
        ],
        default=LONGEST_TERM,
        description=_l("At most 30 (the Interest Act, section 2 a)."),
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
    electronic_address = _maybe(
        _l("Address for e-invoices"),
        particulars.electronic_address,
        _l("0007: and the organisation number, or 0088: and a location number (GLN)."),
    )
    needs_order_reference = BooleanField(_l("Wants an order number on each invoice"))
    needs_buyer_reference = BooleanField(_l("Wants a buyer reference on each invoice"))
    vat_number = _maybe(_l("VAT number"), particulars.buyers_vat_number, _l("Of the European Union, such as SE…01."))
    sells_building = BooleanField(
        _l("Sells building services"),
        description=_l("Then it reckons the VAT on ours, and its VAT number must stand on the invoice."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = _municipalities()
        self.kind.choices = listed((kind.value, words) for kind, words in KINDS.items())

    @classmethod
    def showing(cls, customer: Customer) -> CustomerForm:
        """With what holds now, until something else is sent."""
        return cls(obj=customer)

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
        typed = _typed(self)
        chosen = {
            "kind": CustomerKind(typed["kind"]),
            "invoice_rhythm": InvoiceRhythm(typed["invoice_rhythm"]),
            "invoice_route": InvoiceRoute(typed["invoice_route"]),
        }
        return CustomerFacts(**{**typed, **chosen})


class SiteForm(OfRow, FlaskForm):  # type: ignore[misc]
    """A place to deliver to."""

    name = _text(_l("What the place is called"), _l("Write what the place is called."), "Platsens namn")
    street = _street()
    postcode = _postcode()
    city = _city()
    municipality = _municipality()
    buyer_reference = _maybe(
        _l("Buyer reference"),
        partial(particulars.line, what="Beställarreferensen", longest=LONGEST_REFERENCE, needed=False),
        _l("Stands on the invoice when nobody writes another one."),
    )
    note = _long(_l("What whoever delivers should know"), "Anvisningen", longest=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = _municipalities()

    @classmethod
    def showing(cls, site: Site) -> SiteForm:
        """With what holds now, until something else is sent."""
        return cls(obj=site)

    def facts(self) -> SiteFacts:
        """What was typed, as a value."""
        return SiteFacts(**_typed(self))


class WorkplaceForm(FlaskForm):  # type: ignore[misc]
    """A place where a member works."""

    name = _text(_l("What the place is called"), _l("Write what the place is called."), "Arbetsplatsens namn")
    street = _street()
    postcode = _postcode()
    city = _city()
    municipality = _municipality()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = _municipalities()

    def facts(self) -> WorkplaceFacts:
        """What was typed, as a value."""
        return WorkplaceFacts(**_typed(self))


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """Somebody who is to have an account."""

    person = _text(_l("The person's name"), _l("Write the name."), "Namnet")
    address = StringField(
        _l("E-mail address"), [InputRequired(_l("Write the e-mail address.")), Checked(particulars.email)]
    )


@contextmanager
def refusals(form: Any) -> Iterator[None]:
    """As `web.refusals`, and a number that is taken is said beside its field."""
    with web.refusals(form):
        try:
            yield
        except particulars.Taken as no:
            db.session.rollback()
            g.pop("viewer", None)
            form.org_number.errors = [str(no)]


def _typed(form: Any) -> dict[str, Any]:
    """All fields but the token; what was left empty is empty text, for the house to judge."""
    return {name: "" if value is None else value for name, value in form.data.items() if name != "csrf_token"}
