"""Files that go with an order's invoice, such as a time sheet."""

from __future__ import annotations

from contextlib import closing

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length

from app import clock
from app.db import db
from app.invoicing.attaching import actions
from app.invoicing.attaching import queries as attaching
from app.invoicing.attaching.checking import LARGEST, checked
from app.orders import queries
from app.orders.models import Order
from app.pages import downloads, web

bp = Blueprint("order_files", __name__, url_prefix="/bestallningar/<int:number>/bilagor")


class FileForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """One more file."""

    file = FileField(_l("The file: PDF, PNG, JPEG, xlsx or csv, at most 5 MB"), [FileRequired(_l("Choose a file."))])
    about = StringField(
        _l("What it shows"), [Length(max=100)], description=_l("Stands on the invoice beside its name.")
    )


@bp.get("")
def show(number: int) -> ResponseReturnValue:
    """What lies there, and a form for more."""
    return _page(queries.order_numbered(number), FileForm(formdata=None))


def _page(order: Order, form: FileForm) -> ResponseReturnValue:
    page = render_template(
        "staff/order_files.html",
        order=order,
        attached=attaching.attached_to(order),
        most=actions.MOST,
        form=form,
        may_change=not web.viewer().roles.isdisjoint(("sales", "admin")),
    )
    return page, web.status(form)


@bp.post("")
def add(number: int) -> ResponseReturnValue:
    """Lay a file with the order."""
    web.sales_only()
    form = FileForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with closing(form.file.data) as came:
                one = checked(came.read(LARGEST + 1), came.filename or "")  # before anything is held
            order = queries.order_numbered(number, lock=True)
            actions.attach(order, one, " ".join((form.about.data or "").split()), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The file goes with the next invoice of this order."), "success")
            return web.back_to(".show", number=number)
    return _page(queries.order_numbered(number), form)


@bp.post("/<int:attachment_id>/ta-bort")
def take_away(number: int, attachment_id: int) -> ResponseReturnValue:
    """Take one away again."""
    web.sales_only()
    order = queries.order_numbered(number, lock=True)
    actions.take_away(order, attaching.attachment_of(order, attachment_id), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The file is taken away."), "success")
    return web.back_to(".show", number=number)


@bp.get("/<int:attachment_id>")
def file(number: int, attachment_id: int) -> ResponseReturnValue:
    """One of them."""
    return downloads.stored(attaching.attachment_of(queries.order_numbered(number), attachment_id).file)
