"""Files for the buyer's system: names that it takes, one folder for each lot, and a manifest that can be checked."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bids import package, package_sheets
from bids.package import Item, Limits, Portal
from tests.core.bid_samples import tender_a

PLAIN = Limits(plain=True, longest_name=30)
NAMES = st.text(min_size=0, max_size=200)


def item(words: str, ending: str = "pdf", size: int = 10, **more) -> Item:
    return Item(words=words, ending=ending, sha256="0" * 64, size=size, **more)


@given(NAMES, st.text(max_size=12), st.integers(0, 200), st.booleans())
def test_every_name_can_be_saved_and_is_short_enough(words, ending, longest, plain):
    limits = Limits(plain=plain, longest_name=longest)
    name = package.safe_name(words, ending, limits)
    assert len(name) <= max(package.LEAST_NAME, min(longest or package.LONGEST_NAME, package.LONGEST_NAME))
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t')
    assert name == name.strip()
    assert not name.startswith((".", "-"))
    assert name.rpartition(".")[0].casefold() not in package.WINDOWS
    if plain:
        assert name.isascii()
        assert " " not in name


@given(st.lists(NAMES, max_size=30), st.sampled_from([Limits(), PLAIN]))
def test_no_two_files_have_one_name_whatever_the_size_of_its_letters(words, limits):
    found = package.entries(tender_a(), [item(one) for one in words], limits)
    assert len({one.path.casefold() for one in found}) == len(words)
    assert [one.words for one in found] == words


@pytest.mark.parametrize(
    ("words", "limits", "name"),
    [
        ("Bilaga 3 Försäkringsbevis, Ljungbacken", Limits(), "Bilaga-3-Försäkringsbevis-Ljungbacken.pdf"),
        ("Bilaga 3 Försäkringsbevis, Ljungbacken", Limits(plain=True), "Bilaga-3-Forsakringsbevis-Ljungbacken.pdf"),
        ("Bilaga 3 Försäkringsbevis, Ljungbacken", PLAIN, "Bilaga-3-Forsakringsbevis-.pdf".replace("-.", ".")),
        ("Anbud 26-031 version 12", Limits(plain=True, longest_name=25), "Anbud-26-031-12.pdf"),
        ("Anbud 26-031 version 2", Limits(plain=True, longest_name=26), "Anbud-26-031-version-2.pdf"),
        ("Anbudet", Limits(longest_name=8), "Anbudet.pdf"),
        ("../../etc/passwd", Limits(), "etc-passwd.pdf"),
        ("CON", Limits(), "fil-CON.pdf"),
        ("", Limits(), "fil.pdf"),
    ],
)
def test_names_are_read_by_people(words, limits, name):
    assert package.safe_name(words, "PDF", limits) == name


def test_each_lot_has_its_folder_and_the_rest_lies_together():
    found = package.entries(tender_a(), [item("a", lot_ref="1"), item("b", lot_ref="2"), item("c")], PLAIN)
    assert [one.path for one in found] == ["omrade-1-Centrum/a.pdf", "omrade-2-Norr/b.pdf", "gemensamt/c.pdf"]


def test_what_is_too_large_or_of_another_kind_is_told_and_what_is_not_uploaded_is_not():
    limits = Limits(most_bytes=5_000_000, endings=("pdf", "xlsx"))
    files = [
        item("stor", size=5_000_001),
        item("lagom", size=5_000_000),
        item("bild", "png"),
        item("svar", "txt", upload=False),
    ]
    told = package.problems(package.entries(tender_a(), files, limits), limits)
    assert len(told) == 2
    assert "5,1 MB" in told[0]
    assert "bild.png" in told[1]
    assert package.problems(package.entries(tender_a(), files, Limits()), Limits()) == ()


@given(st.integers(1, 999), st.integers(0, 120))
def test_a_name_that_is_cut_keeps_its_version(number, longest):
    """Two versions side by side are told apart by it alone."""
    name = package.safe_name(f"Anbud INK 2026-114 version {number}", "pdf", Limits(longest_name=longest))
    assert name.endswith(f"-{number}.pdf")


def test_prices_and_answers_are_there_to_copy():
    offer = tender_a()
    rows = list(csv.reader(io.StringIO(package_sheets.price_sheet(offer, "2").decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows] == ["Rad", "2.1", "2.2", "2.3"]
    assert rows[1][4] == "219,00"
    for cell in (cell for row in rows[1:] for cell in row[3:]):
        assert re.fullmatch(r"\d+(,\d+)?", cell), cell
    assert any(len(row[5]) > len("999,00") for row in rows[1:])
    words = package_sheets.answer_sheet(offer, None).decode("utf-8-sig")
    assert "Krav A5" in words
    assert "Svar: Ja" in words
    assert "Bevis: bilaga" in words


def test_a_text_that_looks_like_a_formula_stays_a_text():
    offer = tender_a()
    evil = replace(offer, rows=tuple(replace(row, text="=HYPERLINK(1)") for row in offer.rows))
    rows = list(csv.reader(io.StringIO(package_sheets.price_sheet(evil, "1").decode("utf-8-sig")), delimiter=";"))
    assert rows[1][1] == "'=HYPERLINK(1)"


def test_no_sheet_tells_what_members_ask():
    told = b"".join(data for _item, data in package.generated(tender_a())).decode()
    assert "190,80" not in told
    assert "212,00" in told


def test_the_manifest_names_every_file_with_its_hash():
    found = package.entries(tender_a(), [item("anbud"), item("priser", "csv", upload=False)], Limits())
    told = json.loads(package.manifest(tender_a(), "f" * 64, found))
    assert told["tender"]["diary_number"] == "INK 2026/114"
    assert [(one["path"], one["upload"]) for one in told["files"]] == [
        ("gemensamt/anbud.pdf", True),
        ("gemensamt/priser.csv", False),
    ]


def test_the_checklist_tells_a_systems_way_only_where_it_is_known():
    found = package.entries(tender_a(), [item("anbud")], Limits())
    known = package.listing(tender_a(), found, Limits(portal=Portal.MERCELL)).decode("utf-8-sig")
    unknown = package.listing(tender_a(), found, Limits(portal=Portal.KOMMERS)).decode("utf-8-sig")
    assert "orderrader" in known
    assert "orderrader" not in unknown
    for words in (known, unknown):
        assert "Ladda upp: gemensamt/anbud.pdf" in words
        assert "Lägg in kvittot" in words


def test_what_ends_a_part_of_a_sentence_is_left_out_of_a_name():
    words = "Avsiktsförklaring, Rullande Hjälpen Flytt & Bud ek. för."
    assert package.safe_name(words, "pdf", Limits()) == "Avsiktsförklaring-Rullande-Hjälpen-Flytt-Bud-ek-för.pdf"
    assert package.safe_name("Bilaga 1.1; kr 1,50", "xlsx", Limits()) == "Bilaga-1.1-kr-1-50.xlsx"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 kB"),
        (1, "1 kB"),
        (84_000, "84 kB"),
        (84_001, "85 kB"),
        (999_000, "999 kB"),
        (999_001, "1,0 MB"),
        (1_000_000, "1,0 MB"),
        (12_340_001, "12,4 MB"),
    ],
)
def test_a_small_file_is_told_in_kilobytes_and_none_looks_smaller_than_it_is(size, words):
    assert package.how_large(size) == words
