"""What the demonstration's members tell: every one of them, about articles that exist, in figures that can be."""

from __future__ import annotations

import tomllib
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.albums import LONGEST_DESCRIPTION
from app.demo import drawings
from app.members.proof import LONGEST_HOW, Outcome
from app.members.proof_models import Criterion

DEMO = Path(__file__).parents[2] / "app" / "demo"
TODAY = date(2026, 11, 23)


def load(name: str) -> dict[str, list[dict[str, object]]]:
    return tomllib.loads((DEMO / f"{name}.toml").read_text("utf-8"))


PROFILES = load("profiles")


def test_all_ten_members_have_a_rich_page():
    assert {one["slug"] for one in PROFILES["member"]} == {one["slug"] for one in load("members")["member"]}
    for member in PROFILES["member"]:
        assert len(member["picture"]) >= 2
        assert all(0 < len(member[criterion.value]) <= LONGEST_HOW for criterion in Criterion)
        assert member["checked_on"] <= TODAY
        assert len(member["outcomes"]) >= 2


def test_figures_can_be():
    for member in PROFILES["member"]:
        for figures in member["outcomes"]:
            assert Outcome(*figures).checked(TODAY)


def test_pictures_are_drawn_of_things_that_exist_and_say_that_they_are_drawn():
    articles = {one["slug"] for one in load("articles")["article"]}
    assert {one["slug"] for one in PROFILES["article"]} <= articles
    hung = [*PROFILES["article"], *(picture for member in PROFILES["member"] for picture in member["picture"])]
    assert {one["motif"] for one in hung} == set(drawings.MOTIFS)
    for one in hung:
        assert one["description"].startswith("Tecknad bild: ")
        assert len(one["description"]) <= LONGEST_DESCRIPTION


def test_certificates_are_made_up_and_one_has_run_out():
    held = [one for member in PROFILES["member"] for one in member.get("certificate", [])]
    assert all(one["number"].startswith("PÅHITT-") for one in held)
    assert [one["number"] for one in held if one["valid_to"] < TODAY] == ["PÅHITT-2023-003"]


@pytest.mark.parametrize("motif", drawings.MOTIFS)
def test_the_same_seed_gives_the_same_picture(motif):
    drawn = drawings.draw(motif, "ett")
    assert drawn == drawings.draw(motif, "ett")
    assert Image.open(BytesIO(drawn)).size == drawings.SIZE
