"""The buyer's figures to qualify by: entering them, and who meets them with whose figures."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import Optional

from app.db import db
from app.errors import NotYours
from app.pages import bid_words, web
from app.pages.bid_fields import MoneyField, Positive, line
from app.pages.plain_fields import IntegerField, SelectField
from app.pages.rules import Between
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import queries
from app.tenders.legal import figure_actions
from app.tenders.legal.figure_actions import FigureFacts
from app.tenders.legal.queries import figure_of
from bids.kinds import DocumentKind
from bids.legal_values import QualificationKind
from bids.qualification import standings

bp = Blueprint("figures", __name__, url_prefix="/<int:tender_id>/kvalificering")
KINDS = {
    QualificationKind.TURNOVER: _l("Turnover a year"),
    QualificationKind.INSURANCE: _l("Sum insured"),
    QualificationKind.REFERENCES: _l("References"),
    QualificationKind.PRACTISE: _l("Right to practise"),
}
PROOFS = (DocumentKind.REGISTER_EXTRACT, DocumentKind.FOOD_REGISTRATION, DocumentKind.OTHER)
"""What can prove the right to practise."""


class FigureForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """One of the buyer's figures."""

    kind = SelectField(_l("What is required"), choices=bid_words.choices(KINDS))
    lot = SelectField(_l("Lot"))
    ref = line(_l("The requirement's number"), 40, Optional())
    amount = MoneyField(_l("At least, kronor"), [Optional(), Positive()])
    number = IntegerField(_l("How many references"), [Optional(), Between(1, 50, _l("Write a whole number."))])
    years = IntegerField(_l("How many years"), [Optional(), Between(1, 10, _l("Write a whole number."))])
    contract_value = MoneyField(_l("The contract's value, kronor"), [Optional(), Positive()])
    document = SelectField(
        _l("What proves it"), choices=bid_words.listed((kind.value, bid_words.DOCUMENTS[kind]) for kind in PROOFS)
    )
    each = BooleanField(_l("The documents say that each tenderer must meet it by itself"))

    def facts(self) -> FigureFacts:
        """What was typed."""
        kind = QualificationKind(self.kind.data)
        usual = 3 if kind is QualificationKind.REFERENCES else 1
        return FigureFacts(
            kind=kind,
            amount=self.amount.data,
            number=self.number.data or 0,
            years=self.years.data or usual,
            ref=self.ref.data or "",
            each=self.each.data,
            contract_value=self.contract_value.data,
            document=DocumentKind(self.document.data),
        )


class InsuranceForm(FlaskForm):  # type: ignore[misc]
    """What a certificate says."""

    amount = MoneyField(_l("Sum insured, kronor"), [Optional(), Positive()])


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The figures, and how the bid stands against them."""
    return _page(open_room(tender_id))


def _page(room: Room, form: FigureForm | None = None, insurance: InsuranceForm | None = None) -> ResponseReturnValue:
    page = show_tab(
        "figures",
        room,
        "bid",
        form=form or _form(room, formdata=None),
        insurance=insurance or InsuranceForm(formdata=None),
        kinds=KINDS,
        standings=_by_figure(room),
        policies=_policies(room),
    )
    return page, 422 if form or insurance else 200


def _by_figure(room: Room) -> dict[int, object]:
    """How the bid stands, by the figure's id; a figure for a lot that is not bid for has no standing."""
    if room.offer is None or room.bid is None:
        return {}
    covered = {None, *(lot.id for lot in room.bid.lots)}
    figures = [figure for figure in room.tender.figures if figure.lot_id in covered]
    return {figure.id: one for figure, one in zip(figures, standings(room.offer), strict=True)}


def _policies(room: Room) -> list[tuple[object, object]]:
    parties = room.bid.parties if room.bid else []
    return [
        (party, paper)
        for party in parties
        for paper in party.member.documents
        if paper.kind == DocumentKind.INSURANCE and paper.file_id is not None
    ]


def _form(room: Room, **options: object) -> FigureForm:
    form = FigureForm(**options)
    lots = [(str(lot.id), f"{lot.ref} {lot.title}") for lot in room.tender.lots]
    form.lot.choices = bid_words.listed([("", _("The whole tender")), *lots])
    return form


@bp.post("")
def add(tender_id: int) -> ResponseReturnValue:
    """One more figure."""
    room = open_for_change(tender_id)
    form = _form(room)
    if form.validate_on_submit():
        with web.refusals(form):
            lot = next((lot for lot in room.tender.lots if str(lot.id) == form.lot.data), None)
            figure_actions.add_figure(room.tender, form.facts(), lot, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The figure is saved."), "success")
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, form=form)


@bp.post("/<int:figure_id>/ta-bort")
def remove(tender_id: int, figure_id: int) -> ResponseReturnValue:
    """The buyer does not ask for it."""
    room = open_for_change(tender_id)
    figure_actions.remove_figure(room.tender, figure_of(room.tender, figure_id), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id)


@bp.post("/parter/<int:party_id>/forsakring/<int:document_id>")
def insure(tender_id: int, party_id: int, document_id: int) -> ResponseReturnValue:
    """What a party's certificate says that it covers."""
    room, form = open_for_change(tender_id), InsuranceForm()
    party = queries.party_of(bid_in(room), party_id)
    paper = next((paper for paper in party.member.documents if paper.id == document_id), None)
    if paper is None:
        raise NotYours
    if form.validate_on_submit():
        with web.refusals(form):
            figure_actions.insure(party, paper, form.amount.data, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The sum is saved."), "success")
            return web.back_to(".show", tender_id=tender_id, _anchor="forsakringar")
        room = open_room(tender_id)
    return _page(room, insurance=form)
