"""What both counters have in common at which declarations are answered: a member's own, and staff's for a party."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import declareflow, files
from app.accounts.models import User
from app.db import db
from app.errors import NotYours, Refused
from app.leaves import leaf_of
from app.pages import declaration_form as fields
from app.pages import downloads, web
from app.pages.declaration_form import PER_PAGE, SignForm, asked_criteria, declaration_form
from app.tenders.espd.actions import AnswersRefused
from app.tenders.espd.models import Declaration
from app.tenders.espd.queries import Standing
from bids.espd.filling import Source
from bids.kinds import DocumentKind

SLUGS = {"espd": DocumentKind.ESPD, "sanktioner": DocumentKind.SANCTIONS_DECLARATION}
NAMES = {
    DocumentKind.ESPD: _l("Self-declaration"),
    DocumentKind.SANCTIONS_DECLARATION: _l("Declaration on sanctions"),
}
Show = Callable[..., ResponseReturnValue]


def slug_of(kind: DocumentKind) -> str:
    """How addresses name a kind."""
    return next(slug for slug, known in SLUGS.items() if known == kind)


def kind_in(slug: str) -> DocumentKind:
    """The kind that an address names. Raises NotYours for any other."""
    found = SLUGS.get(slug)
    if found is None:
        raise NotYours
    return found


def the_one(standings: list[Standing], kind: DocumentKind) -> Standing:
    """The declaration of that kind. Raises NotYours where the party need make none."""
    found = next((one for one in standings if one.kind == kind), None)
    if found is None:
        raise NotYours
    return found


@dataclass(slots=True)
class Sent:
    """What came with a request: the answers' form, or the one with the name."""

    form: Any = None
    sign: Any = None

    @property
    def status(self) -> int:
        """422 when one of them says no."""
        return 422 if any(one is not None and one.errors for one in (self.form, self.sign)) else 200


def values(standing: Standing, sent: Sent, *, may_change: bool) -> dict[str, Any]:
    """What the page shows of a declaration: the questions that are left, or with ``visa=alla`` every one."""
    everything = request.args.get("visa") == "alla"
    lines = [one for one in standing.lines if one.is_asked or (everything and one.source is not Source.HOUSE)]
    criteria = list(dict.fromkeys(one.criterion.id for one in lines))
    leaf = leaf_of(criteria, request.args.get("sida", 1, type=int), PER_PAGE)
    page = [one for one in lines if one.criterion.id in set(leaf.rows)]
    sent_form = sent.form if sent.form is not None and sent.form.errors else None
    if sent_form is not None:
        page = [one for one in standing.lines if fields.name_for(one.question.id) in sent_form]
    revision = standing.row.revision if standing.row else 1
    row = standing.row
    return {
        "standing": standing,
        "row": row,
        "name": NAMES[standing.kind],
        "slug": slug_of(standing.kind),
        "leaf": leaf,
        "leaf_url": lambda number: f"{request.path}?{'visa=alla&' if everything else ''}sida={number}",
        "everything": everything,
        "criteria": asked_criteria(page),
        "form": sent_form or declaration_form(page, revision),
        "all_no": fields.may_say_no_to_all(page),
        "sign": sent.sign or SignForm(formdata=None, data={"signed_by": standing.party.member.contact_name}),
        "known": fields.known(standing),
        "may_change": may_change and not (row is not None and row.is_signed),
        "may_open": may_change and row is not None and row.is_signed,
    }


def save(standing: Standing, *, by: User, now: Any) -> Sent:
    """Keep what was typed. Without errors the caller commits."""
    lines = fields.shown(standing.lines)
    form = declaration_form(lines, standing.row.revision if standing.row else 1)
    sent = Sent(form=form)
    if not form.validate_on_submit():
        return sent
    try:
        declareflow.answer(standing, fields.typed(form, lines), revision=fields.shown_revision(), by=by, now=now)
    except AnswersRefused as no:
        db.session.rollback()
        fields.mark(form, no.wrong)
        form.revision.data = str(standing.row.revision if standing.row else 1)
    except Refused as no:
        db.session.rollback()
        form.form_errors.append(str(no))
    return sent


def sign(standing: Standing, act: Callable[..., Declaration], *, by: User, now: Any) -> Sent:
    """Put the name under it. Without errors the caller commits."""
    form = SignForm()
    if form.validate_on_submit():
        with web.refusals(form):
            act(standing, form.signed_by.data, by=by, now=now)
    return Sent(sign=form)


def paper(standing: Standing, which: str) -> ResponseReturnValue:
    """The PDF, or the XML for the buyer's system. Raises NotYours while there is none."""
    row = standing.row
    found = None if row is None else {"pdf": row.pdf, "xml": row.xml}.get(which)
    if found is None:
        raise NotYours
    return downloads.kept(files.read(found), found.name, found.media_type)


def said_on(standing: Standing) -> str:
    """What is told when answers were saved."""
    return str(_("Saved.") if standing.left else _("Saved. Everything is answered: read it through and sign."))
