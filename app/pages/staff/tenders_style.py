"""The sales company's logo and colour, on the front page of every bid."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from app import clock, pictures
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.pages import bid_fields, web
from app.pages.bid_fields import Needed, line
from app.pages.staff.tenders_room import may_sell
from app.tenders import queries as tender_queries
from app.tenders.looks import actions, queries
from bids.look import GREEN

bp = Blueprint("style", __name__, url_prefix="/utseende")


class StyleForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Colour and logo."""

    colour = line(_l("Colour"), 7, Needed(_l("Write a colour.")))
    logo = FileField(_l("Logo: JPEG, PNG or WebP, at most 15 MB"))


@bp.get("")
def show() -> ResponseReturnValue:
    """What is chosen."""
    style = queries.style_of_house()
    return _page(StyleForm(formdata=None, data={"colour": style.colour if style else GREEN}))


@bp.post("")
def choose() -> ResponseReturnValue:
    """Another colour, or another logo."""
    web.sales_decide()
    form = StyleForm()
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.logo)
            logo = pictures.develop(upload.data) if upload else None
            actions.choose_style(_company(), form.colour.data, logo, by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Saved. Bids that are handed in keep the look they had."), "success")
            return web.back_to("staff.tenders.style.show")
    return _page(form)


@bp.post("/logotyp/ta-bort")
def remove_logo() -> ResponseReturnValue:
    """Print bids without a logo."""
    web.sales_decide()
    actions.remove_logo(_company(), by=web.user(), now=clock.now())
    db.session.commit()
    return web.back_to("staff.tenders.style.show")


def _company() -> Member:
    """Whose style it is. Raises Refused while the house has no sales company."""
    company = tender_queries.sales_company()
    if company is None:
        raise Refused(_("There is no sales company yet. Enter it among the members first."))
    return company


def _page(form: StyleForm) -> ResponseReturnValue:
    style = queries.style_of_house()
    logo = style.logo if style else None
    page = render_template(
        "staff/tenders/style.html",
        form=form,
        logo=pictures.address(logo, pictures.CARD) if logo else "",
        colour=style.colour if style else GREEN,
        may_change=may_sell(),
    )
    return page, web.status(form)
