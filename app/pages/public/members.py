"""The members: a list by place, and a page for each that sells something."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, formats, places
from app.catalog import facets, makers, queries
from app.catalog.filters import Filters
from app.leaves import Leaf
from app.members import outcomes, picture_queries, proof_queries
from app.members.models import Member
from app.members.outcomes import Share
from app.pages import price_words, web
from app.pages.proof_forms import CRITERIA, CRITERIA_NAMES
from app.pages.public import cards

bp = Blueprint("members", __name__, url_prefix="/medlemmar")

LONGEST_NAME = 100
ON_THE_PAGE = 6
"""So many articles are shown on a member's page; the catalogue shows the rest."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address. What is in no list is refused in words."""

    q: str
    kommun: str
    kategori: str
    errors: dict[str, str]
    """What is wrong, by field."""

    def filters(self) -> makers.MakerFilters:
        """What the list is narrowed by."""
        shelves = {shelf.slug: shelf.id for shelf in facets.shelves()}
        return makers.MakerFilters(self.q, self.kommun or None, shelves.get(self.kategori))

    def address(self, number: int = 1) -> str:
        """The address of another page of the same list."""
        asked = {"q": self.q or None, "kommun": self.kommun or None, "kategori": self.kategori or None}
        return url_for(".index", **asked, sida=number if number > 1 else None)  # type: ignore[arg-type]

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.q or self.kommun or self.kategori)


@bp.route("")
def index() -> ResponseReturnValue:
    """Who makes what is sold, by county and place."""
    asked = _asked()
    number = web.number_asked_for("sida") or 1
    page = Leaf([], 1, 0, makers.PAGE) if asked.errors else makers.maker_page(asked.filters(), number)
    shown = render_template(
        "public/members.html",
        asked=asked,
        page=page,
        counties=[(county, list(group)) for county, group in groupby(page.rows, lambda card: card.place.county)],
        faces=picture_queries.faces(card.id for card in page.rows),
        shelves=facets.shelves(),
        names={shelf.id: shelf.name(web.language()) for shelf in facets.shelves()},
        served=facets.served(queries.edition(), asked.kommun),
        short_name=facets.short_name,
    )
    return shown, 422 if asked.errors else 200


@bp.route("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One member: who it is, where, what it makes, what shows that it is a social enterprise, and what comes of it."""
    edition = queries.edition()
    member, today = makers.maker(slug), clock.local_date(clock.now())
    made = queries.catalog_page(Filters(member_id=member.id), 1, edition, today)
    with_vat = web.viewer().sees_vat
    return render_template(
        "public/member.html",
        member=member,
        short_name=facets.short_name(member.name),
        place=places.municipality(member.municipality),
        pictures=picture_queries.shown(member),
        made=made,
        items=cards.cards(
            made,
            facets.makers([member.id, *(id_ for card in made.rows for id_ in card.maker_ids)]),
            price_words.terms(today, edition),
            including=with_vat,
        )[:ON_THE_PAGE],
        counties=makers.delivers_in(member),
        proof=proof_queries.proof_of(member),
        criteria=CRITERIA,
        criteria_names=CRITERIA_NAMES,
        certificates=proof_queries.valid_certificates(member, today),
        counted=member.head_counts[0] if member.head_counts else None,
        share=_share(member),
        years=proof_queries.figures_of(member),
        least=outcomes.LEAST_SHOWN,
        figure=lambda number: formats.quantity(Decimal(number)),
    )


def _share(member: Member) -> Share | None:
    """Of the latest count."""
    latest = member.head_counts[0] if member.head_counts else None
    return outcomes.share(latest.occupied, latest.target_group) if latest else None


def _asked() -> Asked:
    known = {
        "kommun": {place.code for place in places.all_municipalities()},
        "kategori": {shelf.slug for shelf in facets.shelves()},
    }
    typed = {name: request.args.get(name, "").strip() for name in known}
    unknown = _("What you asked for is not in the list. Choose again.")
    errors = {name: unknown for name, text in typed.items() if text and text not in known[name]}
    return Asked(q=" ".join(request.args.get("q", "").split())[:LONGEST_NAME], **typed, errors=errors)
