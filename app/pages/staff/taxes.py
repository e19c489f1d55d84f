"""What an article is to the tax: the division of a conference's price, and the deduction for household work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from app import clock
from app.catalog import review, start, taxes
from app.catalog.models import Article
from app.db import db
from app.pages import web
from app.pages.bid_words import listed
from app.pages.plain_fields import DateField, IntegerField, SelectField
from app.pages.rules import Between
from app.pages.seen import SeenForm
from app.reliefs import WORKS, Work
from app.treatments import DIVISIBLE, Division
from app.vat import VatClass

bp = Blueprint("taxes", __name__, url_prefix="/katalog")
bp.before_request(web.sales_decide)


def _share(label: Any) -> IntegerField:
    return IntegerField(label, [Optional(), Between(0, 100, _l("Write a whole number from 0 to 100."))])


class DivisionForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Of what the price consists."""

    valid_from = DateField(_l("From the day of supply"), [InputRequired(_l("Choose a day."))])
    restaurant = _share(_l("Meals that are served, per cent"))
    food = _share(_l("Food without serving, per cent"))
    lodging = _share(_l("Lodging, per cent"))
    standard = _share(_l("Room, equipment and all else, per cent"))
    why = StringField(_l("How it was reckoned"), [InputRequired(_l("Write how you reckoned.")), Length(max=300)])

    def division(self, article: Article) -> Division:
        """What was typed."""
        form: Any = self
        shares = tuple((one, form[one.value].data or 0) for one in DIVISIBLE)
        return Division(article.id, web.given(self.valid_from.data), shares)


class WorkForm(SeenForm):
    """Which household work it is."""

    work = SelectField(_l("Work"))
    labour_percent = IntegerField(
        _l("Of the price that is labour, per cent"),
        [Optional(), Between(1, 100, _l("Write a whole number from 1 to 100."))],
        description=_l("Without material, travel and machines. Where the law says how much, that holds."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        swedish = web.language() == "sv"
        named = [(one.value, _work_name(one, swedish=swedish)) for one in WORKS]
        self.work.choices = listed([("", _l("None: no deduction")), *named])

    def chosen(self) -> Work | None:
        """What was chosen."""
        return Work(self.work.data) if self.work.data else None


def _work_name(work: Work, *, swedish: bool) -> str:
    about = WORKS[work]
    return f"{about.relief.value}: {(about.name_sv if swedish else about.name_en).lower()}"


@bp.route("/<int:article_id>/skatt")
def show(article_id: int) -> ResponseReturnValue:
    """Both, as they stand."""
    return _page(review.article(article_id))


@bp.route("/<int:article_id>/skatt/delning", methods=["POST"])
def divide(article_id: int) -> ResponseReturnValue:
    """Divide the price anew from a day on."""
    article, form, now = review.article(article_id, lock=True), DivisionForm(), clock.now()
    if form.validate_on_submit():
        with web.refusals(form):
            division = form.division(article)
            today = clock.local_date(now)
            taxes.divide(article, division, form.why.data or "", by=web.user(), now=now, today=today)
            return _done(_("Saved. It holds for what is delivered from that day on."), article_id)
    return _page(review.article(article_id), division=form)


@bp.route("/<int:article_id>/skatt/arbete", methods=["POST"])
def say_work(article_id: int) -> ResponseReturnValue:
    """Say which work it is."""
    article = review.article(article_id, lock=True)
    form = WorkForm(obj=article)
    if form.validate_on_submit():
        with web.refusals(form):
            taxes.say_work(article, form.chosen(), form.labour_percent.data, by=web.user(), now=clock.now())
            return _done(_("Saved. It holds for what is ordered from now on."), article_id)
    return _page(review.article(article_id), work=form)


def _page(
    article: Article, *, division: DivisionForm | None = None, work: WorkForm | None = None
) -> ResponseReturnValue:
    wrong = division or work
    page = render_template(
        "staff/taxes.html",
        article=article,
        divisions=taxes.divisions_of(article),
        classes=start.vat_class_names(),
        divided=article.vat_class == VatClass.CONFERENCE,
        division=division or DivisionForm(formdata=None),
        work=work or WorkForm(formdata=None, obj=article),
        wrong=wrong,
    )
    return page, web.status(wrong) if wrong else 200


def _done(sentence: str, article_id: int) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".show", article_id=article_id)
