"""The bid's form, lots, parties, texts and references."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Email, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import bidflow, legalflow
from app.db import db
from app.errors import NotYours
from app.pages import bid_fields, bid_words, web
from app.pages.bid_fields import MoneyField, Needed, Positive, at_most, line
from app.pages.plain_fields import RadioField, SelectField, SelectMultipleField
from app.pages.seen import SeenForm
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import bid_actions, queries
from app.tenders.bid_actions import BidTexts, PartyFacts
from app.tenders.models import Bid
from bids import checks
from bids.kinds import BidForm, PartyRole

bp = Blueprint("bid", __name__, url_prefix="/<int:tender_id>/anbud")
TEXT = bid_fields.LONG_TEXT


class FormForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """The legal form and the lots."""

    form = RadioField(_l("Bid form"), choices=bid_words.choices(bid_words.BID_FORMS))
    lots = SelectMultipleField(
        _l("Lots that we bid for"),
        description=_l("Rows of a lot that is left out are taken from the parties."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class NewPartyForm(FlaskForm):  # type: ignore[misc]
    """One more party."""

    member = SelectField(_l("Enterprise"))
    role = SelectField(_l("Role"), choices=bid_words.choices(bid_words.ROLES))


class PartyForm(SeenForm):
    """What a party is and does."""

    role = SelectField(_l("Role"), choices=bid_words.choices(bid_words.ROLES))
    does = TextAreaField(_l("What it does in the bid"), [Optional(), at_most(2000)])
    why_not_alone = TextAreaField(
        _l("Why it could not bid alone"),
        [Optional(), at_most(2000)],
        description=_l("For competition law: capacity, area, insurance, turnover or time."),
    )

    def facts(self) -> PartyFacts:
        """What was typed."""
        return PartyFacts(
            role=next(role for role in PartyRole if role == self.role.data),
            does=(self.does.data or "").strip(),
            why_not_alone=(self.why_not_alone.data or "").strip(),
        )


class TextsForm(SeenForm):
    """What the bid says in words."""

    offered_validity = bid_fields.day(_l("The bid is valid until"), Optional())
    contact_name = line(_l("Contact person"), 200, Optional())
    contact_email = line(_l("E-mail"), 200, Optional(), Email(_l("Write an e-mail address.")))
    contact_phone = line(_l("Telephone"), 60, Optional())
    letter = TextAreaField(_l("Letter to the buyer"), [Optional(), at_most(TEXT)])
    delivery_plan = TextAreaField(_l("Organisation and delivery"), [Optional(), at_most(TEXT)])
    quality_plan = TextAreaField(_l("Quality and environment"), [Optional(), at_most(TEXT)])
    price_terms = TextAreaField(_l("Price terms"), [Optional(), at_most(TEXT)])
    social_commitments = TextAreaField(_l("Social commitments"), [Optional(), at_most(TEXT)])

    def texts(self) -> BidTexts:
        """What was typed."""
        typed = {
            name: value or ""
            for name, value in self.data.items()
            if name not in {"csrf_token", "seen", "offered_validity"}
        }
        return BidTexts(**typed, offered_validity=self.offered_validity.data)


class ReferenceForm(FlaskForm):  # type: ignore[misc]
    """An earlier delivery."""

    customer = line(_l("Customer"), 200, Needed(_l("Write who the customer was.")))
    what = line(_l("What was delivered"), 400, Needed(_l("Write what was delivered.")))
    period = line(_l("When"), 60, Optional())
    value = MoneyField(_l("Value, kronor"), [Optional(), Positive()])
    contact = line(_l("Contact"), 200, Optional())
    party = SelectField(_l("Delivered by"))


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Form, parties, texts, references."""
    return _page(open_room(tender_id))


def _page(
    room: Room,
    *,
    form: FormForm | None = None,
    party: NewPartyForm | None = None,
    texts: TextsForm | None = None,
    reference: ReferenceForm | None = None,
) -> ResponseReturnValue:
    if room.bid is None or room.offer is None:
        return show_tab("no_bid", room, "bid"), 200
    bid = room.bid
    page = show_tab(
        "application" if room.tender.is_call else "bid",
        room,
        "bid",
        form=form or _form_form(bid, formdata=None),
        party_form=party or _new_party_form(bid, formdata=None),
        texts=texts or TextsForm(formdata=None, obj=bid),
        reference=reference or _reference_form(bid, formdata=None),
        gate={result.party.key: result for result in checks.reserved_gate(room.offer)},
    )
    return page, 422 if form or party or texts or reference else 200


def _form_form(bid: Bid, **options: object) -> FormForm:
    form = FormForm(**options, data={"form": str(bid.form), "lots": [str(lot.id) for lot in bid.lots]})
    form.lots.choices = bid_words.listed((str(lot.id), f"{lot.ref} {lot.title}") for lot in bid.tender.lots)
    return form


def _new_party_form(bid: Bid, **options: object) -> NewPartyForm:
    form = NewPartyForm(**options, prefix="party-")
    _offer_roles(form, bid)
    form.member.choices = bid_words.listed((str(member.id), member.name) for member in queries.possible_parties(bid))
    return form


def _offer_roles(form: NewPartyForm | PartyForm, bid: Bid) -> None:
    form.role.choices = bid_words.choices(bid_words.CALL_ROLES if bid.tender.is_call else bid_words.BID_ROLES)


def _reference_form(bid: Bid, **options: object) -> ReferenceForm:
    form = ReferenceForm(**options, prefix="reference-")
    form.party.choices = bid_words.listed((str(party.id), party.member.name) for party in bid.parties)
    return form


@bp.post("/form")
def choose_form(tender_id: int) -> ResponseReturnValue:
    """The legal form and the lots."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _form_form(bid)
    if form.validate_on_submit():
        with web.refusals(form):
            lots = [lot for lot in room.tender.lots if str(lot.id) in (form.lots.data or ())]
            chosen = next(kind for kind in BidForm if kind == form.form.data)
            asks_for_another = chosen != bid.form
            bidflow.choose_form(bid, bid.form, lots, by=web.user(), now=room.now)
            legalflow.look_anew(bid, now=room.now)
            db.session.commit()
            if asks_for_another:  # shown first: what is missing then, and not now
                return web.back_to("staff.tenders.legal_forms.preview", tender_id=tender_id, till=chosen.value)
            flash(_("The form is saved."), "success")
            return web.back_to("staff.tenders.bid.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, form=form)


@bp.post("/parter")
def add_party(tender_id: int) -> ResponseReturnValue:
    """One more party."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _new_party_form(bid)
    if form.validate_on_submit():
        with web.refusals(form):
            member = next(m for m in queries.possible_parties(bid) if str(m.id) == form.member.data)
            role = next(role for role in PartyRole if role == form.role.data)
            party = bid_actions.add_party(bid, member, role, by=web.user(), now=room.now)
            legalflow.look_anew(bid, now=room.now)
            db.session.commit()
            return web.back_to("staff.tenders.bid.edit_party", tender_id=tender_id, party_id=party.id)
        room = open_room(tender_id)
    return _page(room, party=form)


@bp.route("/parter/<int:party_id>", methods=["GET", "POST"])
def edit_party(tender_id: int, party_id: int) -> ResponseReturnValue:
    """What a party is and does."""
    room = open_for_change(tender_id)
    party = queries.party_of(bid_in(room), party_id)
    form = PartyForm(obj=party)
    _offer_roles(form, party.bid)
    if form.validate_on_submit():
        with web.refusals(form):
            bid_actions.change_party(party, form.facts(), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("%(name)s is saved.", name=party.member.name), "success")
            return web.back_to("staff.tenders.bid.show", tender_id=tender_id, _anchor=f"part-{party_id}")
        room = open_room(tender_id)
        party = queries.party_of(bid_in(room), party_id)
    return show_tab("party", room, "bid", form=form, party=party), web.status(form)


@bp.post("/parter/<int:party_id>/ta-bort")
def remove_party(tender_id: int, party_id: int) -> ResponseReturnValue:
    """We do without a party; one that was invited gets a letter."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    legalflow.take_out(bid, queries.party_of(bid, party_id), "", by=web.user(), now=room.now)
    legalflow.look_anew(bid, now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.bid.show", tender_id=tender_id, _anchor="parter")


@bp.post("/texter")
def write_texts(tender_id: int) -> ResponseReturnValue:
    """What the bid says in words."""
    room = open_for_change(tender_id)
    form = TextsForm(obj=bid_in(room))
    if form.validate_on_submit():
        bid_actions.write_texts(bid_in(room), form.texts(), by=web.user(), now=room.now)
        db.session.commit()
        flash(_("The texts are saved."), "success")
        return web.back_to("staff.tenders.bid.show", tender_id=tender_id, _anchor="texter")
    return _page(room, texts=form)


@bp.post("/referenser")
def add_reference(tender_id: int) -> ResponseReturnValue:
    """An earlier delivery."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _reference_form(bid)
    if not form.validate_on_submit():
        return _page(room, reference=form)
    bid_actions.add_reference(
        bid,
        customer=form.customer.data,
        what=form.what.data,
        period=form.period.data or "",
        value=form.value.data,
        contact=form.contact.data or "",
        party=next(party for party in bid.parties if str(party.id) == form.party.data),
        by=web.user(),
        now=room.now,
    )
    db.session.commit()
    return web.back_to("staff.tenders.bid.show", tender_id=tender_id, _anchor="referenser")


@bp.post("/referenser/<int:reference_id>/ta-bort")
def remove_reference(tender_id: int, reference_id: int) -> ResponseReturnValue:
    """We do not refer to it."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    found = next((each for each in bid.references if each.id == reference_id), None)
    if found is None:
        raise NotYours
    bid_actions.remove_reference(bid, found, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.bid.show", tender_id=tender_id, _anchor="referenser")
