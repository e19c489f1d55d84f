"""A person's webhooks: named, paused, let go on, and the log of what has been sent."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock
from app.accounts.models import Seat
from app.db import db
from app.hooks import actions, queries
from app.hooks.models import Webhook
from app.pages import web
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectMultipleField
from app.tokens.queries import seat_of

bp = Blueprint("hooks", __name__, url_prefix="/webhookar")
KINDS = {
    "order.placed": _l("An order is placed"),
    "order.accepted": _l("A member takes on a part of it"),
    "order.changed": _l("An order is changed or called off"),
    "order.question": _l("A member asks you something"),
    "order.delivered": _l("A part is delivered"),
    "order.invoiced": _l("The invoice is there"),
    "order.credited": _l("Something is credited"),
    "order.complaint": _l("A complaint is made or decided"),
    "assignment.offered": _l("You are offered work"),
    "assignment.accepted": _l("You have said yes"),
    "assignment.declined": _l("You have said no"),
    "assignment.changed": _l("The quantity is another"),
    "assignment.withdrawn": _l("The work has gone to somebody else"),
    "assignment.called_off": _l("The customer has called it off"),
    "assignment.delivered": _l("You have delivered"),
    "test": _l("A test"),
}
ACTS = {
    "paus": (actions.pause, _l("The webhook is paused. What waits is kept.")),
    "fortsatt": (actions.resume, _l("The webhook goes on.")),
}


class HookForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A new webhook."""

    address = StringField(_l("Address"), [InputRequired(_l("Write the address of your server.")), Length(max=500)])
    kinds = SelectMultipleField(
        _l("What do you want to know?"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, seat: Seat, **options: object) -> None:
        super().__init__(**options)
        self.kinds.choices = listed((kind, KINDS[kind]) for kind in actions.kinds_for(seat))
        if not self.is_submitted() or options:
            self.kinds.data = list(actions.kinds_for(seat))


@bp.route("", methods=["GET"])
def index() -> ResponseReturnValue:
    """The person's webhooks, and the form for a new one."""
    return _page(HookForm(_seat(), formdata=None))


@bp.route("", methods=["POST"])
def add() -> ResponseReturnValue:
    """Name an address. The secret stands in this answer, and on no page."""
    seat = _seat(lock=True)
    form = HookForm(seat)
    if form.validate_on_submit():
        with web.refusals(form):
            hook = actions.add(
                seat, web.given(form.address.data), form.kinds.data or [], by=web.user(), now=clock.now()
            )
            secret = hook.secret
            db.session.commit()
            return _page(HookForm(_seat(), formdata=None), secret)
    return _page(form)


@bp.route("/<int:hook_id>", methods=["GET"])
def show(hook_id: int) -> ResponseReturnValue:
    """One webhook, and its log."""
    hook = queries.hook_of(_seat(), hook_id)
    leaf = queries.log_of(hook, web.number_asked_for("sida") or 1)
    return render_template(
        "account/hook.html",
        hook=hook,
        leaf=leaf,
        kinds=KINDS,
        page_url=lambda number: url_for(".show", hook_id=hook_id, sida=number),
    )


@bp.route("/<int:hook_id>/<any(paus,fortsatt):act>", methods=["POST"])
def change(hook_id: int, act: str) -> ResponseReturnValue:
    """Pause it, or let it go on."""
    do, said = ACTS[act]
    do(_own(hook_id), by=web.user(), now=clock.now())
    db.session.commit()
    flash(str(said), "success")
    return web.back_to(".show", hook_id=hook_id)


@bp.route("/<int:hook_id>/prova", methods=["POST"])
def test(hook_id: int) -> ResponseReturnValue:
    """Send something that means nothing."""
    actions.test(_own(hook_id), now=clock.now())
    db.session.commit()
    flash(_("The test is on its way. See in the log how it went."), "success")
    return web.back_to(".show", hook_id=hook_id)


@bp.route("/<int:hook_id>/meddelanden/<int:message_id>/igen", methods=["POST"])
def send_again(hook_id: int, message_id: int) -> ResponseReturnValue:
    """Send a message once more."""
    hook = _own(hook_id)
    actions.send_again(queries.message_of(hook, message_id), hook)
    db.session.commit()
    flash(_("It is sent once more."), "success")
    return web.back_to(".show", hook_id=hook_id)


@bp.route("/<int:hook_id>/bort", methods=["POST"])
def remove(hook_id: int) -> ResponseReturnValue:
    """Forget it, with its log."""
    actions.remove(_own(hook_id), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The webhook is taken away."), "success")
    return web.back_to(".index")


def _seat(*, lock: bool = False) -> Seat:
    viewer = web.viewer()
    return seat_of(web.user(), viewer.member, viewer.customer, lock=lock)


def _own(hook_id: int) -> Webhook:
    return queries.hook_of(_seat(), hook_id, lock=True)


def _page(form: HookForm, secret: str = "") -> ResponseReturnValue:
    hooks = queries.hooks_of(_seat())
    page = render_template("account/hooks.html", form=form, hooks=hooks, secret=secret, kinds=KINDS)
    return page, web.status(form)
