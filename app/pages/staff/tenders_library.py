"""The answer library: what we say again and again, found, written anew and taken out of use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app import clock, office
from app.accounts import queries as people
from app.accounts.models import User
from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.pages import bid_fields, downloads, library_words, web
from app.pages.bid_fields import Needed, at_most, line
from app.pages.bid_words import listed
from app.pages.library_reference import ReferenceFields, shown_of
from app.pages.plain_fields import IntegerField, SelectField
from app.pages.staff.tenders_room import may_sell
from app.tenders import paper_actions, word_files
from app.tenders.library import actions, queries
from app.tenders.library.models import EntryKind, LibraryEntry, LibraryVersion
from app.tenders.library.queries import Narrowed
from app.tenders.library.values import Age, EntryText, age
from app.tenders.paper_actions import Upload
from app.tenders.word_files import For

bp = Blueprint("library", __name__, url_prefix="/bibliotek")
bp.before_request(web.sales_decide)
NOBODY = "0"


class VersionForm(ReferenceFields):
    """A new version of an entry, and who sees to it."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    title = line(_l("Title"), 200, Needed(_l("Write a title.")))
    text = TextAreaField(_l("Text"), [Optional(), at_most(bid_fields.LONG_TEXT)])
    file = bid_fields.PaperFileField(
        labels=(
            _l("File, such as a CV (PDF, Word, PNG or JPEG, at most 15 MB)"),
            _l("File, such as a CV (PDF, PNG or JPEG, at most 15 MB)"),
        )
    )
    owner = SelectField(_l("Who sees to it"))
    valid_to = bid_fields.day(_l("Valid until"), Optional())
    review_on = bid_fields.day(_l("To be read again on"), Optional())

    def offer_owners(self, now_owner: User | None) -> VersionForm:
        """Those who can see to an entry: our own people, and whoever does so now."""
        staff = [user for user in people.staff() if user.active]
        names = {str(user.id): user.name for user in [*staff, *([now_owner] if now_owner else [])]}
        self.owner.choices = listed([(NOBODY, _("Nobody")), *names.items()])
        self.offer_members()
        return self

    def says(self) -> EntryText:
        """What was typed."""
        return EntryText(
            title=self.title.data or "",
            text=self.text.data or "",
            valid_to=self.valid_to.data,
            review_on=self.review_on.data,
            reference=self.facts(),
        )

    def chosen_owner(self) -> User | None:
        """Who was chosen."""
        return next((user for user in people.staff() if str(user.id) == self.owner.data), None)

    def kept_file(self) -> tuple[StoredFile | None, Upload | None]:
        """The file, looked through, or a Word file of which a worker makes one; neither when there is none.

        Raises Refused for what is no paper.
        """
        upload = bid_fields.upload(self.file)
        if upload is None:
            return None, None
        if office.is_word(upload.data):
            word_files.check(upload)
            return None, upload
        return paper_actions.keep(upload, now=clock.now()), None


class EntryForm(VersionForm):
    """A new entry."""

    kind = SelectField(
        _l("What it is"), choices=listed((str(kind), word) for kind, word in library_words.KINDS.items())
    )


@bp.get("")
def index() -> ResponseReturnValue:
    """The library, narrowed and sorted."""
    today, asked = clock.local_date(clock.now()), _asked()
    found = queries.search(_narrowed(asked), today, request.args.get("sida", 1, type=int))
    return render_template(
        "staff/tenders/library.html",
        found=found,
        asked=asked,
        counts=queries.counts(today),
        owners=queries.owners(),
        words=library_words,
        may_sell_here=may_sell(),
        address=lambda number: _address(asked, number),
    )


def _address(asked: dict[str, str], number: int) -> str:
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return url_for(".index", **kept, sida=number)


def _asked() -> dict[str, str]:
    """The controls of the search as the address has them."""
    names = ("q", "slag", "agare", "skick", "ur_bruk", "ordning")
    return {name: request.args.get(name, "").strip()[:200] for name in names}


def _narrowed(asked: dict[str, str]) -> Narrowed:
    return Narrowed(
        words=asked["q"],
        kind=next((kind for kind in EntryKind if kind == asked["slag"]), None),
        owner_id=web.number_asked_for("agare"),
        age=next((one for one in Age if one == asked["skick"]), None),
        retired=bool(asked["ur_bruk"]),
        sort=asked["ordning"],
    )


@bp.route("/ny", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new entry."""
    web.sales_only()
    form = EntryForm(data={"seen": 0, "owner": str(web.user().id), **shown_of(None), **_from_an_answer()})
    form.offer_owners(None)
    if form.validate_on_submit():
        with web.refusals(form):
            kind = next(kind for kind in EntryKind if kind == form.kind.data)
            file, word = form.kept_file()
            owner = form.chosen_owner()
            given: dict[str, Any] = {"file": file, "is_promised": word is not None}
            entry = actions.begin(kind, form.says(), owner=owner, **given, by=web.user(), now=clock.now())
            _make_later(entry.versions[0], word)
            db.session.commit()
            flash(_("Saved. It is suggested where a requirement is like it."), "success")
            return web.back_to(".show", entry_id=entry.id)
    return render_template("staff/tenders/library_form.html", form=form, entry=None), web.status(form)


def _from_an_answer() -> dict[str, str]:
    """What an answer says, where somebody wants to keep it; the requirement is the beginning of a title."""
    answer_id = web.number_asked_for("svar")
    answer = queries.answer_with(answer_id) if answer_id is not None else None
    if answer is None:
        return {}
    title = " ".join(answer.requirement.text.split())
    return {"title": title[:120].rpartition(" ")[0] if len(title) > 120 else title, "text": answer.text}


@bp.get("/<int:entry_id>")
def show(entry_id: int) -> ResponseReturnValue:
    """One entry: its latest version, the ones before, and where it is used."""
    entry = queries.entry_with(entry_id)
    uses, total = queries.uses_of(entry)
    return render_template(
        "staff/tenders/library_entry.html",
        entry=entry,
        latest=entry.versions[0],
        word=word_files.of_version(entry.versions[0]),
        age=age(clock.local_date(clock.now()), entry.versions[0].valid_to, entry.versions[0].review_on),
        uses=uses,
        total=total,
        words=library_words,
        may_sell_here=may_sell(),
    )


@bp.route("/<int:entry_id>/ny-version", methods=["GET", "POST"])
def write_anew(entry_id: int) -> ResponseReturnValue:
    """A new version."""
    web.sales_only()
    entry = queries.entry_with(entry_id, lock=request.method == "POST")
    form = _showing(entry)
    if form.validate_on_submit():
        with web.refusals(form):
            user, now = web.user(), clock.now()
            file, word = form.kept_file()
            _check_none_waits(entry, has_own=bool(file or word))
            given: dict[str, Any] = {"seen": form.seen.data or 0, "file": file, "is_promised": word is not None}
            _make_later(actions.write_anew(entry, form.says(), **given, by=user, now=now), word)
            actions.hand_over(entry, form.chosen_owner(), by=user, now=now)
            db.session.commit()
            flash(_("The new version is saved. Answers that took text from an older one say so."), "success")
            return web.back_to(".show", entry_id=entry_id)
    return _form_page(entry_id, form)


def _make_later(version: LibraryVersion, upload: Upload | None) -> None:
    """A worker makes the version's file of a Word file."""
    if upload is not None:
        db.session.flush()
        whose = For(library_version_id=version.id)
        word_files.keep(upload, whose, title=version.title, by=web.user(), now=clock.now())


def _check_none_waits(entry: LibraryEntry, *, has_own: bool) -> None:
    """Raises Refused while the file that would come along from the version before is not made yet."""
    word = None if has_own else word_files.of_version(entry.versions[0])
    if word is not None and not word.has_failed:
        raise Refused(_("The file of the version before is being made into a PDF. Save again in a moment."))


@bp.post("/<int:entry_id>/<int:number>/igen")
def convert_again(entry_id: int, number: int) -> ResponseReturnValue:
    """Let a worker try once more to make a PDF of the Word file."""
    web.sales_only()
    version = queries.version_of(queries.entry_with(entry_id, lock=True), number)
    word_files.try_again(word_files.of_version(version))
    db.session.commit()
    return web.back_to(".show", entry_id=entry_id)


def _showing(entry: LibraryEntry) -> VersionForm:
    latest = entry.versions[0]
    names = ("title", "text", "valid_to", "review_on")
    values = {name: getattr(latest, name) for name in names} | shown_of(latest.facts)
    form = VersionForm(data={**values, "seen": entry.current, "owner": str(entry.owner_id or NOBODY)})
    return form.offer_owners(entry.owner)


def _form_page(entry_id: int, form: VersionForm) -> ResponseReturnValue:
    """With what somebody else has written meanwhile, and then the next save is knowingly after that."""
    entry = queries.entry_with(entry_id)
    meanwhile = entry.versions[0] if form.seen.data and form.seen.data < entry.current else None
    if meanwhile is not None:
        form.seen.data, form.seen.raw_data = entry.current, None
    page = render_template("staff/tenders/library_form.html", form=form, entry=entry, meanwhile=meanwhile)
    return page, web.status(form)


@bp.post("/<int:entry_id>/ur-bruk")
def retire(entry_id: int) -> ResponseReturnValue:
    """Suggest it no more."""
    actions.retire(queries.entry_with(entry_id, lock=True), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("It is out of use. Answers that took text from it keep it."), "success")
    return web.back_to(".show", entry_id=entry_id)


@bp.post("/<int:entry_id>/i-bruk")
def bring_back(entry_id: int) -> ResponseReturnValue:
    """Suggest it again."""
    actions.bring_back(queries.entry_with(entry_id, lock=True), by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("It is in use again."), "success")
    return web.back_to(".show", entry_id=entry_id)


@bp.get("/<int:entry_id>/<int:number>")
def version(entry_id: int, number: int) -> ResponseReturnValue:
    """An older version beside the latest."""
    entry = queries.entry_with(entry_id)
    return render_template(
        "staff/tenders/library_version.html",
        entry=entry,
        version=queries.version_of(entry, number),
        latest=entry.versions[0],
        words=library_words,
    )


@bp.get("/<int:entry_id>/<int:number>/fil")
def read(entry_id: int, number: int) -> ResponseReturnValue:
    """A version's file."""
    return downloads.stored(_file(queries.version_of(queries.entry_with(entry_id), number)))


def _file(version: LibraryVersion) -> StoredFile:
    if version.file is None:
        raise NotYours
    return version.file
