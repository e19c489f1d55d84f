"""What a member asks to have changed: of what it is paid and where it delivers, and of an article that is its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Optional

from app.catalog.changing import changes
from app.catalog.changing.kinds import WRITTEN, State
from app.catalog.drafts import LONGEST_REASON, written
from app.catalog.models import Article
from app.errors import Refused
from app.money import Money
from app.pages import change_words
from app.pages.article_forms import AboutArticle, PlacesForm, cpv_field, draft_in
from app.pages.bid_fields import MoneyField, Needed, Positive, at_most
from app.pages.kind_fields import HAS

_NAMED = {"category": "category_id"}
"""What a field is called in a state, where that is another name."""
_FIELDS = {"category_id": "category", "member_price": "price", "municipalities": "areas"}
"""The other way."""


class _Note:
    """What to say to us with it."""

    note = TextAreaField(_l("Message to us"), [Optional(), at_most(LONGEST_REASON)])

    def stand_beside(self, rows: Iterable[change_words.Compared]) -> None:
        """Tell beside each field that others have changed since the wish was written what stands there now."""
        form: Any = self
        for row in rows:
            name = _FIELDS.get(row.slot, row.slot)
            if row.moved and name in form:
                form[name].stands_now = row.now


class OfferingChangeForm(_Note, PlacesForm):
    """What the member wants to be paid, and where it delivers."""

    price = MoneyField(
        _l("What you want to be paid per unit, in kronor without VAT"),
        [Needed(_l("Write what you want to be paid.")), Positive()],
    )

    def show(self, state: State) -> None:
        """Fill in a state."""
        self.price.data = Money(state["member_price"])
        self.areas.data = list(state["municipalities"])

    def state(self) -> State:
        """What was typed. Raises Refused when no place was chosen."""
        if not self.municipalities():
            raise Refused("Välj minst en kommun dit ni levererar.")
        return {"member_price": self.price.data.ore, "municipalities": sorted(self.municipalities())}


class ArticleChangeForm(_Note, AboutArticle, FlaskForm):  # type: ignore[misc]  # the base is untyped
    """All that staff can change of an article of its kind, but its number and the customer's price."""

    cpv = cpv_field()

    def __init__(self, article: Article, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit_now = article.unit
        self.fill_lists(article.kind)
        if article.offerings:
            # What members are paid and manage is counted in it: another unit would be refused, so it is not asked for.
            del self.unit

    def show(self, state: State) -> None:
        """Fill in a state."""
        draft = changes.draft_from(state)
        for name in ("name", "description", "unit", "unit_text", "cpv"):
            if name in self:
                self[name].data = getattr(draft, name)
        self.category.data = draft.category_id
        if self.vat_class:
            self.vat_class.data = draft.vat_class.value
        self.show_kind(draft)

    def state(self) -> State:
        """What was typed of what the form asks for. Raises Refused for what no such article has."""
        self._refuse_what_the_kind_lacks()
        draft = draft_in(self, self.cpv.data or None, unit=self.unit_now)
        asked = {_NAMED.get(name, name) for name in self._fields} & set(WRITTEN)
        return {name: value for name, value in written(draft.checked()).items() if name in asked}

    def _refuse_what_the_kind_lacks(self) -> None:
        """What was typed on a page of another kind is not passed over in silence: the kind may have changed since."""
        lacking = [str(change_words.LABELS[name]) for name in HAS if name not in self and _typed(name)]
        if lacking:
            sentence = _(
                "%(fields)s cannot be said of this kind: %(kind)s. The kind may have changed since you opened the "
                "page. Open it again.",
                fields=", ".join(lacking),
                kind=str(change_words.KINDS[self.kind]).lower(),
            )
            raise Refused(sentence)


def _typed(name: str) -> bool:
    """Whether something was sent in a field, or in one of its rows."""
    return any(
        value.strip() for key, value in request.form.items(multi=True) if key == name or key.startswith(f"{name}-")
    )
