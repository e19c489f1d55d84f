"""Reading CPV lists: the built-in one, the whole published one, and files that are none."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cpv import COLUMNS, CpvCode, builtin, exists, read_cpv

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "cpv.csv"
HEADING = ",".join(COLUMNS)
FRUIT = "03222000,3,Fruit and nuts,Frukt och nötter"
labels = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=40)
entries = st.builds(CpvCode, st.from_regex("[0-9]{8}", fullmatch=True), st.sampled_from("0123456789"), labels, labels)


def read(*lines):
    return read_cpv(io.StringIO("\n".join(lines) + "\n", newline=""))


def test_the_built_in_list_has_more_than_220_codes_in_order():
    codes = [entry.code for entry in builtin()]
    assert len(codes) >= 220
    assert codes == sorted(set(codes))


def test_whether_a_code_exists_is_known_of_all_codes_and_not_only_of_what_we_sell():
    assert all(exists(entry.code) for entry in builtin())
    assert exists("72230000")
    assert not any(exists(code) for code in ("99999999", "03999999", "", "frukt", "03222000-3"))


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published list is not here")
def test_the_built_in_labels_are_those_of_the_published_list():
    with PUBLISHED.open(encoding="utf-8", newline="") as stream:
        published = set(read_cpv(stream))
    assert len(published) == 9454
    assert set(builtin()) <= published
    assert all(exists(entry.code) for entry in published)


def test_a_code_is_written_with_its_check_digit():
    (fruit,) = read(HEADING, FRUIT)
    assert fruit == CpvCode("03222000", "3", "Fruit and nuts", "Frukt och nötter")
    assert fruit.written == "03222000-3"


def test_a_byte_order_mark_and_empty_lines_do_no_harm():
    assert read("\ufeff" + HEADING, "", FRUIT, "") == read(HEADING, FRUIT)


@given(st.lists(entries, min_size=1, max_size=20, unique_by=lambda entry: entry.code))
def test_what_a_spreadsheet_writes_is_read_back_as_it_was(written):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([COLUMNS, *([e.code, e.check_digit, e.label_en, e.label_sv] for e in written)])
    stream.seek(0)
    assert read_cpv(stream) == written


@given(st.text(max_size=300))
def test_any_other_text_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"^Rad 1: "):
        read_cpv(io.StringIO(text, newline=""))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3222000,3,Fruit,Frukt", "Rad 3: koden ”3222000” ska ha åtta siffror."),
        ("٠٣٢٢٢٠٠٠,3,Fruit,Frukt", "Rad 3: koden ”٠٣٢٢٢٠٠٠” ska ha åtta siffror."),
        ("03221000,33,Fruit,Frukt", "Rad 3: kontrollsiffran ”33” ska vara en siffra."),
        ("03221000,,Fruit,Frukt", "Rad 3: kontrollsiffran ”” ska vara en siffra."),
        ("03221000,6, ,Frukt", "Rad 3: label_en är tom."),
        ("03221000,6,Fruit,", "Rad 3: label_sv är tom."),
        (f"03221000,6,Fruit,{'x' * 301}", "Rad 3: label_sv är längre än 300 tecken."),
        ("03221000,6,Fruit,Fru\0kt", "Rad 3: label_sv innehåller radbrytning eller styrtecken."),
        ("03221000,6,Fruit", "Rad 3: raden har 3 fält men ska ha 4."),
        ("03221000,6,Fruit,Frukt,mer", "Rad 3: raden har 5 fält men ska ha 4."),
        (FRUIT, "Rad 3: koden 03222000 finns redan längre upp i filen."),
        ('03221000,6,Fruit,"Frukt', "Rad 3: raden går inte att läsa som kommaseparerad text."),
    ],
)
def test_a_bad_row_is_named_with_its_reason(row, reason):
    with pytest.raises(ValueError, match=r"^Rad 3: ") as refusal:
        read(HEADING, FRUIT, row)
    assert str(refusal.value) == reason


def test_a_heading_alone_is_no_list():
    with pytest.raises(ValueError, match="inga koder"):
        read(HEADING)


def test_a_list_that_never_ends_is_refused():
    endless = (f"{n:08},0,Thing,Sak" for n in range(20_001))
    with pytest.raises(ValueError, match=r"^Rad 20002: filen har fler än 20000 koder"):
        read(HEADING, *endless)


def test_bytes_that_are_not_utf_8_are_refused(tmp_path):
    file = tmp_path / "latin.csv"
    file.write_bytes(f"{HEADING}\n{FRUIT}\n".encode("latin-1"))
    with file.open(encoding="utf-8", newline="") as stream, pytest.raises(ValueError, match="inte UTF-8"):
        read_cpv(stream)
