"""A declaration on paper: what says nothing is left out, and the signature is kept with what it signs."""

from __future__ import annotations

import subprocess

import pytest

from bids.espd.document import chapters_of, to_pdf
from bids.espd.snapshot import Said, Signed
from bids.espd.values import Form, Part

FETCHED = "Finns uppgiften att hämta elektroniskt?"


def said(number: int, question: str = "Ert svar", value: str = "false", criterion: str = "") -> Said:
    name = criterion or f"Kriterium {number // 2}"
    return Said(
        id=f"q{number}", key="", criterion=name, criterion_id=name, asks="Har ni något att säga om detta?",
        question=question, data_type="INDICATOR", value=value, words="Nej" if value == "false" else "Ja",
        part=Part.SELECTION.value,
    )  # fmt: skip


def signed(*answers: Said) -> Signed:
    return Signed(
        form=Form.ESPD, party="Rena Rum ek. för.", org_number="769999-0001", legal_form="ekonomisk förening",
        address="Gatan 1, 111 11 Stad", vat_number="SE769999000101", role="Anbudsgivare", buyer="Kommunen",
        tender="Trappstädning", diary_number="INK 1", lots=("1",), answers=answers, over_a_tenth=(),
        signed_by="Anna Berg", signed_on="2026-11-30 12:00",
    )  # fmt: skip


def test_that_nothing_is_to_be_fetched_is_no_news_and_a_criterion_of_nothing_else_is_left_out():
    other = [said(n, question, "false", "Andra krav") for n, question in enumerate((FETCHED, FETCHED), 10)]
    (chapter,) = chapters_of(signed(said(1), said(1, FETCHED), *other, said(30, FETCHED, "true", "Register")))
    assert [section.name for section in chapter.sections] == ["Kriterium 0", "Register"]
    assert [block.answers for section in chapter.sections for block in section.blocks] == [
        (("Ert svar", "Nej"),),
        ((FETCHED, "Ja"),),
    ]


@pytest.mark.parametrize("many", [3, 5, 17, 20])
def test_the_signature_never_stands_alone_on_the_last_page(many):
    printed = to_pdf(signed(*(said(number) for number in range(many))))
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=printed, capture_output=True, check=True)
    last = done.stdout.decode().split("\f")[-2]
    assert "Undertecknad på skärm" in last
    assert "Ert svar" in last
