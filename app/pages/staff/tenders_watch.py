"""What we look for among tenders: the daily list, the profiles behind it, and who gets it by letter."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock
from app.db import db
from app.pages import web
from app.pages.bid_fields import MoneyField, Needed, Positive, at_most, line
from app.pages.plain_fields import SelectMultipleField
from app.pages.staff.tenders_room import days_left, may_sell
from app.tenders.watching import actions, queries
from app.tenders.watching.actions import ProfileFacts
from app.tenders.watching.models import TenderProfile
from app.tenders.watching.whereabouts import counties

bp = Blueprint("watch", __name__, url_prefix="/bevakning")
bp.before_request(web.sales_decide)


class ProfileForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What to look for. What is left empty narrows nothing."""

    name = line(_l("The profile's name"), 100, Needed(_l("Write a name, such as Cleaning in the west.")))
    words = TextAreaField(_l("Words"), [Optional(), at_most(4000)])
    cpv = line(_l("CPV codes"), 1000, Optional())
    counties = SelectMultipleField(
        _l("Counties"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), choices=[]
    )
    least = MoneyField(_l("Smallest value, kronor"), [Optional(), Positive()])
    most = MoneyField(_l("Largest value, kronor"), [Optional(), Positive()])
    only_reserved = BooleanField(_l("Only reserved tenders"))

    def __init__(self, profile: TenderProfile | None = None) -> None:
        """As the profile has it."""
        lists = {"cpv": profile.cpv.replace(",", ", "), "counties": profile.counties.split(",")} if profile else {}
        plain = ("name", "words", "least", "most", "only_reserved") if profile else ()
        super().__init__(data=lists | {name: getattr(profile, name) for name in plain})
        self.counties.choices = list(counties().items())

    def facts(self) -> ProfileFacts:
        """What was typed."""
        return ProfileFacts(
            name=self.name.data or "",
            words=self.words.data or "",
            cpv=self.cpv.data or "",
            counties=tuple(self.counties.data or ()),
            least=self.least.data,
            most=self.most.data,
            only_reserved=self.only_reserved.data,
        )


@bp.get("")
def index() -> ResponseReturnValue:
    """What has been found and can still be bid for, the newest first, and the profiles."""
    now, profile_id = clock.now(), request.args.get("profil", 0, type=int)
    hits = queries.open_hits(now, profile_id or None, request.args.get("sida", 1, type=int))
    return render_template(
        "staff/tenders/watch.html",
        hits=hits,
        days={hit.tender_id: days_left(hit.tender, now) for hit in hits.rows},
        profiles=queries.profiles(),
        chosen=profile_id,
        counties=counties(),
        viewer_id=web.user().id,
        may_sell_here=may_sell(),
        address=lambda number: url_for(".index", profil=profile_id or None, sida=number),
    )


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Begin a profile."""
    web.sales_only()
    form = ProfileForm()
    if form.validate_on_submit():
        with web.refusals(form):
            profile = actions.begin(form.facts(), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The profile is saved. What is open now is being looked through."), "success")
            return web.back_to(".index", profil=profile.id)
    return render_template("staff/tenders/watch_profile.html", form=form, profile=None), web.status(form)


@bp.route("/<int:profile_id>", methods=["GET", "POST"])
def edit(profile_id: int) -> ResponseReturnValue:
    """Look for something else."""
    web.sales_only()
    profile = queries.profile_with(profile_id, lock=request.method == "POST")
    form, shown = ProfileForm(profile), _shown(profile)
    if form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            actions.change(profile, form.facts(), by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The profile is saved. What is open now is being looked through."), "success")
            return web.back_to(".index", profil=profile_id)
    profile = queries.profile_with(profile_id)
    page = render_template("staff/tenders/watch_profile.html", form=form, profile=profile, shown=shown)
    return page, web.status(form)


@bp.post("/<int:profile_id>/ta-bort")
def remove(profile_id: int) -> ResponseReturnValue:
    """Look for it no longer."""
    actions.remove(queries.profile_with(profile_id, lock=True), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The profile is taken away. The tenders it found are still there."), "success")
    return web.back_to(".index")


@bp.post("/<int:profile_id>/brev")
def letter(profile_id: int) -> ResponseReturnValue:
    """Get the daily list by letter."""
    actions.send_to(queries.profile_with(profile_id, lock=True), web.user(), now=clock.now())
    db.session.commit()
    return web.back_to(".index", _anchor="profiler")


@bp.post("/<int:profile_id>/inget-brev")
def no_letter(profile_id: int) -> ResponseReturnValue:
    """Get it no longer."""
    actions.send_no_more(queries.profile_with(profile_id, lock=True), web.user(), now=clock.now())
    db.session.commit()
    return web.back_to(".index", _anchor="profiler")


def _shown(profile: TenderProfile) -> web.Shown:
    return web.Shown.of(profile.name, str(profile.revision))
