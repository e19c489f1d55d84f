"""Handlingar: the member's own papers, what runs out, and a new one with the telephone's camera."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, formats
from app.db import db
from app.errors import NotYours
from app.members.models import MemberDocument
from app.members.vault import queries
from app.pages import bid_fields, bid_words, downloads, web
from app.pages.paper_form import STANDINGS, PaperForm, RenewForm, said_of
from app.tenders import handing_in, paper_uses, word_files
from app.tenders.offers import kind_of
from app.tenders.queries import invitations_of

bp = Blueprint("vault", __name__, url_prefix="/handlingar")


@bp.get("")
def index() -> ResponseReturnValue:
    """What lies in the vault, what runs out first at the top."""
    today, kind = clock.local_date(clock.now()), request.args.get("typ", "")
    papers = queries.held_by(web.member(), today, kind=kind, number=request.args.get("sida", 1, type=int))
    in_word = word_files.of_documents(held.document.id for held in papers.rows if held.document.file_id is None)
    return render_template(
        "member/vault.html",
        papers=papers,
        in_word=in_word,
        being_made=sum(not word.has_failed for word in in_word.values()),
        counts=queries.counts(today, web.member()),
        kind_of=kind_of,
        kinds=bid_words.DOCUMENTS,
        standings=STANDINGS,
        chosen=kind,
        today=today,
        address=lambda number: url_for(".index", typ=kind or None, sida=number),
    )


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """One more paper."""
    invitations = invitations_of(web.member())
    form = PaperForm([(one.bid_id, one.bid.tender.title) for one in invitations if one.bid.is_draft])
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.file)
            if upload is not None:
                handing_in.hand_in(
                    web.member(), form.paper(), upload, for_bid=form.chosen_bid, by=web.user(), now=clock.now()
                )
                db.session.commit()
                flash(said_of(upload), "success")
                return web.back_to(".index")
    if request.method == "GET" and request.args.get("typ", "") in {str(kind) for kind in bid_words.DOCUMENTS}:
        form.kind.data = request.args["typ"]
    return render_template("member/vault_form.html", form=form, older=None), web.status(form)


@bp.get("/<int:document_id>")
def show(document_id: int) -> ResponseReturnValue:
    """One paper: how it stands, and in which bids it is used."""
    document = queries.document_of(web.member(), document_id)
    line = queries.line_of(document)
    today = clock.local_date(clock.now())
    later = line[: next(place for place, each in enumerate(line) if each.id == document.id)]
    begun = any(each.valid_from is None or each.valid_from <= today for each in later)
    standing = queries.standing_of(document, today, is_replaced=begun)
    return render_template(
        "member/vault_paper.html",
        document=document,
        word=word_files.of_document(document),
        standing=standing,
        line=line,
        uses=paper_uses.uses_of([document.id]).get(document.id, []),
        kind=bid_words.DOCUMENTS[kind_of(document.kind)],
        standings=STANDINGS,
        today=today,
    )


@bp.post("/<int:document_id>/igen")
def convert_again(document_id: int) -> ResponseReturnValue:
    """Let a worker try once more to make a PDF of the Word file."""
    word_files.try_again(word_files.of_document(queries.document_of(web.member(), document_id, lock=True)))
    db.session.commit()
    return web.back_to(".show", document_id=document_id)


def _thanks(newer: MemberDocument) -> str:
    if newer.valid_from is not None and newer.valid_from > clock.local_date(clock.now()):
        day = formats.day(newer.valid_from)
        return str(_("Thank you! The new one is used from %(day)s. Until then the older one holds.", day=day))
    return str(_("Thank you! The new one is used from now on."))


@bp.route("/<int:document_id>/fornya", methods=["GET", "POST"])
def renew(document_id: int) -> ResponseReturnValue:
    """A newer one in its place."""
    older = queries.document_of(web.member(), document_id, lock=request.method == "POST")
    form = RenewForm(older)
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.file)
            if upload is not None:
                newer = handing_in.renew(older, form.paper(), upload, by=web.user(), now=clock.now())
                db.session.commit()
                flash(_thanks(newer), "success")
                return web.back_to(".show", document_id=newer.id)
    older = queries.document_of(web.member(), document_id)
    return render_template("member/vault_form.html", form=form, older=older), web.status(form)


@bp.get("/<int:document_id>/fil")
def read(document_id: int) -> ResponseReturnValue:
    """The file itself."""
    return _file(queries.document_of(web.member(), document_id))


def _file(document: MemberDocument) -> Response:
    if document.file is None:
        raise NotYours
    return downloads.stored(document.file)
