"""Members' papers: what runs out, what nobody has checked, and in which bids each is used."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from app import clock
from app.db import db
from app.errors import NotYours
from app.members.vault import actions, queries
from app.members.vault.standing import Standing
from app.pages import bid_fields, bid_words, downloads, web
from app.pages.bid_fields import Needed, at_most
from app.pages.paper_form import STANDINGS, RenewForm
from app.tenders import handing_in, paper_uses, word_files
from app.tenders.offers import kind_of

bp = Blueprint("vault", __name__, url_prefix="/handlingar")
bp.before_request(web.sales_decide)
SORTS = {
    "valid_to": _l("What runs out first"),
    "member": _l("Member"),
    "title": _l("Title"),
    "added": _l("Newest first"),
}
CHOSEN_STANDINGS = (Standing.RUNS_OUT, Standing.EXPIRED, Standing.FAULTY, Standing.NOT_YET, Standing.VALID)


class FaultForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What is wrong with a paper."""

    fault = TextAreaField(_l("What is wrong"), [Needed(_l("Write what is wrong.")), at_most(500)])


@bp.get("")
def index() -> ResponseReturnValue:
    """All members' papers, narrowed and sorted."""
    today, asked = clock.local_date(clock.now()), _asked()
    needs = next((one for one in CHOSEN_STANDINGS if one == asked["gar_ut"]), None)
    papers = queries.search(
        today,
        words=asked["q"],
        kind=asked["typ"],
        needs=needs,
        unchecked=bool(asked["okontrollerade"]),
        sort=asked["ordning"],
        number=request.args.get("sida", 1, type=int),
    )
    return render_template(
        "staff/vault.html",
        papers=papers,
        in_word=word_files.of_documents(held.document.id for held in papers.rows if held.document.file_id is None),
        uses=paper_uses.uses_of([held.document.id for held in papers.rows]),
        counts=queries.counts(today),
        unchecked=queries.unchecked(),
        asked=asked,
        sorts=SORTS,
        choices=CHOSEN_STANDINGS,
        standings=STANDINGS,
        kinds=bid_words.DOCUMENTS,
        kind_of=kind_of,
        address=lambda number: _address(asked, number),
    )


def _address(asked: dict[str, str], number: int) -> str:
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return url_for(".index", **kept, sida=number)


def _asked() -> dict[str, str]:
    """The controls of the search as the address has them."""
    names = ("q", "typ", "gar_ut", "okontrollerade", "ordning")
    return {name: request.args.get(name, "").strip()[:100] for name in names}


@bp.get("/<int:document_id>")
def show(document_id: int) -> ResponseReturnValue:
    """One paper."""
    return _page(document_id)


def _page(document_id: int, form: FaultForm | None = None) -> ResponseReturnValue:
    document = queries.any_document(document_id)
    line, today = queries.line_of(document), clock.local_date(clock.now())
    page = render_template(
        "staff/vault_paper.html",
        document=document,
        word=word_files.of_document(document),
        standing=queries.standing_of(document, today, is_replaced=line[0].id != document.id),
        line=line,
        uses=paper_uses.uses_of([each.id for each in line]),
        kind=bid_words.DOCUMENTS[kind_of(document.kind)],
        standings=STANDINGS,
        words=bid_words,
        form=form or FaultForm(formdata=None),
    )
    return page, 422 if form is not None else 200


@bp.post("/<int:document_id>/ratt")
def find_right(document_id: int) -> ResponseReturnValue:
    """Somebody has read it, and it is right."""
    actions.find_right(queries.any_document(document_id, lock=True), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The document is checked."), "success")
    return web.back_to(".show", document_id=document_id)


@bp.post("/<int:document_id>/fel")
def find_wrong(document_id: int) -> ResponseReturnValue:
    """Something is wrong with it."""
    document, form = queries.any_document(document_id, lock=True), FaultForm()
    if form.validate_on_submit():
        with web.refusals(form):
            actions.find_wrong(document, form.fault.data or "", by=web.user(), now=clock.now())
            db.session.commit()
            flash(_("The member sees what is wrong. No new bid takes the document."), "success")
            return web.back_to(".show", document_id=document_id)
    return _page(document_id, form)


@bp.route("/<int:document_id>/fornya", methods=["GET", "POST"])
def renew(document_id: int) -> ResponseReturnValue:
    """Lay a newer one in its place, as for a member that has sent it by post."""
    web.sales_only()
    older = queries.any_document(document_id, lock=request.method == "POST")
    form = RenewForm(older)
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.file)
            if upload is not None:
                newer = handing_in.renew(older, form.paper(), upload, by=web.user(), now=clock.now())
                db.session.commit()
                flash(_("The new one is used from now on. Bids that were handed in keep the older one."), "success")
                return web.back_to(".show", document_id=newer.id)
    older = queries.any_document(document_id)
    return render_template("staff/vault_form.html", form=form, older=older), web.status(form)


@bp.post("/<int:document_id>/igen")
def convert_again(document_id: int) -> ResponseReturnValue:
    """Let a worker try once more to make a PDF of the Word file."""
    word_files.try_again(word_files.of_document(queries.any_document(document_id, lock=True)))
    db.session.commit()
    return web.back_to(".show", document_id=document_id)


@bp.get("/<int:document_id>/fil")
def read(document_id: int) -> ResponseReturnValue:
    """The file itself."""
    document = queries.any_document(document_id)
    if document.file is None:
        raise NotYours
    return downloads.stored(document.file)
