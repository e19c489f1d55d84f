"""How the member's goods reach customers: it delivers, another member carries, or the customer collects."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app import clock
from app.catalog import review
from app.db import db
from app.members.models import Member
from app.orders.delivery import terms, ways_of
from app.orders.delivery.models import DeliveryWay
from app.orders.delivery.ways import WayKind
from app.pages import doors, web
from app.pages.member.way_forms import DAYS, CarriedForm, form_for
from app.pages.plain_fields import RadioField

ANY = "any"


class OnlyForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """In which way it comes."""

    kind = RadioField(_l("How does it come?"))

    def __init__(self, now: WayKind | None) -> None:
        super().__init__(data={"kind": now.value if now else ANY})
        self.kind.choices = [
            (ANY, _l("In all the ways that you have")),
            (WayKind.COLLECT.value, _l("It can only be collected")),
            (WayKind.OWN.value, _l("Only you deliver it, and it is never collected")),
        ]


bp = Blueprint("ways", __name__, url_prefix="/leverans")
KINDS = {"egen": WayKind.OWN, "annan": WayKind.CARRIED, "hamta": WayKind.COLLECT}


@bp.route("")
def index() -> ResponseReturnValue:
    """What has been said."""
    return render_template(
        "member/ways.html",
        ways=[(row, row.terms, ways_of.place_words(row)) for row in ways_of.rows_of(doors.member())],
        carriers=ways_of.carriers_for(doors.member()),
        days=DAYS,
        full=len(ways_of.rows_of(doors.member())) >= terms.MOST_WAYS,
    )


@bp.route("/ny/<any(egen,annan,hamta):kind>", methods=["GET", "POST"])
def new(kind: str) -> ResponseReturnValue:
    """One more way."""
    return _edit(doors.member(), None, KINDS[kind])


@bp.route("/<int:way_id>", methods=["GET", "POST"])
def change(way_id: int) -> ResponseReturnValue:
    """Say one otherwise; what customers were promised stands."""
    member = doors.member()
    row = ways_of.way_of(member, way_id, lock=web.changing())
    return _edit(member, row, row.kind)


@bp.route("/<int:way_id>/bort", methods=["POST"])
def remove(way_id: int) -> ResponseReturnValue:
    """No longer so."""
    terms.remove_way(ways_of.way_of(doors.member(), way_id, lock=True), by=doors.actor(), now=clock.now())
    db.session.commit()
    flash(_("Taken away. Orders that are placed stand."), "success")
    return web.back_to(".index")


@bp.route("/artikel/<int:offering_id>", methods=["GET", "POST"])
def only(offering_id: int) -> ResponseReturnValue:
    """Something that comes in one way only."""
    offering = review.offering_of(web.member(), offering_id, lock=web.changing())
    form, back = OnlyForm(terms.only_of(offering)), url_for("member.offerings.edit", offering_id=offering_id)
    if form.validate_on_submit():
        with web.refusals(form):
            kind = None if form.kind.data == ANY else WayKind(form.kind.data)
            terms.set_only(offering, kind, by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Saved. It holds for orders from now on."), "success")
            return web.back_to("member.offerings.edit", offering_id=offering_id)
    offering = review.offering_of(web.member(), offering_id)
    return render_template("member/only_way.html", form=form, offering=offering, back=back), web.status(form)


def _edit(member: Member, row: DeliveryWay | None, kind: WayKind) -> ResponseReturnValue:
    carriers = {str(one.id): one for one in ways_of.carriers_for(member)} if kind == WayKind.CARRIED else {}
    form = form_for(kind, member, list(carriers.values()), row)
    shown = web.Shown.of(row.terms, row.workplace_id, row.carrier_id) if row else web.Shown.of()
    if form.validate_on_submit():
        with web.refusals(form):
            carrier = carriers.get(form.carrier.data) if isinstance(form, CarriedForm) else None
            shown.check()
            place, agreed, by = form.place(member), form.terms(), doors.actor()
            terms.set_way(member, row, kind, agreed, workplace=place, carrier=carrier, by=by, now=clock.now())
            db.session.commit()
            flash(_("Saved. It holds for orders from now on."), "success")
            return web.back_to(".index")
    page = render_template("member/way.html", form=form, kind=kind, shown=shown, back=url_for(".index"))
    return page, web.status(form)
