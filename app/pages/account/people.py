"""Who acts for an organisation, and its contact's invitation to one more."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts import actions, queries
from app.customers.models import Customer
from app.db import db
from app.errors import NotYours
from app.members.models import Member
from app.pages import web
from app.pages.organisation_forms import InvitationForm

bp = Blueprint("people", __name__, url_prefix="/personer")


@bp.route("", methods=["GET"])
def index() -> ResponseReturnValue:
    """All of them."""
    return _page(InvitationForm(formdata=None))


@bp.route("", methods=["POST"])
def invite() -> ResponseReturnValue:
    """The contact invites somebody. Whether the address has an account already is told to its owner only."""
    form, organisation = InvitationForm(), _organisation()
    if form.validate_on_submit():
        with web.refusals(form):
            name, email = web.given(form.person.data), web.given(form.address.data)
            actions.invite_colleague(
                email,
                name,
                organisation=organisation.name,
                contact=organisation.email,
                **_seat(),
                by=web.user(),
                now=clock.now(),
            )
            db.session.commit()
            flash(_("A letter is on its way to %(email)s.", email=email.strip()), "success")
            return web.back_to(".index")
    return _page(form)


def _organisation() -> Member | Customer:
    viewer = web.viewer()
    found = viewer.member or viewer.customer
    if found is None:
        raise NotYours
    return found


def _seat() -> dict[str, int]:
    viewer = web.viewer()
    return {"member_id": viewer.member.id} if viewer.member else {"customer_id": _organisation().id}


def _page(form: InvitationForm) -> ResponseReturnValue:
    organisation = _organisation()
    page = render_template(
        "account/people.html",
        form=form,
        organisation=organisation,
        people=queries.people_of(**_seat()),
        may_invite=actions.is_contact(web.user(), organisation.email),
    )
    return page, web.status(form)
