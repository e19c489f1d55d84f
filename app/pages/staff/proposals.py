"""The inbox of the catalogue: what members propose and wish, leafed through, and staff's word on what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import catalogflow, clock, cpv, shelf
from app.catalog import actions, kind_checks, review
from app.catalog.changing import inbox
from app.catalog.changing import queries as change_queries
from app.catalog.drafts import draft_of, margin
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.rows import must_be
from app.catalog.versions import mark_of
from app.db import db
from app.errors import Refused
from app.pages import change_words, web
from app.pages.article_forms import ApproveForm, ReasonForm
from app.pages.kind_fields import NAMES
from app.pages.staff import pictures

bp = Blueprint("proposals", __name__, url_prefix="/katalog/forslag")
bp.before_request(web.sales_decide)

MOST_TOGETHER = 50
KEPT = ("hog", "medlem", "sida")
"""What of the inbox's address goes along, so that one comes back to where one was."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with its forms."""

    offering: Offering
    yes: ApproveForm | None
    """None where there is nothing to fill in: one more is to make what we sell already."""
    no: ReasonForm
    mark: str
    """Names what was read, and is sent back with the answer."""

    @property
    def key(self) -> str:
        """Tells its fields from those of the others on the page."""
        return f"{self.offering.id}"

    @property
    def waits(self) -> bool:
        """Whether anything is left to decide."""
        states = {self.offering.state} if self.yes is None else {self.offering.state, self.offering.article.state}
        return states == {ApprovalState.PROPOSED}


@bp.route("")
def index() -> ResponseReturnValue:
    """What is proposed or wished and nobody has decided yet, all of it or one heap, of all members or of one."""
    heap, member_id = request.args.get("hog", ""), web.number_asked_for("medlem")
    if heap and heap not in inbox.HEAPS:
        abort(404)
    wanted = [heap] if heap else [one for one in inbox.HEAPS if one != inbox.RETURNED]
    number = max(1, min(request.args.get("sida", 1, type=int), 1000)) if heap else 1
    size = inbox.ROWS if heap else inbox.FEW
    pages = {one: inbox.page(one, member_id, number, size) for one in wanted}
    return render_template(
        "staff/catalog_inbox.html",
        heap=heap,
        pages=pages,
        shown={one: [_shown(row) for row in pages[one].rows] for one in wanted if one in inbox.PROPOSED},
        members=inbox.members(wanted),
        member_id=member_id,
        counts=change_queries.waiting(),
        waiting_pictures=pictures.waiting_count(),
        stay=_staying(),
        all_chosen="alla" in request.args,
        **_words(),
    )


@bp.route("/artikel/<int:article_id>")
def show_article(article_id: int) -> ResponseReturnValue:
    """One proposed article."""
    return _page(_shown(review.proposal_for(article_id)))


@bp.route("/erbjudande/<int:offering_id>")
def show_offering(offering_id: int) -> ResponseReturnValue:
    """One proposed offering."""
    return _page(_shown(review.proposal(offering_id)))


@bp.post("/artikel/<int:article_id>/ja")
def approve_article(article_id: int) -> ResponseReturnValue:
    """Yes to an article and its proposer's offering, at a price."""
    offering, form = review.proposal_for(article_id, lock=True), ApproveForm()
    article = offering.article
    _must_be_read(offering, article)
    if form.validate_on_submit():
        code = form.cpv.data or (None if form.cpv.raw_data else article.cpv)
        if form.tell(actions.hindrances(article, form.price.data, code)):
            catalogflow.approve_article(article, form.price.data, code, by=web.user(), now=clock.now())
            return _done(_("%(article)s is in the catalogue.", article=article.name))
    return _page(_shown(offering, yes=form))


@bp.post("/artikel/<int:article_id>/nej")
def decline_article(article_id: int) -> ResponseReturnValue:
    """No to an article, with a reason."""
    offering, form = review.proposal_for(article_id, lock=True), ReasonForm()
    _must_be_read(offering, offering.article)
    if not form.validate_on_submit():
        return _page(_shown(offering, no=form))
    catalogflow.decline_article(offering.article, form.reason.data or "", by=web.user(), now=clock.now())
    return _done(_("The proposal is declined, and the member can read why."))


@bp.post("/erbjudande/<int:offering_id>/ja")
def approve_offering(offering_id: int) -> ResponseReturnValue:
    """Yes to one more member that makes an article."""
    offering = review.proposal(offering_id, lock=True)
    _must_be_read(offering, offering)
    catalogflow.approve_offering(offering, by=web.user(), now=clock.now())
    return _done(_("%(member)s makes %(article)s.", member=offering.member.name, article=offering.article.name))


@bp.post("/erbjudande/<int:offering_id>/nej")
def decline_offering(offering_id: int) -> ResponseReturnValue:
    """No to an offering, with a reason."""
    offering, form = review.proposal(offering_id, lock=True), ReasonForm()
    _must_be_read(offering, offering)
    if not form.validate_on_submit():
        return _page(_shown(offering, no=form))
    catalogflow.decline_offering(offering, form.reason.data or "", by=web.user(), now=clock.now())
    return _done(_("The proposal is declined, and the member can read why."))


@bp.post("/valda/ja")
def approve_chosen() -> ResponseReturnValue:
    """Yes to several of one member's proposals; those that cannot be approved stay, and their names are told."""
    marks = dict(one.split("-", 1) for one in request.form.getlist("chosen") if "-" in one)
    ids = {int(key): mark for key, mark in marks.items() if key.isdecimal() and len(key) <= 10}
    if not ids:
        raise Refused("Välj minst ett förslag. Inget är godkänt.")
    if len(ids) > MOST_TOGETHER:
        raise Refused(f"Välj högst {MOST_TOGETHER} förslag åt gången. Inget är godkänt.")
    offerings = review.proposals([one for one in ids if one <= web.LARGEST_ID], lock=True)
    if len({one.member_id for one in offerings}) != 1 or len(offerings) != len(ids):
        raise Refused("Välj förslag från en medlem i taget. Inget är godkänt.")
    read = [one for one in offerings if one.state != ApprovalState.PROPOSED or mark_of(one) == ids[one.id]]
    stay = [*catalogflow.approve_together(read, by=web.user(), now=clock.now())]
    stay += [one.id for one in offerings if one not in read]
    approved = len(offerings) - len(stay)
    sentence = ngettext("%(num)d proposal is approved.", "%(num)d proposals are approved.", approved)
    return _done(sentence if approved else "", kvar=stay or None)


def _staying() -> list[tuple[Offering, str]]:
    """What was chosen and could not be approved, and why, as things stand now."""
    ids = [one for one in request.args.getlist("kvar", type=int) if 0 < one <= web.LARGEST_ID][:MOST_TOGETHER]
    return [(one, _hindrance(one)) for one in review.proposals(ids)] if ids else []


def _hindrance(offering: Offering) -> str:
    article, sentence = offering.article, _("The member had changed it since you opened the page. Read it again.")
    if offering.state != ApprovalState.PROPOSED:
        sentence = _("It does not wait any longer: somebody was first, or the member has taken it back.")
    elif article.state == ApprovalState.PROPOSED:
        sentence = " ".join(actions.hindrances(article, article.price, article.cpv).values()) or sentence
    elif article.state != ApprovalState.APPROVED:
        sentence = _("The article is not in the catalogue.")
    return str(sentence)


def _must_be_read(offering: Offering, subject: Article | Offering) -> None:
    """Raises Refused when somebody has decided, or when the member has written it anew since it was read."""
    must_be(subject, ApprovalState.PROPOSED)
    read = request.form.get("mark", "")
    if read and offering.state == ApprovalState.PROPOSED and read != mark_of(offering):
        raise Refused("Medlemmen har ändrat förslaget sedan du öppnade sidan. Inget är sparat. Läs det igen först.")


def _shown(offering: Offering, *, yes: ApproveForm | None = None, no: ReasonForm | None = None) -> Shown:
    article = offering.article
    if yes is None and (article.version == 0 and article.state != ApprovalState.APPROVED):
        yes = ApproveForm(formdata=None, price=article.price, cpv=article.cpv)
    made = Shown(offering, yes, no or ReasonForm(formdata=None), mark_of(offering))
    for form in filter(None, (made.yes, made.no)):
        form.tell_apart(made.key)
    return made


def _page(one: Shown) -> ResponseReturnValue:
    page = render_template("staff/proposal.html", one=one, **_words())
    return page, max(web.status(form) for form in (one.yes, one.no) if form)


def _words() -> dict[str, Any]:
    """What both pages need."""
    return {
        "kept": _kept(),
        "words": change_words,
        "margin": margin,
        "kinds": NAMES,
        "warnings": kind_checks.warnings,
        "draft_of": draft_of,
        "codes": cpv.builtin(),
        "request_address": lambda asked: url_for("staff.changes.show", request_id=asked.id),
    }


def _done(sentence: str, **values: object) -> ResponseReturnValue:
    db.session.commit()
    shelf.clear()
    if sentence:
        flash(sentence, "success")
    return web.back_to(".index", **_kept(), **values)


def _kept() -> dict[str, str]:
    return {name: request.args[name] for name in KEPT if request.args.get(name)}
