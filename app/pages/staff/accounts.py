"""What the pages of members, customers and staff have in common: inviting people, closing and opening accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash
from flask_babel import gettext as _

from app import clock
from app.accounts import actions
from app.accounts.models import User
from app.db import db
from app.pages import web
from app.pages.organisation_forms import InvitationForm

ACTS: dict[str, Callable[..., Any]] = {"stang": actions.close_account, "oppna": actions.reopen_account}


def invite(form: InvitationForm, *, organisation: str, **place: Any) -> bool:
    """Invite whom the form names; `place` is roles, member_id or customer_id. False when the form says no."""
    if not form.validate_on_submit():
        return False
    with web.refusals(form):
        name, email = web.given(form.person.data), web.given(form.address.data)
        user = actions.invite(email, name, organisation=organisation, **place, by=web.user(), now=clock.now())
        db.session.commit()
        flash(_told(user), "success")
        return True
    return False


def change(user: User, act: str, *, organisation: str, **place: Any) -> None:
    """Close or open an account, or write to its owner once more. The caller has made sure whose it is."""
    sentences = {
        "stang": _("The account of %(name)s is closed. Nobody can sign in with it.", name=user.name),
        "oppna": _("The account of %(name)s is open again.", name=user.name),
        "inbjudan": _("A new letter is on its way to %(email)s.", email=user.email),
    }
    if act == "stang" and len(user.seats) > 1:
        actions.take_seat_away(user, **place, by=web.user(), now=clock.now())
        sentences[act] = _("%(name)s no longer acts for %(organisation)s.", name=user.name, organisation=organisation)
    elif act == "inbjudan":
        place = {"organisation": organisation, **place}
        actions.invite(user.email, user.name, **place, by=web.user(), now=clock.now())
    else:
        ACTS[act](user, by=web.user(), now=clock.now())
    db.session.commit()
    flash(sentences[act], "success")


def _told(user: User) -> str:
    if user.password is None:
        return str(_("A letter with a link to choose a password is on its way to %(email)s.", email=user.email))
    return str(_("%(name)s has an account already, and can now act here too. A letter says so.", name=user.name))
