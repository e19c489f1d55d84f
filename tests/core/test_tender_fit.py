"""What a profile finds, where a tender is to be done, and how well it fits what members can do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from app.tenders.watching.matching import Seen, Wish, found, tokens_of
from app.tenders.watching.whereabouts import AREAS, NUTS, counties, counties_in, in_words, is_area
from bids.fit import Need, Skill, fit, likeness

WEST, SKANE = "14", "12"
NAMES = {WEST: "Västra Götalands län", SKANE: "Skåne län"}
FRUIT = Skill("Ljungbacken", "03222000", frozenset({WEST}), Money.kronor(1_000_000))
CAKE = Skill("Köksljus", "15812000", frozenset({WEST, SKANE}), Money.kronor(500_000))
CODES = st.from_regex(r"[0-9]{2,8}", fullmatch=True).map(lambda code: code.ljust(8, "0"))

PLACES = st.frozensets(st.sampled_from([WEST, SKANE]))
SKILLS = st.builds(Skill, st.sampled_from("ab"), CODES, PLACES, st.builds(Money, st.integers(0, 10**12)))


@pytest.mark.parametrize(
    ("wanted", "sold", "like"),
    [
        ("03222000", "03222000", 1.0),
        ("03220000", "03222000", 1.0),
        ("03222100", "03222000", 0.8),
        ("90911200", "90919200", 0.6),
        ("90911200", "90923000", 0.4),
        ("90911200", "90511000", 0.0),
        ("03222000", "15812000", 0.0),
    ],
)
def test_how_alike_codes_are(wanted, sold, like):
    assert likeness(wanted, sold) == like


def test_a_tender_that_fits_in_all_is_a_hundred():
    need = Need(("03222000",), frozenset({WEST}), Money.kronor(800_000), reserved=True)
    made = fit(need, [FRUIT, CAKE], {"Ljungbacken": 62, "Köksljus": 12}, NAMES)
    assert (made.score, made.members) == (100, ("Ljungbacken",))
    assert made.reasons == (
        "Ljungbacken säljer det som efterfrågas.",
        "Ljungbacken levererar till Västra Götalands län.",
        "Vi klarar högst 1 miljon kronor om året, det räcker för upphandlingens 800\u00a0000 kronor.",
        "Upphandlingen är reserverad, och Ljungbacken visar minst 30\u00a0procent i målgruppen.",
    )


def test_what_stands_against_it_is_said():
    need = Need(("03222000", "15812000"), frozenset({SKANE}), Money.kronor(2_000_000), reserved=True)
    made = fit(need, [FRUIT, CAKE], {"Ljungbacken": 62, "Köksljus": 12}, NAMES)
    told = " ".join(made.reasons)
    assert "Ljungbacken och Köksljus säljer tillsammans det som efterfrågas. Det täcker 2 av 2 CPV-koder." in told
    assert "1 av 2 levererar till Skåne län." in told
    assert "det är 25\u00a0% av upphandlingens 2 miljoner kronor" in told
    assert "ingen av dem visar 30\u00a0procent" in told
    assert 50 <= made.score < 80


def test_what_is_not_told_speaks_neither_way():
    made = fit(Need(("03222000",)), [FRUIT], {}, NAMES)
    assert made.score == 75
    assert "Annonsen säger inte i vilket län det ska göras." in made.reasons


def test_nobody_and_nothing():
    assert fit(Need(("45000000",)), [FRUIT], {}, NAMES).score == 0
    assert "ingen CPV-kod" in fit(Need(()), [FRUIT], {}, NAMES).reasons[0]
    assert "Ingen av dem levererar" in fit(Need(("03222000",), frozenset({SKANE})), [FRUIT], {}, NAMES).reasons[1]


@given(
    st.lists(CODES, max_size=4).map(tuple),
    PLACES,
    st.none() | st.integers(0, 10**12).map(Money),
    st.booleans(),
    st.lists(SKILLS, max_size=5),
)
def test_a_score_is_between_nought_and_a_hundred_and_has_reasons(cpv, places, yearly, reserved, skills):
    made = fit(Need(cpv, places, yearly, reserved), skills, {"a": 40}, NAMES)
    assert 0 <= made.score <= 100
    assert all(reason.endswith(".") for reason in made.reasons)
    assert made.reasons


@given(st.booleans(), CODES)
def test_another_member_never_makes_a_score_of_the_same_gate_lower(reserved, cpv):
    need = Need((cpv,), frozenset({WEST}), Money.kronor(2_000_000), reserved)
    more = Skill("Till", cpv, frozenset({WEST}), Money.kronor(10))
    shares = {"Ljungbacken": 40, "Till": 40}
    assert fit(need, [FRUIT, more], shares, NAMES).score >= fit(need, [FRUIT], shares, NAMES).score


TENDER = Seen(
    tokens=tokens_of("Städning av kontor och fönsterputsning i kommunens lokaler"),
    cpv=("90919200",),
    counties=frozenset({WEST}),
    value=Money.kronor(3_000_000),
)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(), "Profilen tar med alla upphandlingar."),
        (Wish(phrases=("fönsterputs", "mat")), "Ord: fönsterputs."),
        (Wish(phrases=("kontorsstädning",)), "Ord: kontorsstädning."),
        (Wish(phrases=("städa kontor",)), "Ord: städa kontor."),
        (Wish(phrases=("mat",), cpv=("9091",)), "CPV: 90919200."),
        (Wish(cpv=("9091",), counties=frozenset({WEST, SKANE})), "Plats: Västra Götalands län."),
        (Wish(least=Money.kronor(1_000_000), most=Money.kronor(3_000_000)), "Profilen"),
    ],
)
def test_what_is_found_says_by_what(wish, words):
    assert words in " ".join(found(wish, TENDER) or ())


@pytest.mark.parametrize(
    "wish",
    [
        Wish(phrases=("mat",)),
        Wish(phrases=("städning skola",)),
        Wish(cpv=("033",)),
        Wish(counties=frozenset({SKANE})),
        Wish(least=Money.kronor(3_000_001)),
        Wish(most=Money.kronor(2_999_999)),
        Wish(only_reserved=True),
    ],
)
def test_what_is_not_looked_for_is_not_found(wish):
    assert found(wish, TENDER) is None


def test_what_a_notice_does_not_tell_rules_nothing_out():
    silent = Seen(tokens=frozenset(), cpv=("90919200",))
    wish = Wish(cpv=("90",), counties=frozenset({WEST}), least=Money.kronor(1))
    assert found(wish, silent) == ("CPV: 90919200.", "Platsen framgår inte.", "Värdet framgår inte.")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Västerhamn (SE232)", {WEST}),
        ("SE23", {"13", WEST}),
        ("Göteborg, Malmö stad", {WEST, SKANE}),
        ("Göteborgs kommun", {WEST}),
        ("Skåne län", {SKANE}),
        ("Okänd ort", set()),
        ("", set()),
    ],
)
def test_where_it_is(text, codes):
    assert counties_in(text) == codes


def test_all_counties_have_a_code_and_the_whole_country_is_all():
    assert sorted(NUTS.values()) == sorted(counties())
    assert counties_in("SE") == counties_in("Hela landet") == frozenset(counties())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("SE232", "Västra Götalands län"),
        ("Västerhamn (SE232)", "Västerhamn (Västra Götalands län)"),
        ("SE110, SE33", "Stockholms län, Övre Norrland"),
        ("SE999", "SE999"),
        ("XX999, DE212", "XX999, DE212"),
        ("", ""),
    ],
)
def test_a_place_is_shown_with_the_names_of_its_codes(written, shown):
    assert in_words(written) == shown


def test_which_area_codes_can_be():
    assert all(is_area(code) for code in (*NUTS, *AREAS, "SE", "SEZZZ", "DE212", "FI1B1", "UKM83"))
    assert not any(is_area(code) for code in ("XX999", "SE999", "SE2321", "se232", "", "Skara"))


def test_a_place_is_written_with_names_and_no_codes():
    assert in_words("SE232, SE23, SE") == "Västra Götalands län, Västsverige, Sverige"
    assert in_words("Göteborg; SEZZZ") == "Göteborg; utanför Sveriges län"
    assert in_words("SEB-huset") == "SEB-huset"
