"""Two of us have the same form of a bid open: whoever saves last is told what the other wrote, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.accounts.models import RoleName
from app.db import db
from tests import make
from tests.features.bid_case import Case
from tests.furnished import furnished
from tests.people import document, text

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FORMS = {
    "texts": ("{bid}/anbud", "letter", "Från Asta", "Från Sixten"),
    "a party": ("{bid}/anbud/parter/{party}", "does", "Odlar", "Packar"),
    "percentages": ("{bid}/priser", "percent-margin", "11", "7"),
    "a row's price": ("{bid}/priser/rad/{row}", "transport", "12", "15"),
    "a requirement": ("{bid}/krav/{requirement}", "text", "Krav, rättat", "Krav, annorlunda"),
    "a price row": ("{bid}/rader/{row}", "text", "Fruktkorg 5 kg", "Fruktkorg, liten"),
    "limits": ("{bid}/priser/fordelning/part/{party}", "largest", "40", "60"),
    "labour": ("{bid}/priser/kalkyl", "labour-floor", "250", "260"),
    "an index": ("{bid}/priser/index", "base", "101", "102"),
    "the evaluation": ("{bid}/priser/utvardering", "terms-our_quality", "40", "50"),
    "questions": ("{bid}/datum", "questions-questions_on", "2026-12-01", "2026-12-02"),
    "reasons": ("{bid}/konkurrens/{party}", "general", "För liten", "För långt bort"),
}


@furnished
def case(app):
    """A tender with a draft bid, and two of us who work with it."""
    made = Case(NOW)
    made.party = made.bid.parties[0]
    make.make_user("asta@samklang.example", roles=[RoleName.SALES])
    return made


def form_of(page, name: str) -> tuple[str | None, dict[str, str]]:
    """The form that has the field, and what a browser would send of it."""
    field = page.cssselect(f"[name='{name}']")[0]
    form = next(one for one in field.iterancestors("form"))
    return form.get("action"), {key: str(value).removeprefix("\n") for key, value in form.form_values()}


@pytest.mark.parametrize("what", FORMS)
def test_the_second_to_save_reads_what_the_first_wrote(case, visit, what):
    address, name, first, second = FORMS[what]
    ids = {"party": case.party.id, "row": case.row.id, "requirement": case.requirements[0].id}
    page = address.format(bid=case.where, **ids)
    sixten, asta = visit("sam@samklang.example"), visit("asta@samklang.example")
    seen_by_sixten, seen_by_asta = (form_of(who.page(page), name) for who in (sixten, asta))

    assert asta.post(seen_by_asta[0] or page, data={**seen_by_asta[1], name: first}).status_code == 303
    answer = sixten.post(seen_by_sixten[0] or page, data={**seen_by_sixten[1], name: second})
    assert answer.status_code == 422
    shown = document(answer)
    assert "Någon annan har ändrat" in text(shown.cssselect(".error-summary")[0])
    where, values = form_of(shown, name)
    assert values[name] == second, "what was typed is still there"
    assert first in text(shown), "and so is what the other wrote"
    assert form_of(asta.page(page), name)[1][name] == first, "nothing is overwritten"

    assert sixten.post(where or page, data=values).status_code == 303
    assert form_of(asta.page(page), name)[1][name] == second
    db.session.rollback()
