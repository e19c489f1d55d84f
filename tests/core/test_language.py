"""Swedish words: what counts as the same, what a compound is made of, and what must be kept apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.language import parts, query_words, root, shortened, splits, words_of

FAMILIES = [
    "städ städa städning städningen städare städerska",
    "puts putsa putsning putsningar putsare",
    "flytt flytta flyttning flyttningen",
    "reparation reparationer reparera reparerar reparerade",
    "renovering renoveringar renovera renoverade",
    "servering serverar servera",
    "möbel möbler möblerna",
    "cykel cyklar cyklarna cykeln",
    "fönster fönstren fönstrets",
    "leverans leveranser leverera",
    "konferens konferenser",
    "snickare snickeri",
    "korg korgar korgarna korgens",
    "kontor kontoret kontorens",
    "plats platser platsen",
    "träning träna tränar",
    "rum rummet rummen",
    "program programmet programmen",
    "lamm lammet lammen",
    "hem hemmet hemmen",
    "gym gymmet",
    "mötesrum mötesrummet mötesrummen",
    "vegansk veganskt veganska",
    "lager lagret lagren lagers lagra lagrar lagrade lagring lagringen",
    "laga lagar lagade lagning lagningar lagningen",
    "tårta tårtor tårtan tårtorna",
    "blomma blommor blomman blommorna",
    "låda lådor lådan",
    "hylla hyllor hyllan",
    "väska väskor väskan",
    "hemsida hemsidor hemsidan",
    "gräsmatta gräsmattor gräsmattan",
    "bord bordet borden bordets",
    "golv golvet golven",
    "kuvert kuvertet kuverten",
    "hotell hotellet",
    "kort kortet korten",
    "ägg ägget äggen",
    "kött köttet",
    "kaffe kaffet",
    "te teet",
    "bröd brödet bröden",
    "arbete arbetet arbeten",
    "paket paketet paketen",
    "staket staketet staketen",
    "verksamhet verksamheten verksamheter",
    "äpple äpplet äpplen äpplena",
    "möte mötet möten mötena",
    "vatten vattnet",
    "buffé buffén bufféer bufféerna",
    "kafé kaféet kafét kaféer",
    "snickeri snickeriet snickerier",
    "dator datorn datorer datorerna",
    "studio studion",
    "altan altanen altaner",
    "plan planen planer",
    "organ organet organen",
    "marmelad marmeladen marmelader",
    "byggnad byggnaden byggnader",
    "krans kransen kransar",
    "annons annonsen annonser",
    "bok boken böcker böckerna",
    "nöt nötter nötterna",
    "kamera kameran kameror",
    "container containern containrar",
    "kalender kalendern kalendrar",
    "parkering parkeringen parkeringar",
    "förening föreningen föreningar",
    "skötsel sköta sköter",
    "bokning boka bokade",
    "målning måla målare målade",
]
COMPOUNDS = {
    "fönsterputs": "putsning fönster",
    "fönsterputsning": "puts fönster",
    "trappstädning": "städ trappa",
    "byggstäd": "städning bygge",
    "häckklippning": "klippa häckar",
    "ogräsrensning": "rensa ogräs",
    "snöskottning": "skotta snö",
    "tygkasse": "kassar tyg",
    "smörgåstårta": "tårtor smörgås",
    "möbelrenovering": "renovera möbler",
    "cykelservice": "service cykel",
    "cykelreparation": "reparera cyklar",
    "hemstäd": "städning hem",
    "hemstädning": "städ hem",
    "kontorsstädning": "städ kontor",
    "kontorsflytt": "flytta kontoret",
    "områdeskontoret": "kontor",
    "mötesrummet": "rum möte",
    "arbetsbord": "arbete bordet",
    "klädlagning": "laga kläder",
    "vinterlagring": "lager vinter",
    "lagerhylla": "lagring hyllan",
    "kaffekanna": "kannor kaffe",
    "dammsugning": "dammet",
    "fastighetsskötsel": "sköta fastigheter",
    "lunchlåda": "lådor lunch",
    "lunchbuffé": "buffé lunch",
    "arbetsträningsplats": "plats arbete träning",
    "tjänstecykel": "cyklar tjänst",
    "fruktkorg": "korgar frukt",
    "grönsakskorg": "korg grönsaker",
    "trädbeskärning": "beskära träd",
    "gräsklippning": "klippning gräs",
    "flytthjälp": "hjälp flyttning",
    "konferenslokal": "lokaler konferens",
    "dubbelrum": "rum",
    "serveringspersonal": "personal servering",
    "returkorg": "korg retur",
    "arbetskläder": "kläder arbete",
    "flyttstädning": "städa flytt",
    "tepaket": "paket te",
    "kyrkogården": "gård kyrka",
    "skrivbord": "bord",
}
STRANGERS = [
    ("stad", "städ"),
    ("park", "parkering"),
    ("kon", "konferens"),
    ("tid", "tidning"),
    ("ren", "rensning"),
    ("socka", "socker"),
    ("fonster", "fönster"),
    ("ring", "paketering"),
    ("ler", "möbler"),
    ("ost", "frukost"),
    ("lev", "leverera"),
    ("ser", "servering"),
    ("tor", "kontor"),
    ("gata", "gatt"),
    ("te", "paketering"),
    ("el", "mingeltallrik"),
    ("ägg", "kartläggning"),
    ("lag", "laga"),
    ("lag", "lager"),
    ("lagning", "lagring"),
    ("laga", "lager"),
    ("bok", "bokning"),
    ("mål", "målning"),
    ("räka", "räkning"),
    ("kan", "kanna"),
    ("kan", "kaffekanna"),
    ("som", "sommar"),
    ("dam", "damm"),
    ("bil", "billigare"),
    ("fast", "fastighet"),
    ("kasse", "kassan"),
    ("vegan", "väg"),
    ("fik", "certifikat"),
]


def forms(word: str) -> set[str]:
    return {root(word), *parts(word)}


@pytest.mark.parametrize("family", FAMILIES)
def test_words_of_a_family_have_one_root(family):
    assert len({root(word) for word in family.split()}) == 1, {word: root(word) for word in family.split()}


@pytest.mark.parametrize(("compound", "words"), COMPOUNDS.items())
def test_a_compound_has_the_roots_of_its_parts(compound, words):
    assert {root(word) for word in words.split()} <= parts(compound)


@pytest.mark.parametrize(("compound", "words"), [(one, ws) for one, ws in COMPOUNDS.items() if len(ws.split()) == 2])
def test_a_text_with_both_parts_answers_the_compound(compound, words):
    there = {root(word) for word in words.split()}
    assert any(set(split) <= there for split in splits(compound)), splits(compound)


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_what_only_looks_alike_is_kept_apart(one, other):
    assert not forms(one) & forms(other)


@pytest.mark.parametrize("word", ["servering", "paketering", "konferens", "parkering", "smörgås", "kontor", "5", "kg"])
def test_what_is_no_compound_is_not_cut(word):
    assert splits(word) == ()


@given(st.text(max_size=80))
def test_any_word_has_a_root_of_letters_and_figures(text):
    for word in words_of(text):
        assert root(word)
        assert root(word) == root(word)
        assert all(part and part.isalnum() for part in {root(word), *parts(word)})
        assert {part for split in splits(word) for part in split} <= parts(word)


@given(st.text(alphabet="abdefgiklmnoprstuvyåäö", max_size=250))
def test_cutting_ends_however_long_a_word_is(text):
    for word in query_words(text):
        assert len(splits(word)) < 60


@given(st.text(alphabet="abö, _-\u030a", max_size=450))
def test_a_long_search_is_cut_between_words(typed):
    read = shortened(typed)
    assert typed.startswith(read)
    assert len(read) <= 200
    if len(typed) <= 200:
        assert read == typed
    elif len(longest := max(re.findall(r"[^\W_]+", typed), key=len, default="")) < 200:
        left = typed[len(read) :]
        assert len(typed) - len(left) + len(longest) >= 200 - len(re.match(r"[\W_]*", left).group())
        assert not re.search(r"[^\W_]$", read) or not re.match(r"[^\W_]", left)


def test_a_search_of_one_endless_word_is_read_as_far_as_any():
    assert shortened("x" * 300) == "x" * 200
    assert shortened("ab " * 66 + "abc") == "ab " * 65 + "ab"
    assert shortened("ab " * 66 + "ab cd") == "ab " * 66 + "ab"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("5kg", ["5", "kg"]),
        ("5 kg", ["5", "kg"]),
        ("10x20cm", ["10", "x20", "cm"]),
        ("A4", ["a4"]),
        ("25 m²", ["25", "m2"]),
        ("25m²", ["25", "m2"]),
        ("KORG-77", ["korg", "77"]),
        ("Y0001", ["y0001"]),
        ("1,5l", ["1", "5", "l"]),
    ],
)
def test_a_figure_and_its_unit_are_two_words_and_a_name_with_a_figure_is_one(written, words):
    assert words_of(written) == words
