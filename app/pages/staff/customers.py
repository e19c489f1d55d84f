"""The customers: who they are, where they want things delivered, and who of them may order."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.accounts import queries as people
from app.catalog.pricing import queries as price_queries
from app.customers import actions, groups, queries
from app.customers.models import Customer, CustomerKind
from app.db import db
from app.orders import routing_queries
from app.pages import limit_words, price_forms, web
from app.pages.customer_forms import KINDS, RHYTHMS, ROUTES, CustomerForm, SiteForm
from app.pages.organisation_forms import InvitationForm, refusals
from app.pages.routing_forms import WISHES
from app.pages.staff import accounts

bp = Blueprint("customers", __name__, url_prefix="/kunder")


@bp.before_request
def _sales_change() -> None:
    """Finance may read, but sales change."""
    if request.method == "POST" or (request.endpoint or "").endswith((".new", ".change", ".new_site", ".change_site")):
        web.sales_only()


@bp.route("")
def index() -> ResponseReturnValue:
    """All customers, or those that a search finds."""
    text = " ".join(request.args.get("q", "").replace("\0", "").split())[:100]
    chosen = request.args.get("sort", "")
    kind = CustomerKind(chosen) if chosen in set(CustomerKind) else None
    page = queries.customer_page(text, kind, request.args.get("sida", 1, type=int))
    return render_template(
        "staff/customers.html",
        page=page,
        text=text,
        kind=kind,
        kinds=KINDS,
        address=lambda n: url_for(".index", q=text or None, sort=kind and kind.value, sida=n),
    )


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Enter a customer."""
    form = CustomerForm(kind=CustomerKind.COMPANY if request.method == "GET" else None)
    if form.validate_on_submit():
        with refusals(form):
            customer = actions.enter_customer(form.facts(), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The customer is saved. Now add where to deliver, and invite who may order."), "success")
            return web.back_to(".show", customer_id=customer.id)
    return render_template("staff/customer_form.html", form=form, customer=None, shown=None), web.status(form)


@bp.route("/<int:customer_id>")
def show(customer_id: int) -> ResponseReturnValue:
    """One customer."""
    return _page(customer_id, InvitationForm(formdata=None))


@bp.route("/<int:customer_id>/andra", methods=["GET", "POST"])
def change(customer_id: int) -> ResponseReturnValue:
    """Change what is known of a customer."""
    customer = queries.customer_with(customer_id, lock=request.method == "POST")
    form = CustomerForm.showing(customer)
    shown = form.seen(customer)
    if form.validate_on_submit():
        with refusals(form):
            shown.check()
            actions.change_customer(customer, form.facts(), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("Saved."), "success")
            return web.back_to(".show", customer_id=customer_id)
    customer = queries.customer_with(customer_id)
    if shown.changed:
        form.stand_beside(customer)
    page = render_template("staff/customer_form.html", form=form, customer=customer, shown=shown)
    return page, web.status(form)


@bp.route("/<int:customer_id>/platser/ny", methods=["GET", "POST"])
def new_site(customer_id: int) -> ResponseReturnValue:
    """Add a place to deliver to."""
    customer, form = queries.customer_with(customer_id), SiteForm()
    if form.validate_on_submit():
        with web.refusals(form):
            site = actions.add_site(customer, form.facts(), by=web.user(), now=clock.now())
            return _site_saved(customer_id, site.name)
    return _site_page(form, queries.customer_with(customer_id))


@bp.route("/<int:customer_id>/platser/<int:site_id>", methods=["GET", "POST"])
def change_site(customer_id: int, site_id: int) -> ResponseReturnValue:
    """Change a place."""
    site = queries.site_of(queries.customer_with(customer_id, lock=request.method == "POST"), site_id)
    form = SiteForm.showing(site)
    shown = form.seen(site)
    if form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            actions.change_site(site, form.facts(), by=web.user(), now=clock.now())
            return _site_saved(customer_id, site.name)
    customer = queries.customer_with(customer_id)
    if shown.changed:
        form.stand_beside(queries.site_of(customer, site_id))
    return _site_page(form, customer, site_id, shown)


@bp.route("/<int:customer_id>/platser/<int:site_id>/bort", methods=["POST"])
def remove_site(customer_id: int, site_id: int) -> ResponseReturnValue:
    """Take away a place that is no longer used."""
    site = queries.site_of(queries.customer_with(customer_id), site_id)
    actions.remove_site(site, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The place is taken away. Orders that are placed keep its address."), "success")
    return web.back_to(".show", customer_id=customer_id)


@bp.route("/<int:customer_id>/personer", methods=["POST"])
def invite(customer_id: int) -> ResponseReturnValue:
    """Open an account for somebody who may order."""
    customer, form = queries.customer_with(customer_id), InvitationForm()
    if accounts.invite(form, organisation=customer.name, customer_id=customer_id):
        return web.back_to(".show", customer_id=customer_id)
    return _page(customer_id, form)


@bp.route("/<int:customer_id>/personer/<int:user_id>/<any(stang,oppna,inbjudan):act>", methods=["POST"])
def change_person(customer_id: int, user_id: int, act: str) -> ResponseReturnValue:
    """Close an account, open it again, or send the invitation once more."""
    customer = queries.customer_with(customer_id)
    user = people.person_of(user_id, customer_id=customer_id)
    accounts.change(user, act, organisation=customer.name, customer_id=customer_id)
    return web.back_to(".show", customer_id=customer_id)


def _page(customer_id: int, invitation: InvitationForm) -> ResponseReturnValue:
    customer = queries.customer_with(customer_id)
    page = render_template(
        "staff/customer.html",
        customer=customer,
        invitation=invitation,
        people=people.people_of(customer_id=customer_id),
        kinds=KINDS,
        rhythms=RHYTHMS,
        routes=ROUTES,
        wishes=routing_queries.wishes_of(customer),
        wish_words=WISHES,
        **_prices(customer),
        purchases=limit_words.purchases_of(customer),
        limit_levels=limit_words.LEVELS,
    )
    return page, web.status(invitation)


def _prices(customer: Customer) -> dict[str, Any]:
    """Which lists and groups decide what the customer pays."""
    return {
        "price_lists": price_queries.lists_of(customer),
        "customer_groups": groups.groups_of(customer),
        "list_kinds": price_forms.SHORT_KINDS,
        "list_states": price_forms.STATES,
    }


def _site_saved(customer_id: int, name: str) -> ResponseReturnValue:
    db.session.commit()
    flash(_("%(place)s is saved.", place=name), "success")
    return web.back_to(".show", customer_id=customer_id)


def _site_page(
    form: SiteForm, customer: Customer, site_id: int = 0, shown: web.Shown | None = None
) -> ResponseReturnValue:
    page = render_template("staff/site_form.html", form=form, customer=customer, site_id=site_id, shown=shown)
    return page, web.status(form)
