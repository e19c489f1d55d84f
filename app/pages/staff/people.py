"""The sales company's own people: who has an account, with which role. For administrators only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from app.accounts import queries
from app.accounts.models import RoleName
from app.pages import web
from app.pages.bid_words import listed
from app.pages.company import Company
from app.pages.organisation_forms import InvitationForm
from app.pages.plain_fields import RadioField
from app.pages.staff import accounts

bp = Blueprint("people", __name__, url_prefix="/konton")

ROLES = {
    RoleName.SALES: _l("Sales: orders, catalogue, members, customers and bids"),
    RoleName.FINANCE: _l("Finance: sees everything, changes nothing that is sold"),
    RoleName.ADMIN: _l("Administrator: everything, also the accounts of staff"),
}
SHORT_ROLES = {
    RoleName.SALES: _l("Sales"),
    RoleName.FINANCE: _l("Finance"),
    RoleName.ADMIN: _l("Administrator"),
}


class StaffInvitationForm(InvitationForm):
    """Somebody who is to work here."""

    role = RadioField(_l("Role"), [InputRequired(_l("Choose one in the list."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = listed((role.value, words) for role, words in ROLES.items())


@bp.before_request
def _administrators_only() -> None:
    """The door below staff's own."""
    if RoleName.ADMIN not in web.viewer().roles:
        abort(403)


@bp.route("")
def index() -> ResponseReturnValue:
    """All accounts of staff."""
    return _page(StaffInvitationForm(formdata=None, role=RoleName.SALES))


@bp.route("", methods=["POST"])
def invite() -> ResponseReturnValue:
    """Open an account for a new colleague."""
    form = StaffInvitationForm()
    roles = (RoleName(form.role.data),) if form.role.data in set(RoleName) else ()
    if accounts.invite(form, organisation=Company().name, roles=roles):
        return web.back_to(".index")
    return _page(form)


@bp.route("/<int:user_id>/<any(stang,oppna,inbjudan):act>", methods=["POST"])
def change(user_id: int, act: str) -> ResponseReturnValue:
    """Close an account, open it again, or send the invitation once more."""
    user = queries.staff_member(user_id)
    roles = tuple(RoleName(name) for name in user.role_names)
    accounts.change(user, act, organisation=Company().name, roles=roles)
    return web.back_to(".index")


def _page(form: StaffInvitationForm) -> ResponseReturnValue:
    page = render_template("staff/people.html", form=form, people=queries.staff(), roles=SHORT_ROLES, me=web.user().id)
    return page, web.status(form)
