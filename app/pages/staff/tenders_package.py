"""The package to upload, what the buyer's system takes, and the receipt that locks the bid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Optional

from app import files
from app.db import db
from app.errors import NotYours, Refused
from app.pages import bid_fields, bid_words, downloads, web
from app.pages.bid_fields import Needed, Positive, QuantityField, SwedishMomentField, at_most, line
from app.pages.plain_fields import IntegerField, SelectField
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import paper_actions
from app.tenders import queries as tenders
from app.tenders.models import Bid
from app.tenders.packing import actions, queries
from app.tenders.packing import limits as kept_limits
from app.tenders.working.duties import Act
from bids.package import Limits, Portal

bp = Blueprint("package", __name__, url_prefix="/<int:tender_id>/paket")
MEGABYTE = 1_000_000
MOST_ENDINGS = 30


class LimitsForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What the buyer's system takes; blank where nobody knows."""

    portal = SelectField(
        _l("The buyer's system"),
        choices=bid_words.listed(
            (str(one), one.label if one is not Portal.OTHER else _l("Another system")) for one in Portal
        ),
    )
    most = QuantityField(_l("Largest file, MB"), [Optional(), Positive()])
    longest_name = IntegerField(_l("Longest file name, characters"), [Optional()])
    plain = BooleanField(_l("File names without å, ä, ö and spaces"))
    endings = line(_l("Kinds of files that it takes"), 200, Optional())

    def limits(self) -> Limits:
        """What was typed. Raises Refused for endings that are none."""
        typed = (self.endings.data or "").lower().replace(".", " ").replace(",", " ").split()
        if len(typed) > MOST_ENDINGS or not all(one.isascii() and one.isalnum() and len(one) <= 8 for one in typed):
            raise Refused(_("Write the endings of the files, such as: pdf, xlsx, docx."))
        return Limits(
            portal=Portal(self.portal.data),
            most_bytes=int(self.most.data * MEGABYTE) if self.most.data is not None else None,
            longest_name=self.longest_name.data,
            plain=self.plain.data,
            endings=tuple(dict.fromkeys(typed)),
        )


class ReceiptForm(FlaskForm):  # type: ignore[misc]
    """What the buyer's system gave, and for which version."""

    version = SelectField(_l("The version that was uploaded"))
    file = FileField(_l("The receipt: PDF, PNG or JPEG, at most 15 MB"), [FileRequired(_l("Choose a file."))])
    received_at = SwedishMomentField(_l("Handed in at, by the receipt"), validators=[Needed(_l("Write day and time."))])
    reference = line(_l("The receipt's number"), 100, Optional())

    def __init__(self, bid: Bid, **options: Any) -> None:
        super().__init__(**options)
        self.version.choices = bid_words.listed(
            (str(one.number), _("Version %(number)s", number=one.number)) for one in tenders.versions_of(bid)
        )


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why the bid was taken back."""

    because = TextAreaField(
        _l("Why it was withdrawn in the buyer's system"), [Needed(_l("Write why it was withdrawn.")), at_most(1000)]
    )


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Limits, packages, receipts."""
    return _page(open_room(tender_id))


def _page(
    room: Room,
    limits_form: LimitsForm | None = None,
    receipt_form: ReceiptForm | None = None,
    withdraw_form: WithdrawForm | None = None,
) -> ResponseReturnValue:
    if room.bid is None:
        return show_tab("no_bid", room, "send"), 200
    limits = kept_limits.read(room.tender.upload_limits, room.tender.system)
    receipts, packages = queries.receipts_of(room.bid), queries.packages_of(room.bid)
    page = show_tab(
        "package",
        room,
        "send",
        limits_form=limits_form or _as_kept(limits),
        receipt_form=receipt_form or ReceiptForm(room.bid, formdata=None),
        withdraw_form=withdraw_form or WithdrawForm(formdata=None),
        packages=packages,
        numbers={version.id: version.number for version, _package in packages},
        receipts=receipts,
        holding=next((one for one in receipts if one.holds), None),
        may_hand_in=room.may(Act.SUBMIT),
    )
    return page, 422 if limits_form or receipt_form or withdraw_form else 200


def _as_kept(limits: Limits) -> LimitsForm:
    return LimitsForm(
        formdata=None,
        data={
            "portal": str(limits.portal),
            "most": Decimal(limits.most_bytes) / MEGABYTE if limits.most_bytes else None,
            "longest_name": limits.longest_name,
            "plain": limits.plain,
            "endings": ", ".join(limits.endings),
        },
    )


@bp.post("/granser")
def set_limits(tender_id: int) -> ResponseReturnValue:
    """Say what the buyer's system takes."""
    room, form = open_for_change(tender_id, Act.SUBMIT), LimitsForm()
    if form.validate_on_submit():
        with web.refusals(form):
            actions.set_limits(room.tender, form.limits(), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("Saved. Make the package anew."), "success")
            return web.back_to("staff.tenders.package.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, limits_form=form)


@bp.post("/<int:number>")
def make(tender_id: int, number: int) -> ResponseReturnValue:
    """Let a worker pack a version."""
    room = open_for_change(tender_id, Act.SUBMIT)
    bid = bid_in(room)
    limits = kept_limits.read(room.tender.upload_limits, room.tender.system)
    actions.ask(bid, tenders.version_of(bid, number), limits, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.package.show", tender_id=tender_id, _anchor="paket")


@bp.get("/<int:number>.zip")
def read(tender_id: int, number: int) -> ResponseReturnValue:
    """A version's package."""
    package = queries.package_of(bid_in(open_room(tender_id)), number)
    if package.file is None:
        raise NotYours
    return downloads.large(package.file)


@bp.post("/kvitto")
def note_receipt(tender_id: int) -> ResponseReturnValue:
    """Lay in the receipt of a version; the bid is locked by it."""
    room = open_for_change(tender_id, Act.SUBMIT)
    form = ReceiptForm(bid_in(room))
    if form.validate_on_submit():
        with web.refusals(form):
            bid, upload = bid_in(room), bid_fields.upload(form.file)
            if upload is not None:
                actions.note_receipt(
                    bid,
                    tenders.version_of(bid, int(form.version.data)),
                    paper_actions.keep(upload, now=room.now),
                    received_at=web.given(form.received_at.moment()),
                    reference=form.reference.data or "",
                    by=web.user(),
                    now=room.now,
                )
                db.session.commit()
                flash(_("The receipt is kept, and the bid is locked."), "success")
                return web.back_to("staff.tenders.package.show", tender_id=tender_id, _anchor="kvitto")
        room = open_room(tender_id)
    return _page(room, receipt_form=form)


@bp.post("/kvitto/<int:receipt_id>/dra-tillbaka")
def withdraw(tender_id: int, receipt_id: int) -> ResponseReturnValue:
    """Note that the bid was taken back in the buyer's system."""
    room, form = open_for_change(tender_id, Act.SUBMIT), WithdrawForm()
    if form.validate_on_submit():
        with web.refusals(form):
            bid = bid_in(room)
            receipt = queries.receipt_of(bid, receipt_id)
            actions.withdraw(bid, receipt, form.because.data or "", by=web.user(), now=room.now)
            db.session.commit()
            flash(_("Noted. The bid can be changed again."), "success")
            return web.back_to("staff.tenders.package.show", tender_id=tender_id, _anchor="kvitto")
        room = open_room(tender_id)
    return _page(room, withdraw_form=form)


@bp.get("/kvitto/<int:receipt_id>/fil")
def read_receipt(tender_id: int, receipt_id: int) -> ResponseReturnValue:
    """The receipt itself."""
    receipt = queries.receipt_of(bid_in(open_room(tender_id)), receipt_id)
    return downloads.kept(files.read(receipt.file), receipt.file.name, receipt.file.media_type)
